import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loopback import completion
from teacher_builders import request

from skilladapt.teachers.wire import (
    body_of,
    excerpt,
    likely_tokens,
    message_of,
    prompt_tokens_at_most,
    read_response,
    strict_json,
)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_have_a_problem(data: bytes) -> None:
    received = read_response(data)
    assert received.problem and not received.text
    assert len(message_of(data)) <= 210


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=40, deadline=None)
@given(JSON, JSON, JSON, JSON, JSON)
def test_any_value_in_any_place_is_read_or_has_a_problem(
    content: object, finish: object, usage: object, model: object, refusal: object
) -> None:
    choice = {"message": {"content": content, "refusal": refusal}, "finish_reason": finish}
    for choices in ([choice], [content], content, [{"message": content}]):
        body = {"choices": choices, "usage": usage, "model": model}
        received = read_response(json.dumps(body).encode())
        assert bool(received.problem) or (received.text == content and isinstance(content, str))
        assert received.finish in ("stop", "length", "filtered", "unknown")


@pytest.mark.parametrize("tokens", [True, -1, 1.5, "3", None, 2**60, [1]])
def test_a_number_of_tokens_that_is_none_counts_as_not_reported(tokens: object) -> None:
    data = completion("a").replace(b'"prompt_tokens": 10', b'"prompt_tokens": ' + json.dumps(tokens).encode())
    received = read_response(data)
    assert received.prompt_tokens is None and received.completion_tokens == 5 and not received.problem


def test_json_is_read_as_it_is_written() -> None:
    assert strict_json(b' {"a": [1, 2.5, null, "\\u00e9\\ud83d\\ude00"]} ') == {"a": [1, 2.5, None, "é\U0001f600"]}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            b'{"error": {"message": "too long", "code": "limit", "param": "max_tokens"}}',
            "too long limit max_tokens",
        ),
        (b'{"error": {"message": "no"}}', "no"),
        (b'{"error": "plain"}', "plain"),
        (b'{"detail": "Unsupported fields"}', "Unsupported fields"),
        (b'{"message": "at the top"}', "at the top"),
        (b'{"detail": [{"loc": ["body", "top_p"]}]}', '{"detail": [{"loc": ["body", "top_p"]}]}'),
        (b"<html>\n  502\x1b[31m </html>", "<html> 502 [31m </html>"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b"", ""),
        (b"[" * 100_000, "[" * 200 + "..."),
    ],
)
def test_what_an_error_says_is_found_wherever_it_stands(data: bytes, message: str) -> None:
    assert message_of(data) == message


def test_an_excerpt_is_one_short_line_without_signs_that_steer() -> None:
    assert excerpt("a\r\n\tb\x1b[2J\u202ec\x00") == "a b [2J c"
    assert excerpt("x" * 1000) == "x" * 200 + "..."


def test_a_prompt_never_has_more_tokens_than_are_reserved_for_it() -> None:
    from skilladapt.models.loading import load_student

    tokenizer = load_student("tiny-random").tokenizer  # a token for each byte, nearly
    for text in ("", "a", "é\U0001f600" * 50, "\x00\x01", "plain words " * 30):
        messages = [{"role": "user", "content": text}]
        ids = tokenizer.apply_chat_template(messages, add_generation_prompt=True)["input_ids"]
        assert len(ids) <= prompt_tokens_at_most(request(text))
    assert prompt_tokens_at_most(request("a", reply_schema={"a": "b" * 500})) > 500
    assert prompt_tokens_at_most(request("\ud800")) == 3 + 16 + 64


def test_an_estimate_is_rather_too_high() -> None:
    assert likely_tokens("") == 0 and likely_tokens("four") == 2 and likely_tokens("ab" * 300) == 200


def test_what_is_left_out_is_not_in_the_body_but_its_other_name_is() -> None:
    asked = request("a", reply_schema={})
    assert body_of(asked, "m").keys() == {"model", "messages", "temperature", "max_tokens", "response_format"}
    left = body_of(asked, "m", frozenset({"max_tokens", "temperature", "top_p", "response_format"}))
    assert left.keys() == {"model", "messages", "max_completion_tokens"}
