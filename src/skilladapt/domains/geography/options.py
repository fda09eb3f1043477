"""What a question offers to choose from: the right answer, and others that could be taken for it."""

from collections.abc import Callable, Mapping

from skilladapt.domains.geography.draw import Draw, NothingDrawn
from skilladapt.domains.geography.facts import countries
from skilladapt.domains.geography.names import named
from skilladapt.domains.geography.relations import RELATIONS
from skilladapt.domains.geography.task import Arg

Offers = Callable[[Draw, Mapping[str, Arg]], tuple[str, ...]]


def offered_values(key: str) -> Offers:
    """The right value and those of other countries."""

    def offers(draw: Draw, args: Mapping[str, Arg]) -> tuple[str, ...]:
        code = str(args.get("X") or args["C"])
        relation, country = RELATIONS[key], countries()[code]
        others = [
            answer
            for other in draw.nearby(code)
            if relation.value(countries()[other]) is not None
            for answer in relation.answers(countries()[other])
        ]
        if relation.value(country) is None:
            raise NothingDrawn
        return draw.options(relation.answers(country), others, draw.step(3, 4))

    return offers


def offered_neighbour(draw: Draw, args: Mapping[str, Arg]) -> tuple[str, ...]:
    """One neighbour and countries that are none."""
    code = str(args["X"])
    near = countries()[code].neighbours or ()
    far = [other for other in draw.nearby(code) if other not in near]
    return draw.options([named(one) for one in near], [named(one) for one in far], draw.step(3, 4))


def offered_holder(key: str, placeholder: str) -> Offers:
    """Countries, one of which has the currency or language."""

    def offers(draw: Draw, args: Mapping[str, Arg]) -> tuple[str, ...]:
        relation, wanted = RELATIONS[key], args[placeholder]
        known = [code for code in draw.universe_sorted if relation.value(countries()[code]) is not None]
        right = [code for code in known if code in draw.pool and wanted in relation.answers(countries()[code])]
        wrong = [code for code in known if wanted not in relation.answers(countries()[code])]
        if draw.difficulty > 2 and right:
            continent = countries()[right[0]].continent
            near = [code for code in wrong if countries()[code].continent == continent]
            wrong = near if len(near) > 4 else wrong
        return draw.options([named(one) for one in right], [named(one) for one in wrong], draw.step(3, 4))

    return offers
