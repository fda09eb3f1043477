"""Every style of question, by its name."""

from collections.abc import Mapping
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.wordings.differentiating import DIFFERENTIATING
from skilladapt.domains.calculus.authoring.wordings.style import Style

STYLES: Mapping[str, Style] = MappingProxyType({**DIFFERENTIATING})
"""A question is taken up again by the first style that has its words."""
