"""A program that has everything loaded and forks once for each order: a whole `skilladapt` command in a second.

It reads orders from standard input, a JSON object a line, and answers each with another. It has a single thread,
as only such a process can be forked safely; a test process cannot promise that. Nothing in the package knows of
it.
"""

import json
import mmap
import os
import resource
import signal
import struct
import subprocess
import sys
import time
import traceback
from pathlib import Path
from typing import Any

Order = dict[str, Any]
COUNTERS = ("events", "steps", "verdicts")
_LAYOUT = struct.Struct("3q")


class Counters:
    """Numbers in memory shared with the parent, so that they survive a kill."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _LAYOUT.size)

    def add(self, name: str) -> int:
        """Counts one more and returns how many there are now."""
        values = self.read()
        values[name] += 1
        self._memory[:] = _LAYOUT.pack(*values.values())
        return values[name]

    def read(self) -> dict[str, int]:
        return dict(zip(COUNTERS, _LAYOUT.unpack(self._memory[:]), strict=True))


def main() -> None:
    _load_everything()
    print(json.dumps({"threads": _threads()}), flush=True)
    for line in sys.stdin:
        print(json.dumps(_obey(json.loads(line))), flush=True)


def _threads() -> list[str]:
    """Names of this process's threads, but for the one of an allocator that knows about forks."""
    names = [path.read_text().strip() for path in Path("/proc/self/task").glob("*/comm")]
    return [name for name in names if name != "jemalloc_bg_thd"]


def _load_everything() -> None:
    import torch

    torch.set_num_threads(1)
    import accelerate  # noqa: F401 - so that no trial loads it
    import pyarrow
    import scipy.stats  # noqa: F401
    import sympy  # noqa: F401

    from skilladapt import cli, pipeline  # noqa: F401
    from skilladapt.domains.domain import load_domain
    from skilladapt.models.adapter import with_adapter
    from skilladapt.models.loading import load_student
    from skilladapt.report.page import render
    from skilladapt.report.reading import read_run
    from skilladapt.stages import classroom  # noqa: F401
    from skilladapt.store import RunDirectory

    load_domain("calculus")
    # What else a first use prepares, some half a second in each run otherwise: pyarrow loads pandas where there is
    # one, the report's templates are compiled.
    pyarrow.Table.from_pylist([{"a": 1}])
    _compile_templates_once()
    render(read_run(RunDirectory("no such run")))
    # peft prepares tables when it first wraps a model: a third of a second. No model is run: that starts threads.
    with_adapter(load_student("tiny-random"), rank=2, seed=0)


def _compile_templates_once() -> None:
    import jinja2

    compile_template, compiled = jinja2.Environment.compile, {}

    def compile_once(
        self: jinja2.Environment, source: Any, name: str | None = None, *arguments: Any, **named: Any
    ) -> Any:
        if name is None:  # a chat template, of an environment with other settings
            return compile_template(self, source, name, *arguments, **named)
        if (name, source) not in compiled:
            compiled[name, source] = compile_template(self, source, name, *arguments, **named)
        return compiled[name, source]

    jinja2.Environment.compile = compile_once  # type: ignore[assignment]


def _obey(order: Order) -> dict[str, Any]:
    counters = Counters()
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        _perform(order, counters)
    tracer = _trace(child, order["trace"], order["trace_log"]) if order.get("trace") else None
    if tracer is not None:
        os.kill(child, signal.SIGCONT)
    number = order.get("signal", signal.SIGKILL)
    status = _wait(child, began, order.get("kill_after_s"), number, order.get("again_after_s"))
    seconds = time.monotonic() - began
    if tracer is not None:
        tracer.wait(10)
    return {"status": os.waitstatus_to_exitcode(status), "seconds": seconds, **counters.read()}


