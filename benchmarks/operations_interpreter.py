"""Works out questions of the operations domain from the words alone in which its syllabus defines each operation.

Shares no code with the domain: its author computes with coefficients, its verifier reads formulas.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from skilladapt.records import Skill

Operation = Callable[[int], int]


def spoken(skills: Iterable[Skill]) -> Mapping[str, Operation]:
    """Every operation as its sentence in the syllabus says it."""
    rules: dict[str, Operation] = {}
    for skill in skills:
        rules[skill.id] = _rule(skill.description.partition(": ")[2].rstrip("."), rules)
    return rules


def judge(question: str, answer: str, rules: Mapping[str, Operation]) -> bool:
    """Whether `answer` is what comes out of a question such as `drom(glim(47)) = ?`, in two digits."""
    *names, value = re.findall(r"[a-z]+|[0-9]+", question)
    result = int(value)
    for name in reversed(names):
        result = rules[name](result)
    return answer == f"{result:02d}"


def _rule(words: str, rules: Mapping[str, Operation]) -> Operation:
    if match := re.fullmatch(r"first (\w+), then (\w+)", words):
        first, second = match.groups()
        return lambda value: rules[second](rules[first](value))
    tens, units = re.fullmatch(r"the new tens digit is (.+), and the new units digit is (.+)", words).groups()
    one, other = _digit(tens), _digit(units)
    return lambda value: 10 * one(value) + other(value)


def _digit(words: str) -> Operation:
    match = re.fullmatch(
        r"(?:the last digit of )?(?:(\d) times )?the (tens|units) digit(?: of the value)?(?: plus (\d))?", words
    )
    times, plus = int(match[1] or 1), int(match[3] or 0)
    if match[2] == "tens":
        return lambda value: (times * (value // 10) + plus) % 10
    return lambda value: (times * value + plus) % 10
