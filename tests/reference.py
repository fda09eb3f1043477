"""What training must agree with: losses as transformers itself computes them, of one example at a time."""

import torch

from skilladapt.training.batches import prepare


def plain_loss(student, item) -> tuple[torch.Tensor, int]:
    """Sum of a completion's losses from transformers' own forward, all logits, and its number of tokens."""
    encoded = prepare([item], student.chat, 10_000).sequences[0].encoded
    ids = torch.tensor([encoded.input_ids])
    labels = ids.clone()
    labels[0, : encoded.completion_start] = -100
    return student.model(input_ids=ids, labels=labels).loss * encoded.completion_tokens, encoded.completion_tokens
