"""What is asked, without words: a form of question, what it is asked of, and the options to choose from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from skilladapt.domains.geography.references import CapitalOf, Described, Ref, base


class Claim(NamedTuple):
    """That a fact of one country has the value it has for another, or for itself."""

    relation: str
    code: str
    value_of: str
    """The code of the country whose value is claimed."""


@dataclass(frozen=True)
class Table:
    """A small table of whole numbers."""

    head: str
    """What the lines are: `village`, `country`."""
    columns: tuple[str, ...]
    """What is counted."""
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    """Each line's name and numbers."""

    def column(self, name: str) -> dict[str, int]:
        """The numbers of one column by the name of the line."""
        place = self.columns.index(name)
        return {row: numbers[place] for row, numbers in self.rows}

    def __str__(self) -> str:
        lines = [(self.head, *self.columns), *((name, *map(str, numbers)) for name, numbers in self.rows)]
        return "\n".join(" | ".join(line) for line in lines)


Arg = Ref | CapitalOf | tuple[str, ...] | Claim | Table
"""A code, a description, plain text (for currencies, times, numbers), several codes, a claim or a table."""


@dataclass(frozen=True)
class Task:
    """One question."""

    form: str
    args: Mapping[str, Arg]
    """By placeholder."""
    options: tuple[str, ...] = ()
    """What to choose from, in order; empty where the answer is written out."""

    def text(self, key: str) -> str:
        """A plain text or the code of a country that is named."""
        value = self.args[key]
        assert isinstance(value, str), f"{key} is described"
        return value

    def codes(self, key: str = "P") -> tuple[str, ...]:
        """Several codes."""
        value = self.args[key]
        assert isinstance(value, tuple) and not isinstance(value, Claim)
        return value

    @property
    def table(self) -> Table:
        """The table that stands above the question."""
        value = self.args["T"]
        assert isinstance(value, Table)
        return value

    @property
    def ref(self) -> Ref:
        """The country `X`, named or described."""
        return self.reference("X")

    def reference(self, key: str) -> Ref:
        """A country, named or described."""
        value = self.args[key]
        assert isinstance(value, str | Described)
        return value

    def place(self, key: str) -> str | CapitalOf:
        """A capital, by the code of its country or described."""
        value = self.args[key]
        assert isinstance(value, str | CapitalOf)
        return value

    @property
    def subjects(self) -> tuple[str, ...]:
        """What the question is about, sorted: codes of countries, and what else tells it from others."""
        found: set[str] = set(self.options if set(self.args) & set("ML") else ())
        for key, value in self.args.items():
            match value:
                case Claim():
                    found |= {value.code, value.value_of}
                case Table():
                    found.update(name for name, _ in value.rows)
                case tuple():
                    found.update(value)
                case Described():
                    found.update(base(value))
                case CapitalOf(of):
                    found.update(base(of))
                case str() if key not in "KINQR":
                    found.add(value)
        return tuple(sorted(found))
