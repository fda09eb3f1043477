import pytest
import torch
from peft import LoraConfig, get_peft_model

from skilladapt.models import merging
from skilladapt.models.adapter import restore_weights, trainable_weights, with_adapter
from skilladapt.models.loading import load_student
from skilladapt.models.merging import merged

IDS = torch.arange(3, 23).view(4, 5)


@pytest.fixture
def adapted():
    student = with_adapter(load_student("tiny-random"), rank=4)
    restore_weights(student, {name: weight + 0.1 for name, weight in trainable_weights(student).items()})
    return student


def logits(model, ids=IDS):
    with torch.inference_mode():
        return model(input_ids=ids).logits


def changed(model):
    return {name.rsplit(".", 1)[-1] for name, layer in model.named_modules() if "forward" in vars(layer)}


@pytest.mark.parametrize("rows", [1, 4])
def test_merged_layers_compute_the_same_to_the_last_digits(adapted, rows):
    expected = logits(adapted.model, IDS[:rows])
    with merged(adapted.model):
        assert {"q_proj", "o_proj", "down_proj"} <= changed(adapted.model)
        torch.testing.assert_close(logits(adapted.model, IDS[:rows]), expected, atol=1e-5, rtol=1e-5)
    assert torch.equal(logits(adapted.model, IDS[:rows]), expected)


def test_an_adapter_that_is_switched_off_is_not_merged(adapted):
    with adapted.model.disable_adapter():
        expected = logits(adapted.model)
        with merged(adapted.model):
            torch.testing.assert_close(logits(adapted.model), expected, atol=1e-5, rtol=1e-5)
    assert not torch.allclose(logits(adapted.model), expected, atol=1e-3)


def test_a_model_without_an_adapter_stays_as_it_is():
    model = load_student("tiny-random").model
    with merged(model):
        assert not changed(model)


def test_numbers_of_16_bits_stay_as_they_are_as_a_small_update_would_be_rounded_away():
    student = with_adapter(load_student("tiny-random", dtype="bfloat16"), rank=4)
    with merged(student.model):
        assert not changed(student.model)


# peft 0.21 asks by a name that transformers 5.23 has renamed.
@pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing:FutureWarning")
def test_adapters_of_other_kinds_compute_the_same():
    config = LoraConfig(r=2, use_dora=True, target_modules="all-linear", task_type="CAUSAL_LM")
    model = get_peft_model(load_student("tiny-random").model, config)
    expected = logits(model)
    with merged(model):
        torch.testing.assert_close(logits(model), expected, atol=1e-5, rtol=1e-5)


def test_a_layer_with_a_forward_of_its_own_keeps_it(adapted):
    layer = next(module for name, module in adapted.model.named_modules() if name.endswith("up_proj"))
    layer.forward = own = lambda x: torch.zeros(*x.shape[:-1], 128)
    with merged(adapted.model):
        assert layer.forward is own
    assert layer.forward is own


def test_no_more_is_copied_than_the_limit(adapted, monkeypatch):
    monkeypatch.setattr(merging, "MOST_COPIED_BYTES", 3 * 64 * 64 * 4)
    expected = logits(adapted.model)
    with merged(adapted.model):
        assert 1 <= len([layer for layer in adapted.model.modules() if "forward" in vars(layer)]) <= 4
        torch.testing.assert_close(logits(adapted.model), expected, atol=1e-5, rtol=1e-5)


def test_layers_are_themselves_again_after_an_error(adapted):
    with pytest.raises(KeyboardInterrupt), merged(adapted.model):
        raise KeyboardInterrupt
    assert not changed(adapted.model)
