"""The words of questions about derivatives of functions of every kind."""

from collections.abc import Mapping
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.wordings.style import Style

FUNCTION_STYLES: Mapping[str, Style] = MappingProxyType(
    {
        "function derivative": Style(
            "derivative",
            (
                "Find the derivative of {E}.",
                "Differentiate {E} with respect to {x}.",
                "Compute the derivative of {f}({x}) = {E}.",
                "Let y = {E}. Find dy/d{x}.",
                "Determine {f}'({x}) if {f}({x}) = {E}.",
                "Find the derivative of the function {f}({x}) = {E}.",
                "Find y' for y = {E}.",
                "What is the rate of change of {f}({x}) = {E} with respect to {x}?",
            ),
            noun="the derivative of {E}",
        ),
        "derivative at": Style(
            "derivative at",
            (
                "Find {f}'({B}) if {f}({x}) = {E}.",
                "Let {f}({x}) = {E}. What is {f}'({B})?",
                "Find the derivative of {f}({x}) = {E} at {x} = {B}.",
                "How steep is the curve y = {E} at {x} = {B}?",
                "What is the value of the derivative of {E} at {x} = {B}?",
            ),
            noun="the derivative of {f}({x}) = {E} at {x} = {B}",
        ),
        "higher derivative": Style(
            "higher derivative",
            (
                "Find the {w} derivative of {f}({x}) = {E}.",
                "What is the {w} derivative of {E} with respect to {x}?",
                "Compute the {w} derivative of y = {E}.",
                "Let {f}({x}) = {E}. Determine the {w} derivative of {f}.",
            ),
            noun="the {w} derivative of {f}({x}) = {E}",
            words=("third", "fourth"),
        ),
    }
)
"""Styles by name."""
