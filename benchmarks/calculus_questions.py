"""What a calculus question asks for, by its key words and the formulas between them (`calculus_interpreter`)."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from calculus_interpreter import CLOSE, POINTS, Formula, Unread, area, at, formula, mp, number, slope, zeros

MATH = re.compile(
    r"[-+*/^()\[\]=<>'∫_\d]|(?<![A-Za-z])(?:sin|cos|tan|ln|sqrt|pi|d[a-z]|[A-Zb-z]|c[a-z]|xy)(?![A-Za-z])"
)


_Y_IS_A_FUNCTION = re.compile(r"dy/|y'|(?:curve|of|tangent to|ifferentiate|Write) y = ")


@dataclass
class Asked:
    """What the answer must be: a number, a function of one letter, or a word."""

    value: object = None
    function: Callable[[object], object] | None = None
    letter: str = "x"
    word: str = ""
    up_to_constant: bool = False
    inverse_of: Formula | None = None
    alone: Callable[[object, object], object] = lambda found, point: found
    """What is left of the answer at a point when only the inverse function is looked at."""


def judge(question: str, answer: str) -> bool:
    """Whether the answer is right; raises Unread for what cannot be read."""
    asked = read(question)
    if asked.word:
        return answer == asked.word
    text = re.sub(r"^y = |\s*\+ C$", "", answer)
    if asked.function is None:
        found = number(text)
        return bool(abs(found - asked.value) <= CLOSE * max(1, abs(found)))
    given, compared = formula(text, asked.letter), 0
    for point in map(mp.mpf, POINTS):
        try:
            wanted = asked.function(point)
            found = slope(given, point) if asked.up_to_constant else at(given, point)
            if asked.inverse_of:
                found = at(asked.inverse_of, asked.alone(found, point))
        except (ZeroDivisionError, ValueError):
            continue
        if mp.im(wanted) or mp.im(found):
            continue
        compared += 1
        if abs(wanted - found) > CLOSE * max(1, abs(wanted)):
            return False
    if compared < 2:
        raise Unread("no points to compare at")
    return True


class Facts:
    """The words of a question, and what its formulas say."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.points = [(number(a), number(b)) for a, b in re.findall(r"\((-?[\d/]+), (-?[\d/]+)\)", text)]
        text = re.sub(r"\(-?[\d/]+, -?[\d/]+\)", "POINT", text)
        self.runs: list[str] = []
        words: list[str] = []
        for token in re.findall(r"\S+", text):
            bare = token.rstrip(".,?;:")
            rest = re.sub(r"[.,?;:]+$", "", MATH.sub("", token))
            if bare and not rest and bare not in ("A", "I", "-"):
                if words and words[-1] == "#":
                    self.runs[-1] += " " + bare
                else:
                    words.append("#")
                    self.runs.append(bare)
                if token != bare:
                    words.append(token[len(bare) :])
            elif token in ("-", "+"):
                self.runs[-1] += " " + token
            else:
                words.append(token)
        self.words = " ".join(words).lower()
        self.known: dict[str, Formula] = {}
        self.places: list[tuple[str, object]] = []
        self.terms: list[str] = []
        for run in self.runs:
            self._sort(run)

    def _sort(self, run: str) -> None:
        if match := re.fullmatch(r"(\S+) <= ([a-z]) <= (\S+)", run):
            self.places += [(match[2], number(match[1])), (match[2], number(match[3]))]
        elif match := re.fullmatch(r"([A-Za-z])\(([a-z])\) = (.+)", run):
            self.known[match[1]] = formula(match[3], match[2], self.known)
        elif match := re.fullmatch(r"(?!x = y)([a-z]) = (\S+(?: ?[-+*/^] ?\S+)*)", run):
            body = formula(match[2], None, self.known)
            if match[1] == "y" and (body.letters or _Y_IS_A_FUNCTION.search(self.text)):
                self.known["y" if "y" not in self.known else "y2"] = body
            if not body.letters:
                self.places.append((match[1], body()))
        else:
            self.terms.append(run)

    @property
    def rule(self) -> Formula:
        if self.known:
            return next(iter(self.known.values()))
        return formula(self.terms[0], None)

    def place(self, index: int = 0) -> object:
        return self.places[index][1]


