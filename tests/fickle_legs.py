"""The teacher of `legs`, who writes other exercises each time that somebody begins to ask."""

import os

import legs
from skilladapt.teachers.teacher import Request

MOOD = int.from_bytes(os.urandom(4)) << 8


def answer(request: Request) -> str:
    return legs.answer(request.model_copy(update={"draw": MOOD + request.draw}))
