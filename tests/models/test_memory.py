import psutil
import pytest
import torch
from architectures import FAMILIES, save_member
from transformers import LlamaConfig

from skilladapt.errors import UserError
from skilladapt.models import loading, memory
from skilladapt.models.adapter import trainable_parameters, with_adapter
from skilladapt.models.loading import check_student, load_student
from skilladapt.models.memory import GIB, MARGIN, Training, available_bytes, check_memory, needed_bytes

CPU = torch.device("cpu")
LARGE = LlamaConfig(hidden_size=8192, num_hidden_layers=4, num_key_value_heads=8, intermediate_size=28672)


def test_needed_memory_is_that_of_weights_gradients_and_moments(tmp_path):
    for family in FAMILIES:
        student = load_student(str(save_member(family, tmp_path / family)))
        config = student.model.config
        weights = sum(parameter.numel() for parameter in student.model.parameters())
        assert needed_bytes(config, torch.float32) == 4 * weights
        assert needed_bytes(config, torch.bfloat16) == 2 * weights
        assert needed_bytes(config, torch.bfloat16, Training(None)) == 4 * 2 * weights
        needed = {layers: needed_bytes(config, torch.bfloat16, Training(4, layers)) for layers in (1, None)}
        student = with_adapter(student, rank=4)
        adapter = sum(parameter.numel() for parameter in trainable_parameters(student).values())
        assert needed[None] == 2 * weights + 16 * adapter
        layers = config.num_hidden_layers
        assert (needed[1] - 2 * weights) * layers == pytest.approx(needed[None] - 2 * weights, abs=layers)


def test_counting_takes_no_memory_to_speak_of():
    before = psutil.Process().memory_info().rss
    assert needed_bytes(LARGE, torch.float32) > 12 * GIB
    assert psutil.Process().memory_info().rss - before < GIB / 4


@pytest.mark.parametrize(
    ("dtype", "training", "message"),
    [
        (
            torch.float32,
            Training(None),
            r"needs at least 60\.1 GiB of memory to train all its weights in float32, "
            r"and 2\.0 GiB are available on cpu; name a smaller model, "
            r'set student.precision to "bfloat16", set student.adapter to "lora" or choose another',
        ),
        (
            torch.bfloat16,
            Training(16),
            r"for its weights in bfloat16, .*; name a smaller model or choose another student.device\.$",
        ),
    ],
)
def test_message_says_what_is_needed_what_is_there_and_what_can_be_done(monkeypatch, dtype, training, message):
    monkeypatch.setattr(memory, "available_bytes", lambda place: 2 * GIB)
    with pytest.raises(UserError, match=message) as refused:
        check_memory("large", LARGE, CPU, dtype, training)
    assert "'large'" in str(refused.value)


def test_model_that_just_fits_is_not_refused(monkeypatch):
    needed = needed_bytes(LARGE, torch.float32) + MARGIN
    monkeypatch.setattr(memory, "available_bytes", lambda place: needed)
    check_memory("large", LARGE, CPU, torch.float32)
    monkeypatch.setattr(memory, "available_bytes", lambda place: needed - 1)
    with pytest.raises(UserError):
        check_memory("large", LARGE, CPU, torch.float32)


def test_model_that_does_not_fit_is_refused_before_any_weight_is_read(monkeypatch, tmp_path):
    folder = str(save_member("llama", tmp_path))
    monkeypatch.setattr(loading, "_read_model", pytest.fail)
    monkeypatch.setattr(memory, "available_bytes", lambda place: 1000)
    for attempt in (load_student, check_student):
        with pytest.raises(UserError, match="needs at least 0.3 GiB .* 0.0 GiB are available") as refused:
            attempt(folder)
        assert len(refused.value.mistakes) == 1


def group(folder, files):
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)


def test_limits_of_control_groups_of_both_versions_count(tmp_path):
    group(
        tmp_path / "a",
        {"memory.max": "5000\n", "memory.current": "3000\n", "memory.stat": "anon 1\ninactive_file 500\n"},
    )
    group(tmp_path / "a" / "b", {"memory.max": "max\n", "memory.current": "1\n", "memory.stat": ""})
    group(
        tmp_path / "memory" / "c",
        {
            "memory.limit_in_bytes": "7000",
            "memory.usage_in_bytes": "3000",
            "memory.stat": "total_inactive_file 10\ntotal_active_file 20\n",
        },
    )
    (tmp_path / "membership").write_text("4:memory:/c\n3:cpuset:/\n0::/a/b\n")
    assert sorted(memory._room_in_groups(tmp_path, tmp_path / "membership")) == [2500, 4030]
    assert list(memory._room_in_groups(tmp_path, tmp_path / "missing")) == []


def test_a_control_group_out_of_sight_or_out_of_order_limits_nothing(tmp_path):
    (tmp_path / "membership").write_text("0::/elsewhere\n")
    assert list(memory._room_in_groups(tmp_path, tmp_path / "membership")) == []
    group(tmp_path, {"memory.max": "?", "memory.current": "", "memory.stat": "a b c"})
    assert list(memory._room_in_groups(tmp_path, tmp_path / "membership")) == []


def test_some_memory_is_available_here():
    assert available_bytes(CPU) > GIB / 4
