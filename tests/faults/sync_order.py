"""Reads a trace of system calls: was everything on the disk before something else relied on it?

After a power cut only what was synced is sure to be there. So a file is to be synced after its last write and
before it is renamed into place, a folder that got a new name in it before the next file is moved into place, and a
manifest may be moved only when all of that is true of everything before it.
"""

import re
from pathlib import Path

_CALL = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+)(.*)$")
_HANDLE = re.compile(r"^\d+<([^>]*)>")
_QUOTED = re.compile(r'"([^"]*)"')
TRACED = "trace=openat,write,pwrite64,writev,fsync,fdatasync,rename,renameat,renameat2,mkdir,mkdirat"
UNSYNCED_BY_DESIGN = frozenset({"events.jsonl", ".lock"})
"""Nothing relies on them."""


def violations(trace: Path, out: Path) -> list[str]:
    """Every rename of `trace` below `out` that came too early, and whatever was never synced."""
    found: list[str] = []
    unsynced_files: set[str] = set()
    unsynced_folders: set[str] = set()
    for name, arguments, path_of_handle, result in _calls(trace):
        if result < 0:
            continue
        if name in ("write", "pwrite64", "writev") and _is_of(path_of_handle, out):
            unsynced_files.add(path_of_handle)
        elif name == "openat" and "O_CREAT" in arguments and _is_of(path := _QUOTED.findall(arguments)[0], out):
            unsynced_files.add(path)
        elif name in ("fsync", "fdatasync"):
            unsynced_files.discard(path_of_handle)
            unsynced_folders.discard(path_of_handle)
        elif name in ("mkdir", "mkdirat") and _is_of(path := _QUOTED.findall(arguments)[0], out):
            unsynced_folders.add(str(Path(path).parent))
        elif name.startswith("rename"):
            old, new = _QUOTED.findall(arguments)[:2]
            if not _is_of(new, out):
                continue
            inside = {path for path in unsynced_files if path == old or path.startswith(f"{old}/")}
            if "/." in new:  # a place apart, where nothing is relied on yet
                unsynced_files = (unsynced_files - inside) | {path.replace(old, new, 1) for path in inside}
                unsynced_folders.add(str(Path(new).parent))
                continue
            late = sorted(inside | (unsynced_folders & {old}))
            found += [f"{path} was renamed to {new} before it was synced" for path in late]
            if Path(new).name == "manifest.json":
                late = sorted(unsynced_folders | (unsynced_files - inside))
                found += [f"{new} was moved into place before {path} was synced" for path in late]
            unsynced_files -= inside
            unsynced_folders = (unsynced_folders - {old}) | {str(Path(new).parent)}
    found += [f"{path} was never synced" for path in sorted(unsynced_files | unsynced_folders)]
    return found


def _calls(trace: Path) -> list[tuple[str, str, str, int]]:
    calls = []
    for line in trace.read_text(encoding="utf-8", errors="replace").splitlines():
        if match := _CALL.match(line):
            name, arguments, result, _ = match.groups()
            handle = _HANDLE.match(arguments)
            calls.append((name, arguments, handle[1] if handle else "", int(result)))
    return calls


def _is_of(path: str, out: Path) -> bool:
    return path.startswith(f"{out}/") and Path(path).name not in UNSYNCED_BY_DESIGN
