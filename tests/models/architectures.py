"""Tiny random models of the families that students come from: the real classes, with tokenizers like theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import templates
import torch
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import (
    AutoModelForCausalLM,
    Gemma2Config,
    Gemma3TextConfig,
    GemmaConfig,
    LlamaConfig,
    MistralConfig,
    PreTrainedConfig,
    PreTrainedTokenizerFast,
    Qwen2Config,
    Qwen3Config,
)

from skilladapt.records import Exercise

WINDOW = 32
"""Tokens that a sliding layer sees."""
BODY = {"hidden_size": 32, "intermediate_size": 64, "num_attention_heads": 4, "max_position_embeddings": 512}
SHARED_HEADS = {"num_key_value_heads": 2}
GEMMA_HEADS = {**SHARED_HEADS, "head_dim": 16, "query_pre_attn_scalar": 16}
MERGED = ("in", "er", "on", "re", "th", "the", " x", " the", " a", " =", " +", "An", "Ans", "\n\n", "Po", " Po")
"""Longer words of the vocabulary, some with the space or line break at which texts are joined."""


@dataclass(frozen=True)
class Family:
    """What the members of a family have in common."""

    config: type[PreTrainedConfig]
    settings: dict[str, object]
    style: str
    """How its tokenizers treat bytes and spaces."""
    template: str
    control: tuple[str, ...]
    """Its control tokens that are flagged special."""
    ends: tuple[str, str]
    """What ends an assistant's turn, and what ends a text."""
    begins: str | None = None
    """What begins a text and, of most families, a chat."""
    markers: tuple[str, ...] = ()
    """Added tokens that are not flagged special."""


CHATML = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
LLAMA_CONTROL = (
    *("<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"),
    "<|python_tag|>",
)
GEMMA_CONTROL = ("<pad>", "<eos>", "<bos>", "<unk>", "<start_of_turn>", "<end_of_turn>")
GEMMA_ENDS = {"ends": ("<end_of_turn>", "<eos>"), "begins": "<bos>", "markers": ("\n\n", "<unused0>")}
SLIDING = {"sliding_window": WINDOW, "num_hidden_layers": 3}
SECOND_SLIDING = {"layer_types": ["sliding_attention", "full_attention", "sliding_attention"]}

FAMILIES = {
    "llama": Family(
        LlamaConfig,
        {**SHARED_HEADS, "rope_parameters": {"rope_type": "default", "rope_theta": 500000.0}},
        "bytes",
        templates.LLAMA,
        LLAMA_CONTROL,
        ("<|eot_id|>", "<|end_of_text|>"),
        "<|begin_of_text|>",
    ),
    "mistral": Family(
        MistralConfig,
        {**SHARED_HEADS, **SLIDING, "head_dim": 16},
        "metaspace",
        templates.MISTRAL,
        ("<unk>", "<s>", "</s>", "[INST]", "[/INST]", "[AVAILABLE_TOOLS]"),
        ("</s>", "</s>"),
        "<s>",
    ),
    "qwen2": Family(
        Qwen2Config,
        {**SHARED_HEADS, "tie_word_embeddings": True},
        "bytes",
        templates.QWEN2,
        CHATML,
        ("<|im_end|>", "<|endoftext|>"),
        markers=("<tool_call>", "</tool_call>"),
    ),
    "qwen3": Family(
        Qwen3Config,
        {**SHARED_HEADS, "head_dim": 16},
        "bytes",
        templates.QWEN3,
        CHATML,
        ("<|im_end|>", "<|endoftext|>"),
        markers=("<tool_call>", "</tool_call>", "<think>", "</think>"),
    ),
    "gemma": Family(
        GemmaConfig,
        {"num_key_value_heads": 1, "head_dim": 16},
        "spaces",
        templates.GEMMA,
        GEMMA_CONTROL,
        **GEMMA_ENDS,
    ),
    "gemma2": Family(
        Gemma2Config,
        {**GEMMA_HEADS, **SLIDING, **SECOND_SLIDING},
        "spaces",
        templates.GEMMA,
        GEMMA_CONTROL,
        **GEMMA_ENDS,
    ),
    "gemma3_text": Family(
        Gemma3TextConfig,
        {**GEMMA_HEADS, **SLIDING, **SECOND_SLIDING},
        "spaces",
        templates.GEMMA3,
        GEMMA_CONTROL,
        **GEMMA_ENDS,
    ),
}


