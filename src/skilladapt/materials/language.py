"""Which language a text is written in, as far as that can be told."""

from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

FEWEST_WORDS = 8
"""Of fewer, nothing is concluded: a formula or a name is in no language."""
SURE = 0.95


def language_fault(text: str, wanted: str) -> str:
    """What is wrong with the language of a text; empty where it is `wanted` (ISO 639-1), or cannot be told."""
    words = [word for word in text.split() if sum(map(str.isalpha, word)) >= 2]
    letters = sum(map(str.isalpha, text))
    if len(words) < FEWEST_WORDS and not _is_unspaced(text, letters):
        return ""
    found, probability = _identifier().classify(text)
    return "" if found == wanted or probability < SURE else f"written in '{found}' instead of '{wanted}'"


def _is_unspaced(text: str, letters: int) -> bool:
    """Whether so many letters without spaces are no words of a script that puts spaces between them."""
    return letters >= 4 * FEWEST_WORDS / 2 and sum(ord(char) > 0x2E80 for char in text) > letters / 2


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
