"""The words of questions about limits."""

from collections.abc import Mapping
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.wordings.style import Style

LIMIT_STYLES: Mapping[str, Style] = MappingProxyType(
    {
        "cancel": Style(
            "cancel",
            (
                "Cancel the common factor in {E}.",
                "Reduce the fraction {E}.",
                "Write {E} without a fraction, where it is defined.",
                "To which polynomial can {E} be reduced?",
            ),
            noun="the reduced form of {E}",
        ),
        "limit": Style(
            "limit",
            (
                "Find the limit of {E} as {x} approaches {a}.",
                "What does {E} tend to as {x} tends to {a}?",
                "Compute lim_({x} -> {a}) {I}.",
                "Evaluate the limit of {f}({x}) = {E} as {x} goes to {a}.",
                "Determine the limit of {E} for {x} -> {a}.",
            ),
            noun="the limit of {E} as {x} approaches {a}",
        ),
        "limit at infinity": Style(
            "limit at infinity",
            (
                "Find the limit of {E} as {x} grows without bound.",
                "What does {E} tend to as {x} tends to infinity?",
                "Compute lim_({x} -> infinity) {I}.",
                "Which number does {f}({x}) = {E} come close to for very large {x}?",
                "Determine the limit of {E} for {x} -> infinity.",
            ),
            noun="the limit of {E} as {x} grows without bound",
        ),
        "continuity sum": Style(
            "continuity sum",
            (
                "For which number c is {f} continuous, if {f}({x}) = {A} for {x} < {a} and "
                "{f}({x}) = {B} + c for {x} >= {a}?",
                "Let {f}({x}) = {A} for {x} < {a} and {f}({x}) = {B} + c for {x} >= {a}. "
                "Find c so that {f} is continuous.",
                "A function is {A} for {x} < {a} and {B} + c for {x} >= {a}. Which c makes it continuous?",
                "Choose c so that the graph has no jump: {f}({x}) = {A} for {x} < {a}, "
                "{f}({x}) = {B} + c for {x} >= {a}.",
            ),
            noun="the number c for which {f} with {f}({x}) = {A} for {x} < {a} and "
            "{f}({x}) = {B} + c for {x} >= {a} is continuous",
        ),
        "continuity factor": Style(
            "continuity factor",
            (
                "For which number c is {f} continuous, if {f}({x}) = {A} for {x} < {a} and "
                "{f}({x}) = c{x} for {x} >= {a}?",
                "Let {f}({x}) = {A} for {x} < {a} and {f}({x}) = c{x} for {x} >= {a}. "
                "Find c so that {f} is continuous.",
                "A function is {A} for {x} < {a} and c{x} for {x} >= {a}. Which c makes it continuous?",
                "Choose c so that the graph has no jump: {f}({x}) = {A} for {x} < {a}, "
                "{f}({x}) = c{x} for {x} >= {a}.",
            ),
        ),
        "difference quotient": Style(
            "difference quotient",
            (
                "Simplify (f({a} + h) - f({a}))/h for f({x}) = {E}.",
                "Let f({x}) = {E}. Write (f({a} + h) - f({a}))/h as a polynomial in h.",
                "For f({x}) = {E}, find the difference quotient (f({a} + h) - f({a}))/h and simplify it.",
                "Write the difference quotient (f({a} + h) - f({a}))/h of f({x}) = {E} without a fraction.",
            ),
        ),
        "difference value": Style(
            "difference value",
            (
                "Find (f({a} + h) - f({a}))/h at h = {b} for f({x}) = {E}.",
                "Given f({x}) = {E}, find (f({a} + h) - f({a}))/h at h = {b}.",
                "For f({x}) = {E}, compute (f({a} + h) - f({a}))/h at h = {b}.",
                "Let f({x}) = {E}. What is (f({a} + h) - f({a}))/h at h = {b}?",
            ),
            noun="the value of (f({a} + h) - f({a}))/h at h = {b} for f({x}) = {E}",
        ),
        "derivative from limit": Style(
            "derivative from limit",
            (
                "Find the limit of (f({a} + h) - f({a}))/h as h approaches 0 for f({x}) = {E}.",
                "Use the limit of the difference quotient to find f'({a}) for f({x}) = {E}.",
                "Let f({x}) = {E}. What does (f({a} + h) - f({a}))/h tend to as h -> 0?",
                "Find f'({a}) from its definition as a limit, where f({x}) = {E}.",
            ),
            noun="the limit of (f({a} + h) - f({a}))/h as h approaches 0 for f({x}) = {E}",
        ),
    }
)
"""Styles by name."""
