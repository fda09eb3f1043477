"""Batched greedy decoding: questions in, replies out, in the same order.

Knows nothing of right or wrong. Greedy decoding has no randomness, so equal calls give equal replies.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy

import torch
from torch import Tensor
from transformers import Cache

from skilladapt.models.chat import Turn, UnencodableText
from skilladapt.models.loading import Student


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
    `max_new_tokens`. A question that the tokenizer cannot represent gets the empty reply, which answers nothing.
    `on_progress` is told, after each batch, how many questions are done.
    """
    prompts = {}
    for index, question in enumerate(questions):
        try:
            prompts[index] = student.chat.encode_prompt(question, shots)
        except UnencodableText:
            continue
    replies = [""] * len(questions)
    done = len(questions) - len(prompts)
    # By length, so that little of a batch is padding; the longest first, so memory peaks at once or never.
    by_length = sorted(prompts, key=lambda index: (-len(prompts[index]), index))
    shared = _shared_prefix(list(prompts.values()))
    student.model.eval()
    with torch.inference_mode():
        # What all questions begin with, above all the shots, is read once and not once a question.
        opening = _forward(student, torch.tensor([shared], device=student.device))[1] if shared else None
        for start in range(0, len(by_length), batch_size):
            batch = by_length[start : start + batch_size]
            tails = [prompts[index][len(shared) :] for index in batch]
            for index, ids in zip(batch, _decode(student, opening, tails, max_new_tokens), strict=True):
                replies[index] = student.chat.decode(ids)
            done += len(batch)
            if on_progress is not None:
                on_progress(done)
    return replies


def _shared_prefix(prompts: Sequence[list[int]]) -> list[int]:
    """What all prompts begin with, but never the whole of one: its last token must still be read."""
    if not prompts:
        return []
    first, last = min(prompts), max(prompts)
    shortest = min(map(len, prompts)) - 1
    end = next((at for at in range(shortest) if first[at] != last[at]), shortest)
    return list(first[:end])


def _decode(
    student: Student, opening: Cache | None, prompts: Sequence[Sequence[int]], max_new_tokens: int
) -> list[list[int]]:
    """Generated ids of one batch, without the end mark. `opening` holds what was read before all the prompts."""
    chat, device = student.chat, student.device
    ends = torch.tensor(sorted({chat.end_of_turn, chat.end_of_text}), device=device)
    replies: list[list[int]] = [[] for _ in prompts]
    width = max(map(len, prompts))
    # Padded on the left, so that every prompt ends where generation begins.
    ids = torch.tensor([[chat.end_of_text] * (width - len(row)) + list(row) for row in prompts], device=device)
    mask = torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in prompts], device=device)
    cache = deepcopy(opening)
    if cache is not None:
        cache.batch_repeat_interleave(len(prompts))
        mask = torch.cat([mask.new_ones(len(prompts), cache.get_seq_length()), mask], dim=1)
    rows = torch.arange(len(prompts), device=device)
    for _ in range(max_new_tokens):
        logits, cache = _forward(student, ids, mask, cache)
        ids = logits.argmax(dim=-1, keepdim=True)
        going = ~torch.isin(ids[:, 0], ends)
        if not going.all():
            # Rows that are done leave the batch: replies differ in length, and a step costs what its rows cost.
            ids, mask, rows = ids[going], mask[going], rows[going]
            cache.batch_select_indices(going.nonzero()[:, 0])
        if not len(rows):
            break
        for row, id in zip(rows.tolist(), ids[:, 0].tolist(), strict=True):
            replies[row].append(id)
        mask = torch.cat([mask, mask.new_ones(len(rows), 1)], dim=1)
    return replies


def _forward(
    student: Student, ids: Tensor, mask: Tensor | None = None, cache: Cache | None = None
) -> tuple[Tensor, Cache]:
    """Logits of the token after `ids` (batch, vocabulary), and the cache with `ids` in it.

    `mask` covers what is in the cache and `ids` (batch, all positions); None where nothing is padding.
    """
    if mask is None:
        mask = torch.ones_like(ids)
    positions = (mask.cumsum(dim=1) - 1).clamp(min=0)[:, -ids.shape[1] :]
    # A mask and not `1`: that would leave a strided view, whose product with the output layer is slow (0.25 s).
    last = torch.zeros_like(ids, dtype=torch.bool)
    last[:, -1] = True
    output = student.model(
        input_ids=ids,
        attention_mask=mask,
        position_ids=positions,
        past_key_values=cache,
        use_cache=True,
        logits_to_keep=last,
    )
    return output.logits, output.past_key_values
