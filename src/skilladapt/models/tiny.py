"""`tiny-random`: a student for tests, built in code in milliseconds and the same everywhere.

It knows nothing and learns little, but it has all the parts of a real one: a byte-level tokenizer that encodes any
text, a chat template with control tokens (one of them not flagged special, as some real ones are), and a causal
language model.
"""

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
SPECIAL_TOKENS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
PLAIN_MARKER = "<tool_call>"
MERGES = (
    *(("t", "h"), ("th", "e"), ("i", "n"), ("e", "r"), ("a", "n"), ("o", "n"), ("r", "e"), ("a", "t"), ("o", "r")),
    *(("Ġ", "x"), ("Ġ", "="), ("Ġ", "the"), ("Ġ", "a"), ("A", "n"), ("An", "s"), ("w", "er"), ("Ans", "wer")),
    *(("Ġ", "+"), ("d", "x")),
)


def tiny_tokenizer() -> PreTrainedTokenizerFast:
    """Byte-level BPE with a few merges, four control tokens and the ChatML template."""
    symbols = [*SPECIAL_TOKENS, *sorted(pre_tokenizers.ByteLevel.alphabet())]
    symbols += [left + right for left, right in MERGES]
    backend = Tokenizer(models.BPE(vocab={symbol: id for id, symbol in enumerate(symbols)}, merges=list(MERGES)))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    backend.add_special_tokens([AddedToken(token, normalized=False) for token in SPECIAL_TOKENS])
    backend.add_tokens([AddedToken(PLAIN_MARKER, normalized=False)])
    return PreTrainedTokenizerFast(
        tokenizer_object=backend,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        chat_template=CHAT_TEMPLATE,
    )


def tiny_model() -> LlamaForCausalLM:
    """A Llama of two layers and about 90,000 weights, drawn with a fixed seed."""
    config = LlamaConfig(
        vocab_size=len(tiny_tokenizer()),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=2048,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=2,
        pad_token_id=0,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return LlamaForCausalLM(config)
