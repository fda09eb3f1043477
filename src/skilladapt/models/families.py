"""Model families whose inner workings we rely on, each shown to hold by a test with its real class.

Any causal model is trained and asked through its public interface alone. Two things ask for more. Packing: the
model must tell the examples of a row apart by their positions. The frozen trunk: a layer must hand on its states
and nothing else; in some families an upper layer wants the keys of a lower one.
"""

from peft import PeftModel
from transformers import PreTrainedModel

from skilladapt.models.loading import Student

PROVEN = frozenset({"llama", "mistral", "qwen2", "qwen3", "gemma", "gemma2", "gemma3_text"})
"""By `model_type` of the configuration."""


def bare_model(student: Student) -> PreTrainedModel:
    """The model without the adapter's wrapping, the same modules."""
    model = student.model.get_base_model() if isinstance(student.model, PeftModel) else student.model
    assert isinstance(model, PreTrainedModel)
    return model


def is_proven(student: Student) -> bool:
    """Whether packing and the trunk are known to be exact for this student."""
    return bare_model(student).config.model_type in PROVEN
