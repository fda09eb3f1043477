"""Safe encoding: turns what people and authors wrote into tokens of which none can steer the model.

A chat template is plain text in which control tokens (`<|im_end|>` and the like) mark who speaks. Whoever can put
such a marker into a question could end the question and speak as somebody else. So a template is rendered with
placeholders, and only the template's own parts may become control tokens; contents are encoded by a copy of the
tokenizer that knows no added token, special or not.
"""

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from jinja2 import TemplateError
from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerFast

from skilladapt.errors import UserError
from skilladapt.records import Exercise, Textbook

END_OF_TEXT = "<|endoftext|>"
"""The document mark of most byte-level tokenizers; where it is missing, the end-of-sequence token stands in."""

Turn = tuple[str, str]
"""A question and the completion that answered it."""


class UnencodableText(ValueError):
    """A text that the tokenizer cannot represent without loss; one item failed, not the run."""


@dataclass(frozen=True)
class Encoded:
    """One sequence to train on."""

    input_ids: tuple[int, ...]
    """The prompt, then the completion with its end mark."""
    completion_start: int
    """Index of the first token in the loss; at least 1, as the first token of all is never predicted."""
    answer_positions: tuple[int, ...]
    """Indices of the tokens that spell the final answer, where the last step arrives at it and where it is stated;
    ascending, end mark excluded; empty for a text."""

    @property
    def completion_tokens(self) -> int:
        """`T_i`: tokens in the loss."""
        return len(self.input_ids) - self.completion_start


@dataclass(frozen=True)
class Chat:
    """One tokenizer's way of writing chats and texts; made by `chat_of`."""

    tokenizer: PreTrainedTokenizerFast
    end_of_turn: int
    """The token that ends an assistant's turn: decoding stops at it, and training teaches it."""
    end_of_text: int
    """The token that stands before and after a document."""
    _plain: Tokenizer
    _control_ids: frozenset[int]
    _prompts: dict[int, tuple[tuple[int, ...], ...]] = field(default_factory=dict)
    """Token ids of the template's own parts around the contents, by number of earlier turns."""

    def encode_prompt(self, question: str, shots: Sequence[Turn] = ()) -> list[int]:
        """Everything up to where the assistant begins to speak, `shots` being earlier turns.

        Training and decoding both use exactly these ids. Raises UnencodableText.
        """
        if len(shots) not in self._prompts:
            self._prompts[len(shots)] = tuple(
                tuple(self._template_ids(part)) for part in _prompt_parts(self.tokenizer, len(shots))
            )
        opening, *parts = self._prompts[len(shots)]
        contents = [*(text for shot in shots for text in shot), question]
        ids = list(opening)
        for content, part in zip(contents, parts, strict=True):
            ids += [*self.encode_content(content), *part]
        return ids

    def encode_exercise(self, exercise: Exercise) -> Encoded:
        """The question as prompt; solution, answer and end of turn as completion. Raises UnencodableText."""
        prompt = self.encode_prompt(exercise.question)
        completion = exercise.completion
        encoding = self._encode(completion)
        spans = [(len(completion) - len(exercise.answer), len(completion))]
        # Stating the answer after the last step is mere copying; arriving at it there shows the skill.
        if exercise.solution.endswith(exercise.answer):
            spans.append((len(exercise.solution) - len(exercise.answer), len(exercise.solution)))
        # By character offsets, as a token may begin with the space before the answer and belongs to it then.
        in_answer = [
            len(prompt) + index
            for index, (start, end) in enumerate(encoding.offsets)
            if any(max(start, first) < min(end, last) for first, last in spans)
        ]
        if not in_answer:
            raise UnencodableText("its answer has no tokens")
        return Encoded((*prompt, *encoding.ids, self.end_of_turn), len(prompt), tuple(in_answer))

    def encode_textbook(self, textbook: Textbook) -> Encoded:
        """Title and text between document marks; all tokens but the first mark are in the loss."""
        ids = self.encode_content(f"{textbook.title}\n\n{textbook.text}")
        return Encoded((self.end_of_text, *ids, self.end_of_text), 1, ())

    def encode_content(self, text: str) -> list[int]:
        """The ids of a text that somebody wrote, none of them a control token.

        Raises UnencodableText when the tokenizer would change the text by more than its Unicode form.
        """
        return list(self._encode(text).ids)

    def decode(self, ids: Sequence[int]) -> str:
        """The text of generated ids, control tokens left out."""
        text: str = self._plain.decode([id for id in ids if id not in self._control_ids])
        return text

    def _encode(self, text: str) -> "_Encoding":
        try:
            encoding = self._plain.encode(text, add_special_tokens=False)
        except (UnicodeEncodeError, TypeError) as error:
            raise UnencodableText("it holds characters that are no valid Unicode") from error
        if not self._control_ids.isdisjoint(encoding.ids):
            raise UnencodableText("the tokenizer makes a control token out of plain text")
        if _normal(self._plain.decode(encoding.ids, skip_special_tokens=False)) != _normal(text):
            raise UnencodableText("the tokenizer cannot represent it without loss")
        return _Encoding(encoding.ids, encoding.offsets)

    def _template_ids(self, part: str) -> list[int]:
        ids: list[int] = self.tokenizer.encode(part, add_special_tokens=False)
        return ids


