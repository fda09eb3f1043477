"""Batched decoding: questions in, replies out.

Knows nothing of right or wrong. A reply is greedy, or drawn with a generator of its own, and which prompts are
read together depends on the arguments only, so equal calls give equal replies.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import torch

from skilladapt.models.batch import Batch, Opening
from skilladapt.models.chat import Turn, UnencodableText
from skilladapt.models.drawing import Draw
from skilladapt.models.loading import Student, context_length
from skilladapt.models.merging import merged


def answer(
    student: Student,
    questions: Sequence[str],
    *,
    shots: Sequence[Turn] = (),
    max_new_tokens: int = 48,
    batch_size: int = 32,
    on_progress: Callable[[int], None] | None = None,
) -> list[str]:
    """The student's greedy reply to each question, without the end mark, in the same order.

    `shots` are earlier turns that show what a reply looks like. A reply ends with the turn or after
    `max_new_tokens`. A question that the tokenizer cannot represent, or that leaves no room in the student's
    context for a reply of that length, gets the empty reply, which answers nothing.
    `batch_size` is how many replies are written at once. `on_progress` is told, as replies end, how many questions
    are done.
    """
    prompts = {}
    most = context_length(student)
    for index, question in enumerate(questions):
        try:
            prompt = student.chat.encode_prompt(question, shots)
        except UnencodableText:
            continue
        if most is None or len(prompt) + max_new_tokens <= most:
            prompts[index] = prompt
    replies = [""] * len(questions)
    done = len(questions) - len(prompts)
    indices = list(prompts)
    starts = [Start(prompts[index], max_new_tokens) for index in indices]
    for ended in write_replies(student, starts, batch_size):
        for row in ended:
            replies[indices[row.index]] = student.chat.decode(row.ids)
        done += len(ended)
        if on_progress is not None:
            on_progress(done)
    return replies


@dataclass(frozen=True)
class Start:
    """What a reply begins from."""

    prompt: list[int]
    max_new_tokens: int
    draw: Draw | None = None
    """None: the likeliest token each time."""


@dataclass
class Row:
    """A reply: one row of a batch."""

    index: int
    """Of its start."""
    ids: list[int] = field(default_factory=list)
    """Without the end mark."""
    goes_on: bool = True
    was_cut: bool = False
    """Whether it ended only because it was as long as it may be."""


@torch.inference_mode()  # of a generator, this holds only while it runs, not while its caller does
def write_replies(student: Student, starts: Sequence[Start], batch_size: int = 32) -> Iterator[list[Row]]:
    """Yields replies as they end, some at a time. Each prompt and reply must fit into the student's context.

    Until the iterator has ended, or is closed, the student must not be trained: its adapter is merged.
    """
    # By length, so that little of a batch is padding; the longest first, so memory peaks at once or never.
    by_length = sorted(range(len(starts)), key=lambda index: (-len(starts[index].prompt), index))
    student.model.eval()
    with merged(student.model):
        for ended in _decode(student, [starts[index] for index in by_length], batch_size):
            for row in ended:
                row.index = by_length[row.index]
            yield ended


def _decode(student: Student, starts: Sequence[Start], batch_size: int) -> Iterator[list[Row]]:
    ends = {student.chat.end_of_turn, student.chat.end_of_text}
    opening = Opening(student, _shared_prefix([start.prompt for start in starts]))
    waiting = deque(range(len(starts)))
    rows: list[Row] = []
    batch: Batch | None = None

    def write(rows: Sequence[Row], ids: Sequence[int]) -> None:
        for row, id in zip(rows, ids, strict=True):
            if row.goes_on and id not in ends:
                row.ids.append(id)
                row.was_cut = len(row.ids) >= starts[row.index].max_new_tokens
            row.goes_on &= id not in ends and not row.was_cut

    while rows or waiting:
        # Not for each reply that ends: replacing copies the cache, and prompts are read faster together.
        if batch is not None and 4 * sum(row.goes_on for row in rows) > 3 * len(rows):
            batch.step([row.goes_on for row in rows])
            write(rows, batch.next_ids)
            continue
        if rows:
            yield [row for row in rows if not row.goes_on]
        kept = [place for place, row in enumerate(rows) if row.goes_on]
        rows = [rows[place] for place in kept]
        free = batch_size - len(rows) if opening.can_be_joined or not rows else 0
        new = [Row(waiting.popleft()) for _ in range(min(free, len(waiting)))]
        begun = [starts[row.index] for row in new]
        joined = None
        if new:
            joined = Batch(student, opening, [one.prompt for one in begun], [one.draw for one in begun])
        if joined is not None:
            write(new, joined.next_ids)
        if batch is not None and kept:
            batch.replace_rows(kept, joined)
        else:
            batch = joined
        rows += new


def _shared_prefix(prompts: Sequence[list[int]]) -> list[int]:
    """What all prompts begin with, but never the whole of one: its last token must still be read."""
    if not prompts:
        return []
    first, last = min(prompts), max(prompts)
    shortest = min(map(len, prompts)) - 1
    end = next((at for at in range(shortest) if first[at] != last[at]), shortest)
    return list(first[:end])
