"""Batched greedy decoding: questions in, replies out, in the same order.

Knows nothing of right or wrong. Greedy decoding has no randomness, and which questions are read together depends
on the arguments only, so equal calls give equal replies.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import torch

from skilladapt.models.batch import Batch, Opening
from skilladapt.models.chat import Turn, UnencodableText
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
    """The student's reply to each question, without the end mark.

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
    # By length, so that little of a batch is padding; the longest first, so memory peaks at once or never.
    by_length = sorted(prompts, key=lambda index: (-len(prompts[index]), index))
    student.model.eval()
    with torch.inference_mode(), merged(student.model):
        for ended in _decode(student, [prompts[index] for index in by_length], max_new_tokens, batch_size):
            for place, ids in ended.items():
                replies[by_length[place]] = student.chat.decode(ids)
            done += len(ended)
            if on_progress is not None:
                on_progress(done)
    return replies


@dataclass
class _Reply:
    """One row of a batch."""

    index: int
    """Of its prompt."""
    ids: list[int] = field(default_factory=list)
    goes_on: bool = True


def _decode(
    student: Student, prompts: Sequence[list[int]], max_new_tokens: int, batch_size: int
) -> Iterator[dict[int, list[int]]]:
    """Generated ids without the end mark, by index of the prompt, as they end."""
    ends = {student.chat.end_of_turn, student.chat.end_of_text}
    opening = Opening(student, _shared_prefix(prompts))
    waiting = deque(range(len(prompts)))
    rows: list[_Reply] = []
    batch: Batch | None = None

    def write(rows: Sequence[_Reply], ids: Sequence[int]) -> None:
        for row, id in zip(rows, ids, strict=True):
            if row.goes_on and id not in ends:
                row.ids.append(id)
            row.goes_on &= id not in ends and len(row.ids) < max_new_tokens

    while rows or waiting:
        # Not for each reply that ends: replacing copies the cache, and prompts are read faster together.
        if batch is not None and 4 * sum(row.goes_on for row in rows) > 3 * len(rows):
            batch.step([row.goes_on for row in rows])
            write(rows, batch.next_ids)
            continue
        if rows:
            yield {row.index: row.ids for row in rows if not row.goes_on}
        kept = [place for place, row in enumerate(rows) if row.goes_on]
        rows = [rows[place] for place in kept]
        free = batch_size - len(rows) if opening.can_be_joined or not rows else 0
        new = [_Reply(waiting.popleft()) for _ in range(min(free, len(waiting)))]
        joined = Batch(student, opening, [prompts[row.index] for row in new]) if new else None
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
