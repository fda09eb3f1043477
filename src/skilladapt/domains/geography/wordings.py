"""Puts tasks into words and reads them back, both by the templates of `questions.md`."""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from skilladapt.domains.geography.facts import countries
from skilladapt.domains.geography.names import listed, named
from skilladapt.domains.geography.references import DESCRIPTIONS, CapitalOf, Described, Ref
from skilladapt.domains.geography.relations import RELATIONS
from skilladapt.domains.geography.task import Arg, Claim, Table, Task

LONGEST: Final = 2_000
"""Characters of a question; longer ones are not read."""
_DEEPEST: Final = 4
"""Descriptions within one another."""
_CAPITAL: Final = "the capital of "
_LETTERS: Final = "ABCDEFGH"


@dataclass(frozen=True)
class Words:
    """The templates of one form."""

    practice: tuple[str, ...]
    probes: tuple[str, ...]
    """Never practised; empty where practice wordings ask other countries in probes."""


@cache
def words() -> Mapping[str, Words]:
    """By form."""
    text = (files(__package__) / "questions.md").read_text("utf-8")
    found = {}
    for section in text.split("\n## ")[1:]:
        form, _, body = section.partition("\n")
        practice, _, probes = body.partition("Probes:\n")
        start = "{T}\n" if "{T}" in body else ""
        found[form] = Words(
            *(tuple(start + one for one in re.findall("^- (.+)$", part, re.M)) for part in (practice, probes))
        )
    return found


def ask(task: Task, rng: random.Random, probe: bool = False) -> str:
    """The task in words chosen by `rng`; with `probe` in words that are never practised, where there are any."""
    found = words()[task.form]
    return ask_in(task, rng.choice(found.probes if probe and found.probes else found.practice), rng)


def ask_in(task: Task, template: str, rng: random.Random) -> str:
    """The task in the words of one template; descriptions in words chosen by `rng`."""
    shown = {key: _shown(key, value, rng) for key, value in task.args.items()}
    text = template.format(**shown)
    start = text.find("\n", len(shown["T"])) + 1 if "T" in shown else 0
    text = text[:start] + text[start].upper() + text[start + 1 :]
    return "\n".join([text, *(f"{letter}) {one}" for letter, one in zip(_LETTERS, task.options, strict=False))])


def _shown(key: str, value: Arg, rng: random.Random) -> str:
    match value:
        case Claim(relation, code, value_of):
            told = RELATIONS[relation]
            return told.state(countries()[code], told.value(countries()[value_of]) or "")
        case Table():
            return str(value)
        case Described():
            return show_ref(value, rng)
        case CapitalOf(of):
            return _CAPITAL + show_ref(of, rng)
        case tuple():
            return listed([named(code) for code in value])
        case str():
            if key in "XY":
                return named(value)
            if key in "CD":
                return str(countries()[value].capital)
            return RELATIONS[value].noun if key in "QR" else value


def show_ref(ref: Ref, rng: random.Random | None = None) -> str:
    """A country as it is named or described; without `rng` in the words of solutions."""
    if isinstance(ref, str):
        return named(ref)
    phrases = DESCRIPTIONS[ref.kind].phrases
    phrase = rng.choice(phrases) if rng else phrases[0]
    if "{C}" in phrase:
        return phrase.format(C=countries()[str(ref.of[0])].capital)
    return phrase.format(**dict(zip("XY", (show_ref(inner, rng) for inner in ref.of), strict=False)))


def read(question: str) -> Task | None:
    """The task that a question asks in one of the author's own wordings; None for any other text."""
    return _read(question)[0]


def template_of(question: str) -> str:
    """The template whose words a question has; empty where it has none."""
    return _read(question)[1]


def _read(question: str) -> tuple[Task | None, str]:
    if len(question) > LONGEST:
        return None, ""
    text, options = _without_options(question)
    table = None
    if "|" in text:
        above, _, text = text.rpartition("\n")
        table = _read_table(above)
        if table is None:
            return None, ""
    for form, template, pattern in _patterns(table is not None):
        match = pattern.fullmatch(text)
        args = _read_args(match.groupdict()) if match else None
        if args is None or (table and not _fits(args, table)):
            continue
        return Task(form, args | ({"T": table} if table else {}), options), template
    return None, ""


def _fits(args: Mapping[str, Arg], table: Table) -> bool:
    """Whether the table has the column and the line asked about."""
    rows = {name for name, _ in table.rows}
    line = args.get("N")
    return args.get("I", table.columns[0]) in table.columns and (
        line is None or line in rows or str(line).isdigit()
    )


def _without_options(question: str) -> tuple[str, tuple[str, ...]]:
    lines = question.split("\n")
    count = 0
    while count < len(lines) and re.match("[A-H][)] ", lines[-1 - count]):
        count += 1
    options = lines[len(lines) - count :]
    if [one[0] for one in options] != list(_LETTERS[:count]):
        return question, ()
    return "\n".join(lines[: len(lines) - count]), tuple(one[3:] for one in options)


