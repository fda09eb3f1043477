"""What questions about quantities in the world ask for, and the sentences they are asked in."""

from fractions import Fraction
from typing import Final

from skilladapt.domains.calculus.verifying.curves import to_find_level
from skilladapt.domains.calculus.verifying.equations import minus, number_in, zero_of
from skilladapt.domains.calculus.verifying.integrals import to_integrate_between
from skilladapt.domains.calculus.verifying.meanings import (
    Found,
    Question,
    Sentence,
    definitions_in,
    to_differentiate,
    to_differentiate_twice,
)
from skilladapt.verification.expressions import (
    Applied,
    Constant,
    Expression,
    Extreme,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Variable,
)


def _number(value: int) -> Number:
    return Number(Fraction(value))


def to_reach(found: Found) -> Question:
    """When what is defined has a given value."""
    defined = definitions_in(found)
    rule = next(iter(defined.values()))
    return Question(zero_of(minus(rule.body, number_in(found, "b")), rule.variable), definitions=defined)


def to_double(found: Found) -> Question:
    """When what is defined has twice the value it had at 0."""
    defined = definitions_in(found)
    rule = next(iter(defined.values()))
    start = Applied(rule.body, rule.variable, 0, _number(0))
    return Question(zero_of(minus(rule.body, Product((_number(2), start))), rule.variable), definitions=defined)


_BODIES: Final[dict[str, Expression]] = {
    "circle": Product((Constant("pi"), Power(Variable("r"), _number(2)))),
    "cube": Power(Variable("r"), _number(3)),
    "sphere": Product((Number(Fraction(4, 3)), Constant("pi"), Power(Variable("r"), _number(3)))),
}
"""Area or volume as a function of the radius or the edge."""


def to_grow(found: Found) -> Question:
    """How fast an area or a volume grows: its derivative by the length times the rate of the length."""
    kind = next(name for name in _BODIES if name in found)
    slope = Applied(_BODIES[kind], "r", 1, number_in(found, "b"))
    return Question(Product((slope, number_in(found, "a"))))


def _largest(body: Expression, high: Expression) -> Question:
    return Question(Extreme(body, "x", _number(0), high, True))


def _x_times(*others: Expression) -> Expression:
    return Product((Variable("x"), *others))


def to_enclose_rectangle(found: Found) -> Question:
    """The largest area for a perimeter."""
    half = Quotient(number_in(found, "a"), _number(2))
    return _largest(_x_times(minus(half, Variable("x"))), half)


def to_fence_three_sides(found: Found) -> Question:
    """The largest area for a length on three sides."""
    whole = number_in(found, "a")
    third = minus(whole, Product((_number(2), Variable("x"))))
    return _largest(_x_times(third), Quotient(whole, _number(2)))


def to_multiply_parts(found: Found) -> Question:
    """The largest multiple of the product of two numbers with a given sum."""
    whole = number_in(found, "a")
    return _largest(Product((number_in(found, "b"), _x_times(minus(whole, Variable("x"))))), whole)


def to_fold_box(found: Found) -> Question:
    """The largest volume of an open box from a square sheet."""
    whole = number_in(found, "a")
    width = minus(whole, Product((_number(2), Variable("x"))))
    return _largest(_x_times(Power(width, _number(2))), Quotient(whole, _number(2)))


def to_add_to_start(found: Found) -> Question:
    """What was there at the start and what comes from then on."""
    question = to_integrate_between(found)
    return Question(Sum((number_in(found, "d"), question.target)), definitions=question.definitions)


_AT: Final = r"(?:at|for) <P>"
_X: Final = r"[a-z]"
_FROM: Final = r"from (?:day )?(?P<x>[a-z]) = (?P<a>[^=?;,]+?) to (?:day )?(?P=x) = (?P<b>[^=?;,]+?)"
_A: Final = r"(?P<a>[^=?;, ]+?)"
_B: Final = r"(?P<b>[^=?;, ]+?)"
_GIVEN_D: Final = r"(?P<d>[^=?;, ]+?)"
_THERE: Final = r"(?P<x>[a-z]) = (?P<a>[^=?;,]+?)"
_LATER: Final = r"at (?P=x) = (?P<b>[^=?;,]+?)"
_METRES: Final = r"in metres after [a-z] seconds"
_CIRCLE: Final = r"(?P<circle>circle)"
_CUBE: Final = r"(?P<cube>cube)"
_SPHERE: Final = r"(?P<sphere>sphere)"

