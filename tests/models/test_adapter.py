import json

import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file, save_file

from skilladapt.errors import UserError
from skilladapt.models.adapter import (
    load_adapter,
    restore_weights,
    save_adapter,
    trainable_parameters,
    trainable_weights,
    with_adapter,
    with_all_weights,
)
from skilladapt.models.loading import load_student


def logits(student):
    ids = torch.tensor([student.chat.encode_prompt("Differentiate 3x^2.")])
    with torch.inference_mode():
        return student.model(input_ids=ids).logits


def disturbed(student, amount=0.1):
    restore_weights(student, {name: weight + amount for name, weight in trainable_weights(student).items()})
    return student


def test_a_fresh_adapter_changes_nothing():
    expected = logits(load_student("tiny-random"))
    assert torch.equal(logits(with_adapter(load_student("tiny-random"), rank=4)), expected)


def test_an_adapter_is_on_all_seven_linear_layers_of_each_layer_and_on_no_other():
    names = list(trainable_parameters(with_adapter(load_student("tiny-random"), rank=4)))
    assert len(names) == 2 * 7 * 2  # layers, linear layers, two matrices
    assert not [name for name in names if "lm_head" in name or "embed" in name]
    shapes = {
        tuple(p.shape) for p in trainable_parameters(with_adapter(load_student("tiny-random"), rank=4)).values()
    }
    assert shapes == {(4, 64), (64, 4), (32, 4), (128, 4), (4, 128)}


def test_nothing_is_computed_backwards_below_the_adapted_layers():
    student = with_adapter(load_student("tiny-random"), rank=4, top_layers=1)
    assert all(".layers.1." in name for name in trainable_parameters(student))
    carries_gradient = []
    for layer in student.model.get_base_model().model.layers:
        layer.register_forward_hook(lambda module, inputs, output: carries_gradient.append(output.requires_grad))
    student.model(input_ids=torch.tensor([[5, 6, 7]]))
    assert carries_gradient == [False, True]


def test_an_adapter_is_drawn_from_its_seed_alone():
    def drawn(seed):
        return trainable_weights(with_adapter(load_student("tiny-random"), seed=seed))

    torch.manual_seed(1)
    first = drawn(seed=7)
    state = torch.random.get_rng_state()
    second, other = drawn(seed=7), drawn(seed=8)
    assert torch.equal(state, torch.random.get_rng_state())
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert not all(torch.equal(first[name], other[name]) for name in first)


def test_the_update_is_scaled_by_alpha_over_rank_which_is_two():
    student = with_adapter(load_student("tiny-random"), rank=4)
    layer = student.model.get_base_model().model.layers[0].mlp.up_proj
    with torch.no_grad():
        layer.lora_B["default"].weight.fill_(0.5)
        x = torch.ones(1, 64)
        update = 2 * torch.full((128, 4), 0.5) @ layer.lora_A["default"].weight
        assert torch.allclose(layer(x) - layer.base_layer(x), x @ update.T, atol=1e-6)


def test_more_layers_than_there_are_is_the_persons_mistake():
    with pytest.raises(
        UserError, match="has 2 layers, of which 3 cannot be adapted; set student.lora_layers to 1-2"
    ):
        with_adapter(load_student("tiny-random"), top_layers=3)


def test_all_weights_can_be_trained_instead():
    student = with_all_weights(load_student("tiny-random"))
    assert "model.embed_tokens.weight" in trainable_parameters(student)
    assert sum(p.numel() for p in trainable_parameters(student).values()) == sum(
        p.numel() for p in student.model.parameters()
    )


def test_a_snapshot_brings_the_student_back():
    student = disturbed(with_adapter(load_student("tiny-random"), rank=4))
    expected, snapshot = logits(student), trainable_weights(student)
    assert not torch.equal(logits(disturbed(student)), expected)
    restore_weights(student, snapshot)
    assert torch.equal(logits(student), expected)


@pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing:FutureWarning")  # between peft and transformers
@pytest.mark.parametrize("top_layers", [None, 1])
def test_a_saved_adapter_answers_as_before(tmp_path, top_layers):
    student = disturbed(with_adapter(load_student("tiny-random"), rank=4, top_layers=top_layers))
    save_adapter(student, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["adapter_config.json", "adapter_model.safetensors"]
    fresh = load_adapter(load_student("tiny-random"), tmp_path)
    assert torch.equal(logits(fresh), logits(student))
    assert list(trainable_parameters(fresh)) == list(trainable_parameters(student))
    replaced = load_adapter(disturbed(fresh, 3.0), tmp_path)
    assert torch.equal(logits(replaced), logits(student))
    theirs = PeftModel.from_pretrained(load_student("tiny-random").model, str(tmp_path))
    assert torch.equal(
        theirs(input_ids=torch.tensor([[5, 6]])).logits, student.model(torch.tensor([[5, 6]])).logits
    )


def test_equal_adapters_are_equal_files(tmp_path):
    for name in ("a", "b"):
        save_adapter(with_adapter(load_student("tiny-random"), rank=4), tmp_path / name)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_a_missing_foreign_or_damaged_adapter_is_one_clear_sentence(tmp_path):
    def refused(message):
        with pytest.raises(UserError, match=message) as error:
            load_adapter(load_student("tiny-random"), tmp_path)
        assert len(error.value.mistakes) == 1

    refused("no usable adapter")
    save_adapter(with_adapter(load_student("tiny-random"), rank=4), tmp_path)
    weights = load_file(tmp_path / "adapter_model.safetensors")
    save_file({name: weight[:1] for name, weight in weights.items()}, tmp_path / "adapter_model.safetensors")
    refused("those of another model")
    (tmp_path / "adapter_model.safetensors").write_bytes(b"\xff" * 64)
    refused("no usable adapter")
    (tmp_path / "adapter_config.json").write_text("[]")
    refused("no usable adapter")


def test_pickled_adapter_weights_are_never_read(tmp_path):
    save_adapter(with_adapter(load_student("tiny-random"), rank=4), tmp_path)
    torch.save({}, tmp_path / "adapter_model.bin")
    (tmp_path / "adapter_model.safetensors").unlink()
    with pytest.raises(UserError):
        load_adapter(load_student("tiny-random"), tmp_path)


def test_a_hostile_adapter_configuration_sets_nothing_but_shape(tmp_path):
    save_adapter(with_adapter(load_student("tiny-random"), rank=4), tmp_path)
    config = json.loads((tmp_path / "adapter_config.json").read_text())
    config.update(auto_mapping={"base_model_class": "os", "parent_library": "os"}, init_lora_weights="pissa")
    (tmp_path / "adapter_config.json").write_text(json.dumps(config))
    loaded = load_adapter(load_student("tiny-random"), tmp_path).model.peft_config["default"]
    assert loaded.auto_mapping is None and loaded.init_lora_weights is True