def read(question: str) -> Asked:
    joined = (
        re.fullmatch(r"Let A be (.+) and let B be (.+)\. Find A ([-+]) B\.", question)
        or re.fullmatch(r"If A is (.+) and B is (.+), what is A ([-+]) B\?", question)
        or re.fullmatch(r"A is (.+), and B is (.+)\. Compute A ([-+]) B\.", question)
    )
    if joined is None and (
        turned := re.fullmatch(r"Work out A ([-+]) B, where A is (.+) and B is (.+)\.", question)
    ):
        first, second, sign = turned[2], turned[3], turned[1]
    elif joined:
        first, second, sign = joined.groups()
    elif linked := next((match for form in _LINKED if (match := form.fullmatch(question))), None):
        one, other = (_single(f"Find {linked[key]}.") for key in ("number", "function"))
        if linked["x"] != other.letter or other.inverse_of:
            raise Unread("put into an inverse function, or a function of another letter")
        return Asked(other.function(mp.mpf(mp.nint(one.value))))
    else:
        return _single(question)
    one, other = (_single(f"Find {part}.") for part in (first, second))
    factor = 1 if sign == "+" else -1
    if one.function is None and other.function is None:
        return Asked(one.value + factor * other.value)
    left = one.function or (lambda x: one.value)
    right = other.function or (lambda x: other.value)
    letter = one.letter if one.function else other.letter
    if one.inverse_of:
        return replace(one, alone=lambda found, x: found - factor * right(x))
    if other.inverse_of:
        return replace(other, alone=lambda found, x: factor * (found - left(x)))
    return Asked(function=lambda x: left(x) + factor * right(x), letter=letter)


_AT_A = r"(?P<function>.+) at (?P<x>[a-z]) = A"
_LINKED = [
    re.compile(rf"Let A be (?P<number>.+)\. Find the value of {_AT_A}\."),
    re.compile(rf"If A is (?P<number>.+), what is the value of {_AT_A}\?"),
    re.compile(rf"Work out the value of {_AT_A}, where A is (?P<number>.+)\."),
    re.compile(rf"A is (?P<number>.+)\. Compute the value of {_AT_A}\."),
]


def _of(f: Formula, order: int = 0) -> Asked:
    return Asked(function=lambda x: slope(f, x, order) if order else at(f, x), letter=f.variable)


def _value_or_function(term: str, known: dict[str, Formula]) -> Asked:
    f = Formula(term, known)
    letters = [
        letter
        for letter in re.findall(r"(?<![A-Za-z])[a-z](?![A-Za-z'(])", re.sub(r"d/d|d[a-z]/d", "", term))
        if letter not in known and letter != "e"
    ]
    letters += re.findall(r"d[a-z]?/d([a-z])", term)
    letters += [known[name].variable for name in re.findall(r"([a-z])'(?!')(?!\()", term) if name in known]
    if not letters:
        return Asked(f())
    return Asked(function=lambda x: f.run({letters[0]: x}), letter=letters[0])


def _quotient(q: str) -> tuple[Callable[[object], object], Formula]:
    place = number(re.search(r"f'?\((-?[\d/]+)(?: \+ h)?\)", q)[1])
    body = formula(*_definition(q))
    return lambda h: (at(body, place + h) - at(body, place)) / h, body


def _definition(q: str) -> tuple[str, str]:
    match = re.search(r"f\(([a-z])\) = ([-+*/^()\d\sa-z]+?)(?=\.|\?|,| without|$)", q)
    return match[2], match[1]


def _tends(function: Callable[[object], object], steps: tuple[int, ...] = (7, 8)) -> object:
    """The value near 0 from both sides, extrapolated."""
    rows = []
    for k in steps:
        h = mp.mpf(10) ** -k
        rows.append((function(h) + function(-h)) / 2)
    return (100 * rows[1] - rows[0]) / 99


def _pick(found: list[object], words: str) -> object:
    if not found:
        raise Unread("no zero found")
    return found[-1] if re.search(r"\blarger\b|\blargest\b", words) else found[0]


def _single(q: str) -> Asked:  # noqa: C901
    if match := re.fullmatch(r"Compute lim_\(([a-z]) -> (\S+)\) (.+)\.", q):
        q = f"Find the limit of {match[3]} as {match[1]} approaches {match[2]}."
    if "/h" in q and "f(" in q:
        quotient, body = _quotient(q)
        if match := re.search(r"at h = (\d+)", q):
            return Asked(quotient(number(match[1])))
        if re.search(r"limit|tend|h approaches", q):
            return Asked(_tends(quotient))
        return Asked(function=quotient, letter="h")
    if re.search(r"difference quotient|definition as a limit", q):
        return Asked(_tends(_quotient(q)[0]))
    for reader in (_stories, _integrals, _pieces, _curves, _lines, _limits, _known_derivatives, _algebra):
        found = reader(q)
        if found is not None:
            return found
    raise Unread("no key words")


