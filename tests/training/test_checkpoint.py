import json
import shutil
from pathlib import Path

import pytest
import torch
from training_builders import example, tiny, trained

from skilladapt.errors import RunError
from skilladapt.models.adapter import with_all_weights
from skilladapt.models.loading import hash_weights, load_student
from skilladapt.training import checkpoint
from skilladapt.training.checkpoint import load_checkpoint, save_checkpoint

ITEMS = [example(index) for index in range(5)]
POSITION = {"round": 1, "seed": 7}


def fresh(kind):
    return tiny(dropout=0.2) if kind == "adapter" else with_all_weights(load_student("tiny-random"))


@pytest.fixture
def saved(tmp_path):
    student = fresh("adapter")
    save_checkpoint(tmp_path / "round-1", student, trained(student, ITEMS).state, POSITION)
    return tmp_path / "round-1"


@pytest.mark.parametrize("kind", ["adapter", "all weights"])
def test_continuing_from_a_checkpoint_is_continuing_bit_for_bit(tmp_path, kind):
    student = fresh(kind)
    first = trained(student, ITEMS, passes=2)
    save_checkpoint(tmp_path / "c", student, first.state, POSITION)
    straight = trained(student, ITEMS, passes=2, state=first.state)

    loaded = load_checkpoint(tmp_path / "c", fresh(kind))
    assert loaded.position == POSITION
    assert (loaded.state.step, loaded.state.tokens) == (first.state.step, first.state.tokens)
    resumed = trained(loaded.student, ITEMS, passes=2, state=loaded.state)
    assert [h.loss_P for h in resumed.histories] == [h.loss_P for h in straight.histories]
    assert hash_weights(loaded.student) == hash_weights(student)


def test_the_optimizer_matters(tmp_path):
    # Or the test above would pass without saving it.
    student = fresh("adapter")
    first = trained(student, ITEMS, passes=2)
    save_checkpoint(tmp_path / "c", student, first.state, POSITION)
    trained(student, ITEMS, state=first.state)
    loaded = load_checkpoint(tmp_path / "c", fresh("adapter"))
    trained(loaded.student, ITEMS)
    assert hash_weights(loaded.student) != hash_weights(student)


def test_equal_training_makes_equal_files_and_none_of_them_is_a_pickle(tmp_path):
    for name in ("a", "b"):
        student = fresh("adapter")
        save_checkpoint(tmp_path / name, student, trained(student, ITEMS).state, POSITION)
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == [
        "adapter_config.json",
        "adapter_model.safetensors",
        "manifest.json",
        "optimizer.safetensors",
        "state.json",
    ]
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in names)


@pytest.mark.parametrize(
    "name", ["adapter_model.safetensors", "optimizer.safetensors", "state.json", "manifest.json"]
)
@pytest.mark.parametrize("how", ["flip the first byte", "flip the last byte", "cut", "delete"])
def test_damage_is_noticed(saved, name, how):
    path = saved / name
    content = bytearray(path.read_bytes())
    if how == "delete":
        path.unlink()
    elif how == "cut":
        path.write_bytes(content[: len(content) // 2])
    else:
        content[0 if "first" in how else -1] ^= 1
        path.write_bytes(content)
    if (name, how) == ("manifest.json", "flip the last byte"):  # the newline at its end: nothing is lost with it
        content[-2] ^= 1
        path.write_bytes(content)
    with pytest.raises(RunError, match="is damaged .* run the method again"):
        load_checkpoint(saved, fresh("adapter"))


def test_no_checkpoint_is_the_same_clear_message(tmp_path):
    with pytest.raises(RunError, match="is damaged"):
        load_checkpoint(tmp_path / "nothing", fresh("adapter"))


def test_a_checkpoint_may_be_moved(saved, tmp_path):
    shutil.move(saved, tmp_path / "elsewhere")
    assert load_checkpoint(tmp_path / "elsewhere", fresh("adapter")).position == POSITION


def test_when_writing_fails_the_older_checkpoint_stays(saved, monkeypatch):
    before = {path.name: path.read_bytes() for path in saved.iterdir()}
    student = fresh("adapter")
    state = trained(student, ITEMS, passes=2).state

    def full(path: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(checkpoint, "sync", full)
        with pytest.raises(RunError, match="No space left on device.*make room"):
            save_checkpoint(saved, student, state, POSITION)
    assert {path.name: path.read_bytes() for path in saved.iterdir()} == before
    save_checkpoint(saved, student, state, POSITION)  # what the failed attempt left is no hindrance
    assert json.loads((saved / "state.json").read_text())["step"] == state.step
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]


def test_loading_leaves_the_random_state_alone(saved):
    state = torch.random.get_rng_state()
    load_checkpoint(saved, fresh("adapter"))
    assert torch.equal(state, torch.random.get_rng_state())
