"""Every style of question, by its name."""

from collections.abc import Mapping
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.wordings.constants import CONSTANT_STYLES
from skilladapt.domains.calculus.authoring.wordings.curves import CURVE_STYLES
from skilladapt.domains.calculus.authoring.wordings.differentiating import DIFFERENTIATING
from skilladapt.domains.calculus.authoring.wordings.equations import EQUATION_STYLES
from skilladapt.domains.calculus.authoring.wordings.functions import FUNCTION_STYLES
from skilladapt.domains.calculus.authoring.wordings.integrals import INTEGRAL_STYLES
from skilladapt.domains.calculus.authoring.wordings.limits import LIMIT_STYLES
from skilladapt.domains.calculus.authoring.wordings.situations import SITUATION_STYLES
from skilladapt.domains.calculus.authoring.wordings.style import Style

_JOINED = Style(
    "joined",
    (
        "Let A be {P} and let B be {Q}. Find A {s} B.",
        "If A is {P} and B is {Q}, what is A {s} B?",
        "Work out A {s} B, where A is {P} and B is {Q}.",
        "A is {P}, and B is {Q}. Compute A {s} B.",
    ),
)
_LINKED = Style(
    "linked",
    (
        "Let A be {P}. Find the value of {Q} at {x} = A.",
        "If A is {P}, what is the value of {Q} at {x} = A?",
        "Work out the value of {Q} at {x} = A, where A is {P}.",
        "A is {P}. Compute the value of {Q} at {x} = A.",
    ),
)

STYLES: Mapping[str, Style] = MappingProxyType(
    {
        **DIFFERENTIATING,
        **CONSTANT_STYLES,
        **FUNCTION_STYLES,
        **EQUATION_STYLES,
        **LIMIT_STYLES,
        **CURVE_STYLES,
        **INTEGRAL_STYLES,
        **SITUATION_STYLES,
        "joined": _JOINED,
        "linked": _LINKED,
    }
)
"""A question is taken up again by the first style that has its words."""
