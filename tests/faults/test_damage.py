"""Bytes flipped, cut off, deleted and put there: each is noticed, told, and done again."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from comparison import EQUAL, compare, fingerprints
from trials import Outcome, Server, Whole

OWN_CHECK = frozenset({"config.toml", "events.jsonl", "run.json", ".lock", "manifest.json"})
"""Files that no manifest holds the hash of."""


def flip(path: Path, rng: random.Random) -> None:
    data = bytearray(path.read_bytes())
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    path.write_bytes(data)


def cut(path: Path, rng: random.Random) -> None:
    path.write_bytes(path.read_bytes()[: rng.randrange(path.stat().st_size)])


def delete(path: Path, _: random.Random) -> None:
    path.unlink()


def stage_files(out: Path) -> list[str]:
    return sorted(
        path.relative_to(out).as_posix()
        for path in out.rglob("*")
        if path.is_file() and (path.name not in OWN_CHECK or path.parent.name == "checkpoint")
    )


def undetected(server: Server, whole: Whole, out: Path, names: list[str], **order: object) -> list[str]:
    """What was damaged without a word, or is not as it was after the run went on; each name with its fault."""
    continued = server.run(out, **order)
    faults = [name for name in names if f"warning: {name}" not in continued.said]
    if continued.status != 0:
        return [f"status {continued.status}: {continued.said}"]
    comparison = compare(whole.out, out)
    return faults + ([] if comparison == EQUAL else [str(comparison)])


@pytest.mark.slow
@pytest.mark.parametrize("damage", [flip, cut, delete])
def test_damaged_file_is_told_and_done_again(
    server: Server, whole: Whole, tmp_path: Path, damage: Callable[[Path, random.Random], None]
) -> None:
    # Every file in one copy or another; one stage of each copy, as a damaged stage hides what follows it.
    found, tried = [], stage_files(whole.out)
    rng = random.Random(damage.__name__)
    rng.shuffle(tried)
    for number, name in enumerate(tried[:10]):
        out = tmp_path / str(number)
        shutil.copytree(whole.out, out)
        damage(out / name, rng)
        found += undetected(server, whole, out, [name])
        shutil.rmtree(out)
    print(f"{damage.__name__}: {min(10, len(tried))} of {len(tried)} files tried, {len(found)} undetected")
    assert not found, "\n".join(found)


def test_check_notices_that_hashes_are_not_compared(server: Server, whole: Whole, tmp_path: Path) -> None:
    out = tmp_path / "run"
    shutil.copytree(whole.out, out)
    flip(out / "round-1" / "tokens.json", random.Random(0))
    assert undetected(server, whole, out, ["round-1/tokens.json"], mutations=["no_hash_check"])


def test_every_file_is_in_a_manifest_or_checked_otherwise(whole: Whole) -> None:
    named = "".join(path.read_text() for path in whole.out.rglob("manifest.json"))
    assert len(stage_files(whole.out)) > 50
    assert not [name for name in stage_files(whole.out) if f'"{name}"' not in named]


@pytest.mark.parametrize("place", ["manifest.json", "round-0/manifest.json", "round-2/manifest.json"])
@pytest.mark.parametrize("damage", [flip, cut, delete])
def test_damaged_manifest_means_doing_its_stages_again(
    server: Server, whole: Whole, tmp_path: Path, place: str, damage: Callable[[Path, random.Random], None]
) -> None:
    out = tmp_path / "run"
    shutil.copytree(whole.out, out)
    damage(out / place, random.Random(place))
    continued = server.run(out)
    assert continued.status == 0, continued.said
    assert compare(whole.out, out) == EQUAL


@pytest.mark.parametrize("damage", [flip, cut, delete])
def test_damaged_configuration_is_refused_and_nothing_is_touched(
    server: Server, whole: Whole, tmp_path: Path, damage: Callable[[Path, random.Random], None]
) -> None:
    for seed in range(4):
        out = tmp_path / str(seed)
        shutil.copytree(whole.out, out)
        damage(out / "config.toml", random.Random(seed))
        before = fingerprints(out)
        outcome = server.run(out)
        assert outcome.status == 2 and "Traceback" not in outcome.said, outcome.said
        assert fingerprints(out) == before


def test_torn_log_of_events_loses_only_what_was_torn(server: Server, whole: Whole, tmp_path: Path) -> None:
    from skilladapt.store import RunDirectory

    lines = (whole.out / "events.jsonl").read_bytes()
    whole_events = RunDirectory(whole.out).events()
    rng = random.Random(0)
    lost = 0
    for number in range(50):
        out = tmp_path / str(number)
        out.mkdir()
        kept = lines[: rng.randrange(1, len(lines))]
        (out / "events.jsonl").write_bytes(kept)
        with RunDirectory(out) as directory:
            directory.log(stage="next", event="begin")
        events = RunDirectory(out).events()
        complete = kept.count(b"\n")
        assert events[:complete] == whole_events[:complete]
        lost += events[-1].get("stage") != "next"
    print(f"events torn at 50 places: {lost} later events lost")
    assert lost == 0


STRAY: dict[str, Callable[[Path], object]] = {
    "half-written file": lambda out: (out / "round-1" / ".writing-abc").write_text("half"),
    "staged checkpoint": lambda out: shutil.copytree(
        out / "round-1/checkpoint", out / "round-2/.staging-checkpoint"
    ),
    "round that is none of the run's": lambda out: shutil.copytree(out / "round-2", out / "round-3"),
    "textbooks where none belong": lambda out: shutil.copy(
        out / "round-0/textbooks.parquet", out / "round-2/textbooks.parquet"
    ),
    "folder of another program": lambda out: (out / ".cache").mkdir(),
}


@pytest.mark.parametrize("stray", STRAY)
@pytest.mark.parametrize("finished", [True, False])
def test_stray_file_changes_nothing(
    server: Server, whole: Whole, tmp_path: Path, stray: str, finished: bool
) -> None:
    out = tmp_path / "run"
    shutil.copytree(whole.out, out)
    STRAY[stray](out)
    if not finished:
        (out / "round-2" / "losses.parquet").unlink()
    continued = server.run(out)
    assert continued.status == 0, continued.said
    comparison = compare(whole.out, out)
    print(f"{stray}: left over {comparison.left_over}")
    assert not comparison.differing and not comparison.missing
    assert not [name for name in comparison.left_over if ".writing-" in name or ".staging-" in name]
    assert results(continued) == results(whole.outcome)


def results(outcome: Outcome) -> str:
    """The table of results that was printed."""
    _, _, table = outcome.said.partition("Share of held-out probes")
    return table.partition("Report:")[0]
