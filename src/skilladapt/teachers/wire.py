"""The few fields of the OpenAI-compatible format that are used, written and read.

What comes back is a stranger's: it is read strictly, and whatever is not as it should be is said in a few words
and never mended.
"""

import json
from dataclasses import dataclass
from typing import Any

from skilladapt.teachers.teacher import Finish, Request

FINISHES: dict[str, Finish] = {
    "stop": "stop",
    "length": "length",
    "content_filter": "filtered",
}
OPTIONAL = ("response_format", "top_p", "temperature", "max_tokens")
"""Fields that some services refuse, in the order in which they are left out where a refusal names none of them."""
OTHER_NAME = {"max_tokens": "max_completion_tokens"}
"""What a field is called by services that refuse its first name; without it the length of a reply has no bound."""
MOST_TOKENS = 2**40
SHOWN = 200
"""Characters of a service's message that are passed on."""


@dataclass(frozen=True)
class Received:
    """What was read of a response that came with success."""

    text: str
    finish: Finish
    model: str
    """Empty where the service does not say."""
    prompt_tokens: int | None
    """None where the service does not say; so is the next."""
    completion_tokens: int | None
    problem: str
    """Why there is no usable text; empty when there is."""


def body_of(request: Request, model: str, left_out: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The body of a call, without the fields that the service refuses."""
    sampling = request.sampling
    body: dict[str, Any] = {
        "model": model,
        "messages": [{"role": message.role, "content": message.content} for message in request.messages],
        "temperature": sampling.temperature,
        "max_tokens": sampling.max_tokens,
    }
    if sampling.top_p < 1:
        body["top_p"] = sampling.top_p
    if request.reply_schema is not None:
        schema = {"name": "reply", "schema": request.reply_schema, "strict": True}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    for field in left_out & body.keys():
        value = body.pop(field)
        if field in OTHER_NAME:
            body[OTHER_NAME[field]] = value
    return body


def read_response(data: bytes) -> Received:
    """The first choice of a response."""
    try:
        content = strict_json(data)
    except ValueError as error:
        return _without_text(str(error))
    if not isinstance(content, dict):
        return _without_text("no JSON object")
    usage = content.get("usage")
    usage = usage if isinstance(usage, dict) else {}
    choices = content.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    text, refusal = (message.get("content"), message.get("refusal")) if isinstance(message, dict) else (None, None)
    finish = choice.get("finish_reason") if isinstance(choice, dict) else None
    model = content.get("model")
    if isinstance(refusal, str) and refusal:
        problem = f"refused: {excerpt(refusal)}"
    elif not isinstance(message, dict):
        problem = "no message in it"
    elif not isinstance(text, str):
        problem = "no text in it"
    elif not text.strip():
        problem = "an empty text, cut at the limit" if finish == "length" else "an empty text"
    elif not _is_unicode(text):
        problem = "no valid Unicode"
    else:
        problem = ""
    return Received(
        text=text if isinstance(text, str) else "",
        finish=FINISHES.get(finish, "unknown") if isinstance(finish, str) else "unknown",
        model=excerpt(model) if isinstance(model, str) else "",
        prompt_tokens=_tokens(usage.get("prompt_tokens")),
        completion_tokens=_tokens(usage.get("completion_tokens")),
        problem=problem,
    )


def strict_json(data: bytes) -> Any:
    """What is written in `data`. Raises ValueError, in a few words, on what JSON does not allow or leaves open."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("no UTF-8 text") from None
    if not text.strip():
        raise ValueError("an empty body")
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError:
        raise ValueError("no JSON") from None
    except RecursionError:
        raise ValueError("JSON nested too deeply") from None
    except ValueError as error:  # ours, or of a number with thousands of digits
        raise ValueError(str(error) if str(error) in _OWN else "a number without end in it") from None


def message_of(data: bytes) -> str:
    """What an error's body says, shortened; all of it where it is not of the usual shape."""
    try:
        content = strict_json(data)
    except ValueError:
        return excerpt(data.decode("utf-8", "replace"))
    error = content.get("error", content) if isinstance(content, dict) else content
    for place in ("message", "detail"):
        if isinstance(error, dict) and isinstance(error.get(place), str):
            return excerpt(" ".join(str(error[part]) for part in (place, "code", "param") if error.get(part)))
    return excerpt(error if isinstance(error, str) else json.dumps(error, ensure_ascii=False))


def excerpt(text: str) -> str:
    """The beginning of a stranger's text in one line, without characters that steer a terminal."""
    line = " ".join("".join(mark if mark.isprintable() else " " for mark in text[: 4 * SHOWN]).split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}..."


def prompt_tokens_at_most(request: Request) -> int:
    """No tokenizer makes more tokens than bytes of a text; room is left for the template around the messages."""
    texts = [message.content for message in request.messages]
    if request.reply_schema is not None:
        texts.append(json.dumps(request.reply_schema))
    return sum(len(text.encode("utf-8", "surrogatepass")) + 16 for text in texts) + 64


def likely_tokens(text: str) -> int:
    """About as many tokens as a text has, rather more: one for each three bytes."""
    return -(-len(text.encode("utf-8", "surrogatepass")) // 3)


_CONSTANT, _DOUBLE = "NaN or Infinity in it", "the same key twice in it"
_OWN = (_CONSTANT, _DOUBLE)


def _no_constant(_: str) -> None:
    raise ValueError(_CONSTANT)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        raise ValueError(_DOUBLE)
    return content


_DECODER = json.JSONDecoder(parse_constant=_no_constant, object_pairs_hook=_unique)


def _without_text(problem: str) -> Received:
    return Received("", "unknown", "", None, None, problem)


def _is_unicode(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _tokens(value: Any) -> int | None:
    return value if type(value) is int and 0 <= value < MOST_TOKENS else None
