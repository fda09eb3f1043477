"""Which language a text is written in, as far as that can be told."""

from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from skilladapt.materials.quoted import without_quotes

FEWEST_WORDS = 8
"""Of fewer, nothing is concluded: a formula or a name is in no language."""
UNLIKELY = 0.001
"""A probability of the language wanted. That of the one found says less: it shares it with its neighbours."""


def language_fault(text: str, wanted: str) -> str:
    """What is wrong with the language of a text; empty where it is `wanted` (ISO 639-1), or cannot be told.

    What the text quotes does not count.
    """
    own = without_quotes(text)
    words = [word for word in own.split() if sum(map(str.isalpha, word)) >= 2]
    letters = sum(map(str.isalpha, own))
    if len(words) < FEWEST_WORDS and not _is_unspaced(own, letters):
        return ""
    ranked = dict(_identifier().rank(own))
    return (
        ""
        if ranked.get(wanted, 1) > UNLIKELY
        else f"written in '{max(ranked, key=ranked.__getitem__)}' instead of '{wanted}'"
    )


def _is_unspaced(text: str, letters: int) -> bool:
    """Whether so many letters without spaces are no words of a script that puts spaces between them."""
    return letters >= 4 * FEWEST_WORDS / 2 and sum(ord(char) > 0x2E80 for char in text) > letters / 2


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
