"""The text of a syllabus, from a file nobody vouches for."""

from importlib.resources.abc import Traversable
from pathlib import Path

from skilladapt.errors import UserError

MAX_BYTES = 4_000_000
"""The largest syllabus read; the longest known to us is a fifteenth of it."""


def read_text(file: Path | Traversable) -> str:
    """The text of `file`. Raises UserError when it is missing, too large, binary or not UTF-8."""
    try:
        with file.open("rb") as stream:
            # One byte more than is allowed, not the whole file: it may have no end.
            data = stream.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            size = f"{file.stat().st_size:,}" if isinstance(file, Path) else f"more than {MAX_BYTES:,}"
            raise UserError(f"The syllabus {file} has {size} bytes; at most {MAX_BYTES:,} are read, so split it.")
    except FileNotFoundError:
        raise UserError(f"There is no syllabus at {file}; check the path.") from None
    except IsADirectoryError:
        raise UserError(f"{file} is a folder; name the file of the syllabus in it.") from None
    except (OSError, ValueError) as error:
        raise UserError(f"The syllabus {str(file)!r} cannot be read ({error}); make it readable.") from error
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UserError(f"The syllabus {file} is UTF-16 text; save it as UTF-8.")
    if b"\0" in data:
        raise UserError(f"The syllabus {file} is a binary file; a text is needed.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UserError(f"The syllabus {file} is not UTF-8 text (line {line}); save it as UTF-8.") from None


def lines_of(text: str) -> list[str]:
    """The lines as editors count them: str.splitlines would also split at form feeds and shift every number."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
