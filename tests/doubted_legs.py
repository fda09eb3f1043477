"""The teacher of `legs`, whose solvers cannot agree on some questions; each of its calls is written down.

Of every fourth question no solver makes anything, of every second one none of those who are to look again.
"""

import os
from pathlib import Path

import legs
from skilladapt.records import content_hash
from skilladapt.teachers.teacher import Request
from skilladapt.verification.agreement import HOW

CALLS = "DOUBTED_LEGS_CALLS"
"""The environment variable that names the file."""
HOSTILE = "\x1b]0;owned\x07\u202e[bold red]"
"""Stands in some of the answers that are rejected."""


def answer(request: Request) -> str:
    prompt = request.messages[-1].content
    if CALLS in os.environ:
        with Path(os.environ[CALLS]).open("a") as file:
            file.write(content_hash(request.purpose, prompt, request.draw) + "\n")
    if request.purpose == "solve":
        place = int(content_hash(prompt.split("Think step by step")[0].strip()), 16)
        if place % 4 == 0 or (place % 2 == 0 and HOW["judged"] in prompt):
            return f"I cannot count.\nAnswer: {1000 + request.draw}"
    return legs.answer(request)
