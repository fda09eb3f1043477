"""The words in which problems are asked: every style of question, the task it sets, and its templates.

`questions.md` lists the same templates for people; a test keeps the two equal.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

Task = Literal[
    "compute",
    "simplify",
    "value",
    "simplified value",
    "function value",
    "two values",
    "computed value",
    "nested value",
    "composition",
    "composition value",
    "expanded composition",
    "composition derivative",
    "swapped composition",
    "inner",
    "outer",
    "inner derivative",
    "named chain",
    "derivative",
    "two derivatives",
    "expanded derivative",
    "shifted",
    "scaled",
    "added",
    "derivative value",
    "value and derivative",
    "two slopes",
    "shifted value",
    "slope",
    "second derivative",
    "second from first",
    "second value",
]

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

STYLES: Mapping[str, tuple[Task, tuple[str, ...]]] = MappingProxyType(
    {
        "compute": (
            "compute",
            (
                "Compute {E}.",
                "What is {E}?",
                "Find the value of {E}.",
                "Work out {E}.",
                "Calculate {E}.",
                "How much is {E}?",
            ),
        ),
        "power": (
            "simplify",
            (
                "Simplify {E}.",
                "Write {E} in its simplest form.",
                "Which power of {x} equals {E}?",
                "Write {E} as a single power of {x}.",
            ),
        ),
        "monomial": (
            "simplify",
            ("Simplify {E}.", "Write {E} in its simplest form.", "Write {E} as one term."),
        ),
        "simplest": ("simplify", ("Simplify {E}.", "Write {E} in its simplest form.")),
        "product": (
            "simplify",
            ("Simplify {E}.", "Find the product {E}.", "Write {E} as one term.", "Multiply out {E}."),
        ),
        "negative": (
            "simplify",
            ("Write {E} with a negative exponent.", "Write {E} without a fraction bar."),
        ),
        "like": (
            "simplify",
            (
                "Collect like terms: {E}.",
                "Combine the like terms in {E}.",
                "Collect the terms of {E}.",
                "Simplify {E}.",
            ),
        ),
        "expand": (
            "simplify",
            (
                "Expand {E}.",
                "Multiply out {E}.",
                "Write {E} without parentheses.",
                "Expand and simplify {E}.",
                "Which polynomial equals {E}?",
            ),
        ),
        "value": (
            "value",
            (
                "Find the value of {E} at {x} = {a}.",
                "Evaluate {E} for {x} = {a}.",
                "What is {E} when {x} = {a}?",
                "Substitute {x} = {a} into {E}. What is the value?",
                "Let {x} = {a}. Find {E}.",
            ),
        ),
        "simplified value": ("simplified value", ("Simplify {E} and find its value at {x} = {a}.",)),
        "function value": (
            "function value",
            (
                "Evaluate {f}({a}) for {f}({x}) = {E}.",
                "Given {f}({x}) = {E}, find {f}({a}).",
                "If {f}({x}) = {E}, what is {f}({a})?",
                "For the function {f}({x}) = {E}, compute {f}({a}).",
                "The rule of a function is {f}({x}) = {E}. What is its value at {x} = {a}?",
            ),
        ),
        "two values": ("two values", ("Given {f}({x}) = {E}, find {f}({a}) {s} {f}({b}).",)),
        "computed value": ("computed value", ("Let {x} = {B}. Find {A}.",)),
        "nested value": (
            "nested value",
            ("Given {f}({x}) = {A}, find the value of {B} at {x} = {f}({a}).",),
        ),
        "composition": (
            "composition",
            (
                "Given {f}({x}) = {A} and {g}({x}) = {B}, find {f}({g}({x})).",
                "If {f}({x}) = {A} and {g}({x}) = {B}, what is {f}({g}({x}))?",
                "Let {f}({x}) = {A} and {g}({x}) = {B}. Write down {f}({g}({x})).",
                "Put {g}({x}) = {B} into {f}({x}) = {A}: what is {f}({g}({x}))?",
            ),
        ),
        "composition value": (
            "composition value",
            (
                "Given {f}({x}) = {A} and {g}({x}) = {B}, find {f}({g}({a})).",
                "If {f}({x}) = {A} and {g}({x}) = {B}, what is {f}({g}({a}))?",
            ),
        ),
        "expanded composition": (
            "expanded composition",
            ("Given {f}({x}) = {A} and {g}({x}) = {B}, find {f}({g}({x})) and expand it.",),
        ),
        "composition derivative": (
            "composition derivative",
            ("Given {f}({x}) = {A} and {g}({x}) = {B}, differentiate {f}({g}({x})).",),
        ),
        "swapped composition": (
            "swapped composition",
            ("Let {f} be the outer and {g} the inner function of y = {E}. Find {g}({f}({x})).",),
        ),
        "inner": (
            "inner",
            (
                "What is the inner function of {f}({x}) = {E}?",
                "Name the inner function of y = {E}.",
                "The function {f}({x}) = {E} is a composition. Which function is inside?",
            ),
        ),
        "outer": (
            "outer",
            (
                "What is the outer function of {f}({x}) = {E}, written in u?",
                "Write u for the inner function of y = {E}. What is the outer function in u?",
                "The function {f}({x}) = {E} is a composition. Write its outer function in u.",
            ),
        ),
        "inner derivative": (
            "inner derivative",
            (
                "Differentiate the inner function of y = {E}.",
                "Find the derivative of the function inside y = {E}.",
            ),
        ),
        "named chain": ("named chain", ("Name the inner function of y = {E}, then find dy/d{x}.",)),
        "derivative": ("derivative", _FUNCTION_WORDS),
        "two derivatives": ("two derivatives", ("Find d/d{x} [{A}] + d/d{x} [{B}].",)),
        "expanded derivative": (
            "expanded derivative",
            (
                "Simplify {f}({x}) = {E}, then find {f}'({x}).",
                "Write y = {E} as a polynomial, then find dy/d{x}.",
            ),
        ),
        "simplified derivative": ("expanded derivative", ("Simplify {f}({x}) = {E}, then find {f}'({x}).",)),
        "shifted value": (
            "shifted value",
            ("If {f}'({x}) = {A}, what is the derivative of {f}({x}) {s} {c} at {x} = {b}?",),
        ),
        "shifted": (
            "shifted",
            (
                "If {f}'({x}) = {A}, what is the derivative of {f}({x}) {s} {c}?",
                "The derivative of {f}({x}) is {A}. Differentiate {f}({x}) {s} {c}.",
            ),
        ),
        "scaled": (
            "scaled",
            (
                "If {f}'({x}) = {A}, what is the derivative of {c}{f}({x})?",
                "The derivative of {f}({x}) is {A}. Differentiate {c}{f}({x}).",
            ),
        ),
        "added": (
            "added",
            ("If {f}'({x}) = {A} and {g}'({x}) = {B}, what is the derivative of {f}({x}) {s} {g}({x})?",),
        ),
        "derivative value": (
            "derivative value",
            (
                "Find {f}'({a}) for {f}({x}) = {E}.",
                "If {f}({x}) = {E}, what is {f}'({a})?",
                "Evaluate the derivative of {f}({x}) = {E} at {x} = {a}.",
                "Find the value of dy/d{x} at {x} = {a} for y = {E}.",
                "Given {f}({x}) = {E}, compute {f}'({a}).",
                "How fast does {f}({x}) = {E} change at {x} = {a}?",
            ),
        ),
        "value and derivative": (
            "value and derivative",
            ("For {f}({x}) = {E}, find {f}({a}) + {f}'({a}).",),
        ),
        "two slopes": (
            "two slopes",
            ("For {f}({x}) = {E}, find {f}'({a}) plus the slope of the tangent at {x} = {b}.",),
        ),
        "slope": (
            "slope",
            (
                "Find the slope of the curve y = {E} at {x} = {a}.",
                "What is the slope of the tangent to y = {E} at {x} = {a}?",
                "How steep is the graph of {f}({x}) = {E} at {x} = {a}?",
                "A line touches the curve y = {E} at {x} = {a}. What is its slope?",
                "Find the slope of the tangent line to {f}({x}) = {E} at {x} = {a}.",
            ),
        ),
        "second derivative": (
            "second derivative",
            (
                "Find {f}''({x}) for {f}({x}) = {E}.",
                "If {f}({x}) = {E}, what is {f}''({x})?",
                "What is the second derivative of {f}({x}) = {E}?",
                "Differentiate y = {E} twice with respect to {x}.",
            ),
        ),
        "second from first": (
            "second from first",
            ("The first derivative of {f}({x}) is {A}. Find {f}''({x}).",),
        ),
        "second value": ("second value", ("Find {f}''({a}) for {f}({x}) = {E}.",)),
    }
)
"""For each style its task and its templates; `questions.md` explains the placeholders."""