def _stories(q: str) -> Asked | None:
    low, numbers = q.lower(), [number(text) for text in re.findall(r"(?<![\w^/])\d+(?:/\d+)?(?![\w(/^])", q)]
    match = re.search(r"circle|cube|sphere", low)
    if match and "grow" in low:
        by = number(re.search(r"gr(?:ows|own) by ([\d/]+)", q)[1])
        size = next((x for x in numbers if x != by), by)
        factor = {"circle": 2 * mp.pi * size, "cube": 3 * size**2, "sphere": 4 * mp.pi * size**2}[match[0]]
        return Asked(factor * by)
    if "perimeter" in low or "enclosed. what is its largest" in low or "bent into a rectangle" in low:
        return Asked((numbers[0] / 4) ** 2)
    if re.search(r"river|wall,|barn|shore|three sides", low):
        return Asked(numbers[0] ** 2 / 8)
    if match := re.search(r"(\d+)(?: times their product|xy)", q) if "positive" in q else None:
        whole = number((re.search(r"(?:add up to|numbers is|sum is|the sum|y =) (\d+)", q))[1])
        return Asked(number(match[1]) * whole**2 / 4)
    if "box" in low and "sheet" in low or "open box" in low:
        return Asked(2 * numbers[0] ** 3 / 27)
    if "doubl" in low:
        rule = Facts(q).rule
        start = at(rule, mp.mpf(0))
        return Asked(_pick(zeros(lambda t: at(rule, t) - 2 * start, 0, 130, 1300), ""))
    if match := re.search(r"(?:are there|does it hold|will it have|are there|is) (\d+)(?: grams)?[.?]", q):
        facts = Facts(q)
        if facts.known and "e^" in q and "change" not in low:
            wanted = number(match[1])
            return Asked(_pick(zeros(lambda t: at(facts.rule, t) - wanted, -1, 130, 1300), ""))
    if re.search(r"acceleration", low):
        facts = Facts(q)
        return Asked(slope(facts.rule, facts.place(), 2))
    if re.search(
        r"velocity|flow|how much does it (?:earn|use|hold)|kilowatt|how much comes|amount|how far|how "
        r"many|how heavy|how high|position",
        low,
    ):
        facts = Facts(q)
        if facts.known and len(facts.places) == 2:
            ends = sorted(value for _, value in facts.places)
            start = mp.mpf(0)
            if match := re.search(
                r"(?:holds|has|weighs|is|if it is|at) (\d+)(?: |,)(?!=)(?:litres|members|kg|dollars|m |km|at|for)",
                q,
            ):
                start = number(match[1])
            return Asked(start + area(facts.rule, *ends))
    return None


