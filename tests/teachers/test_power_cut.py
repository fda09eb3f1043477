"""The archive after a power cut at any system call: what was not synced by then is gone, and no told reply is.

A file system that drops unsynced pages needs FUSE and a library for it, which few places have. The same is had
from a trace of system calls: the files are made again from the writes that were synced by then, and no others.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from skilladapt.teachers.archive import Archive

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")

WRITER = """
import os, sys
from pathlib import Path
from skilladapt.teachers import archive
from skilladapt.teachers.teacher import Reply
from skilladapt.teachers.ledger import Standing

archive._SETTINGS = {**archive._SETTINGS, "synchronous": int(sys.argv[2])}
with archive.Archive(Path(sys.argv[1])) as one:
    for index in range(30):
        reply = Reply(text=f"text {index}" * 40, finish="stop", model="m", prompt_tokens=1, completion_tokens=1)
        one.write([archive.Kept("t", f"key{index}", reply)], Standing()).result()
        os.write(1, b"told")
"""
CALLS = "trace=write,pwrite64,fsync,fdatasync,ftruncate,unlink"
_CALL = re.compile(r"^\d+ +(\w+)\((?:(\d+)<([^>]*)>|\"([^\"]*)\")(?:, (.*))?\) += (\d+)$")
_WRITTEN = re.compile(r'"([^"]*)", (\d+)(?:, (\d+))?')


def plain(text: str) -> str:
    """A text as it was before the trace wrote it in hexadecimal digits."""
    return bytes.fromhex(text.replace("\\x", "")).decode() if "\\x" in text else text


def cuts(trace: Path, folder: Path) -> Iterator[tuple[int, dict[str, bytes]]]:
    """After each call: how many replies were told of by then, and the files as they had been synced last."""
    told, now, synced = 0, dict[str, bytearray](), dict[str, bytes]()
    for line in trace.read_text().splitlines():
        if (found := _CALL.match(line)) is None:
            continue
        name, handle, path, removed, more, _ = found.groups()
        file = Path(plain(path or removed))
        if handle == "1":
            told += 1
        elif file.parent == folder:
            if name == "pwrite64":
                data, _, offset = _WRITTEN.match(more).groups()  # type: ignore[union-attr]
                content, at = now.setdefault(file.name, bytearray()), int(offset)
                written = bytes.fromhex(data.replace("\\x", ""))
                content.extend(bytes(max(0, at - len(content))))
                content[at : at + len(written)] = written
            elif name in ("fsync", "fdatasync"):
                synced[file.name] = bytes(now.get(file.name, b""))
            elif name == "ftruncate":
                del now[file.name][int(more) :]
            elif name == "unlink":
                now.pop(file.name, None)
                synced.pop(file.name, None)
        else:
            continue
        yield told, dict(synced)


def lost_after_each_cut(tmp_path: Path, synchronous: int) -> tuple[int, int, int]:
    """Replies told of that are lost over all cuts, the cuts with another fault, and how many cuts there are."""
    folder, trace = tmp_path / "archive", tmp_path / "trace"
    subprocess.run(
        ["strace", "-f", "-y", "-xx", "-s", "100000", "-e", CALLS, "-o", trace, sys.executable, "-c", WRITER]
        + [str(folder / "teacher.sqlite"), str(synchronous)],
        check=True,
        capture_output=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    lost = broken = tried = 0
    for told, files in cuts(trace, folder):
        tried += 1
        left = tmp_path / f"left-{tried}"
        left.mkdir()
        for name, content in files.items():
            (left / name).write_bytes(content)
        with Archive(left / "teacher.sqlite") as archive:
            found = archive.find("t", [f"key{index}" for index in range(30)])
            broken += archive.quarantined
        broken += any(reply.text != f"text {key[3:]}" * 40 for key, reply in found.items())
        lost += sum(f"key{index}" not in found for index in range(told))
        shutil.rmtree(left)
    return lost, broken, tried


def test_no_reply_that_was_told_of_is_lost_by_a_power_cut(tmp_path: Path) -> None:
    lost, broken, tried = lost_after_each_cut(tmp_path, synchronous=2)
    print(f"power cuts: {lost} lost, {broken} damaged in {tried} cuts")
    assert (lost, broken) == (0, 0) and tried > 90


def test_without_syncing_replies_would_be_lost(tmp_path: Path) -> None:
    assert lost_after_each_cut(tmp_path, synchronous=0)[0] > 100
