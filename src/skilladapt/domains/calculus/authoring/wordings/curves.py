"""The words of questions about tangents, extremes and the way graphs bend."""

from collections.abc import Mapping
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.wordings.style import Style

CURVE_STYLES: Mapping[str, Style] = MappingProxyType(
    {
        "tangent line": Style(
            "tangent line",
            (
                "Find the equation of the tangent to y = {E} at {x} = {a}.",
                "Which line touches the curve y = {E} at {x} = {a}? Solve for y.",
                "What is the tangent line of {f}({x}) = {E} at {x} = {a}?",
                "The graph of {f}({x}) = {E} has a tangent at {x} = {a}. Find its equation.",
            ),
            variables="xxxtuzrs",
        ),
        "tangent value": Style(
            "tangent value",
            (
                "The tangent to y = {E} at {x} = {a} meets the vertical axis. At which height?",
                "Where does the tangent to the curve y = {E} at {x} = {a} cross the y-axis? Find y.",
                "Find the y-intercept of the tangent to {f}({x}) = {E} at {x} = {a}.",
                "What is the y-intercept of the line that touches y = {E} at {x} = {a}?",
            ),
            noun="the y-intercept of the tangent to {f}({x}) = {E} at {x} = {a}",
            variables="xxxtuzrs",
        ),
        "normal line": Style(
            "normal line",
            (
                "Find the equation of the normal to y = {E} at {x} = {a}.",
                "Which line meets the curve y = {E} at a right angle at {x} = {a}? Solve for y.",
                "What is the normal line of {f}({x}) = {E} at {x} = {a}?",
                "The graph of {f}({x}) = {E} has a normal at {x} = {a}. Find its equation.",
            ),
            variables="xxxtuzrs",
        ),
        "normal slope": Style(
            "normal slope",
            (
                "Find the slope of the normal to y = {E} at {x} = {a}.",
                "What is the slope of the line that meets y = {E} at a right angle at {x} = {a}?",
                "How steep is the normal of {f}({x}) = {E} at {x} = {a}?",
                "A line is perpendicular to the curve y = {E} at {x} = {a}. What is its slope?",
            ),
            noun="the slope of the normal to {f}({x}) = {E} at {x} = {a}",
        ),
        "linear approximation": Style(
            "linear approximation",
            (
                "Use the tangent to {f}({x}) = {E} at {x} = {a} to estimate {f}({b}).",
                "Estimate {f}({b}) for {f}({x}) = {E} with the tangent at {x} = {a}.",
                "Which estimate of {f}({b}) does the linear approximation of {f}({x}) = {E} at {x} = {a} give?",
                "Approximate {f}({b}) by following the tangent to {f}({x}) = {E} from {x} = {a}.",
            ),
            noun="the estimate of {f}({b}) by the tangent to {f}({x}) = {E} at {x} = {a}",
        ),
        "implicit slope": Style(
            "implicit slope",
            (
                "Find dy/dx at the point ({a}, {b}) of the curve {A} + {Y} = {d}.",
                "What is the slope of the curve {A} + {Y} = {d} at ({a}, {b})?",
                "The point ({a}, {b}) lies on {A} + {Y} = {d}. How steep is the curve there?",
                "Differentiate {A} + {Y} = {d} implicitly and find dy/dx at ({a}, {b}).",
            ),
            noun="the slope of the curve {A} + {Y} = {d} at ({a}, {b})",
            variables="x",
        ),
        "implicit product slope": Style(
            "implicit product slope",
            (
                "Find dy/dx at the point ({a}, {b}) of the curve {A} + {k}xy + {Y} = {d}.",
                "What is the slope of the curve {A} + {k}xy + {Y} = {d} at ({a}, {b})?",
                "The point ({a}, {b}) lies on {A} + {k}xy + {Y} = {d}. How steep is the curve there?",
                "Differentiate {A} + {k}xy + {Y} = {d} implicitly and find dy/dx at ({a}, {b}).",
            ),
            noun="the slope of the curve {A} + {k}xy + {Y} = {d} at ({a}, {b})",
            variables="x",
        ),
        "level place": Style(
            "level place",
            (
                "At which {x} does the graph of y = {E} have a horizontal tangent?",
                "Find the critical number of {f}({x}) = {E}.",
                "Where is the derivative of {f}({x}) = {E} zero?",
                "For which {x} is the curve y = {E} level?",
            ),
            noun="the critical number of {f}({x}) = {E}",
        ),
        "critical number": Style(
            "critical number",
            (
                "Find the {w} critical number of {f}({x}) = {E}.",
                "The graph of y = {E} has two horizontal tangents. Find the {w} {x} where it has one.",
                "What is the {w} zero of the derivative of {f}({x}) = {E}?",
                "The function {f}({x}) = {E} has two critical numbers. Find the {w} one.",
            ),
            noun="the {w} critical number of {f}({x}) = {E}",
            words=("larger", "smaller"),
        ),
        "rising": Style(
            "rising",
            (
                "Is {f}({x}) = {E} increasing or decreasing at {x} = {a}?",
                "Does the graph of y = {E} go up or down at {x} = {a}? Find out whether it is increasing or "
                "decreasing.",
                "At {x} = {a}, is the function {f}({x}) = {E} increasing or decreasing?",
                "Tell from the derivative of {f}({x}) = {E}: is it increasing or decreasing at {x} = {a}?",
            ),
        ),
        "rising from": Style(
            "rising from",
            (
                "From which {x} on is {f}({x}) = {E} {w}?",
                "Find the number from which on {f}({x}) = {E} is {w}.",
                "The function {f}({x}) = {E} is {w} for all {x} above which number?",
                "Beyond which {x} is the function {f}({x}) = {E} {w}?",
            ),
            noun="the number from which on {f}({x}) = {E} is {w}",
            words=("increasing", "decreasing"),
        ),
        "extreme place": Style(
            "extreme place",
            (
                "At which {x} does {f}({x}) = {E} have its local {w}?",
                "Find the {x} at which the graph of y = {E} has a local {w}.",
                "Where is the local {w} of {f}({x}) = {E}?",
                "For which {x} does y = {E} reach its local {w}?",
            ),
            noun="the place of the local {w} of {f}({x}) = {E}",
            words=("minimum", "maximum"),
        ),
        "extreme value": Style(
            "extreme value",
            (
                "Find the value of the local {w} of {f}({x}) = {E}.",
                "How large is {f}({x}) = {E} at its local {w}?",
                "What is the local {w} value of {f}({x}) = {E}?",
                "Which value does y = {E} have at its local {w}?",
            ),
            noun="the value of the local {w} of {f}({x}) = {E}",
            words=("minimum", "maximum"),
        ),
        "bending": Style(
            "bending",
            (
                "Is the graph of y = {E} concave up or concave down at {x} = {a}?",
                "Which way does the graph of {f}({x}) = {E} bend at {x} = {a}: is it concave up or concave down?",
                "At {x} = {a}, is {f}({x}) = {E} concave up or concave down?",
                "Tell from the second derivative of {f}({x}) = {E}: is it concave up or concave down at "
                "{x} = {a}?",
            ),
        ),
        "bending from": Style(
            "bending from",
            (
                "From which {x} on is the graph of y = {E} concave {w}?",
                "Find the number from which on {f}({x}) = {E} is concave {w}.",
                "The graph of {f}({x}) = {E} is concave {w} for all {x} above which number?",
                "Beyond which {x} is the graph of {f}({x}) = {E} concave {w}?",
            ),
            noun="the number from which on {f}({x}) = {E} is concave {w}",
            words=("up", "down"),
        ),
        "inflection": Style(
            "inflection",
            (
                "At which {x} does the graph of y = {E} have its inflection point?",
                "Find the {x} of the inflection point of {f}({x}) = {E}.",
                "Where does the graph of {f}({x}) = {E} change the way it bends?",
                "For which {x} does the curve y = {E} have an inflection point?",
            ),
            noun="the place of the inflection point of {f}({x}) = {E}",
        ),
        "which inflection": Style(
            "which inflection",
            (
                "The graph of y = {E} has two inflection points. Find the {w} {x} of the two.",
                "Find the {w} {x} at which the graph of {f}({x}) = {E} has an inflection point.",
                "At the {w} of which two {x} does y = {E} change the way it bends?",
                "What is the {w} {x} of an inflection point of {f}({x}) = {E}?",
            ),
            words=("larger", "smaller"),
        ),
        "extreme on interval": Style(
            "extreme on interval",
            (
                "Find the {w} value of {f}({x}) = {E} for {a} <= {x} <= {b}.",
                "What is the {w} value of {E} for {x} between {a} and {b}, ends included?",
                "On the interval from {x} = {a} to {x} = {b}, what is the {w} value of {f}({x}) = {E}?",
                "Which is the {w} value that {f}({x}) = {E} takes from {x} = {a} to {x} = {b}?",
            ),
            noun="the {w} value of {f}({x}) = {E} for {a} <= {x} <= {b}",
            words=("largest", "smallest"),
        ),
    }
)
"""Styles by name."""
