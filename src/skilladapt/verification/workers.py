"""Work done in processes that can be killed, each task under its own limits.

Limits are CPU seconds and bytes, not wall time, so that a result does not depend on the load of the machine.
There are two for time, because work in C does not listen to the first: after `cpu_s` an alarm is raised inside the
task, which loses only the task; `GRACE_S` later the kernel kills the worker, which costs one task and the start of
a new worker. Wall time (`wall_s`) is only a last resort against a task that sleeps.
"""

import math
import multiprocessing
import resource
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as WaitedTooLong
from dataclasses import dataclass
from functools import partial
from multiprocessing import resource_tracker
from pathlib import Path
from types import FrameType
from typing import Final, Never, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from skilladapt.errors import RunError

Item = TypeVar("Item")
Result = TypeVar("Result")

GRACE_S: Final = 2
MAX_MEMORY_BYTES: Final = 2 * 1024**3
"""Address space that a worker may add to what it starts with."""


@dataclass(frozen=True, slots=True)
class Lost:
    """What comes back instead of the result of a task that was stopped or failed."""

    reason: str


class Workers:
    """A pool of worker processes, started when first used; leaving `with` ends them.

    Results depend neither on the number of workers nor on the load. Starting one takes about half a second, so
    keep one pool for many calls.
    """

    def __init__(self, count: int = 2, *, cpu_s: float = 5.0, wall_s: float = 300.0) -> None:
        self._cpu_s = cpu_s
        self._wall_s = wall_s
        # Spawned, not forked: a fork would copy the locks of whatever threads torch has, in any state.
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPool(max_workers=count, initializer=_limit_memory, context=context)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.stop()
        self._pool.join()

    def map(self, function: Callable[[Item], Result], items: Sequence[Item]) -> list[Result | Lost]:
        """`function` of each item, in the order of `items`; both must be picklable.

        Raises RunError when no process can be started. An item whose task raised, used more than its CPU time or
        memory, or lost its worker gives a `Lost`.
        """
        # One task for each item: handing one over takes a tenth of a millisecond, and a killed worker loses one.
        if not items:
            return []
        limited = partial(_run_limited, function, self._cpu_s)
        try:
            self._start()
            tasks = [self._pool.schedule(limited, args=(item,), timeout=self._wall_s) for item in items]
            return [self._outcome(task) for task in tasks]
        except (BrokenExecutor, OSError) as error:
            reason = getattr(error.__cause__ or error, "strerror", None) or error
            raise RunError(
                f"The processes that verify cannot be started ({reason}); mend that, or lower runtime.workers, "
                "and run the same command again."
            ) from error

    def _start(self) -> None:
        """Starts the pool where no signal of the person's can cut that short, or be taken by a worker.

        An exception raised by a handler, which Python calls in the main thread only, could leave a worker half
        begun. Ctrl-C goes to every process of a terminal: the workers shall leave it to this one, from their
        first moment on, and what a thread holds back the processes that it starts hold back too.
        """
        with ThreadPoolExecutor(1) as starter:  # waits for its end, also when interrupted
            starter.submit(_start_holding_back_interrupts, self._pool).result()

    def _outcome(self, task: "Future[Result | Lost]") -> Result | Lost:
        try:
            return task.result()
        except ProcessExpired as expired:
            if expired.exitcode == -signal.SIGXCPU:
                return Lost(f"stopped after {self._cpu_s + GRACE_S:g} CPU seconds")
            return Lost(f"the worker ended with status {expired.exitcode}")
        except WaitedTooLong:
            return Lost(f"stopped after {self._wall_s:g} seconds")


def _start_holding_back_interrupts(pool: ProcessPool) -> None:
    resource_tracker.ensure_running()  # first, as to start it ends the holding back
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    assert pool.active  # to ask is to start it


class _OutOfTime(BaseException):
    """No `Exception`, or the task could take it for one of its own."""


def _run_limited(function: Callable[[Item], Result], cpu_s: float, item: Item) -> Result | Lost:
    """Runs in the worker."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    last = math.ceil(spent.ru_utime + spent.ru_stime + cpu_s) + GRACE_S
    resource.setrlimit(resource.RLIMIT_CPU, (last, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    signal.signal(signal.SIGPROF, _raise_out_of_time)
    try:
        signal.setitimer(signal.ITIMER_PROF, cpu_s)
        return function(item)
    except _OutOfTime:
        return Lost(f"stopped after {cpu_s:g} CPU seconds")
    except MemoryError:
        return Lost(f"stopped at {MAX_MEMORY_BYTES // 1024**2} MiB of memory")
    except Exception as error:
        return Lost(f"failed with {type(error).__name__}: {str(error)[:200]}")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _raise_out_of_time(_signal: int, _frame: FrameType | None) -> Never:
    raise _OutOfTime


def _limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    size = Path("/proc/self/statm")
    if size.exists():  # Linux; elsewhere the size to start from is unknown and only time is limited
        allowed = int(size.read_text(encoding="ascii").split()[0]) * resource.getpagesize() + MAX_MEMORY_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (allowed, resource.getrlimit(resource.RLIMIT_AS)[1]))