def _integrals(q: str) -> Asked | None:
    low = q.lower()
    if re.search(r"integral of f |∫_\S+ f\(x\) dx|integral of f\(x\) \+", q):
        numbers = [number(x) for x in re.findall(r"-?\d+(?:/\d+)?", q)]
        if known := re.findall(r"∫_(-?\d+)\^(-?\d+) f\(x\) dx = (-?[\d/]+)", q):
            values = [number(v) for _, _, v in known]
            low_end, high_end = number(known[0][0]), number(known[0][1])
        else:
            spans = re.search(r"from (-?\d+) to (-?\d+)", q)
            low_end, high_end = number(spans[1]), number(spans[2])
            values = [number(v) for v in re.findall(r"\bis (-?[\d/]+)|of f is (-?[\d/]+)", q) for v in v if v]
        if match := re.search(r"f\(x\) \+ (\d+)", q):
            return Asked(values[0] + number(match[1]) * (high_end - low_end))
        if match := re.search(r"(\d+)(?: times f|f\(x\) dx)", q):
            return Asked(values[0] * number(match[1]))
        return Asked(values[0] + values[1]) if len(values) > 1 else None if not numbers else None
    if re.search(r"riemann|rectangles|equal parts", low):
        facts = Facts(q)
        count = int(number(re.search(r"(\d+) (?:rectangles|equal)", q)[1]))
        rule = facts.rule if facts.known else formula(facts.terms[0])
        first, last = facts.place(0), facts.place(1)
        width = (last - first) / count
        shift = 0 if "left" in low else 1
        return Asked(width * sum(at(rule, first + width * (k + shift)) for k in range(count)))
    if re.search(r"rotated|turning|turns about|revolution", low):
        facts = Facts(q)
        rule = facts.rule
        return Asked(mp.pi * mp.quad(lambda t: at(rule, t) ** 2, [facts.place(0), facts.place(1)]))
    if (
        "average value" in low
        or "mean value" in low
        or "on average between" in low
        or "work out the average" in low
    ):
        facts = Facts(q)
        if "change" not in low:
            a, b = facts.place(0), facts.place(1)
            return Asked(area(facts.rule, a, b) / (b - a))
    if re.search(r"\barea\b|\bregion\b", low):
        facts = Facts(q.replace("-axis", " axis"))
        if len(facts.places) == 2:
            return Asked(abs(area(facts.rule, facts.place(0), facts.place(1))))
        bodies = list(facts.known.values())
        gap = (lambda t: at(bodies[0], t) - at(bodies[1], t)) if len(bodies) > 1 else lambda t: at(bodies[0], t)
        ends = zeros(gap, -20, 20, 800)
        return Asked(abs(mp.quad(gap, [ends[0], ends[-1]])))
    if match := re.search(r"F\((\S+)\) - F\((\S+)\)", q):
        text = re.search(r"(?:F'\([a-z]\)|[a-z]\([a-z]\)) = (.+?)(?:\.|, what| and work)", q)[1]
        return Asked(area(formula(text), number(match[2]), number(match[1])))
    if match := re.search(r"F change from [a-z] = (\S+) to [a-z] = (\S+)\?", q):
        return Asked(area(formula(re.search(r"of F is (.+?)\. By", q)[1]), number(match[1]), number(match[2])))
    if match := re.search(
        r"the change from [a-z] = (\S+) to [a-z] = (\S+) of an antiderivative of [a-z]\([a-z]\) = (.+)\.", q
    ):
        return Asked(area(formula(match[3]), number(match[1]), number(match[2])))
    value = (
        re.search(r"F'\([a-z]\) = (?P<e>.+) and F\((?P<a>\S+?)\) = (?P<b>-?\d+)", q)
        or re.search(r"\) = (?P<e>.+) (?:has|with) the value (?P<b>\S+) at [a-z] = (?P<a>[-\d]+)", q)
        or re.search(r"dy/d[a-z] = (?P<e>.+), where y = (?P<b>\S+) at [a-z] = (?P<a>[-\d]+),", q)
    )
    if value:
        body = formula(value["e"])
        return Asked(
            function=lambda x: number(value["b"]) + area(body, number(value["a"]), x), letter=body.variable
        )
    if match := re.search(r"∫_\S+ .+? d[a-z]\b", q):
        if re.search(r"derivative|differentiate|d/d|F'", q, re.IGNORECASE):
            variable = re.search(r"F\(([a-z])\)|d/d([a-z])|respect to ([a-z])", q)
            letter = next(group for group in variable.groups() if group)
            body = Formula(match[0])
            return Asked(function=lambda x: mp.diff(lambda t: body.run({letter: t}), x), letter=letter)
        return Asked(Formula(match[0])())
    if match := re.search(
        r"integral of (?:[a-z]\([a-z]\) = )?(.+?) (?:over the interval )?from [a-z] = (\S+) to [a-z] = "
        r"(\S+?)[.?]$",
        q,
    ):
        return Asked(area(formula(match[1]), number(match[2]), number(match[3])))
    text = (
        re.search(r"∫ (.+) d[a-z]\b", q)
        or re.search(r"antiderivative of [a-z]\([a-z]\) = (.+?)(?: for [a-z] > 0)?\.", q)
        or re.search(r"(?:indefinite integral of|whose derivative is) (.+?)(?: for [a-z] > 0)?\.", q)
        or re.search(r"Integrate (.+) with respect", q)
    )
    if text:
        body = formula(text[1])
        return Asked(function=lambda x: at(body, x), letter=body.variable, up_to_constant=True)
    return None


