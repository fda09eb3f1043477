"""What a teacher says of pairs of skills: whether two are one, and which of some are needed for another."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from skilladapt.prompts import fill
from skilladapt.prompts.reading import Unusable, final_answer, text_of
from skilladapt.records import Evidence, Prerequisite, Skill
from skilladapt.teachers.teacher import Outcome, Request, Sampling, Teacher, ask_all

SURE: Final = Sampling(temperature=0.0, max_tokens=400)


def ask_same(
    pairs: Sequence[tuple[Skill, Skill]], teacher: Teacher, sampling: Sampling = SURE
) -> list[bool | None]:
    """For each pair whether it is one skill; None where the teacher does not say."""
    requests = [
        Request(messages=fill("same", {"first": first, "second": second}), sampling=sampling, purpose="same")
        for first, second in pairs
    ]
    said = [_answer(outcome).casefold() for outcome in ask_all(teacher, requests)]
    return [{"yes": True, "no": False}.get(answer) for answer in said]


def ask_needs(
    candidates: Mapping[str, Sequence[str]],
    skills: Mapping[str, Skill],
    teacher: Teacher,
    sampling: Sampling = SURE,
) -> list[Prerequisite]:
    """The prerequisites that the teacher picks for each skill, by id, from its `candidates`.

    An answer that names anything else, or nothing that can be read, adds none.
    """
    asked = {id: list(dict.fromkeys(one for one in found if one != id)) for id, found in candidates.items()}
    asked = {id: found for id, found in asked.items() if found}
    requests = [
        Request(
            messages=fill(
                "needs",
                {
                    "title": skills[id].title,
                    "description": skills[id].description,
                    "candidates": [skills[one] for one in found],
                },
            ),
            sampling=sampling,
            purpose="needs",
        )
        for id, found in asked.items()
    ]
    outcomes = ask_all(teacher, requests)
    return [
        Prerequisite(
            before=found[number - 1],
            after=id,
            evidence=(Evidence(source="teacher", where=f"teacher {request.key}: one of {len(found)} candidates"),),
        )
        for (id, found), request, outcome in zip(asked.items(), requests, outcomes, strict=True)
        for number in _numbers(_answer(outcome), len(found))
    ]


def _answer(outcome: Outcome) -> str:
    try:
        found = final_answer(text_of(outcome))
    except Unusable:
        return ""
    return found[0] if found else ""


def _numbers(answer: str, most: int) -> list[int]:
    """The numbers of a list such as `1, 3 and 4`; none where anything in it is no candidate's number."""
    if not re.fullmatch(r"\d{1,4}(?:\s*(?:,|and|&)\s*(?:and\s*)?\d{1,4})*", answer):
        return []
    numbers = list(dict.fromkeys(int(one) for one in re.findall(r"\d+", answer)))
    return numbers if all(1 <= one <= most for one in numbers) else []
