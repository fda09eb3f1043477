"""What a style of question is: the task it sets and the words it comes in.

`questions.md` lists the templates for people and explains their placeholders; a test keeps the two equal.
"""

from dataclasses import dataclass

VARIABLES = "xxxxtunyzrs"
"""Letters for the variable; `x` comes up most, as in any textbook."""


@dataclass(frozen=True)
class Style:
    """One way to set a task, in several wordings."""

    task: str
    """What has to be done: a key of the table of solvers."""
    templates: tuple[str, ...]
    noun: str = ""
    """What is asked for as a phrase, such as `the slope of y = {E} at {x} = {a}`; empty where there is none."""
    variables: str = VARIABLES
    """Letters to choose the variable from."""
    words: tuple[str, str] = ("", "")
    """What `{w}` stands for where the problem's sign is plus, and where it is minus."""