def save_member(family: str, folder: Path) -> Path:
    """Writes a tiny member of a family as the library itself would; returns the folder."""
    member = FAMILIES[family]
    tokenizer = tokenizer_of(member)
    ids = {"pad_token_id": 0, "bos_token_id": tokenizer.bos_token_id, "eos_token_id": tokenizer.eos_token_id}
    settings = {**BODY, "num_hidden_layers": 2, "vocab_size": len(tokenizer), **ids, **member.settings}
    # Larger weights than usual, so that what it says depends on what it reads.
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = AutoModelForCausalLM.from_config(member.config(**settings, initializer_range=0.3))
        for parameter in model.parameters():
            if parameter.ndim == 1:
                torch.nn.init.normal_(parameter, std=3.0)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def tokenizer_of(member: Family) -> PreTrainedTokenizerFast:
    """A tokenizer that splits texts as the family's do, with a small vocabulary."""
    backend = _by_bytes(member.control) if member.style == "bytes" else _by_characters(member)
    backend.add_special_tokens([AddedToken(token, normalized=False) for token in member.control])
    backend.add_tokens([AddedToken(token, normalized=False) for token in member.markers])
    if member.begins is not None:
        backend.post_processor = processors.TemplateProcessing(
            single=[member.begins, "$A"], special_tokens=[(member.begins, backend.token_to_id(member.begins))]
        )
    # Llama's and Qwen's chat models call the end of a turn the end of a sequence, Gemma's do not.
    end = member.ends[1] if member.style == "spaces" else member.ends[0]
    return PreTrainedTokenizerFast(
        tokenizer_object=backend,
        bos_token=member.begins,
        eos_token=end,
        pad_token=member.control[0],
        chat_template=member.template,
    )


WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def _by_bytes(control: Sequence[str]) -> Tokenizer:
    """Llama 3's and Qwen's: words first, then pairs of bytes."""
    merged = [word.replace(" ", "Ġ").replace("\n", "Ċ") for word in MERGED]
    backend = _pairs([*control, *sorted(pre_tokenizers.ByteLevel.alphabet())], merged)
    backend.normalizer = normalizers.NFC()
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(WORDS), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    backend.decoder = decoders.ByteLevel()
    return backend


def _by_characters(member: Family) -> Tokenizer:
    """Mistral's and Gemma's: pairs of characters, bytes only for the rare ones, and no words beforehand."""
    merged = [word.replace(" ", "▁") for word in MERGED]
    single = [f"<0x{byte:02X}>" for byte in range(256)] + ["▁", "\n", *map(chr, range(33, 127))]
    backend = _pairs([*member.control, *single], merged, unk_token="<unk>", fuse_unk=True, byte_fallback=True)
    plain = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    if member.style == "metaspace":
        backend.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
        backend.decoder = decoders.Sequence([*plain, decoders.Strip(" ", 1, 0)])
    else:
        backend.normalizer = normalizers.Replace(" ", "▁")
        backend.pre_tokenizer = pre_tokenizers.Split(" ", behavior="merged_with_previous")
        backend.decoder = decoders.Sequence(plain)
    return backend


def _pairs(symbols: Sequence[str], merged: Sequence[str], **settings: object) -> Tokenizer:
    vocabulary = [*symbols, *merged]
    merges = [
        next((word[:cut], word[cut:]) for cut in range(1, len(word)) if {word[:cut], word[cut:]} <= {*vocabulary})
        for word in merged
    ]
    return Tokenizer(models.BPE({token: id for id, token in enumerate(vocabulary)}, merges, **settings))


def exercise(question="Differentiate 3x^2.", solution="Power rule: d/dx 3x^2 = 6x", answer="6x") -> Exercise:
    """An exercise whose last step arrives at its answer."""
    return Exercise(
        skill_ids=("power-rule",),
        question=question,
        solution=solution,
        step_skills=("power-rule",),
        answer=answer,
        answer_type="polynomial",
        difficulty=1,
        author="a test",
    )