@dataclass(frozen=True)
class _Encoding:
    ids: list[int]
    offsets: list[tuple[int, int]]
    """Half-open character ranges of the text, one a token."""


def chat_of(tokenizer: PreTrainedTokenizerFast, name: str) -> Chat:
    """The chat of a tokenizer; `name` is what the person called the model.

    Raises UserError when there is no usable chat template, end-of-sequence token or fast tokenizer.
    """
    check_chat(tokenizer, name)
    content = json.loads(tokenizer.backend_tokenizer.to_str())
    content.update(added_tokens=[], post_processor=None, truncation=None, padding=None)
    control_ids = frozenset(tokenizer.added_tokens_decoder) | frozenset(tokenizer.all_special_ids)
    mark = tokenizer.added_tokens_encoder.get(END_OF_TEXT, tokenizer.eos_token_id)
    tail = tokenizer.encode(_after_assistant(tokenizer), add_special_tokens=False)
    end_of_turn = next((id for id in tail if id in control_ids), tokenizer.eos_token_id)
    return Chat(tokenizer, end_of_turn, mark, Tokenizer.from_str(json.dumps(content)), control_ids)


def check_chat(tokenizer: PreTrainedTokenizerFast, name: str) -> None:
    """Raises UserError, one sentence, when chats cannot be written safely with this tokenizer."""
    if not isinstance(tokenizer, PreTrainedTokenizerFast):
        raise UserError(f"'{name}' has no fast tokenizer (tokenizer.json); name a model that has one.")
    if not tokenizer.chat_template:
        raise UserError(f"The tokenizer of '{name}' has no chat template; name an instruction-tuned model.")
    if tokenizer.eos_token_id is None:
        raise UserError(
            f"The tokenizer of '{name}' has no end-of-sequence token; name an instruction-tuned model."
        )
    try:
        _prompt_parts(tokenizer, 0)
        _prompt_parts(tokenizer, 1)
    except (TemplateError, ValueError) as error:
        raise UserError(
            f"The chat template of '{name}' cannot write a question ({error}); name another model."
        ) from error


def _prompt_parts(tokenizer: PreTrainedTokenizerFast, shots: int) -> list[str]:
    """The template's text before, between and after `2 * shots + 1` contents, ending where the assistant begins.

    Many templates put in a long system message of their own unless one is given. Ours is empty, or left out where
    that is shorter: prompts are a good part of all tokens, and what the student is to do, training teaches it.
    """
    marks = [f"PLACEHOLDER{index}HERE" for index in range(2 * shots + 1)]
    turns = [{"role": "assistant" if index % 2 else "user", "content": mark} for index, mark in enumerate(marks)]
    bare = _render(tokenizer, turns, True)
    try:
        silenced = _render(tokenizer, [{"role": "system", "content": ""}, *turns], True)
    except TemplateError:  # the template knows no system messages
        silenced = bare
    return _split(min(bare, silenced, key=len), marks)


def _after_assistant(tokenizer: PreTrainedTokenizerFast) -> str:
    marks = ["PLACEHOLDER0HERE", "PLACEHOLDER1HERE"]
    turns = [{"role": "user", "content": marks[0]}, {"role": "assistant", "content": marks[1]}]
    return _split(_render(tokenizer, turns, False), marks)[-1]


def _render(tokenizer: PreTrainedTokenizerFast, turns: Sequence[dict[str, str]], prompt: bool) -> str:
    text = tokenizer.apply_chat_template(list(turns), tokenize=False, add_generation_prompt=prompt)
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


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text)
