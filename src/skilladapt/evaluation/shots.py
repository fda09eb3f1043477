"""Examples of the answer format for the base model's prompt: the control that tells skill from mere format."""

import random
from collections.abc import Sequence

from skilladapt.records import Exercise, content_hash, is_held_out


def choose_shots(exercises: Sequence[Exercise], count: int, seed: int) -> list[Exercise]:
    """Up to `count` exercises, spread over as many skills as there are, each skill's shortest first.

    Which skills are chosen depends on `seed` alone, not on the order of `exercises`. Held-out questions are never
    used: they belong to probes. The result goes from short to long.
    """
    by_skill: dict[str, list[Exercise]] = {}
    for exercise in sorted(set(exercises), key=_length):
        if not is_held_out(exercise.question):
            by_skill.setdefault(exercise.skill_ids[0], []).append(exercise)
    skills = sorted(by_skill)
    random.Random(content_hash("shots", seed)).shuffle(skills)
    depth = max(map(len, by_skill.values()), default=0)
    in_turn = [by_skill[skill][turn] for turn in range(depth) for skill in skills if turn < len(by_skill[skill])]
    return sorted(in_turn[:count], key=_length)


def _length(exercise: Exercise) -> tuple[int, str]:
    return len(exercise.question) + len(exercise.completion), exercise.exercise_id
