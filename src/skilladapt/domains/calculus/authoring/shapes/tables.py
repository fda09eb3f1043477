"""One generator of problems for every skill of the syllabus."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.problem import Problem
from skilladapt.domains.calculus.authoring.shapes.algebra import ALGEBRA_SHAPES
from skilladapt.domains.calculus.authoring.shapes.antiderivatives import ANTIDERIVATIVE_SHAPES
from skilladapt.domains.calculus.authoring.shapes.constants import CONSTANT_SHAPES
from skilladapt.domains.calculus.authoring.shapes.curves import CURVE_SHAPES
from skilladapt.domains.calculus.authoring.shapes.derivatives import DERIVATIVE_SHAPES
from skilladapt.domains.calculus.authoring.shapes.draw import Draw
from skilladapt.domains.calculus.authoring.shapes.equations import EQUATION_SHAPES
from skilladapt.domains.calculus.authoring.shapes.functions import FUNCTION_SHAPES
from skilladapt.domains.calculus.authoring.shapes.integrals import INTEGRAL_SHAPES
from skilladapt.domains.calculus.authoring.shapes.limits import LIMIT_SHAPES
from skilladapt.domains.calculus.authoring.shapes.situations import SITUATION_SHAPES

SHAPES: Mapping[str, Callable[[Draw], Problem]] = MappingProxyType(
    {
        **ALGEBRA_SHAPES,
        **DERIVATIVE_SHAPES,
        **CONSTANT_SHAPES,
        **FUNCTION_SHAPES,
        **EQUATION_SHAPES,
        **LIMIT_SHAPES,
        **CURVE_SHAPES,
        **ANTIDERIVATIVE_SHAPES,
        **INTEGRAL_SHAPES,
        **SITUATION_SHAPES,
    }
)
"""How to draw a problem, by skill id."""
