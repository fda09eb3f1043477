"""A text in the editor that a person has chosen."""

import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

from skilladapt.errors import UserError

USUAL = ("sensible-editor", "nano", "vim", "vi")
"""Tried in turn where neither $VISUAL nor $EDITOR names one."""


def edit_text(text: str) -> str:
    """`text` as the person left it. Raises UserError where no editor can be started, or it failed."""
    command = _editor()
    with tempfile.TemporaryDirectory(prefix="skilladapt-") as folder:
        file = Path(folder) / "exercise.txt"
        file.write_text(text, encoding="utf-8", newline="")
        try:
            status = subprocess.run([*command, str(file)], check=False).returncode
            if status:
                raise UserError(f"The editor {command[0]} ended with {status}; nothing was changed.")
            return file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        except OSError as error:
            raise UserError(
                f"The editor {command[0]} cannot be used ({error.strerror or error}); name another in $EDITOR."
            ) from error
        except UnicodeDecodeError as error:
            raise UserError("What the editor wrote is not UTF-8 text; save it as UTF-8.") from error


def _editor() -> list[str]:
    wanted = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        command = shlex.split(wanted)
    except ValueError as error:
        raise UserError(f"$EDITOR is {wanted!r}, which is no command ({error}); mend that.") from error
    found = command or next(([name] for name in USUAL if shutil.which(name)), [])
    if not found:
        raise UserError("No editor was found; name one in $EDITOR.")
    return found