def _pieces(q: str) -> Asked | None:
    match = re.search(
        r"(?:= |is )([^=]+?) for ([a-z]) < (\S+?),? (?:and )?(?:[a-z]\([a-z]\) = )?(\S.*?) for [a-z] >= "
        r"(\S+?)(?:[.?,]| is|$)",
        q,
    )
    if match is None:
        return None
    left, variable, place, right, _ = match.groups()
    place = number(place)
    value = at(formula(left, variable), place)
    if re.fullmatch(r"c[a-z]", right):
        return Asked(value / place)
    return Asked(value - at(formula(right.removesuffix(" + c"), variable), place))


def _curves(q: str) -> Asked | None:
    low = q.lower()
    match = re.search(r"(?:curve|on|entiate) ([-+\d^x]+ .*?) = (\d+|-\d+)(?: at|\.| implicitly)", q)
    if match and "y" in match[1] and re.search(r"dy/dx|how steep|slope", low):
        f = Formula(match[1].replace("xy", "x*y"))
        x, y = map(number, re.search(r"\((-?\d+), (-?\d+)\)", q).groups())
        by_x, by_y = mp.diff(lambda t: f.run({"x": t, "y": y}), x), mp.diff(lambda t: f.run({"x": x, "y": t}), y)
        return Asked(-by_x / by_y)
    if re.search(r"increasing or decreasing", low):
        facts = Facts(q)
        return Asked(word="increasing" if slope(facts.rule, facts.place()) > 0 else "decreasing")
    if re.search(r"concave up or concave down", low):
        facts = Facts(q)
        return Asked(word="concave up" if slope(facts.rule, facts.place(), 2) > 0 else "concave down")
    if "inverse" in low or "undoes" in low:
        rule = Facts(q).rule
        return Asked(function=lambda x: x, letter=rule.variable, inverse_of=rule)
    if (
        re.search(r"tangent|normal|right angle|perpendicular|touches|linear approximation", low)
        and "slope of the tangent" not in low
        and "horizontal" not in low
        and "what is its slope" not in low.replace("a line is perpendicular", "")
        or "is perpendicular" in low
    ):
        if (
            "slope of the normal" in low
            or "right angle at" in low
            and "slope" in low
            or "is perpendicular" in low
            or "how steep is the normal" in low
        ):
            facts = Facts(q)
            return Asked(-1 / slope(facts.rule, facts.place()))
        if match := re.search(
            r"(?:estimate(?: of)?|Estimate|Approximate|by the tangent) ?[a-z]?\(([-\d/]+)\)|estimate of "
            r"[a-z]\(([-\d/]+)\)",
            q,
        ):
            facts = Facts(re.sub(r"[a-z]\(-?[\d/]+\)", "", q))
            there, here = number(match[1] or match[2]), facts.place()
            return Asked(at(facts.rule, here) + slope(facts.rule, here) * (there - here))
        facts = Facts(q)
        here, rule = facts.place(), facts.rule
        steep = slope(rule, here)
        if "axis" in low or "intercept" in low:
            return Asked(at(rule, here) - steep * here)
        if re.search(r"normal|right angle", low):
            steep = -1 / steep
        if not re.search(r"slope|how steep", low):
            return Asked(function=lambda x: at(rule, here) + steep * (x - here), letter=rule.variable)
    if re.search(r"largest value|smallest value", low) and not re.search(r"domain|product", low):
        if match := re.search(r"value of (.+) for ([a-z]) between (\S+) and (\S+), ends included", q):
            rule, a, b = formula(match[1], match[2]), number(match[3]), number(match[4])
        else:
            facts = Facts(q)
            rule, (a, b) = facts.rule, [value for _, value in facts.places]
        places = [a, b, *zeros(lambda t: slope(rule, t), float(a), float(b), 400)]
        values = [at(rule, x) for x in places]
        return Asked(max(values) if "largest" in low else min(values))
    orders = {
        "inflection": 2,
        "concave": 2,
        "the way it bends": 2,
        "local m": 1,
        "critical": 1,
        "horizontal": 1,
        "level": 1,
        "derivative of # zero": 1,
        "zero of the derivative": 1,
    }
    orders |= {
        "is increasing": 1,
        "is decreasing": 1,
        "# increasing": 1,
        "# decreasing": 1,
        "turn": 1,
        "greatest": 1,
        "earn most": 1,
        "that most": 1,
        "as large as possible": 1,
        "begin to fall": 1,
        "highest": 1,
        "velocity 0": 1,
    }
    facts = Facts(q)
    order = next((order for key, order in orders.items() if key in facts.words or key in low), 0)
    if not order:
        return None
    rule = facts.rule
    found = zeros(lambda t: slope(rule, t, order), -160, 400, 7000)
    if "local m" in facts.words:
        found = [x for x in found if (slope(rule, x, 2) > 0) == ("minimum" in low)]
        if re.search(r"value|how large", low):
            return Asked(at(rule, found[0]))
    return Asked(_pick(found, low))


