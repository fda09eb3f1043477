import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skilladapt.errors import RunError
from skilladapt.teachers.archive import Archive, Kept
from skilladapt.teachers.journal import Journal
from skilladapt.teachers.ledger import Amount, CapReached, Caps, Ledger, Prices, Standing
from skilladapt.teachers.teacher import Reply


def test_a_call_costs_what_its_tokens_do_rounded_up() -> None:
    prices = Prices(prompt=0.15, completion=0.6)
    assert prices.of(1_000_000, 1_000_000) == Amount(1, 2_000_000, 750_000_000)
    assert prices.of(1, 0) == Amount(1, 1, 150) and prices.of(1, 0).usd == 1.5e-7
    assert Prices(prompt=0.0000001).of(1, 0).nano_usd == 1
    assert Prices().of(5, 6) == Amount(1, 11, 0)


@pytest.mark.parametrize(
    ("caps", "cap"),
    [(Caps(usd=1e-6), "usd"), (Caps(tokens=99), "tokens"), (Caps(calls=0), "calls"), (Caps(1e-6, 99, 0), "usd")],
)
def test_the_cap_that_would_be_passed_is_named(caps: Caps, cap: str) -> None:
    with pytest.raises(CapReached) as reached:
        Ledger(caps, Standing()).reserve(Amount(1, 100, 1001))
    assert reached.value.cap == cap


def test_a_cap_may_be_reached_exactly() -> None:
    ledger = Ledger(Caps(1e-6, 100, 1), Standing())
    assert ledger.reserve(Amount(1, 100, 1000))


def test_while_something_is_under_way_there_may_be_room_later() -> None:
    ledger = Ledger(Caps(tokens=150), Standing())
    assert ledger.reserve(Amount(1, 100, 0))
    assert not ledger.reserve(Amount(1, 100, 0))
    ledger.settle(Amount(1, 100, 0), Amount(1, 30, 0))
    assert ledger.reserve(Amount(1, 100, 0))
    ledger.settle(Amount(1, 100, 0), Amount(1, 100, 0))
    with pytest.raises(CapReached):
        ledger.reserve(Amount(1, 100, 0))
    assert ledger.describe() == "0.0000 USD, 130 tokens and 2 calls were spent; 20 tokens left"


def test_what_is_left_is_told_for_every_cap() -> None:
    standing = Standing(Amount(3, 2000, 1_500_000_000))
    assert Ledger(Caps(2.0, 3000, 5), standing).describe().endswith("0.5000 USD and 1,000 tokens and 2 calls left")
    assert Ledger(Caps(), standing).describe().endswith("nothing capped left")


CALLS = st.lists(
    st.tuples(
        st.integers(0, 300),  # worst tokens
        st.floats(0, 1),  # the share of it that the call comes to
        st.booleans(),  # whether the oldest call under way ends first
    ),
    max_size=60,
)


@given(CALLS, st.integers(0, 1500), st.integers(0, 40), st.floats(0.0001, 2), st.floats(0, 3))
def test_spent_and_reserved_together_never_pass_a_cap(
    calls: list[tuple[int, float, bool]], tokens: int, number: int, price: float, usd_thousandths: float
) -> None:
    caps, prices = Caps(usd_thousandths / 1000, tokens, number), Prices(price, price)
    ledger = Ledger(caps, Standing())
    under_way: list[tuple[Amount, Amount]] = []
    for most, share, ends in calls:
        if ends and under_way:
            ledger.settle(*under_way.pop(0))
        try:
            worst = prices.of(most, 0)
            if ledger.reserve(worst):
                under_way.append((worst, prices.of(int(share * most), 0)))
        except CapReached:
            assert not under_way
        assert caps.passed_by(ledger.spent.plus(ledger.reserved)) is None
    for settled in under_way:
        ledger.settle(*settled)
    assert ledger.reserved == Amount()


# --- its way to the disk ---------------------------------------------------------------------------------------


def reply(text: str) -> Reply:
    return Reply(text=text, finish="stop", model="m", prompt_tokens=1, completion_tokens=1)


def test_a_reservation_is_on_the_disk_before_the_call_is_made(tmp_path: Path) -> None:
    async def call(archive: Archive) -> None:
        journal = Journal(archive, Ledger(Caps(), archive.standing))
        await journal.reserve(Amount(1, 100, 7))
        # Killed here.

    with Archive(tmp_path / "a") as archive:
        asyncio.run(call(archive))
    with Archive(tmp_path / "a") as archive:
        assert archive.standing == Standing(Amount(1, 100, 7))


def test_many_changes_at_once_are_few_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writes: list[int] = []
    write = Archive.write

    def counted(self: Archive, kept: list[Kept], standing: Standing) -> object:
        writes.append(len(kept))
        return write(self, kept, standing)

    monkeypatch.setattr(Archive, "write", counted)

    told: list[int] = []

    async def call(journal: Journal, number: int) -> None:
        worst = Amount(1, 100, 10)
        await journal.reserve(worst)
        journal.settle(worst, Amount(1, 50, 5), Kept("t", str(number), reply(str(number))))
        journal.when_written(lambda: told.append(number))

    async def all_calls(archive: Archive) -> Ledger:
        journal = Journal(archive, Ledger(Caps(), archive.standing))
        await asyncio.gather(*(call(journal, number) for number in range(500)))
        await journal.finish()
        assert sorted(told) == list(range(500))
        return journal.ledger

    with Archive(tmp_path / "a") as archive:
        ledger = asyncio.run(all_calls(archive))
        assert ledger.standing == Standing(Amount(500, 25_000, 2500))
        assert sum(writes) == 500 and len(writes) < 25
        assert len(archive.find("t", [str(number) for number in range(500)])) == 500
    with Archive(tmp_path / "a") as archive:
        assert archive.standing == ledger.standing


def test_who_waits_for_room_gets_it_when_a_call_came_out_cheaper(tmp_path: Path) -> None:
    async def run(archive: Archive) -> None:
        journal = Journal(archive, Ledger(Caps(tokens=150), archive.standing))
        worst = Amount(1, 100, 0)
        await journal.reserve(worst)
        second = asyncio.create_task(journal.reserve(worst))
        await asyncio.sleep(0.05)
        assert not second.done()
        journal.settle(worst, Amount(1, 10, 0))
        await asyncio.wait_for(second, 1)
        assert journal.ledger.reserved == worst

    with Archive(tmp_path / "a") as archive:
        asyncio.run(run(archive))


def test_a_failed_write_reaches_everybody_who_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run(archive: Archive) -> None:
        journal = Journal(archive, Ledger(Caps(), archive.standing))
        failed = await asyncio.gather(
            *(journal.reserve(Amount(1, 1, 1)) for _ in range(3)), return_exceptions=True
        )
        assert [type(error) for error in failed] == [RunError] * 3
        assert journal.ledger.reserved == Amount()
        journal.when_written(lambda: pytest.fail("nothing is on the disk"))
        with pytest.raises(RunError, match="full"):
            await journal.finish()

    def fail(*_: object) -> None:
        raise RunError("full")

    with Archive(tmp_path / "a") as archive:
        monkeypatch.setattr(archive, "_write", fail)
        asyncio.run(run(archive))
