"""`llama-1m`: a student that starts from nothing, small enough to be taught on a laptop in minutes.

A Llama of about a million weights, drawn by the run's seed, with a vocabulary of its own: one-syllable names,
digits and the words of `scratch_words.txt`, and single characters and bytes for everything else. It has never read
anything, so whatever it knows, the run taught it; the invented operations of the domain `operations` were made for
it.
"""

from importlib.resources import files
from itertools import product

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

CONTEXT = 1024
"""The tokens it can read."""
CONTROLS = ("<|endoftext|>", "<|user|>", "<|assistant|>", "<|end|>")
CHAT_TEMPLATE = (
    "{% for message in messages %}{% if message['role'] == 'user' %}<|user|>{{ message['content'] }}"
    "{% elif message['role'] == 'assistant' %}<|assistant|>{{ message['content'] }}<|end|>{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
SPREAD = 0.06
"""Standard deviation of the first weights: with the usual 0.02, made for wide models, learning starts later."""
ONSETS = "bl br dr fl fr gl gr kl kr pl pr skr shl sn spl sv tr thr tw vr vl zw zl"
VOWELS = "a e i o u"
CODAS = "b d f g k m n p sh v x z lk rn nd"
SYMBOLS = (") = ", " = ", " = ?", "\nAnswer: ", "Answer: ", "), ", ". ", ", ", ": ", "\n\n")


def scratch_tokenizer() -> PreTrainedTokenizerFast:
    """Fewest pieces win: names, words with the space before them, marks; else characters, and bytes at last."""
    syllables = ["".join(parts) for parts in product(ONSETS.split(), VOWELS.split(), CODAS.split())]
    read = (files(__package__) / "scratch_words.txt").read_text(encoding="utf-8").split()
    words = [form for word in read for form in (f" {word}", word.capitalize())]
    characters = [chr(code) for code in range(32, 127)] + ["\n"]
    pieces = [("<unknown>", -10_000.0)]  # the library wants one; no text is ever best spelt with it
    pieces += [(f"<0x{byte:02X}>", -40.0) for byte in range(256)]
    pieces += [(one, -10.0) for one in dict.fromkeys([*characters, *SYMBOLS, *syllables, *words])]
    backend = Tokenizer(models.Unigram(pieces, unk_id=0, byte_fallback=True))
    backend.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Fuse()])
    backend.add_special_tokens([AddedToken(token, normalized=False) for token in CONTROLS])
    return PreTrainedTokenizerFast(
        tokenizer_object=backend,
        eos_token="<|end|>",
        pad_token="<|endoftext|>",
        chat_template=CHAT_TEMPLATE,
        clean_up_tokenization_spaces=False,
    )


def scratch_model(seed: int) -> LlamaForCausalLM:
    """Four layers of width 128, their weights drawn by `seed`."""
    tokenizer = scratch_tokenizer()
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=128,
        intermediate_size=384,
        num_hidden_layers=4,
        num_attention_heads=4,
        num_key_value_heads=4,
        max_position_embeddings=CONTEXT,
        initializer_range=SPREAD,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return LlamaForCausalLM(config)