def _lines(q: str) -> Asked | None:
    facts = Facts(q)
    low = q.lower()
    if "average" in low and "change" in low or "slope of the line through the points of" in low:
        a, b = facts.place(0), facts.place(1)
        return Asked((at(facts.rule, b) - at(facts.rule, a)) / (b - a))
    if not facts.points:
        return None
    a, b = facts.points[0]
    if len(facts.points) == 2:
        steep = (facts.points[1][1] - b) / (facts.points[1][0] - a)
        if "equation" in low or "which line" in low:
            return Asked(function=lambda x: b + steep * (x - a))
        return Asked(steep)
    steep = number(
        re.search(r"(?:slope|gradient) (-?[\d/]+)", q.replace("slope of", "").replace("of slope", "slope"))[1]
    )
    if match := re.search(r"x = (-?\d+)", q):
        return Asked(b + steep * (number(match[1]) - a))
    return Asked(function=lambda x: b + steep * (x - a))


def _limits(q: str) -> Asked | None:
    if match := re.search(
        r"(?:limit of|What does|which number does|Which number does) (?:[a-z]\([a-z]\) = )?(.+?) (?:tend "
        r"to |come close to )?(?:as|for) ([a-z]|very large [a-z]) ?(?:approaches|tends to|goes "
        r"to|->|grows without)? ?(.+?)[.?]$|come close to for very large",
        q,
    ):
        text = match[1] if match[1] else ""
        place = match[3] if match[1] else ""
        if "very large" in q:
            text, place = re.search(r"= (.+?) come close", q)[1], "infinity"
        f = formula(text)
        if place in ("infinity", "bound"):
            far = mp.mpf(10) ** 14
            return Asked((at(f, far) + at(f, -far)) / 2 if abs(at(f, far) - at(f, -far)) < 1 else at(f, far))
        a = number(place)
        return Asked(_tends(lambda h: at(f, a + h)))
    return None


def _known_derivatives(q: str) -> Asked | None:
    if match := re.fullmatch(
        r"If ([a-z])'\(([a-z])\) = (.+?)(?: and [a-z]'\([a-z]\) = (.+?))?, what is the derivative of "
        r"(.+?)(?: at [a-z] = (\S+))?\?",
        q,
    ) or re.fullmatch(r"The derivative of ([a-z])\(([a-z])\) is (.+?)()\. Differentiate (.+?)()\.", q):
        _, letter, first, second, target, place = match.groups()
        one = formula(first, letter)
        other = formula(second, letter) if second else None
        factor = number(head[0]) if (head := re.match(r"\d+", target)) else mp.mpf(1)
        sign = -1 if " - " in target else 1
        function = lambda x: factor * at(one, x) + (sign * at(other, x) if other else 0)  # noqa: E731
        return Asked(function(number(place))) if place else Asked(function=function, letter=letter)
    if match := re.fullmatch(r"The first derivative of [a-z]\(([a-z])\) is (.+?)\. Find .+", q):
        return _of(formula(match[2], match[1]), 1)
    return None


def _inner(rule: Formula) -> tuple[str, str]:
    match = re.search(r"\(([^()]*)\)\^", rule.text)
    if match is None:
        raise Unread("no power of a sum")
    return match[1], rule.text.replace(f"({match[1]})", "u", 1)