SENTENCES: tuple[Sentence, ...] = (
    (
        to_differentiate_twice,
        rf"a train has gone <D> metres after {_X} seconds\. what is its acceleration in m/s\^2 {_AT}",
    ),
    (to_differentiate_twice, rf"the position of a particle is <D>, {_METRES}\. find its acceleration {_AT}"),
    (
        to_differentiate_twice,
        rf"a rocket is at the height <D>, {_METRES}\. how large is its acceleration in m/s\^2 {_AT}",
    ),
    (to_differentiate_twice, rf"a body moves by <D>, {_METRES}\. with which acceleration does it move {_AT}"),
    (to_differentiate_twice, rf"<ASK> the acceleration {_AT} of a particle with the position <D>"),
    (to_differentiate, rf"a car has gone <D> metres after {_X} seconds\. what is its velocity in m/s {_AT}"),
    (
        to_differentiate,
        rf"the position of a particle is <D>, {_METRES}\. how fast does it move, in m/s, {_AT}",
    ),
    (to_differentiate, rf"after {_X} hours a boat is <D> km from its harbour\. find its velocity in km/h {_AT}"),
    (to_differentiate, rf"a drone is at the height <D>, {_METRES}\. find its velocity in m/s {_AT}"),
    (to_differentiate, rf"<ASK> the velocity {_AT} of a particle with the position <D>"),
    (
        to_find_level,
        rf"a ball is at the height <D>, {_METRES}\. after how many seconds does it begin to fall",
    ),
    (to_find_level, rf"a stone is thrown up and is <D> metres high after {_X} seconds\. when is it highest"),
    (to_find_level, rf"the position of a cart is <D>, {_METRES}\. when is its velocity 0"),
    (to_find_level, rf"a particle moves by <D>, {_METRES}\. at which time {_X} does it turn round"),
    (to_find_level, rf"<ASK> the time {_X} at which a particle with the position <D> turns round"),
    (to_differentiate, rf"making {_X} chairs costs <D> dollars\. what is the marginal cost {_AT}"),
    (to_differentiate, rf"a firm's cost of {_X} units is <D>\. find its marginal cost {_AT}"),
    (to_differentiate, rf"selling {_X} lamps brings in <D> dollars\. find the marginal revenue {_AT}"),
    (to_differentiate, rf"the profit from {_X} units is <D>\. what is the marginal profit {_AT}"),
    (to_differentiate, rf"<ASK> the marginal cost {_AT} if the cost of {_X} units is <D>"),
    (to_find_level, rf"the profit from {_X} units is <D> dollars\. for which {_X} is it greatest"),
    (to_find_level, rf"a baker earns <D> dollars a day with {_X} cakes\. how many cakes {_X} earn most"),
    (to_find_level, rf"selling {_X} tickets brings in <D> dollars\. for which {_X} is that most"),
    (to_find_level, rf"a shop's profit on {_X} bicycles is <D>\. which {_X} makes it as large as possible"),
    (to_find_level, rf"<ASK> the {_X} for which the profit <D> is greatest"),
    (
        to_differentiate,
        rf"a tank holds <D> litres after {_X} minutes\. how fast does that change, in litres a minute, {_AT}",
    ),
    (to_differentiate, rf"a colony has <D> bacteria after {_X} hours\. at what rate does it grow {_AT}"),
    (
        to_differentiate,
        rf"a server has handled <D> requests after {_X} seconds\. at what rate does that change {_AT}",
    ),
    (
        to_differentiate,
        rf"a balloon has the volume <D>, in litres after {_X} seconds\. at what rate does it change {_AT}",
    ),
    (to_differentiate, rf"<ASK> the rate {_AT} at which the volume <D> changes"),
    (to_double, rf"a colony has <D> bacteria after {_X} hours\. in how many hours does it double"),
    (to_double, rf"money grows by <D> dollars after {_X} years\. what is its doubling time in years"),
    (to_double, rf"after {_X} days a pond has <D> square metres of algae\. how long until they double"),
    (to_double, rf"a quantity is <D> after {_X} hours\. what is its doubling time"),
    (to_double, r"<ASK> the doubling time of <D>"),
    (to_reach, rf"a colony has <D> bacteria after {_X} hours\. after how many hours are there {_B}"),
    (to_reach, rf"a savings account holds <D> dollars after {_X} years\. when does it hold {_B}"),
    (to_reach, rf"a town has <D> people after {_X} years\. in how many years will it have {_B}"),
    (to_reach, rf"of a substance <D> grams are there after {_X} days\. when are there {_B} grams"),
    (to_reach, rf"<ASK> the time {_X} at which <D> is {_B}"),
    (
        to_grow,
        rf"the radius of a {_CIRCLE} grows by {_A} cm a second\. how fast does its area grow, in cm\^2 a second, "
        rf"when the radius is {_B} cm",
    ),
    (
        to_grow,
        rf"a ripple on a pond is a {_CIRCLE} whose radius grows by {_A} cm a second\. at what rate does its area "
        rf"grow when the radius is {_B} cm",
    ),
    (
        to_grow,
        rf"oil spreads in a {_CIRCLE} whose radius grows by {_A} m a minute\. find the rate at which its area "
        rf"grows "
        rf"when the radius is {_B} m",
    ),
    (
        to_grow,
        rf"how fast does the (?:area|volume) of a (?:{_CIRCLE}|{_CUBE}|{_SPHERE}) grow when its "
        rf"(?:radius|edge) is "
        rf"{_B} c?m and grows by {_A} c?m (?:a second|a day|an hour)",
    ),
    (
        to_grow,
        rf"the edge of a {_CUBE} grows by {_A} cm a minute\. how fast does its volume grow, in cm\^3 a minute, "
        rf"when "
        rf"the edge is {_B} cm",
    ),
    (
        to_grow,
        rf"a {_CUBE} of ice has an edge of {_B} cm that grows by {_A} cm an hour\. at what rate does its "
        rf"volume grow",
    ),
    (
        to_grow,
        rf"<ASK> the rate at which the (?:area|volume) of a (?:{_CIRCLE}|{_CUBE}|{_SPHERE}) grows when its "
        rf"(?:radius|edge) is {_B}(?: cm)? and grows by {_A}(?: cm)? a second",
    ),
    (
        to_grow,
        rf"the radius of a balloon, a {_SPHERE}, grows by {_A} cm a second\. how fast does its volume grow "
        rf"when the "
        rf"radius is {_B} cm",
    ),
    (
        to_grow,
        rf"a snowball is a {_SPHERE} with a radius of {_B} cm that grows by {_A} cm a minute\. at what rate "
        rf"does its "
        rf"volume grow",
    ),
    (
        to_enclose_rectangle,
        rf"a rectangle has a perimeter of {_A} cm\. what is the largest area it can have, in cm\^2",
    ),
    (
        to_enclose_rectangle,
        rf"with {_A} m of fence a rectangular garden is enclosed\. what is its largest possible area in m\^2",
    ),
    (
        to_enclose_rectangle,
        rf"a wire of {_A} cm is bent into a rectangle\. find the greatest area it can enclose",
    ),
    (
        to_enclose_rectangle,
        rf"of all rectangles with a perimeter of {_A} m, how large is the one with the greatest area",
    ),
    (to_enclose_rectangle, rf"<ASK> the largest area of a rectangle with a perimeter of {_A}"),
    (
        to_fence_three_sides,
        rf"a rectangular field lies along a river and needs a fence on three sides\. what is the largest area for "
        rf"{_A} m of fence",
    ),
    (
        to_fence_three_sides,
        rf"against a long wall, {_A} m of fence enclose a rectangular yard on three sides\. find its greatest "
        rf"area",
    ),
    (
        to_fence_three_sides,
        rf"a farmer fences three sides of a rectangle with {_A} m of wire; a barn is the fourth side\. what is "
        rf"the "
        rf"largest area",
    ),
    (
        to_fence_three_sides,
        rf"a rectangle has one side along a straight shore and {_A} m of net for the others\. how large can "
        rf"its area "
        rf"be",
    ),
    (to_fence_three_sides, rf"<ASK> the largest area of a rectangle with {_A} m of fence on three sides"),
    (
        to_multiply_parts,
        rf"two positive numbers add up to {_A}\. what is the largest possible value of {_B} times their product",
    ),
    (
        to_multiply_parts,
        rf"the sum of two positive numbers is {_A}\. how large can {_B} times their product be",
    ),
    (to_multiply_parts, rf"<ASK> the greatest value of {_B}xy for positive x and y with x \+ y = {_A}"),
    (
        to_multiply_parts,
        rf"let x and y be positive with the sum {_A}\. what is the largest value of {_B}xy",
    ),
    (
        to_fold_box,
        rf"from the corners of a square sheet with sides of {_A} cm equal squares are cut, and the rest is "
        rf"folded to "
        rf"an open box\. what is its largest volume in cm\^3",
    ),
    (
        to_fold_box,
        rf"an open box is folded from a square of cardboard, {_A} cm wide, after a square is cut from each "
        rf"corner\. "
        rf"find its greatest volume",
    ),
    (
        to_fold_box,
        rf"a square sheet of metal, {_A} cm wide, becomes an open box when squares are cut from its corners\. how "
        rf"large can the volume be",
    ),
    (
        to_fold_box,
        rf"squares are cut from the corners of a {_A} cm by (?P=a) cm sheet, which is then folded to an open "
        rf"box\. "
        rf"find the largest volume",
    ),
    (to_fold_box, rf"<ASK> the largest volume of an open box folded from a square sheet {_A} wide"),
    (
        to_integrate_between,
        rf"water flows into a tank at <D> litres a minute\. how many litres flow in {_FROM}",
    ),
    (
        to_integrate_between,
        rf"a factory uses power at the rate <D> kilowatts after {_X} hours\. how many kilowatt hours does it use "
        rf"{_FROM}",
    ),
    (
        to_integrate_between,
        rf"sand runs onto a heap at <D> kg a minute, {_X} minutes after noon\. how much comes {_FROM}",
    ),
    (
        to_integrate_between,
        rf"a firm earns at the rate of <D> dollars a day\. how much does it earn {_FROM}",
    ),
    (to_integrate_between, rf"<ASK> the amount that comes {_FROM} at the rate <D>"),
    (
        to_add_to_start,
        rf"a tank holds {_GIVEN_D} litres at {_THERE}, and water flows in at <D> litres a minute\. how much "
        rf"does it "
        rf"hold {_LATER}",
    ),
    (
        to_add_to_start,
        rf"at {_THERE} a forum has {_GIVEN_D} members, and it grows by <D> members a month\. how many does it "
        rf"have "
        rf"{_LATER}",
    ),
    (
        to_add_to_start,
        rf"a heap weighs {_GIVEN_D} kg at {_THERE} and grows by <D> kg a minute\. how heavy is it {_LATER}",
    ),
    (
        to_add_to_start,
        rf"at {_THERE} an account holds {_GIVEN_D} dollars, and <D> dollars a month come in\. how much does it "
        rf"hold "
        rf"{_LATER}",
    ),
    (
        to_add_to_start,
        rf"<ASK> the amount at (?P<x>[a-z]) = (?P<b>[^=?;,]+?) if it is {_GIVEN_D} at (?P=x) = "
        rf"(?P<a>[^=?;,]+?) and "
        rf"grows at the rate <D>",
    ),
    (
        to_integrate_between,
        rf"a car has the velocity <D>, in m/s after {_X} seconds\. how many metres does it go {_FROM}",
    ),
    (
        to_integrate_between,
        rf"a rocket's velocity is <D>, in m/s after {_X} seconds\. find the distance {_FROM}",
    ),
    (
        to_integrate_between,
        rf"after {_X} hours a ship has the velocity <D> km/h\. how far does it go {_FROM}",
    ),
    (
        to_integrate_between,
        rf"a particle moves with the velocity <D>, in m/s after {_X} seconds\. how far does it move {_FROM}",
    ),
    (to_integrate_between, rf"<ASK> the distance that a particle with the velocity <D> moves {_FROM}"),
    (
        to_add_to_start,
        rf"a train is {_GIVEN_D} m from a station at {_THERE} and moves away at <D>, in m/s after {_X} "
        rf"seconds\. how "
        rf"far away is it {_LATER}",
    ),
    (
        to_add_to_start,
        rf"at {_THERE} a rocket is {_GIVEN_D} m high, and its velocity is <D>, in m/s after {_X} seconds\. how "
        rf"high is "
        rf"it {_LATER}",
    ),
    (
        to_add_to_start,
        rf"a probe is {_GIVEN_D} km from its ship at {_THERE} and moves away at <D> km/h, {_X} hours after the "
        rf"start\. "
        rf"how far from the ship is it {_LATER}",
    ),
    (
        to_add_to_start,
        rf"the position of a particle is {_GIVEN_D} at {_THERE} and its velocity <D>\. find its position {_LATER}",
    ),
    (
        to_add_to_start,
        rf"<ASK> the position at (?P<x>[a-z]) = (?P<b>[^=?;,]+?) of a particle that is at {_GIVEN_D} for "
        rf"(?P=x) = (?P<a>[^=?;,]+?) with the velocity <D>",
    ),
)
"""Readers and patterns, in the order in which they are tried."""