@cache
def _patterns(with_table: bool) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    return tuple(
        (form, template, _pattern(template, some))
        for some in _SOME
        for form, found in words().items()
        for template in (*found.practice, *found.probes)
        if template.startswith("{T}") == with_table
    )


_SOME: Final = (".+?", ".+")
"""As little as possible, then as much: of two descriptions in a row, each with an `and`, either may be longer."""


def _pattern(template: str, some: str) -> re.Pattern[str]:
    countries_named = "|".join(map(re.escape, sorted(_codes(), key=len, reverse=True)))
    pattern, seen = "", set[str]()
    for text, key in re.findall(r"([^{]*)(?:\{(\w)\})?", template.removeprefix("{T}\n")):
        pattern += re.escape(text)
        if key:
            found = f"{countries_named}|{some}" if key in "XY" else some
            pattern += f"(?P={key})" if key in seen else f"(?P<{key}>{found})"
            seen.add(key)
    return re.compile(pattern, re.IGNORECASE)


def _read_args(found: Mapping[str, str]) -> dict[str, Arg] | None:
    args: dict[str, Arg] = {}
    for key, text in found.items():
        value = _READERS[key](text) if key in _READERS else text
        if value is None:
            return None
        args[key] = value
    return args


@cache
def _codes() -> Mapping[str, str]:
    return {named(code).casefold(): code for code in countries()}


@cache
def _capitals() -> Mapping[str, str]:
    return {one.capital.casefold(): one.code for one in countries().values() if one.capital}


def read_ref(text: str, depth: int = 0) -> Ref | None:
    """The country named or described by a phrase."""
    code = _codes().get(text.casefold())
    if code is not None or depth > _DEEPEST:
        return code
    for kind, pattern in _phrases():
        match = pattern.fullmatch(text)
        if match is None:
            continue
        inner = match.groupdict()
        of = (
            [_capitals().get(inner["C"].casefold())]
            if "C" in inner
            else [read_ref(one, depth + 1) for one in inner.values()]
        )
        if None not in of:
            return Described(kind, tuple(one for one in of if one is not None))
    return None


@cache
def _phrases() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (kind, _pattern(phrase, some))
        for some in _SOME
        for kind, found in DESCRIPTIONS.items()
        for phrase in found.phrases
    )


def _read_several(text: str) -> tuple[str, ...] | None:
    """The codes of `Chad, Mali and Niger`; a name may contain an `and` of its own."""
    parts = re.split(r"(, | and )", text)
    codes: list[str] = []
    current = ""
    for part in parts:
        if part in (", ", " and ") and current.casefold() in _codes():
            codes.append(_codes()[current.casefold()])
            current = ""
        else:
            current += part
    if current.casefold() not in _codes():
        return None
    codes.append(_codes()[current.casefold()])
    return tuple(codes) if listed([named(code) for code in codes]).casefold() == text.casefold() else None


@cache
def _claims() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (key, _pattern(statement, _SOME[0]))
        for key, relation in RELATIONS.items()
        for statement in filter(None, (relation.several, relation.statement))
    )


@cache
def _holders(key: str) -> Mapping[str, str]:
    """The first country of each value."""
    found: dict[str, str] = {}
    for country in countries().values():
        value = RELATIONS[key].value(country)
        if value is not None:
            found.setdefault(value.casefold(), country.code)
    return found


def _read_claim(text: str) -> Claim | None:
    for key, pattern in _claims():
        match = pattern.fullmatch(text)
        if match is None:
            continue
        inner = match.groupdict()
        code = (_capitals() if "C" in inner else _codes()).get(inner["C" if "C" in inner else "X"].casefold())
        holder = _holders(key).get(inner["V"].casefold())
        if code is not None and holder is not None:
            own = RELATIONS[key].value(countries()[code])
            return Claim(key, code, code if own and own.casefold() == inner["V"].casefold() else holder)
    return None


def _read_noun(text: str) -> str | None:
    return next(
        (key for key, one in RELATIONS.items() if one.noun and one.noun.casefold() == text.casefold()), None
    )


def _read_table(text: str) -> Table | None:
    head, *rows = [line.split(" | ") for line in text.split("\n")]
    if not rows or any(len(row) != len(head) for row in rows) or len(head) < 2:
        return None
    if not all(re.fullmatch("[0-9]{1,9}", cell) for row in rows for cell in row[1:]):
        return None
    return Table(head[0], tuple(head[1:]), tuple((row[0], tuple(map(int, row[1:]))) for row in rows))


def _read_place(text: str) -> Arg | None:
    if text.casefold().startswith(_CAPITAL):
        of = read_ref(text[len(_CAPITAL) :])
        return CapitalOf(of) if of else None
    return _capitals().get(text.casefold())


_READERS: Final[Mapping[str, Callable[[str], Arg | None]]] = {
    "X": read_ref,
    "Y": read_ref,
    "C": _read_place,
    "D": _read_place,
    "P": _read_several,
    "S": _read_claim,
    "Q": _read_noun,
    "R": _read_noun,
}