def _algebra(q: str) -> Asked | None:
    facts = Facts(re.sub(r"d/d([a-z]) \[", r"d/d\1[", q))
    low, words = q.lower(), facts.words
    if re.search(r"inner|outer|inside|composition\.", low):
        rule = facts.rule
        inner, outer = _inner(rule)
        if "be the outer" in low:
            return Asked(
                function=lambda x: at(formula(inner, rule.variable), at(formula(outer, "u"), x)),
                letter=rule.variable,
            )
        if "then find dy" in low:
            return _of(rule, 1)
        if "derivative" in low or "differentiate" in low:
            return _of(formula(inner, rule.variable), 1)
        return _of(formula(outer, "u")) if "outer" in low else _of(formula(inner, rule.variable))
    if match := re.search(r"([a-z]) = (\S+) into (.+?)\. What", q):
        return Asked(at(formula(match[3]), number(match[2])))
    if match := re.search(r"plus the slope of the tangent at [a-z] = (\S+?)\.", q):
        target = re.search(r"find ([a-z]'\(\S+\)) plus", q)[1]
        return Asked(Formula(target, facts.known)() + slope(facts.rule, number(match[1])))
    if re.search(r"exponent of|for which number k|what is the exponent|which exponent", low):
        text = re.search(
            r"(?:power of|is|Write|> 0,|exponent of) ((?:[-+*/^()\d ]|\b[a-z]\b)*sqrt\S*.*?)(?: = [a-z]\^k| "
            r"as a| has which|, for|, written)",
            q,
        )
        f = formula(text[1])
        return Asked(mp.log(at(f, mp.mpf(2))) / mp.log(2))
    if (
        re.search(r"domain|no value|not defined|denominator of|has a value|be put in|exceed|# defined", words)
        or "put into" in words
    ):
        body = next((t for t in facts.runs if re.search(r"/|sqrt|ln", t)), "")
        body = re.sub(r"^[a-z]\([a-z]\) = ", "", body)
        inside = (
            re.search(r"(?:sqrt|ln)\((.+)\)", body)
            or re.search(r"/ ?\((.+)\)$", body)
            or re.search(r"/ ?(\S+)$", body)
        )
        below = formula(inside[1])
        return Asked(_pick(zeros(lambda t: at(below, t), -60, 60, 2400), ""))
    if re.search(r"solution|solve|with # ?=|satisfies|for which #|number #", words) or re.search(
        r"for which [a-z] is .+ = ", low
    ):
        equation = next((r for r in facts.runs if " = " in r and not re.match(r"[A-Za-z]\([a-z]\) = ", r)), None)
        if equation is None and facts.known:
            equation = next(r for r in facts.runs if " = " in r)
        left, right = equation.split(" = ")
        f, g = formula(left), Formula(right)
        found = zeros(lambda t: at(f, t) - at(g, t, f.variable), -130, 130, 5200)
        return Asked(_pick(found, low))
    nth = {"third": 3, "fourth": 4, "second": 2}
    for word, order in nth.items():
        if f"{word} derivative" in low:
            return _of(facts.rule, order)
    if "twice" in low:
        return _of(facts.rule, 2)
    if match := re.search(r"find the value of (.+) at [a-z] = ([a-z])\((\S+)\)\.", q):
        return Asked(at(formula(match[1]), at(facts.known[match[2]], number(match[3]))))
    match = re.fullmatch(r"Let ([a-z]) = (.+)\. Find (.+)\.", q)
    if match and match[1] != "y":
        return Asked(Formula(match[3]).run({match[1]: number(match[2])}))
    if facts.known and (targets := [t for t in facts.terms if re.search(r"[a-z]'*\(|dy/d|y'", t)]):
        if "differentiate" in low:
            inner = _value_or_function(targets[-1], facts.known)
            return Asked(function=lambda x: mp.diff(inner.function, x), letter=inner.letter)
        asked = _value_or_function(targets[-1], facts.known)
        if asked.function and facts.places:
            return Asked(asked.function(facts.place()))
        return asked
    if re.search(r"derivative|differentiate|slope|how steep|how fast|rate|marginal|velocity", low):
        if "dy/d" in q and facts.known:
            return Asked(slope(facts.rule, facts.place())) if facts.places else _of(facts.rule, 1)
        if targets := [t for t in facts.terms if "d/d" in t]:
            return _value_or_function(targets[0], facts.known)
        if (
            facts.known
            and facts.terms
            and "differentiate" in low
            and "(" in facts.terms[-1]
            and re.search(r"[a-z]\([a-z]\(", facts.terms[-1])
        ):
            inner = _value_or_function(facts.terms[-1], facts.known)
            return Asked(function=lambda x: mp.diff(inner.function, x), letter=inner.letter)
        rule = facts.rule
        if match := re.search(r"with respect to ([a-z])", q):
            rule.variable = match[1]
        return Asked(slope(rule, facts.place())) if facts.places else _of(rule, 1)
    if facts.places:
        return Asked(at(facts.rule, facts.place()))
    terms = facts.terms or facts.runs
    return _value_or_function(terms[-1] if "equals" in words else terms[0], facts.known)
