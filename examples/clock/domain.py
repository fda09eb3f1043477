"""What a run needs to know of clock times; apart, so that the verifier can be imported without the author."""

from importlib.resources import files

from clock.author import ClockAuthor
from clock.verifier import ClockVerifier
from skilladapt.domains.domain import Domain
from skilladapt.skills.syllabus import read_syllabus

DOMAIN = Domain("clock", read_syllabus(files(__package__) / "syllabus.md"), ClockAuthor(), ClockVerifier())
