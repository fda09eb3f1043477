"""A reply as a whole: whether there is one, and its text; what it means is read by whoever asked."""

import re
from typing import Final

from skilladapt.prompts.refusals import is_refusal
from skilladapt.statement import stated
from skilladapt.teachers.teacher import NoReply, Outcome

MAX_REPLY: Final = 100_000
"""Characters; what is longer is no reply to any of our prompts."""
_ANSWER: Final = re.compile(r"^[\s>*#_]*answer[*_\s]*:[*_\s]*(.*?)[*_\s.]*$", re.IGNORECASE | re.MULTILINE)


class Unusable(ValueError):
    """Why a reply, or a part of one, is not used."""


def text_of(outcome: Outcome) -> str:
    """The text of a whole reply. Raises `Unusable` where none came, it was cut off, or the teacher refused."""
    if isinstance(outcome, NoReply):
        raise Unusable(f"no reply: {outcome.reason}")
    if outcome.finish != "stop":
        raise Unusable(
            {"length": "cut off at the limit", "filtered": "held back by the service"}.get(
                outcome.finish, "it does not say whether it is whole"
            )
        )
    if len(outcome.text) > MAX_REPLY:  # before anything is made of it: a reply may be of any size
        raise Unusable(f"{len(outcome.text):,} characters; at most {MAX_REPLY:,} are read")
    text = clean(outcome.text)
    if not text:
        raise Unusable("empty")
    if is_refusal(text):
        raise Unusable("refused")
    return text


def clean(text: str) -> str:
    """Without control characters but line ends, so that nothing written can hide or move what is shown."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c if c == "\n" or c.isprintable() else " " for c in unix).strip()


def final_answer(text: str) -> tuple[str, str] | None:
    """What stands behind the last `Answer:` of a text, on its line and to the end; None where there is none."""
    marks = list(_ANSWER.finditer(text))
    return (marks[-1][1].strip(), text[marks[-1].start(1) :].strip()) if marks else None


def stated_answer(text: str) -> str:
    """The short answer in a text: behind its last `Answer:`, or what its only sentence says that something is.

    Empty where there is none. Small models forget the mark, and say `The capital of France is Paris.`
    """
    found = final_answer(text)
    return stated(text) if found is None else found[0]
