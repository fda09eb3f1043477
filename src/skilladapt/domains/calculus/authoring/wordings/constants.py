"""The words of questions about numbers that are not whole."""

from collections.abc import Mapping
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.wordings.style import Style

CONSTANT_STYLES: Mapping[str, Style] = MappingProxyType(
    {
        "exact": Style(
            "exact",
            (
                "Find the exact value of {E}.",
                "What is the exact value of {E}?",
                "Give the exact value of {E}.",
                "Determine {E} exactly.",
                "Evaluate {E} without a calculator.",
            ),
            noun="the exact value of {E}",
        ),
        "fractions": Style(
            "fractions",
            (
                "Write {E} as one fraction.",
                "What is {E} as a single fraction?",
                "Bring {E} to a common denominator and work it out.",
                "Work out {E} and give the result as one fraction.",
            ),
            noun="the number {E} as one fraction",
        ),
        "root": Style(
            "exact",
            (
                "Simplify the root: {E}.",
                "Write {E} with the smallest possible whole number under the root.",
                "Take all square factors out of the root: {E}.",
                "Give {E} in its simplest form, with as little as possible under a root.",
            ),
            noun="the number {E} with as little as possible under a root",
        ),
        "exponent": Style(
            "exponent",
            (
                "For which number k is {E} = {x}^k for all {x} > 0?",
                "Write {E} as a power of {x}, where {x} > 0. What is the exponent?",
                "Which exponent of {x} makes a single power of {E}, for {x} > 0?",
                "As one power of {x}, with {x} > 0, {E} has which exponent?",
            ),
            noun="the exponent of {E}, written as one power of {x} for {x} > 0",
        ),
        "power of e": Style(
            "power of e",
            (
                "Write {E} as a single power of e.",
                "Which power of e equals {E}?",
                "Combine {E} into one power of e.",
                "Express {E} as one power of e.",
            ),
            noun="{E} as a single power of e",
        ),
        "logarithm": Style(
            "logarithm",
            (
                "Write {E} as one logarithm.",
                "Combine {E} into a single logarithm.",
                "Which single logarithm equals {E}?",
                "Express {E} as a single logarithm.",
            ),
            noun="{E} as one logarithm",
        ),
    }
)
"""Styles by name."""
