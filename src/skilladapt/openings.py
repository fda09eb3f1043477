"""Words that open a question and ask nothing: what a teacher wrote is made practice, or a probe, by them.

A fifth of every space of questions is held out by the question's hash (`records.is_held_out`). Of what a teacher
writes, four fifths would be lost as probes, and a fifth as practice. So a question gets one of these openings,
drawn by its text, that puts it on the side it was written for. They stand on both sides alike, and questions are
compared without them, or one could be practised and probed behind two of them.
"""

from typing import Final

from skilladapt.records import content_hash, is_held_out

OPENINGS: Final = (
    "",
    "Question: ",
    "Exercise: ",
    "Task: ",
    "Try this: ",
    "Here is a question. ",
    "Answer this: ",
    "Consider this: ",
    "Think about this. ",
    "A question for you: ",
    "One more: ",
    "Work this out: ",
    "Look at this question. ",
    "Give it a try: ",
    "Next question: ",
    "Now this one: ",
    "To practise: ",
    "Your turn: ",
    "An exercise: ",
    "Something to answer: ",
)


def opened(question: str, *, held_out: bool) -> str | None:
    """The question behind the opening that makes it held out, or practice; None where no opening does.

    Of a thousand questions eleven cannot be held out; none was ever seen that could not be practice.
    """
    bare = unopened(question)
    ranked = sorted(OPENINGS, key=lambda opening: content_hash("opening", bare, opening))
    return next((text for one in ranked if is_held_out(text := one + bare) == held_out), None)


def unopened(question: str) -> str:
    """The question without its opening."""
    longest = max((one for one in OPENINGS if question.startswith(one)), key=len)
    return question[len(longest) :]
