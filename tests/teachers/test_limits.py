import asyncio
from collections.abc import Awaitable, Callable

import pytest

from skilladapt.teachers.limits import Gate, Patience, Window, retry_after_s

PATIENCE = Patience(first_wait_s=1.0, longest_wait_s=8.0, longest_retry_after_s=100.0)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("2", 2.0),
        ("0.5", 0.5),
        ("0", 0.0),
        (" 3 ", 3.0),
        ("-1", None),
        ("nan", None),
        ("", None),
        (None, None),
        ("tomorrow", None),
        ("Thu, 26 Nov 2026 12:00:07 GMT", 7.0),
        ("Thu, 26 Nov 2026 12:00:07 -0000", 7.0),
        ("Thu, 26 Nov 2026 11:00:00 GMT", None),
        ("Thu, 26 Nov 9999999999 12:00:00 GMT", None),
    ],
)
def test_waits_are_read_in_seconds_and_as_dates(value: str | None, seconds: float | None) -> None:
    assert retry_after_s(value, "Thu, 26 Nov 2026 12:00:00 GMT") == seconds


def test_without_the_service_s_own_clock_ours_is_taken() -> None:
    assert retry_after_s("Thu, 26 Nov 2999 12:00:00 GMT") or 0 > 1e9
    assert retry_after_s("Thu, 26 Nov 2999 12:00:00 GMT", "no date") or 0 > 1e9


def test_backoff_doubles_up_to_its_bound() -> None:
    assert [PATIENCE.backoff_s(attempt) for attempt in (1, 2, 3, 4, 5, 5000)] == [1, 2, 4, 8, 8, 8]


def test_a_window_halves_once_an_episode_and_widens_by_one_for_each_of_its_fill() -> None:
    window = Window(64, PATIENCE)
    for _ in range(64):  # all sent at 0, all refused
        window.had_too_many(0.0, 10.0, None)
    assert window.size == 32
    window.had_too_many(11.0, 12.0, None)
    assert window.size == 16
    for _ in range(16):
        window.succeeded(20.0, 21.0)
    assert window.size == pytest.approx(17, abs=0.05)
    for _ in range(20):
        window.had_too_many(1e6, 1e6, None)
        window.had_too_many(2e6, 2e6, None)
    assert window.size >= 1 and window.is_open(1e9)
    for _ in range(100_000):
        window.succeeded(1e9, 1e9)
    assert window.size == 64


def test_it_opens_when_the_service_said_within_the_bound() -> None:
    window = Window(4, PATIENCE)
    window.had_too_many(0.0, 10.0, 50.0)
    assert not window.is_open(59.9) and window.is_open(60.1)
    window.had_too_many(60.0, 61.0, 1e9)
    assert not window.is_open(160.9) and window.is_open(161.1)


def test_after_a_pause_calls_start_one_by_one() -> None:
    window = Window(8, PATIENCE)
    window.had_too_many(0.0, 0.0, 1.0)  # four from now on, in a second each as far as is known
    starts, now = [], 0.0
    while len(starts) < 4:
        if window.is_open(now):
            window.start(now)
            starts.append(now)
        now += 0.01
    assert [later - earlier for earlier, later in zip(starts, starts[1:], strict=False)] == [
        pytest.approx(0.25, abs=0.02)
    ] * 3


def test_a_service_rests_only_when_nobody_gets_through() -> None:
    window = Window(8, PATIENCE)
    window.succeeded(1.0, 5.0)
    window.failed(2.0, 6.0)  # somebody got through meanwhile
    assert window.is_open(6.0)
    window.failed(7.0, 8.0)
    window.failed(7.0, 8.1)  # the same episode
    assert not window.is_open(8.9) and window.is_open(9.1)
    window.failed(9.2, 10.0)
    assert not window.is_open(11.9) and window.is_open(12.1)
    window.succeeded(12.0, 13.0)
    window.failed(14.0, 15.0)
    assert window.is_open(16.1)  # the wait is the first again
    window.failed(14.0, 17.0, 5.0)
    assert not window.is_open(21.9)


def run(work: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(5):
            await work()

    asyncio.run(bounded())


def test_a_gate_lets_in_as_many_as_there_is_room_for_and_wakes_the_next() -> None:
    async def work() -> None:
        gate, inside, most = Gate([Window(3, PATIENCE), Window(2, PATIENCE)]), [0, 0], [0, 0]

        async def visit() -> None:
            place = await gate.enter()
            inside[place] += 1
            most[place] = max(most[place], inside[place])
            await asyncio.sleep(0.001)
            inside[place] -= 1
            gate.leave(place)

        await asyncio.gather(*(visit() for _ in range(50)))
        assert most == [3, 2]

    run(work)


def test_who_is_cancelled_while_waiting_passes_the_turn_on() -> None:
    async def work() -> None:
        gate = Gate([Window(1, PATIENCE)])
        await gate.enter()
        first, second = asyncio.create_task(gate.enter()), asyncio.create_task(gate.enter())
        await asyncio.sleep(0)
        gate.leave(0)  # gives the turn to the first ...
        first.cancel()  # ... who is no longer there to take it
        assert await second == 0

    run(work)


def test_all_who_wait_for_a_pause_get_in_after_it() -> None:
    async def work() -> None:
        window = Window(4, Patience(first_wait_s=0.05))
        gate = Gate([window])
        now = asyncio.get_running_loop().time()
        window._call_s = 0.05
        window.had_too_many(now, now, None)

        async def visit() -> None:
            gate.leave(await gate.enter())

        await asyncio.gather(*(visit() for _ in range(10)))
        assert asyncio.get_running_loop().time() - now >= 0.05

    run(work)


def test_nobody_waits_for_ever_where_a_pause_ends_just_as_it_is_looked_at() -> None:
    async def work() -> None:
        window = Window(4, PATIENCE)
        gate, time = Gate([window]), asyncio.get_running_loop().time
        for attempt in range(3000):
            window.opens_at = time() + attempt % 30 * 1e-6
            gate.leave(await gate.enter())

    run(work)
