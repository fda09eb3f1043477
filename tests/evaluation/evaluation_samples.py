"""Literal records that the tests of evaluation share."""

from itertools import count

from skilladapt.records import Exercise, Judgement, Probe, Verdict, is_held_out


def question(stem: str, held_out: bool) -> str:
    """The first numbered variant of `stem` on the wanted side of the held-out split."""
    return next(text for n in count() if is_held_out(text := f"{stem} ({n})?") is held_out)


def probe(skill_id: str, answer: str, pair: str, stem: str = "") -> Probe:
    text = question(stem or f"What has {skill_id} the answer {answer}", held_out=True)
    return Probe(skill_id=skill_id, question=text, answer=answer, answer_type="number", pair=pair)


def exercise(skill_id: str, stem: str, solution: str = "", held_out: bool = False) -> Exercise:
    return Exercise(
        skill_ids=(skill_id,),
        question=question(stem, held_out),
        solution=solution,
        step_skills=(skill_id,) if solution else (),
        answer="1",
        answer_type="number",
        difficulty=1,
        author="test",
    )


def verdict(judgement: Judgement, reason: str = "because") -> Verdict:
    return Verdict(exercise_id="", verdict=judgement, method="test", reason=reason)
