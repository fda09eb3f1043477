"""The words of questions about numbers, polynomials, functions and the rules for derivatives of powers."""

from collections.abc import Mapping
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.wordings.style import Style

_FUNCTION_WORDS = (
    "Differentiate {f}({x}) = {E}.",
    "Differentiate {f}({x}) = {E} with respect to {x}.",
    "Find the derivative of y = {E} with respect to {x}.",
    "What is d/d{x} [{E}]?",
    "Work out d/d{x} [{E}].",
    "If {f}({x}) = {E}, find {f}'({x}).",
    "Given {f}({x}) = {E}, what is {f}'({x})?",
    "Find dy/d{x} for y = {E}.",
    "What is the derivative of {f}({x}) = {E}?",
)

DIFFERENTIATING: Mapping[str, Style] = MappingProxyType(
    {
        "compute": Style(
            "compute",
            (
                "Compute {E}.",
                "What is {E}?",
                "Find the value of {E}.",
                "Work out {E}.",
                "Calculate {E}.",
                "How much is {E}?",
            ),
            noun="the value of {E}",
        ),
        "power": Style(
            "simplify",
            (
                "Simplify {E}.",
                "Write {E} in its simplest form.",
                "Which power of {x} equals {E}?",
                "Write {E} as a single power of {x}.",
            ),
            noun="the simplest form of {E}",
        ),
        "monomial": Style(
            "simplify",
            ("Simplify {E}.", "Write {E} in its simplest form.", "Write {E} as one term."),
            noun="the simplest form of {E}",
        ),
        "simplest": Style(
            "simplify", ("Simplify {E}.", "Write {E} in its simplest form."), noun="the simplest form of {E}"
        ),
        "product": Style(
            "simplify",
            ("Simplify {E}.", "Find the product {E}.", "Write {E} as one term.", "Multiply out {E}."),
            noun="the simplest form of {E}",
        ),
        "negative": Style(
            "simplify",
            ("Write {E} with a negative exponent.", "Write {E} without a fraction bar."),
        ),
        "like": Style(
            "simplify",
            (
                "Collect like terms: {E}.",
                "Combine the like terms in {E}.",
                "Collect the terms of {E}.",
                "Simplify {E}.",
            ),
            noun="the simplest form of {E}",
        ),
        "expand": Style(
            "simplify",
            (
                "Expand {E}.",
                "Multiply out {E}.",
                "Write {E} without parentheses.",
                "Expand and simplify {E}.",
                "Which polynomial equals {E}?",
            ),
            noun="the expanded form of {E}",
        ),
        "value": Style(
            "value",
            (
                "Find the value of {E} at {x} = {a}.",
                "Evaluate {E} for {x} = {a}.",
                "What is {E} when {x} = {a}?",
                "Substitute {x} = {a} into {E}. What is the value?",
                "Let {x} = {a}. Find {E}.",
            ),
            noun="the value of {E} at {x} = {a}",
        ),
        "simplified value": Style("simplified value", ("Simplify {E} and find its value at {x} = {a}.",)),
        "function value": Style(
            "function value",
            (
                "Evaluate {f}({a}) for {f}({x}) = {E}.",
                "Given {f}({x}) = {E}, find {f}({a}).",
                "If {f}({x}) = {E}, what is {f}({a})?",
                "For the function {f}({x}) = {E}, compute {f}({a}).",
                "The rule of a function is {f}({x}) = {E}. What is its value at {x} = {a}?",
            ),
            noun="{f}({a}) for {f}({x}) = {E}",
        ),
        "two values": Style("two values", ("Given {f}({x}) = {E}, find {f}({a}) {s} {f}({b}).",)),
        "computed value": Style("computed value", ("Let {x} = {B}. Find {A}.",)),
        "nested value": Style(
            "nested value",
            ("Given {f}({x}) = {A}, find the value of {B} at {x} = {f}({a}).",),
        ),
        "composition": Style(
            "composition",
            (
                "Given {f}({x}) = {A} and {g}({x}) = {B}, find {f}({g}({x})).",
                "If {f}({x}) = {A} and {g}({x}) = {B}, what is {f}({g}({x}))?",
                "Let {f}({x}) = {A} and {g}({x}) = {B}. Write down {f}({g}({x})).",
                "Put {g}({x}) = {B} into {f}({x}) = {A}: what is {f}({g}({x}))?",
            ),
            noun="{f}({g}({x})) for {f}({x}) = {A} and {g}({x}) = {B}",
        ),
        "composition value": Style(
            "composition value",
            (
                "Given {f}({x}) = {A} and {g}({x}) = {B}, find {f}({g}({a})).",
                "If {f}({x}) = {A} and {g}({x}) = {B}, what is {f}({g}({a}))?",
            ),
            noun="{f}({g}({a})) for {f}({x}) = {A} and {g}({x}) = {B}",
        ),
        "expanded composition": Style(
            "expanded composition",
            ("Given {f}({x}) = {A} and {g}({x}) = {B}, find {f}({g}({x})) and expand it.",),
        ),
        "composition derivative": Style(
            "composition derivative",
            ("Given {f}({x}) = {A} and {g}({x}) = {B}, differentiate {f}({g}({x})).",),
        ),
        "swapped composition": Style(
            "swapped composition",
            ("Let {f} be the outer and {g} the inner function of y = {E}. Find {g}({f}({x})).",),
        ),
        "inner": Style(
            "inner",
            (
                "What is the inner function of {f}({x}) = {E}?",
                "Name the inner function of y = {E}.",
                "The function {f}({x}) = {E} is a composition. Which function is inside?",
            ),
            noun="the inner function of {f}({x}) = {E}",
        ),
        "outer": Style(
            "outer",
            (
                "What is the outer function of {f}({x}) = {E}, written in u?",
                "Write u for the inner function of y = {E}. What is the outer function in u?",
                "The function {f}({x}) = {E} is a composition. Write its outer function in u.",
            ),
        ),
        "inner derivative": Style(
            "inner derivative",
            (
                "Differentiate the inner function of y = {E}.",
                "Find the derivative of the function inside y = {E}.",
            ),
        ),
        "named chain": Style("named chain", ("Name the inner function of y = {E}, then find dy/d{x}.",)),
        "derivative": Style("derivative", _FUNCTION_WORDS, noun="the derivative of {E}"),
        "two derivatives": Style("two derivatives", ("Find d/d{x} [{A}] + d/d{x} [{B}].",)),
        "expanded derivative": Style(
            "expanded derivative",
            (
                "Simplify {f}({x}) = {E}, then find {f}'({x}).",
                "Write y = {E} as a polynomial, then find dy/d{x}.",
            ),
        ),
        "simplified derivative": Style("expanded derivative", ("Simplify {f}({x}) = {E}, then find {f}'({x}).",)),
        "shifted value": Style(
            "shifted value",
            ("If {f}'({x}) = {A}, what is the derivative of {f}({x}) {s} {c} at {x} = {b}?",),
        ),
        "shifted": Style(
            "shifted",
            (
                "If {f}'({x}) = {A}, what is the derivative of {f}({x}) {s} {c}?",
                "The derivative of {f}({x}) is {A}. Differentiate {f}({x}) {s} {c}.",
            ),
        ),
        "scaled": Style(
            "scaled",
            (
                "If {f}'({x}) = {A}, what is the derivative of {c}{f}({x})?",
                "The derivative of {f}({x}) is {A}. Differentiate {c}{f}({x}).",
            ),
        ),
        "added": Style(
            "added",
            ("If {f}'({x}) = {A} and {g}'({x}) = {B}, what is the derivative of {f}({x}) {s} {g}({x})?",),
        ),
        "derivative value": Style(
            "derivative value",
            (
                "Find {f}'({a}) for {f}({x}) = {E}.",
                "If {f}({x}) = {E}, what is {f}'({a})?",
                "Evaluate the derivative of {f}({x}) = {E} at {x} = {a}.",
                "Find the value of dy/d{x} at {x} = {a} for y = {E}.",
                "Given {f}({x}) = {E}, compute {f}'({a}).",
                "How fast does {f}({x}) = {E} change at {x} = {a}?",
            ),
            noun="{f}'({a}) for {f}({x}) = {E}",
        ),
        "value and derivative": Style(
            "value and derivative",
            ("For {f}({x}) = {E}, find {f}({a}) + {f}'({a}).",),
        ),
        "two slopes": Style(
            "two slopes",
            ("For {f}({x}) = {E}, find {f}'({a}) plus the slope of the tangent at {x} = {b}.",),
        ),
        "slope": Style(
            "slope",
            (
                "Find the slope of the curve y = {E} at {x} = {a}.",
                "What is the slope of the tangent to y = {E} at {x} = {a}?",
                "How steep is the graph of {f}({x}) = {E} at {x} = {a}?",
                "A line touches the curve y = {E} at {x} = {a}. What is its slope?",
                "Find the slope of the tangent line to {f}({x}) = {E} at {x} = {a}.",
            ),
            noun="the slope of the curve y = {E} at {x} = {a}",
        ),
        "second derivative": Style(
            "second derivative",
            (
                "Find {f}''({x}) for {f}({x}) = {E}.",
                "If {f}({x}) = {E}, what is {f}''({x})?",
                "What is the second derivative of {f}({x}) = {E}?",
                "Differentiate y = {E} twice with respect to {x}.",
            ),
            noun="the second derivative of {f}({x}) = {E}",
        ),
        "second from first": Style(
            "second from first",
            ("The first derivative of {f}({x}) is {A}. Find {f}''({x}).",),
        ),
        "second value": Style("second value", ("Find {f}''({a}) for {f}({x}) = {E}.",)),
    }
)
"""Styles by name."""
