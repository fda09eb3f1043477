"""What solving a problem gives: the lines, the result, and how it is printed as an answer."""

from collections.abc import Callable
from dataclasses import dataclass

from skilladapt.domains.calculus.authoring.expressions.showing import show
from skilladapt.domains.calculus.authoring.expressions.trees import Expression
from skilladapt.domains.calculus.authoring.problem import Problem
from skilladapt.domains.calculus.authoring.rules.working import Step, Working
from skilladapt.records import AnswerType


@dataclass(frozen=True)
class Result:
    """What a problem asks for."""

    expression: Expression
    answer_type: AnswerType = "number"
    letter: str | None = None
    """The answer's variable where it is another than the problem's."""
    frame: str = "{}"
    """What stands around the answer, as in `{} + C`."""


Solver = Callable[[Problem, Working], Result]
"""Writes the lines and gives the result."""


@dataclass(frozen=True)
class Solution:
    """A worked solution; the last line's work ends with the answer."""

    steps: tuple[Step, ...]
    result: Expression
    answer_type: AnswerType
    letter: str
    frame: str

    @property
    def answer(self) -> str:
        """The result as it is printed."""
        return self.printed(self.result)

    def printed(self, result: Expression) -> str:
        """Another result in the same form."""
        return self.frame.format(show(result, self.letter))
