"""What a chat template writes around the contents of a chat: its text cut apart at placeholders.

Knows nothing of tokens. Nothing that people or authors wrote is ever rendered, so no template can act on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import TemplateError
from transformers import PreTrainedTokenizerFast

_SETTINGS: dict[str, Any] = {"enable_thinking": False, "date_string": "26 Jul 2024"}
"""What some templates look at. Qwen 3 then closes the block of thinking before it began: replies are short, and a
student that thinks aloud never comes to its answer. Llama 3 writes the day into every prompt, today's unless it is
given one: prompts must be equal tomorrow, so it is the day that its own template falls back to."""

Turns = list[dict[str, str]]


@dataclass(frozen=True)
class Frame:
    """A template's text around `2 n + 1` contents, the last one being the question to be answered."""

    parts: tuple[str, ...]
    """Before the first content, between them, and after the last one until the assistant may speak."""
    lead: str
    """What the template then writes before a reply; of most it is empty."""
    tail: str
    """What it writes after a reply."""


def frame_of(tokenizer: PreTrainedTokenizerFast, shots: int) -> Frame:
    """The template around `shots` earlier turns and a question.

    Many templates put in a long system message of their own unless one is given. Ours is empty, or left out where
    that is shorter: prompts are a good part of all tokens, and what the student is to do, training teaches it.
    Raises TemplateError or ValueError when the template cannot write this.
    """
    marks = [f"PLACEHOLDER{index}HERE" for index in range(2 * shots + 2)]
    turns = [{"role": "assistant" if index % 2 else "user", "content": mark} for index, mark in enumerate(marks)]
    question, reply = turns[:-1], turns[-1:]
    silence = [{"role": "system", "content": ""}]
    prompt = _render(tokenizer, question, True)
    try:
        silenced = _render(tokenizer, silence + question, True)
    except TemplateError:  # the template knows no system messages
        silenced = prompt
    if len(silenced) < len(prompt):
        prompt, question = silenced, silence + question
    parts = _split(prompt, marks[:-1])
    *_, opening, tail = _split(_render(tokenizer, question + reply, False), marks)
    lead = opening.removeprefix(parts[-1]) if opening.startswith(parts[-1]) else ""
    return Frame(tuple(parts), lead, tail)


def _render(tokenizer: PreTrainedTokenizerFast, turns: Turns, prompt: bool) -> str:
    text = tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=prompt, **_SETTINGS)
    assert isinstance(text, str)
    return text


def _split(text: str, marks: Sequence[str]) -> list[str]:
    parts = []
    for mark in marks:
        if text.count(mark) != 1:
            raise ValueError("it repeats or drops what was said")
        before, _, text = text.partition(mark)
        parts.append(before)
    return [*parts, text]
