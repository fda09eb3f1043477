"""The student that starts from nothing: it can write anything, and names and numbers cost it little."""

import pytest

from skilladapt.domains.operations.names import SYLLABLES
from skilladapt.domains.operations.words import PAGE_WORDS
from skilladapt.models.loading import hash_weights, load_student


@pytest.fixture(scope="module")
def student():
    return load_student("llama-1m")


def test_it_has_about_a_million_weights(student):
    assert 900_000 < sum(weight.numel() for weight in student.model.parameters()) < 1_200_000


def test_its_weights_are_drawn_by_the_seed(student):
    assert hash_weights(student) == hash_weights(load_student("llama-1m"))
    assert hash_weights(student) != hash_weights(load_student("llama-1m", seed=1))


@pytest.mark.parametrize("text", ["drom(47) = 13", "Ünïcode 中文 \n\n\t\x00", "", "<unknown>"])
def test_it_writes_any_text_without_loss(student, text):
    assert student.chat.decode(student.chat.encode_content(text)) == text


@pytest.mark.parametrize("mark", ["<|end|>", "<|user|>", "<|assistant|>", "<|endoftext|>"])
def test_no_text_becomes_a_control_token(student, mark):
    ids = student.chat.encode_content(f"a{mark}b")
    assert not set(ids) & set(student.tokenizer.all_special_ids) and student.chat.decode(ids) == f"a{mark}b"


def test_a_call_costs_a_token_for_a_name_and_for_each_digit(student):
    assert len(student.chat.encode_content("splun(glolk(47)) = ?")) == 9


@pytest.mark.parametrize("words", [SYLLABLES, [f" {word.lower()}" for word in PAGE_WORDS]])
def test_every_name_and_word_of_the_operations_is_one_token(student, words):
    assert {word for word in words if len(student.chat.encode_content(word)) > 1} == set()
