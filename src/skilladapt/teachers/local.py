"""A teacher on this machine: any model that can be a student, asked in batches.

Its replies cost nothing. They are drawn with a seed made from the request, so that equal requests have equal
replies, whatever they are asked together with; only the last digits of sums may differ with that.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from skilladapt.models.chat import Turn, UnencodableText
from skilladapt.models.decoding import Start, write_replies
from skilladapt.models.drawing import Draw
from skilladapt.models.loading import Student, context_length, load_student
from skilladapt.teachers.teacher import Message, NoReply, Outcome, Reply, Request


class Local:
    """Writes replies with a loaded model. A schema is not enforced."""

    def __init__(self, student: Student, *, batch_size: int = 16) -> None:
        self._student = student
        self._batch_size = batch_size

    @property
    def name(self) -> str:
        """The model's."""
        return f"{self._student.name} on this machine"

    def ask(self, requests: Sequence[Request]) -> Iterator[tuple[int, Outcome]]:
        """As `Teacher.ask`. What a model is told as its system goes before the first question."""
        starts: dict[int, Start] = {}
        for place, request in enumerate(requests):
            begun = self._start(request)
            if isinstance(begun, NoReply):
                yield place, begun
            else:
                starts[place] = begun
        places = list(starts)
        for ended in write_replies(self._student, list(starts.values()), self._batch_size):
            for row in ended:
                text = self._student.chat.decode(row.ids)
                reply = Reply(
                    text=text,
                    finish="length" if row.was_cut else "stop",
                    model=self._student.name,
                    prompt_tokens=len(starts[places[row.index]].prompt),
                    completion_tokens=len(row.ids),
                )
                yield places[row.index], reply if text.strip() else NoReply(reason="an empty text")

    def _start(self, request: Request) -> Start | NoReply:
        turns = turns_of(request.messages)
        if turns is None:
            return NoReply(reason="messages out of order: a question comes last, and replies follow questions")
        question, shots = turns
        try:
            prompt = self._student.chat.encode_prompt(question, shots)
        except UnencodableText as error:
            return NoReply(reason=f"not representable: {error}")
        sampling, most = request.sampling, context_length(self._student)
        room = sampling.max_tokens if most is None else min(sampling.max_tokens, most - len(prompt))
        if room < 1:
            return NoReply(reason=f"too long: {len(prompt)} tokens, and the model reads {most}")
        seed = int(request.key, 16) >> 1  # the generator takes 63 bits
        return Start(prompt, room, Draw.of(sampling.temperature, sampling.top_p, seed))


def load_local(
    name: str,
    *,
    device: str = "auto",
    precision: Literal["float32", "bfloat16", "float16"] = "float32",
    batch_size: int = 16,
) -> Local:
    """The model of that name as a teacher; names as `load_student` takes them, which raises UserError."""
    return Local(load_student(name, device=device, dtype=precision), batch_size=batch_size)


def turns_of(messages: Sequence[Message]) -> tuple[str, list[Turn]] | None:
    """The question, and the turns before it; None where the messages are in no such order."""
    system = [message.content for message in messages if message.role == "system"]
    turns = [message for message in messages if message.role != "system"]
    expected = ["user", "assistant"] * (len(turns) // 2) + ["user"]
    if [turn.role for turn in turns] != expected:
        return None
    texts = [turn.content for turn in turns]
    texts[0] = "\n\n".join([*system, texts[0]])
    return texts[-1], list(zip(texts[:-1:2], texts[1::2], strict=True))
