"""The words of questions about quantities in the world."""

from collections.abc import Mapping
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.wordings.style import Style

_TIME = "t"

SITUATION_STYLES: Mapping[str, Style] = MappingProxyType(
    {
        "velocity": Style(
            "velocity",
            (
                "A car has gone s({x}) = {E} metres after {x} seconds. What is its velocity in m/s at {x} = {a}?",
                "The position of a particle is s({x}) = {E}, in metres after {x} seconds. "
                "How fast does it move, in m/s, at {x} = {a}?",
                "After {x} hours a boat is s({x}) = {E} km from its harbour. Find its velocity in km/h at "
                "{x} = {a}.",
                "A drone is at the height h({x}) = {E}, in metres after {x} seconds. "
                "Find its velocity in m/s at {x} = {a}.",
            ),
            noun="the velocity at {x} = {a} of a particle with the position s({x}) = {E}",
            variables=_TIME,
        ),
        "acceleration": Style(
            "acceleration",
            (
                "A train has gone s({x}) = {E} metres after {x} seconds. "
                "What is its acceleration in m/s^2 at {x} = {a}?",
                "The position of a particle is s({x}) = {E}, in metres after {x} seconds. "
                "Find its acceleration at {x} = {a}.",
                "A rocket is at the height h({x}) = {E}, in metres after {x} seconds. "
                "How large is its acceleration in m/s^2 at {x} = {a}?",
                "A body moves by s({x}) = {E}, in metres after {x} seconds. "
                "With which acceleration does it move at {x} = {a}?",
            ),
            noun="the acceleration at {x} = {a} of a particle with the position s({x}) = {E}",
            variables=_TIME,
        ),
        "at rest": Style(
            "at rest",
            (
                "A ball is at the height h({x}) = {E}, in metres after {x} seconds. "
                "After how many seconds does it begin to fall?",
                "A stone is thrown up and is h({x}) = {E} metres high after {x} seconds. When is it highest?",
                "The position of a cart is s({x}) = {E}, in metres after {x} seconds. When is its velocity 0?",
                "A particle moves by s({x}) = {E}, in metres after {x} seconds. "
                "At which time {x} does it turn round?",
            ),
            noun="the time {x} at which a particle with the position s({x}) = {E} turns round",
            variables=_TIME,
        ),
        "marginal": Style(
            "marginal",
            (
                "Making {x} chairs costs C({x}) = {E} dollars. What is the marginal cost at {x} = {a}?",
                "A firm's cost of {x} units is C({x}) = {E}. Find its marginal cost at {x} = {a}.",
                "Selling {x} lamps brings in R({x}) = {E} dollars. Find the marginal revenue at {x} = {a}.",
                "The profit from {x} units is P({x}) = {E}. What is the marginal profit at {x} = {a}?",
            ),
            noun="the marginal cost at {x} = {a} if the cost of {x} units is C({x}) = {E}",
            variables="xxn",
        ),
        "best output": Style(
            "best output",
            (
                "The profit from {x} units is P({x}) = {E} dollars. For which {x} is it greatest?",
                "A baker earns P({x}) = {E} dollars a day with {x} cakes. How many cakes {x} earn most?",
                "Selling {x} tickets brings in R({x}) = {E} dollars. For which {x} is that most?",
                "A shop's profit on {x} bicycles is P({x}) = {E}. Which {x} makes it as large as possible?",
            ),
            noun="the {x} for which the profit P({x}) = {E} is greatest",
            variables="xxn",
        ),
        "rate": Style(
            "rate",
            (
                "A tank holds V({x}) = {E} litres after {x} minutes. How fast does that change, in litres a "
                "minute, "
                "at {x} = {a}?",
                "A colony has N({x}) = {E} bacteria after {x} hours. At what rate does it grow at {x} = {a}?",
                "A server has handled T({x}) = {E} requests after {x} seconds. At what rate does that change at "
                "{x} = {a}?",
                "A balloon has the volume V({x}) = {E}, in litres after {x} seconds. At what rate does it "
                "change at "
                "{x} = {a}?",
            ),
            noun="the rate at {x} = {a} at which the volume V({x}) = {E} changes",
            variables=_TIME,
        ),
        "grown to": Style(
            "grown to",
            (
                "A colony has N({x}) = {E} bacteria after {x} hours. After how many hours are there {b}?",
                "A savings account holds B({x}) = {E} dollars after {x} years. When does it hold {b}?",
                "A town has P({x}) = {E} people after {x} years. In how many years will it have {b}?",
                "Of a substance m({x}) = {E} grams are there after {x} days. When are there {b} grams?",
            ),
            noun="the time {x} at which N({x}) = {E} is {b}",
            variables=_TIME,
        ),
        "doubling": Style(
            "doubling",
            (
                "A colony has N({x}) = {E} bacteria after {x} hours. In how many hours does it double?",
                "Money grows by B({x}) = {E} dollars after {x} years. What is its doubling time in years?",
                "After {x} days a pond has A({x}) = {E} square metres of algae. How long until they double?",
                "A quantity is Q({x}) = {E} after {x} hours. What is its doubling time?",
            ),
            noun="the doubling time of Q({x}) = {E}",
            variables=_TIME,
        ),
        "circle grows": Style(
            "circle grows",
            (
                "The radius of a circle grows by {a} cm a second. How fast does its area grow, in cm^2 a second, "
                "when the radius is {b} cm?",
                "A ripple on a pond is a circle whose radius grows by {a} cm a second. At what rate does its area "
                "grow when the radius is {b} cm?",
                "Oil spreads in a circle whose radius grows by {a} m a minute. Find the rate at which its "
                "area grows "
                "when the radius is {b} m.",
                "How fast does the area of a circle grow when its radius is {b} cm and grows by {a} cm a second?",
            ),
            noun="the rate at which the area of a circle grows when its radius is {b} and grows by {a} a second",
            variables="x",
        ),
        "cube grows": Style(
            "cube grows",
            (
                "The edge of a cube grows by {a} cm a minute. How fast does its volume grow, in cm^3 a "
                "minute, when "
                "the edge is {b} cm?",
                "A cube of ice has an edge of {b} cm that grows by {a} cm an hour. At what rate does its "
                "volume grow?",
                "Find the rate at which the volume of a cube grows when its edge is {b} cm and grows by {a} cm a "
                "second.",
                "How fast does the volume of a cube grow when its edge is {b} m and grows by {a} m a day?",
            ),
            noun="the rate at which the volume of a cube grows when its edge is {b} and grows by {a} a second",
            variables="x",
        ),
        "sphere grows": Style(
            "sphere grows",
            (
                "The radius of a balloon, a sphere, grows by {a} cm a second. How fast does its volume grow "
                "when the "
                "radius is {b} cm?",
                "A snowball is a sphere with a radius of {b} cm that grows by {a} cm a minute. At what rate "
                "does its "
                "volume grow?",
                "Find the rate at which the volume of a sphere grows when its radius is {b} cm and grows by "
                "{a} cm a "
                "second.",
                "How fast does the volume of a sphere grow when its radius is {b} m and grows by {a} m an hour?",
            ),
            noun="the rate at which the volume of a sphere grows when its radius is {b} and grows by {a} a second",
            variables="x",
        ),
        "largest rectangle": Style(
            "largest rectangle",
            (
                "A rectangle has a perimeter of {a} cm. What is the largest area it can have, in cm^2?",
                "With {a} m of fence a rectangular garden is enclosed. What is its largest possible area in m^2?",
                "A wire of {a} cm is bent into a rectangle. Find the greatest area it can enclose.",
                "Of all rectangles with a perimeter of {a} m, how large is the one with the greatest area?",
            ),
            noun="the largest area of a rectangle with a perimeter of {a}",
            variables="x",
        ),
        "rectangle at wall": Style(
            "rectangle at wall",
            (
                "A rectangular field lies along a river and needs a fence on three sides. What is the "
                "largest area "
                "for {a} m of fence?",
                "Against a long wall, {a} m of fence enclose a rectangular yard on three sides. Find its greatest "
                "area.",
                "A farmer fences three sides of a rectangle with {a} m of wire; a barn is the fourth side. "
                "What is the "
                "largest area?",
                "A rectangle has one side along a straight shore and {a} m of net for the others. How large "
                "can its "
                "area be?",
            ),
            noun="the largest area of a rectangle with {a} m of fence on three sides",
            variables="x",
        ),
        "largest product": Style(
            "largest product",
            (
                "Two positive numbers add up to {a}. What is the largest possible value of {b} times their "
                "product?",
                "The sum of two positive numbers is {a}. How large can {b} times their product be?",
                "Find the greatest value of {b}xy for positive x and y with x + y = {a}.",
                "Let x and y be positive with the sum {a}. What is the largest value of {b}xy?",
            ),
            noun="the greatest value of {b}xy for positive x and y with x + y = {a}",
            variables="x",
        ),
        "open box": Style(
            "open box",
            (
                "From the corners of a square sheet with sides of {a} cm equal squares are cut, and the rest "
                "is folded "
                "to an open box. What is its largest volume in cm^3?",
                "An open box is folded from a square of cardboard, {a} cm wide, after a square is cut from "
                "each corner."
                " Find its greatest volume.",
                "A square sheet of metal, {a} cm wide, becomes an open box when squares are cut from its "
                "corners. How "
                "large can the volume be?",
                "Squares are cut from the corners of a {a} cm by {a} cm sheet, which is then folded to an "
                "open box. "
                "Find the largest volume.",
            ),
            noun="the largest volume of an open box folded from a square sheet {a} wide",
            variables="x",
        ),
        "accumulated": Style(
            "accumulated",
            (
                "Water flows into a tank at r({x}) = {E} litres a minute. How many litres flow in from {x} = "
                "{a} to "
                "{x} = {b}?",
                "A factory uses power at the rate P({x}) = {E} kilowatts after {x} hours. How many kilowatt "
                "hours does "
                "it use from {x} = {a} to {x} = {b}?",
                "Sand runs onto a heap at s({x}) = {E} kg a minute, {x} minutes after noon. How much comes "
                "from {x} = {a} to "
                "{x} = {b}?",
                "A firm earns at the rate of e({x}) = {E} dollars a day. How much does it earn from day {x} "
                "= {a} to "
                "day {x} = {b}?",
            ),
            noun="the amount that comes from {x} = {a} to {x} = {b} at the rate r({x}) = {E}",
            variables=_TIME,
        ),
        "amount then": Style(
            "amount then",
            (
                "A tank holds {d} litres at {x} = {a}, and water flows in at r({x}) = {E} litres a minute. "
                "How much "
                "does it hold at {x} = {b}?",
                "At {x} = {a} a forum has {d} members, and it grows by g({x}) = {E} members a month. How "
                "many does it have "
                "at {x} = {b}?",
                "A heap weighs {d} kg at {x} = {a} and grows by g({x}) = {E} kg a minute. How heavy is it at "
                "{x} = {b}?",
                "At {x} = {a} an account holds {d} dollars, and r({x}) = {E} dollars a month come in. How "
                "much does it "
                "hold at {x} = {b}?",
            ),
            noun="the amount at {x} = {b} if it is {d} at {x} = {a} and grows at the rate r({x}) = {E}",
            variables=_TIME,
        ),
        "distance": Style(
            "distance",
            (
                "A car has the velocity v({x}) = {E}, in m/s after {x} seconds. How many metres does it go from "
                "{x} = {a} to {x} = {b}?",
                "A rocket's velocity is v({x}) = {E}, in m/s after {x} seconds. Find the distance from {x} = "
                "{a} to "
                "{x} = {b}.",
                "After {x} hours a ship has the velocity v({x}) = {E} km/h. How far does it go from {x} = {a} to "
                "{x} = {b}?",
                "A particle moves with the velocity v({x}) = {E}, in m/s after {x} seconds. How far does it "
                "move from "
                "{x} = {a} to {x} = {b}?",
            ),
            noun="the distance that a particle with the velocity v({x}) = {E} moves from {x} = {a} to {x} = {b}",
            variables=_TIME,
        ),
        "position then": Style(
            "position then",
            (
                "A train is {d} m from a station at {x} = {a} and moves away at v({x}) = {E}, in m/s after "
                "{x} seconds. "
                "How far away is it at {x} = {b}?",
                "At {x} = {a} a rocket is {d} m high, and its velocity is v({x}) = {E}, in m/s after {x} "
                "seconds. How high "
                "is it at {x} = {b}?",
                "A probe is {d} km from its ship at {x} = {a} and moves away at v({x}) = {E} km/h, {x} hours "
                "after the "
                "start. How far from the ship is it at {x} = {b}?",
                "The position of a particle is {d} at {x} = {a} and its velocity v({x}) = {E}. Find its "
                "position at "
                "{x} = {b}.",
            ),
            noun="the position at {x} = {b} of a particle that is at {d} for {x} = {a} with the velocity "
            "v({x}) = {E}",
            variables=_TIME,
        ),
    }
)
"""Styles by name."""