def _wait(child: int, began: float, kill_after_s: float | None, number: int, again_after_s: float | None) -> int:
    if kill_after_s is not None:
        while time.monotonic() - began < kill_after_s:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                return status
            time.sleep(0.001)
        os.kill(child, number)
        if again_after_s is not None:
            time.sleep(again_after_s)
            os.kill(child, number)  # not yet waited for, so still this child's number
    return os.waitpid(child, 0)[1]


def _trace(child: int, arguments: list[str], log: str) -> "subprocess.Popen[bytes]":
    """Attaches strace, which also injects faults, to a child that has stopped itself."""
    os.waitpid(child, os.WUNTRACED)
    tracer = subprocess.Popen(
        ["strace", "-f", "-qq", "-y", "-o", log, *arguments, "-p", str(child)], stdin=subprocess.DEVNULL
    )
    status = Path(f"/proc/{child}/status")
    while "TracerPid:\t0\n" in status.read_text():
        if tracer.poll() is not None:
            os.kill(child, signal.SIGKILL)
            break
        time.sleep(0.002)
    return tracer


def _perform(order: Order, counters: Counters) -> None:
    """Runs in the child and never returns."""
    status = 70
    try:
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        for stream in (1, 2):
            os.dup2(log, stream)
        if order.get("trace"):
            os.kill(os.getpid(), signal.SIGSTOP)
        _arrange(order, counters)
        from skilladapt import cli

        cli.main(order["arguments"])
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _arrange(order: Order, counters: Counters) -> None:
    import mutations
    import torch

    os.environ.update(order.get("environment", {}))
    time.tzset()
    os.chdir(order.get("cwd", "."))
    if order.get("threads", 1) != 1:
        torch.set_num_threads(order["threads"])
    for name, value in order.get("limits", {}).items():
        number = getattr(resource, name)
        resource.setrlimit(number, (value, resource.getrlimit(number)[1]))
    _work_in_this_process(counters)
    for name in order.get("mutations", []):
        getattr(mutations, name)()
    _count_steps(counters, order.get("kill_at_step"))
    _count_events(order["out"], counters, order.get("kill_at_event"), order.get("list_events"))


def _work_in_this_process(counters: Counters) -> None:
    """Verification without worker processes: each would cost a second to start."""
    from skilladapt.verification.workers import Lost, Workers

    def run_here(_: Workers, function: Any, items: Any) -> list[Any]:
        found = []
        for item in items:
            counters.add("verdicts")
            try:
                found.append(function(item))
            except Exception as error:
                found.append(Lost(f"failed with {type(error).__name__}: {str(error)[:200]}"))
        return found

    Workers.map = run_here  # type: ignore[method-assign]


def _count_steps(counters: Counters, kill_at: int | None) -> None:
    import torch

    step = torch.optim.AdamW.step

    def counted(*arguments: Any, **named: Any) -> Any:
        if counters.add("steps") == kill_at:
            _die()
        return step(*arguments, **named)

    torch.optim.AdamW.step = counted  # type: ignore[method-assign]


CHANGES = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate", "shutil.rmtree"})
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def _count_events(out: str, counters: Counters, kill_at: int | None, list_in: str | None) -> None:
    """Counts what is about to change the run directory, and dies before the one numbered `kill_at`.

    The files' names are listed in `list_in`, one a line.
    """
    listing = None if list_in is None else os.open(list_in, os.O_WRONLY | os.O_CREAT, 0o644)

    def count(name: str) -> None:
        if listing is not None:
            os.write(listing, f"{name}\n".encode())
        if counters.add("events") == kill_at:
            _die()

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if isinstance(flags, int) and flags & WRITES and str(path).startswith(out):
                count(str(path))
        elif event in CHANGES:
            # Below a folder that is being removed, names are relative.
            path = str(arguments[0])
            if path.startswith(out) or not path.startswith("/"):
                count(path)

    sys.addaudithook(hook)
    fsync = os.fsync

    def counted_fsync(handle: Any) -> None:
        count(os.readlink(f"/proc/self/fd/{handle}"))
        fsync(handle)

    os.fsync = counted_fsync


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
