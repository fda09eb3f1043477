import pytest
import torch
from architectures import BODY, FAMILIES, exercise, tokenizer_of
from transformers import AutoModelForCausalLM, Gemma3Config, Gemma3TextConfig, SiglipVisionConfig

from skilladapt.models.adapter import (
    load_adapter,
    save_adapter,
    trainable_parameters,
    with_adapter,
    with_all_weights,
)
from skilladapt.models.decoding import answer
from skilladapt.models.loading import context_length, load_student
from skilladapt.models.memory import Training, needed_bytes


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A tiny model that sees pictures too, as the larger ones of its family do."""
    family = FAMILIES["gemma3_text"]
    tokenizer = tokenizer_of(family)
    size = len(tokenizer)
    seeing = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = Gemma3Config(
        text_config=Gemma3TextConfig(**BODY, **family.settings, vocab_size=size + 3),
        vision_config=SiglipVisionConfig(**seeing, image_size=28, patch_size=14),
        **{
            name: size + index
            for index, name in enumerate(("image_token_index", "boi_token_index", "eoi_token_index"))
        },
        mm_tokens_per_image=4,
    )
    path = tmp_path_factory.mktemp("seeing")
    AutoModelForCausalLM.from_config(config).save_pretrained(path)
    tokenizer.save_pretrained(path)
    return path


def loss(student):
    encoded = student.chat.encode_exercise(exercise())
    ids = torch.tensor([encoded.input_ids])
    return student.model(input_ids=ids, labels=ids).loss


@pytest.mark.parametrize("top_layers", [None, 1])
def test_adapter_is_on_the_layers_that_read_text_alone(folder, tmp_path, top_layers):
    student = with_adapter(load_student(str(folder)), rank=4, top_layers=top_layers)
    parameters = trainable_parameters(student)
    assert len(parameters) == 2 * 7 * (top_layers or 3)
    assert all("language_model.layers." in name for name in parameters)
    loss(student).backward()
    assert all(parameter.grad is not None for parameter in parameters.values())
    save_adapter(student, tmp_path)
    again = trainable_parameters(load_adapter(load_student(str(folder)), tmp_path))
    assert again.keys() == parameters.keys()
    adapter = sum(parameter.numel() for parameter in parameters.values())
    weights = sum(parameter.numel() for parameter in student.model.parameters()) - adapter
    assert needed_bytes(student.model.config, torch.float32, Training(4, top_layers)) == 4 * weights + 16 * adapter


def test_all_weights_are_those_that_read_and_write_text(folder):
    student = with_all_weights(load_student(str(folder)))
    parameters = trainable_parameters(student)
    loss(student).backward()
    assert all(parameter.grad is not None for parameter in parameters.values())
    weights = sum(parameter.numel() for parameter in student.model.parameters())
    trained = sum(parameter.numel() for parameter in parameters.values())
    assert needed_bytes(student.model.config, torch.float32, Training(None)) == 4 * weights + 12 * trained


def test_it_answers_without_pictures(folder):
    student = load_student(str(folder))
    assert len(answer(student, ["Differentiate x.", "a"], max_new_tokens=3)) == 2
    assert context_length(student) == BODY["max_position_embeddings"]
