"""How surprising a text is to a student: the mean loss of its tokens, without training on it."""

from collections.abc import Sequence

import torch
from torch.nn.functional import cross_entropy

from skilladapt.models.loading import Student


def text_loss(student: Student, texts: Sequence[str]) -> list[float]:
    """The mean negative log-likelihood of each text's tokens (nats per token), each text read alone.

    The first token is read after the mark that begins a text, as in training.
    """
    losses = []
    student.model.eval()
    with torch.inference_mode():
        for text in texts:
            ids = torch.tensor(
                [[student.chat.begin_of_text, *student.chat.encode_content(text)]], device=student.device
            )
            logits_NV = student.model(input_ids=ids, use_cache=False).logits[0, :-1].float()
            losses.append(float(cross_entropy(logits_NV, ids[0, 1:])))
    return losses
