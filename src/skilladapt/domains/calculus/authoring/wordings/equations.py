"""The words of questions about equations, lines, and functions as wholes."""

from collections.abc import Mapping
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.wordings.style import Style

EQUATION_STYLES: Mapping[str, Style] = MappingProxyType(
    {
        "equation": Style(
            "equation",
            (
                "Solve {A} = {B} for {x}.",
                "For which {x} is {A} = {B}?",
                "Find the number {x} with {A} = {B}.",
                "Which number {x} satisfies {A} = {B}?",
                "Solve the equation {A} = {B}.",
            ),
            noun="the number {x} with {A} = {B}",
        ),
        "which solution": Style(
            "which solution",
            (
                "Find the {w} solution of {A} = {B}.",
                "What is the {w} solution of {A} = {B}?",
                "The equation {A} = {B} has two solutions. Find the {w} one.",
                "Solve {A} = {B} and give the {w} solution.",
            ),
            noun="the {w} solution of {A} = {B}",
            words=("larger", "smaller"),
        ),
        "slope of points": Style(
            "slope of points",
            (
                "Find the slope of the line through ({a}, {b}) and ({d}, {k}).",
                "A line passes through ({a}, {b}) and ({d}, {k}). What is its slope?",
                "How steep is the straight line from ({a}, {b}) to ({d}, {k})?",
                "What is the gradient of the line through the points ({a}, {b}) and ({d}, {k})?",
            ),
            noun="the slope of the line through ({a}, {b}) and ({d}, {k})",
            variables="x",
        ),
        "line through point": Style(
            "line through point",
            (
                "Find the equation of the line with slope {d} through ({a}, {b}).",
                "A line has slope {d} and passes through ({a}, {b}). Find its equation in the form y = mx + b.",
                "Which line of slope {d} goes through the point ({a}, {b})? Solve for y.",
                "Through ({a}, {b}) goes a line with gradient {d}. What is its equation?",
            ),
            variables="x",
        ),
        "line through points": Style(
            "line through points",
            (
                "Find the equation of the line through ({a}, {b}) and ({d}, {k}).",
                "Which line goes through the points ({a}, {b}) and ({d}, {k})? Solve for y.",
                "The points ({a}, {b}) and ({d}, {k}) lie on a line. What is its equation?",
                "A line passes through ({a}, {b}) and ({d}, {k}). Find its equation in the form y = mx + b.",
            ),
            variables="x",
        ),
        "line value": Style(
            "line value",
            (
                "A line with slope {d} goes through ({a}, {b}). What is y on it at x = {k}?",
                "The line through ({a}, {b}) has slope {d}. Find y on it at x = {k}.",
                "A straight line passes through ({a}, {b}) with gradient {d}. Which y belongs to x = {k}?",
                "Follow the line of slope {d} through ({a}, {b}) to x = {k}. What is y there?",
            ),
            noun="the y at x = {k} on the line with slope {d} through ({a}, {b})",
            variables="x",
        ),
        "average rate": Style(
            "average rate",
            (
                "Find the average rate of change of {f}({x}) = {E} from {x} = {a} to {x} = {b}.",
                "How fast does {f}({x}) = {E} change on average between {x} = {a} and {x} = {b}?",
                "Find the slope of the line through the points of y = {E} at {x} = {a} and {x} = {b}.",
                "By how much does {E} change on average for each unit of {x} between {x} = {a} and {x} = {b}?",
            ),
            noun="the average rate of change of {f}({x}) = {E} from {x} = {a} to {x} = {b}",
            variables="xxxtuzrs",
        ),
        "inverse": Style(
            "inverse",
            (
                "Find the inverse function of {f}({x}) = {E}, written in {x}.",
                "Which function of {x} undoes {f}({x}) = {E}?",
                "Let {f}({x}) = {E}. Write down its inverse function with the variable {x}.",
                "The function {f}({x}) = {E} has an inverse. Find it as a function of {x}.",
            ),
            noun="the inverse function of {f}({x}) = {E}",
        ),
        "undefined at": Style(
            "domain",
            (
                "For which {x} does {E} have no value?",
                "At which {x} is {f}({x}) = {E} not defined?",
                "Which number must be left out of the domain of {f}({x}) = {E}?",
                "Where is the denominator of {E} zero?",
            ),
            noun="the number that must be left out of the domain of {f}({x}) = {E}",
        ),
        "defined from": Style(
            "domain",
            (
                "What is the {w} {x} for which {E} has a value?",
                "Find the {w} number in the domain of {f}({x}) = {E}.",
                "The root {E} exists only on one side of a number. What is the {w} {x} that may be put in?",
                "Which is the {w} number that can be put into {f}({x}) = {E}?",
            ),
            noun="the {w} number in the domain of {f}({x}) = {E}",
            words=("smallest", "largest"),
        ),
        "logarithm from": Style(
            "domain",
            (
                "Which number must {x} exceed so that {E} has a value?",
                "The domain of {f}({x}) = {E} is all {x} above which number?",
                "For {x} above which number is {f}({x}) = {E} defined?",
                "Beyond which number does the domain of {f}({x}) = {E} begin?",
            ),
            noun="the number beyond which the domain of {f}({x}) = {E} begins",
        ),
    }
)
"""Styles by name."""
