"""Safe encoding: turns what people and authors wrote into tokens of which none can steer the model.

A chat template is plain text in which control tokens (`<|im_end|>` and the like) mark who speaks. Whoever can put
such a marker into a question could end the question and speak as somebody else. So a template is rendered with
placeholders, and only the template's own parts may become control tokens. What stands between two of those is
encoded as one text, as the tokenizer itself would, by a copy of it that knows no added token, special or not.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from jinja2 import TemplateError
from tokenizers import Encoding
from transformers import PreTrainedTokenizerFast

from skilladapt.errors import UserError
from skilladapt.models.plain_text import PlainTokenizer, plain_tokenizer
from skilladapt.models.template import Frame, frame_of
from skilladapt.records import Exercise, Textbook

ENDS_OF_TEXT = ("<|endoftext|>", "<|end_of_text|>")
"""Document marks of most byte-level tokenizers; where both are missing, the end-of-sequence token stands in."""
BOTH_ENDS = ENDS_OF_TEXT[0]
"""The document mark that stands before a document too."""

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
    begin_of_text: int
    """The token that stands before a document."""
    end_of_text: int
    """The token that stands after a document."""
    lead: str
    """What stands before every reply, such as a space; training teaches it, and `decode` leaves it out."""
    _plain: PlainTokenizer
    _control_ids: frozenset[int]
    _prompts: dict[int, tuple[tuple[int | str, ...], ...]] = field(default_factory=dict)
    """The template's own parts around the contents, as control tokens and texts, by number of earlier turns."""

    def encode_prompt(self, question: str, shots: Sequence[Turn] = ()) -> list[int]:
        """Everything up to where the assistant begins to speak, `shots` being earlier turns.

        Training and decoding both use exactly these ids. Raises UnencodableText.
        """
        if len(shots) not in self._prompts:
            self._prompts[len(shots)] = _prompt_parts(
                self.tokenizer, frame_of(self.tokenizer, len(shots)), self._control_ids
            )
        opening, *parts = self._prompts[len(shots)]
        contents = [*(text for shot in shots for text in shot), question]
        pieces = list(opening)
        for content, part in zip(contents, parts, strict=True):
            pieces += [content, *part]
        ids: list[int] = []
        for kind, group in groupby(pieces, type):
            if kind is str:
                ids += self._encode("".join(map(str, group)), opening=not ids).ids
            else:
                ids += map(int, group)
        return ids

    def encode_exercise(self, exercise: Exercise) -> Encoded:
        """The question as prompt; solution, answer and end of turn as completion. Raises UnencodableText."""
        prompt = self.encode_prompt(exercise.question)
        completion = self.lead + exercise.completion
        encoding = self._encode(completion)
        spans = [(len(completion) - len(exercise.answer), len(completion))]
        # Stating the answer after the last step is mere copying; arriving at it there shows the skill.
        if exercise.solution.endswith(exercise.answer):
            end = len(self.lead) + len(exercise.solution)
            spans.append((end - len(exercise.answer), end))
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
        return Encoded((self.begin_of_text, *ids, self.end_of_text), 1, ())

    def encode_content(self, text: str) -> list[int]:
        """The ids of a text that somebody wrote, none of them a control token, as they are after a control token.

        Raises UnencodableText when the tokenizer would change the text by more than its Unicode form and the
        spaces before it.
        """
        return list(self._encode(text).ids)

    def decode(self, ids: Sequence[int]) -> str:
        """The text of generated ids, control tokens and the lead left out."""
        return self._plain.decode([id for id in ids if id not in self._control_ids]).removeprefix(self.lead)

    def _encode(self, text: str, opening: bool = False) -> Encoding:
        try:
            encoding = self._plain.encode(text, opening)
        except (UnicodeEncodeError, TypeError) as error:
            raise UnencodableText("it holds characters that are no valid Unicode") from error
        if not self._control_ids.isdisjoint(encoding.ids):
            raise UnencodableText("the tokenizer makes a control token out of plain text")
        if _normal(self._plain.decode(encoding.ids)) != _normal(text):
            raise UnencodableText("the tokenizer cannot represent it without loss")
        return encoding


def chat_of(tokenizer: PreTrainedTokenizerFast, name: str) -> Chat:
    """The chat of a tokenizer; `name` is what the person called the model.

    Raises UserError when there is no usable chat template, end-of-sequence token or fast tokenizer.
    """
    check_chat(tokenizer, name)
    plain = plain_tokenizer(tokenizer)
    control_ids = _control_ids(tokenizer, plain)
    frame = frame_of(tokenizer, 0)
    tail = (piece for piece in _pieces(tokenizer, frame.tail, control_ids) if isinstance(piece, int))
    marks = tokenizer.added_tokens_encoder
    end_of_text = next((marks[mark] for mark in ENDS_OF_TEXT if mark in marks), tokenizer.eos_token_id)
    # A few tokenizers call what begins a turn the beginning of a sequence, but have one mark for both ends.
    begins = None if BOTH_ENDS in marks else tokenizer.bos_token_id
    return Chat(
        tokenizer=tokenizer,
        end_of_turn=next(tail, tokenizer.eos_token_id),
        begin_of_text=end_of_text if begins is None else begins,
        end_of_text=end_of_text,
        lead="" if _lead_is_control(tokenizer, frame, control_ids) else frame.lead,
        _plain=plain,
        _control_ids=control_ids,
    )


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
        frame_of(tokenizer, 0)
        frame_of(tokenizer, 1)
    except (TemplateError, ValueError) as error:
        raise UserError(
            f"The chat template of '{name}' cannot write a question ({error}); name another model."
        ) from error


def _control_ids(tokenizer: PreTrainedTokenizerFast, plain: PlainTokenizer) -> frozenset[int]:
    """Every added token that steers or may steer.

    Those that the tokenizer makes out of plain text anyway are words like others, unless they are flagged special:
    Gemma's blank line is an added token.
    """
    words = {
        id
        for id, token in tokenizer.added_tokens_decoder.items()
        if not token.special and plain.encode(token.content).ids == [id]
    }
    return frozenset(tokenizer.added_tokens_decoder) - words | frozenset(tokenizer.all_special_ids)


def _prompt_parts(
    tokenizer: PreTrainedTokenizerFast, frame: Frame, control_ids: frozenset[int]
) -> tuple[tuple[int | str, ...], ...]:
    # A lead with control tokens says that thinking is over; a student must not be asked to write that.
    parts = list(frame.parts)
    if _lead_is_control(tokenizer, frame, control_ids):
        parts[-1] += frame.lead
    return tuple(tuple(_pieces(tokenizer, part, control_ids)) for part in parts)


def _lead_is_control(tokenizer: PreTrainedTokenizerFast, frame: Frame, control_ids: frozenset[int]) -> bool:
    return any(isinstance(piece, int) for piece in _pieces(tokenizer, frame.lead, control_ids))


def _pieces(tokenizer: PreTrainedTokenizerFast, text: str, control_ids: frozenset[int]) -> Iterable[int | str]:
    """A template's own text, cut at its control tokens."""
    read = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    at = 0
    for id, (start, end) in zip(read["input_ids"], read["offset_mapping"], strict=True):
        if id in control_ids:
            if at < start:
                yield text[at:start]
            yield id
            at = end
    if text[at:]:
        yield text[at:]


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text).lstrip(" ")
