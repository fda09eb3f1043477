"""One generator of problems for every skill of the syllabus."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from skilladapt.domains.calculus.algebra_shapes import ALGEBRA_SHAPES
from skilladapt.domains.calculus.derivative_shapes import DERIVATIVE_SHAPES
from skilladapt.domains.calculus.draw import Draw
from skilladapt.domains.calculus.problem import Problem

SHAPES: Mapping[str, Callable[[Draw], Problem]] = MappingProxyType({**ALGEBRA_SHAPES, **DERIVATIVE_SHAPES})
"""How to draw a problem, by skill id."""
