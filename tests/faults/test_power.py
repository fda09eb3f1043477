"""What a power cut would leave: everything that is relied on is on the disk first."""

import shutil
from pathlib import Path

import pytest
from sync_order import TRACED, violations
from trials import Server

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")


def traced_run(server: Server, tmp_path: Path, *mutations: str) -> list[str]:
    out, trace = tmp_path / "run", tmp_path / "trace"
    outcome = server.run(out, trace=["-e", TRACED], trace_log=str(trace), mutations=mutations)
    assert outcome.status == 0, outcome.said
    assert len(trace.read_text().splitlines()) > 300
    return violations(trace, out)


def test_everything_is_synced_before_something_relies_on_it(server: Server, tmp_path: Path) -> None:
    found = traced_run(server, tmp_path)
    print(f"order of syncing: {len(found)} violations")
    assert not found, "\n".join(found[:20])


def test_check_notices_that_syncing_was_left_out(server: Server, tmp_path: Path) -> None:
    assert len(traced_run(server, tmp_path, "no_fsync")) > 50
