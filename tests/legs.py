"""A teacher of one small subject, as a script: how many legs animals have together. It is always right."""

import random
import re

from skilladapt.records import content_hash
from skilladapt.teachers.teacher import Request

LEGS = {"dogs": 4, "cats": 4, "cows": 4, "hens": 2, "ducks": 2, "ants": 6, "bees": 6, "spiders": 8, "crabs": 10}
SYLLABUS = """\
# Legs

## Animals

### Legs of dogs and cats
Say how many legs some dogs or cats have together.

### Legs of birds and insects
Say how many legs some hens, ducks, ants or bees have together.

### Legs of mixed herds
Say how many legs two kinds of animals have together.

Requires: Legs of dogs and cats, Legs of birds and insects
"""
GOAL = "Counting the legs of animals"
PARTS = """\
Skill: Legs of dogs and cats
Does: Say how many legs some dogs or cats have together.
Elementary: yes
Needs: none

Skill: Legs of mixed herds
Does: Say how many legs two kinds of animals have together.
Elementary: yes
Needs: Legs of dogs and cats
"""
OTHER_WORDS = ("How many legs have {0} together?", "Somebody sees {0}. How many legs are that in all?")


def answer(request: Request) -> str:
    prompt = request.messages[-1].content
    rng = random.Random(content_hash(prompt, request.draw))
    if request.purpose == "textbook":
        return (
            "To find out how many legs some animals have together, multiply the number of animals by the number "
            "of legs that one of them has. A dog has four legs, so three dogs have twelve. A hen has two. " * 2
        )
    if request.purpose in ("decomposed", "topics"):
        return PARTS
    if request.purpose in ("same", "needs"):
        return "Answer: no" if request.purpose == "same" else "Answer: 1"
    if request.purpose == "question":
        name, number = rng.choice(sorted(LEGS.items()))
        return f"Question: How many legs have {rng.randint(2, 99)} {name} in all?\nAnswer: {number}"
    if request.purpose in ("solve", "solve-plainly", "judge", "points"):
        return _judged(request.purpose, prompt)
    if request.purpose in ("corrupted", "solved-again"):
        question = re.search(r"Question: (.*)", prompt)
        name = re.search(r"\[(.*?)\]", prompt)
        assert question and name
        right = legs(question[1])
        is_wrong = request.purpose == "corrupted"
        if "\nA) " in prompt:
            return _short(question[1], name[1], "A" if is_wrong else "B")
        return _short(question[1], name[1], right + 2 * is_wrong)
    wanted = re.search(r"[Ww]rite (\d+)", prompt)
    name = re.search(r"Step \[(.*?)\]", prompt)
    assert wanted and name
    pairs = 2 if request.purpose == "probes" else 1
    return "\n---\n".join(_written(prompt, name[1], rng, turn) for turn in range(pairs * int(wanted[1])))


def legs(question: str) -> int:
    """How many legs are in a question."""
    return sum(
        int(number) * LEGS[animals]
        for number, animals in re.findall(r"(\d+) ([a-z]+)", question)
        if animals in LEGS
    )


def _written(prompt: str, name: str, rng: random.Random, turn: int) -> str:
    herd = " and ".join(f"{rng.randint(2, 99)} {one}" for one in rng.sample(sorted(LEGS), 1 + ("mixed" in name)))
    question = OTHER_WORDS[turn % 2].format(herd)
    right = legs(question)
    if "Misconception" in prompt:
        options = "".join(
            f"{letter}) {number}\n" for letter, number in zip("ABC", (right + 2, right, right + 4), strict=True)
        )
        wrong = "".join(f"Misconception {letter}: somebody who cannot count says so\n" for letter in "AC")
        return f"Question: {question}\n{options}Step [{name}]: Multiply.\n{wrong}Answer: B"
    if "Point:" in prompt:
        return (
            f"Question: Explain why {herd} have {right} legs together.\nStep [{name}]: Each has its own legs.\n"
            "Point: each animal has its own legs\nPoint: legs of all animals are added"
        )
    return _short(question, name, right)


def _short(question: str, name: str, number: int | str) -> str:
    return f"Question: {question}\nStep [{name}]: Multiply, and add.\nAnswer: {number}"


def _judged(purpose: str, prompt: str) -> str:
    if purpose == "judge":
        return "Answer: none"
    if purpose == "points":
        return "1: yes\n2: yes"
    question = prompt.split("Think step by step")[0].split("Answer in one to")[0]
    options = dict((number, letter) for letter, number in re.findall(r"^([A-D])\) (\d+)$", question, re.MULTILINE))
    if "explanation" in prompt:
        return "Answer: Each animal has its own legs, so they are added."
    right = str(legs(question.split("\nA)")[0]))
    return f"I count them.\nAnswer: {options.get(right, right)}"
