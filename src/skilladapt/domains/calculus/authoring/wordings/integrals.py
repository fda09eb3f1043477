"""The words of questions about antiderivatives and definite integrals."""

from collections.abc import Mapping
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.wordings.style import Style

_POSITIVE = " for {x} > 0"
_ANTIDERIVATIVE = (
    "Find ∫ {I} d{x}",
    "Find an antiderivative of {f}({x}) = {E}",
    "Integrate {E} with respect to {x}",
    "Work out the indefinite integral of {E}",
    "Find a function of {x} whose derivative is {E}",
    "Work out ∫ {I} d{x}",
)

INTEGRAL_STYLES: Mapping[str, Style] = MappingProxyType(
    {
        "antiderivative": Style("antiderivative", tuple(f"{words}." for words in _ANTIDERIVATIVE)),
        "antiderivative on positives": Style(
            "antiderivative", tuple(f"{words}{_POSITIVE}." for words in _ANTIDERIVATIVE)
        ),
        "antiderivative difference": Style(
            "antiderivative difference",
            (
                "Let F be an antiderivative of {f}({x}) = {E}. Find F({b}) - F({a}).",
                "If F'({x}) = {E}, what is F({b}) - F({a})?",
                "The derivative of F is {E}. By how much does F change from {x} = {a} to {x} = {b}?",
                "Find an antiderivative F of {f}({x}) = {E} and work out F({b}) - F({a}).",
            ),
            noun="the change from {x} = {a} to {x} = {b} of an antiderivative of {f}({x}) = {E}",
        ),
        "angle difference": Style(
            "antiderivative difference",
            (
                "Let F be an antiderivative of {f}({x}) = {E}. Find F({C}) - F({B}).",
                "If F'({x}) = {E}, what is F({C}) - F({B})?",
                "The derivative of F is {E}. By how much does F change from {x} = {B} to {x} = {C}?",
                "Find an antiderivative F of {f}({x}) = {E} and work out F({C}) - F({B}).",
            ),
            noun="the change from {x} = {B} to {x} = {C} of an antiderivative of {f}({x}) = {E}",
        ),
        "initial value": Style(
            "initial value",
            (
                "Find the function F with F'({x}) = {E} and F({a}) = {b}.",
                "Which antiderivative of {f}({x}) = {E} has the value {b} at {x} = {a}?",
                "Let F'({x}) = {E} and F({a}) = {b}. Find F({x}).",
                "Solve dy/d{x} = {E}, where y = {b} at {x} = {a}, for y.",
            ),
            noun="the antiderivative of {f}({x}) = {E} with the value {b} at {x} = {a}",
            variables="xxxtuzrs",
        ),
        "definite": Style(
            "definite",
            (
                "Compute ∫_{L}^{H} {I} d{x}.",
                "Find the integral of {E} from {x} = {B} to {x} = {C}.",
                "Evaluate the definite integral ∫_{L}^{H} {I} d{x}.",
                "What is the integral of {f}({x}) = {E} over the interval from {x} = {B} to {x} = {C}?",
                "Work out ∫_{L}^{H} {I} d{x}.",
            ),
            noun="the integral of {E} from {x} = {B} to {x} = {C}",
        ),
        "joined intervals": Style(
            "joined intervals",
            (
                "If the integral of f from {a} to {b} is {d} and from {b} to {m} is {k}, "
                "what is it from {a} to {m}?",
                "Given ∫_{a}^{b} f(x) dx = {d} and ∫_{b}^{m} f(x) dx = {k}, find ∫_{a}^{m} f(x) dx.",
                "The integral of f from {a} to {b} is {d}, that from {b} to {m} is {k}. "
                "Find the one from {a} to {m}.",
                "Let ∫_{a}^{b} f(x) dx = {d} and let ∫_{b}^{m} f(x) dx = {k}. What is ∫_{a}^{m} f(x) dx?",
            ),
            variables="x",
        ),
        "scaled integral": Style(
            "scaled integral",
            (
                "If the integral of f from {a} to {b} is {d}, "
                "what is the integral of {k} times f from {a} to {b}?",
                "Given ∫_{a}^{b} f(x) dx = {d}, find ∫_{a}^{b} {k}f(x) dx.",
                "Let ∫_{a}^{b} f(x) dx = {d}. What is ∫_{a}^{b} {k}f(x) dx?",
                "The integral of f from {a} to {b} is {d}. Find that of {k} times f.",
            ),
            variables="x",
        ),
        "shifted integral": Style(
            "shifted integral",
            (
                "If the integral of f from {a} to {b} is {d}, what is the integral of f(x) + {k} from {a} to {b}?",
                "Given ∫_{a}^{b} f(x) dx = {d}, find ∫_{a}^{b} (f(x) + {k}) dx.",
                "Let ∫_{a}^{b} f(x) dx = {d}. What is ∫_{a}^{b} (f(x) + {k}) dx?",
                "The integral of f from {a} to {b} is {d}. Find that of f(x) + {k}.",
            ),
            noun="the integral of f(x) + {k} from {a} to {b} if that of f is {d}",
            variables="x",
        ),
        "integral derivative": Style(
            "integral derivative",
            (
                "Differentiate F({x}) = ∫_{a}^{U} {T} dt.",
                "Find d/d{x} [∫_{a}^{U} {T} dt].",
                "What is the derivative of F({x}) = ∫_{a}^{U} {T} dt?",
                "Let F({x}) = ∫_{a}^{U} {T} dt. Find F'({x}).",
            ),
            noun="the derivative of ∫_{a}^{U} {T} dt with respect to {x}",
            variables="xxxuzrs",
        ),
        "area": Style(
            "area",
            (
                "Find the area between the graph of {f}({x}) = {E} and the {x}-axis from {x} = {a} to {x} = {b}.",
                "How large is the region between y = {E} and the {x}-axis from {x} = {a} to {x} = {b}?",
                "What area do the curve y = {E} and the {x}-axis bound between {x} = {a} and {x} = {b}?",
                "Work out the area that lies between the curve y = {E} and the {x}-axis, {a} <= {x} <= {b}.",
            ),
            noun="the area between y = {E} and the {x}-axis from {x} = {a} to {x} = {b}",
            variables="xxxtuzrs",
        ),
        "area with axis": Style(
            "area with axis",
            (
                "Find the area that y = {E} encloses with the {x}-axis.",
                "How large is the region enclosed by the curve y = {E} and the {x}-axis?",
                "The graph of {f}({x}) = {E} and the {x}-axis enclose a region. What is its area?",
                "What area lies between y = {E} and the {x}-axis, from one zero to the other?",
            ),
            noun="the area that y = {E} encloses with the {x}-axis",
            variables="xxxtuzrs",
        ),
        "area between": Style(
            "area between",
            (
                "Find the area enclosed by the graphs of y = {A} and y = {B}.",
                "The curves y = {A} and y = {B} enclose a region. How large is it?",
                "What is the area of the region between y = {A} and y = {B}?",
                "How large is the region that the graphs of y = {A} and y = {B} bound?",
            ),
            noun="the area enclosed by the graphs of y = {A} and y = {B}",
            variables="xxxtuzrs",
        ),
        "average value": Style(
            "average value",
            (
                "Find the average value of {f}({x}) = {E} from {x} = {a} to {x} = {b}.",
                "What is the mean value of {f}({x}) = {E} on the interval from {x} = {a} to {x} = {b}?",
                "What value does {E} have on average between {x} = {a} and {x} = {b}?",
                "Work out the average of {f}({x}) = {E} for {a} <= {x} <= {b}.",
            ),
            noun="the average value of {f}({x}) = {E} from {x} = {a} to {x} = {b}",
        ),
        "volume": Style(
            "volume",
            (
                "The region under y = {E} from x = {a} to x = {b} is rotated about the x-axis. Find the volume.",
                "Find the volume of the body made by turning y = {E} about the x-axis from x = {a} to x = {b}.",
                "The curve y = {E} turns about the x-axis. What volume does it sweep out from x = {a} to x = {b}?",
                "What is the volume of the solid of revolution of y = {E} about the x-axis, {a} <= x <= {b}?",
            ),
            noun="the volume of the body made by turning y = {E} about the x-axis from x = {a} to x = {b}",
            variables="x",
        ),
        "rectangles": Style(
            "rectangles",
            (
                "Approximate the integral of {E} from {x} = {a} to {x} = {b} by {d} rectangles with {w} "
                "endpoints.",
                "Find the Riemann sum of {f}({x}) = {E} from {x} = {a} to {x} = {b} with {d} equal parts and {w} "
                "endpoints.",
                "Divide the interval from {x} = {a} to {x} = {b} into {d} equal parts. What is the {w} sum of "
                "{f}({x}) = {E}?",
                "Estimate the integral of {E} from {x} = {a} to {x} = {b} by {d} equally wide rectangles with "
                "{w} endpoints.",
            ),
            noun="the {w} Riemann sum of {f}({x}) = {E} from {x} = {a} to {x} = {b} with {d} equal parts",
            variables="xxxtuzrs",
            words=("left", "right"),
        ),
    }
)
"""Styles by name."""
