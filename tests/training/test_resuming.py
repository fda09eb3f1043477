"""A round left half-way goes on as if nothing had happened, also where its newest checkpoint is damaged."""

import itertools
import shutil
from pathlib import Path

import pytest
import torch
from training_builders import example, page, tiny, trained

from skilladapt.models.adapter import with_all_weights
from skilladapt.models.loading import hash_weights, load_student
from skilladapt.training import resuming, trunk_states
from skilladapt.training.resuming import Bookmarks

ITEMS = [example(1), example(30), page(), example(4), example(2)]
STUDENTS = {
    "adapter": lambda: tiny(dropout=0.2),
    "adapter on top": lambda: tiny(dropout=0.2, top_layers=1),
    "all weights": lambda: with_all_weights(load_student("tiny-random")),
}
ROUND = {"passes": 3, "batch_size": 2}
STEPS = 9


class Left(Exception):
    """The round is left here."""


def left_after(steps: int, folder: Path, student, inputs: str = "these") -> None:
    """Trains with a checkpoint after every step, and leaves after some."""
    bookmarks = Bookmarks(folder, inputs, every_s=0)

    def on_step(report) -> None:
        bookmarks.keep(student, report)
        if report.done == steps:
            raise Left

    with pytest.raises(Left):
        trained(student, ITEMS, on_step=on_step, **ROUND)


def resumed(folder: Path, student):
    """The student at the end of the round, its losses, and what was damaged."""
    student, progress, faults = Bookmarks(folder, "these", every_s=0).newest(student)
    result = trained(student, ITEMS, resume=progress, **ROUND)
    return hash_weights(student), [history.loss_P for history in result.histories], result, faults


@pytest.mark.parametrize("kind", STUDENTS)
@pytest.mark.parametrize("steps", [1, 2, 3, 4, 8])
def test_a_round_left_after_any_step_ends_bit_for_bit_as_if_it_had_not_been(tmp_path, kind, steps):
    student = STUDENTS[kind]()
    whole = trained(student, ITEMS, **ROUND)
    left_after(steps, tmp_path, STUDENTS[kind]())
    weights, losses, result, faults = resumed(tmp_path, STUDENTS[kind]())
    assert not faults
    assert weights == hash_weights(student)
    assert losses == [history.loss_P for history in whole.histories]
    assert (result.tokens, result.state.tokens, result.state.step) == (whole.tokens, whole.state.tokens, STEPS)
    assert all(torch.equal(whole.state.optimizer[name], each) for name, each in result.state.optimizer.items())


def test_it_would_not_without_the_position_in_the_checkpoint(tmp_path, monkeypatch):
    student = STUDENTS["adapter"]()
    trained(student, ITEMS, **ROUND)
    left_after(4, tmp_path, STUDENTS["adapter"]())
    monkeypatch.setattr(resuming, "RoundProgress", lambda done, *rest: resuming_progress(0, *rest))
    weights, *_ = resumed(tmp_path, STUDENTS["adapter"]())
    assert weights != hash_weights(student)


resuming_progress = resuming.RoundProgress


def test_only_the_two_newest_are_kept_and_none_of_the_end(tmp_path):
    bookmarks, student = Bookmarks(tmp_path / "steps", "these", every_s=0), tiny()
    trained(student, ITEMS, on_step=lambda report: bookmarks.keep(student, report), **ROUND)
    assert [path.name for path in sorted((tmp_path / "steps").iterdir())] == ["step-000000007", "step-000000008"]


@pytest.mark.parametrize(
    "name", ["adapter_model.safetensors", "optimizer.safetensors", "dynamics.safetensors", "state.json"]
)
@pytest.mark.parametrize("how", ["flip", "cut", "delete"])
def test_a_damaged_newest_checkpoint_gives_way_to_the_one_before_and_is_named(tmp_path, name, how):
    student = tiny()
    trained(student, ITEMS, **ROUND)
    left_after(5, tmp_path, tiny())
    path = tmp_path / "step-000000005" / name
    content = bytearray(path.read_bytes())
    if how == "delete":
        path.unlink()
    else:
        content[len(content) // 2] ^= 1
        path.write_bytes(content if how == "flip" else content[: len(content) // 2])
    _, progress, faults = Bookmarks(tmp_path, "these", 0).newest(tiny())
    assert progress is not None and progress.steps_done == 4
    assert len(faults) == 1 and "step-000000005 is damaged" in faults[0]
    assert resumed(tmp_path, tiny())[0] == hash_weights(student)


def test_without_a_whole_checkpoint_the_round_begins_again(tmp_path):
    student = tiny()
    trained(student, ITEMS, **ROUND)
    left_after(5, tmp_path, tiny())
    for folder in tmp_path.iterdir():
        (folder / "state.json").unlink()
    weights, _, _, faults = resumed(tmp_path, tiny())
    assert weights == hash_weights(student) and len(faults) == 2


def test_a_checkpoint_of_other_data_is_passed_over(tmp_path):
    left_after(3, tmp_path, tiny(), inputs="others")
    _, progress, faults = Bookmarks(tmp_path, "these", 0).newest(tiny())
    assert progress is None and all("is of other data or settings" in fault for fault in faults)


def test_checkpoints_wait_for_their_time_and_take_a_small_share_of_it(tmp_path):
    """Writes that take 10 s are 200 s apart, however often they are asked for."""
    now = itertools.count(0, 10)
    bookmarks, student, kept = Bookmarks(tmp_path, "these", 30, clock=lambda: next(now)), tiny(), []

    def on_step(report) -> None:
        before = set(tmp_path.iterdir())
        bookmarks.keep(student, report)
        kept.extend(path.name for path in set(tmp_path.iterdir()) - before)

    trained(student, [example(1)], passes=40, on_step=on_step)
    # The clock moves by 10 s whenever it is looked at: at each step, and twice more around a write.
    numbers = [int(name.removeprefix("step-")) for name in kept]
    assert numbers[0] == 3 and len(numbers) == 2
    assert numbers[1] - numbers[0] >= 20


def test_states_that_are_not_kept_are_computed_again_to_the_last_bit(monkeypatch):
    monkeypatch.setattr(trunk_states, "WINDOW_TOKENS", 120)
    kept, again = tiny(top_layers=1), tiny(top_layers=1)
    one = trained(kept, ITEMS, **ROUND)
    monkeypatch.setattr(trunk_states, "KEPT_BYTES", 0)
    two = trained(again, ITEMS, **ROUND)
    assert hash_weights(kept) == hash_weights(again)
    assert [h.loss_P for h in one.histories] == [h.loss_P for h in two.histories]


def test_a_moved_folder_goes_on_too(tmp_path):
    left_after(3, tmp_path / "here", tiny())
    shutil.move(tmp_path / "here", tmp_path / "there")
    assert resumed(tmp_path / "there", tiny())[3] == []
