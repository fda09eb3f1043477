"""Students of every family write chats as their own templates do, whatever they are asked."""

import json

import pytest
from architectures import FAMILIES, exercise, tokenizer_of
from tokenizers import Tokenizer
from transformers import Qwen2Tokenizer

from skilladapt.models.chat import chat_of
from skilladapt.models.families import PROVEN
from skilladapt.models.loading import check_student
from skilladapt.records import Textbook

HARMLESS = [
    "Power the x",
    "Differentiate 3x^2 + 12345x = the\n\nAnother paragraph.\n\n\nAnd one more.",
    "12 + 3 = ?",
    "In the  middle, two spaces; \ttabs, zażółć 漢字 🦜.",
    "(x + 1)/2",
]
SHOT = ("What is 2 + 2?", "Adding: 2 + 2 = 4\n\nAnswer: 4")


def rendered(member, family, turns, prompt):
    """Ids as the library makes them of its own rendering, with the settings that templates look at."""
    if family == "qwen2":
        turns = [{"role": "system", "content": ""}, *turns]
    return member.tokenizer.apply_chat_template(
        turns, add_generation_prompt=prompt, enable_thinking=False, date_string="26 Jul 2024", return_dict=False
    )


def turns_of(*texts):
    return [{"role": "assistant" if index % 2 else "user", "content": text} for index, text in enumerate(texts)]


def test_student_is_of_its_familys_own_class(member, family, folder):
    check_student(str(folder))
    assert member.model.config.model_type == family
    assert type(member.model).__module__ == f"transformers.models.{family}.modeling_{family}".replace("_text", "")
    assert isinstance(member.tokenizer, Qwen2Tokenizer) == (family == "qwen2")


@pytest.mark.parametrize("text", HARMLESS)
def test_prompt_is_the_templates_own_rendering_in_the_tokenizers_own_tokens(member, family, text):
    assert member.chat.encode_prompt(text) == rendered(member, family, turns_of(text), prompt=True)
    assert member.chat.encode_prompt(text, [SHOT]) == rendered(member, family, turns_of(*SHOT, text), prompt=True)


@pytest.mark.parametrize("text", HARMLESS)
def test_exercise_is_trained_as_the_template_writes_a_whole_chat(member, family, text):
    one = exercise(question=text)
    encoded = member.chat.encode_exercise(one)
    whole = rendered(member, family, turns_of(text, one.completion), prompt=False)
    assert list(encoded.input_ids) == whole[: len(encoded.input_ids)]
    assert member.chat.decode(encoded.input_ids[encoded.completion_start :]) == one.completion
    spelled = member.chat.decode([encoded.input_ids[position] for position in encoded.answer_positions])
    assert spelled.replace(" ", "") == "6x6x"


def test_turn_ends_and_texts_begin_and_end_with_the_familys_own_tokens(member, family):
    end_of_turn, end_of_text = FAMILIES[family].ends
    chat, name = member.chat, member.tokenizer.convert_ids_to_tokens
    assert name(chat.end_of_turn) == end_of_turn
    page = chat.encode_textbook(Textbook(skill_id="a", title="Sums", text="Add.\n\nAdd.", author="a test"))
    assert name(page.input_ids[0]) == (FAMILIES[family].begins or end_of_text)
    assert name(page.input_ids[-1]) == end_of_text
    assert chat.decode(page.input_ids) == "Sums\n\nAdd.\n\nAdd."


def test_no_text_becomes_a_control_token(member, family):
    chat, every = member.chat, member.tokenizer.added_tokens_decoder
    control = {id for id, token in every.items() if token.content != "\n\n"}
    markers = [every[id].content for id in control]
    hostile = ["".join(markers), "x\n".join(markers), *markers, f"{markers[1][:3]}{markers[1]}{markers[1][3:]}"]
    harmless = [id for id in chat.encode_prompt("x", [("x", "x")]) if id in control]
    for text in hostile:
        # Or it would show nothing.
        assert control & set(member.tokenizer.encode(text, add_special_tokens=False))
        assert not control & set(chat.encode_content(text))
        assert chat.decode(chat.encode_content(text)) == text
        prompt = chat.encode_prompt(text, [(text, text)])
        assert [id for id in prompt if id in control] == harmless
        encoded = chat.encode_exercise(exercise(text, text, text))
        completion = encoded.input_ids[encoded.completion_start :]
        assert [id for id in completion if id in control] == [chat.end_of_turn]


def test_prompt_is_the_same_on_every_day(member, family):
    if family == "llama":
        assert "Today Date: 26 Jul 2024" in member.tokenizer.decode(member.chat.encode_prompt("x"))
        assert "26 Jul 2024" not in member.tokenizer.apply_chat_template(turns_of("x"), tokenize=False)
    else:
        assert "date" not in FAMILIES[family].template


OLDER = {
    "before every text": {"pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"}},
    "by a normalizer": {
        "pre_tokenizer": None,
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "Prepend", "prepend": "▁"},
                {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
            ],
        },
    },
}


@pytest.mark.parametrize("older", OLDER)
def test_older_tokenizers_put_a_space_before_texts_as_they_always_did(older):
    tokenizer = tokenizer_of(FAMILIES["mistral"])
    content = json.loads(tokenizer.backend_tokenizer.to_str())
    tokenizer._tokenizer = Tokenizer.from_str(json.dumps(content | OLDER[older]))
    chat = chat_of(tokenizer, "older")
    for text in (*HARMLESS, " x", "x"):
        turns = turns_of(*SHOT, text)
        assert chat.encode_prompt(text, [SHOT]) == tokenizer.apply_chat_template(turns, return_dict=False)
        assert chat.decode(chat.encode_content(text)).lstrip() == text.lstrip()
    encoded = chat.encode_exercise(exercise())
    assert chat.decode(encoded.input_ids[encoded.completion_start :]) == exercise().completion


def test_every_proven_family_is_among_the_tested_ones():
    assert {family.config.model_type for family in FAMILIES.values()} == PROVEN
