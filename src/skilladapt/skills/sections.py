"""What every importer makes of a syllabus: units of sections, each with the place it came from."""

from skilladapt.records import Prerequisite, Record, Related


class Section(Record):
    """One skill of a syllabus."""

    where: str
    """File and line (`baking.md:7`), or file and the section's own id (`openstax/us-history#m49986`): unique."""
    title: str
    description: str = ""
    """The prose about it, on one line."""
    objectives: tuple[str, ...] = ()


class Unit(Record):
    """Sections under one heading."""

    title: str | None
    """None for sections outside of any unit."""
    sections: tuple[Section, ...]


class Syllabus(Record):
    """A whole syllabus, without faults."""

    title: str
    source: str
    """Name of the file, without its folder: evidence must read the same on every machine."""
    units: tuple[Unit, ...]
    prerequisites: tuple[Prerequisite, ...] = ()
    """What it says or suggests about needs; `before` and `after` are sections' `where`."""
    related: tuple[Related, ...] = ()
    """Pairs of sections' `where`."""

    @property
    def sections(self) -> tuple[Section, ...]:
        """All sections, in the order of the syllabus."""
        return tuple(section for unit in self.units for section in unit.sections)
