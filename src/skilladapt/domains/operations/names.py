"""Names nobody has heard: syllables of an onset, a vowel and a coda that are no common English word.

The lists are public and fixed: a student with a vocabulary of its own can have each syllable as one token, since a
name is one syllable or, where many are wanted, two.
"""

import random
from itertools import product
from typing import Final

_ONSETS: Final = "bl br dr fl fr gl gr kl kr pl pr skr shl sn spl sv tr thr tw vr vl zw zl"
VOWELS: Final = tuple("aeiou")
_CODAS: Final = "b d f g k m n p sh v x z lk rn nd"
ONSETS: Final = tuple(_ONSETS.split())
CODAS: Final = tuple(_CODAS.split())

_WORDS: Final = """
blab bland bleb blem blend blind blip blob blog blond blush brad brag bram bran brand brash bred bren brid brig
brim brom bron brun brush drab drag dram dred drek drib drip drop drub drug drum flab flag flak flan flap flash
flax fled flem flesh flex flip flog flop flub flush flux frag fram fran fred fren fresh frig frog from frond
glad glam gland glen glib glob glum grab grad graf gram gran grand greg gren grid grim grin grind grip grob grog
grub gruk klan klub klux krak krap krish plag plan pleb plex plod plop plug plum plush prad prag pram preb pred
pref prem prep prig prik prim prin prob prod prof prog prom pron prop prosh prox prud shlep shlub snag snap snip
snob snog snub snug spland splash splend splosh sven svend thrash thresh throb throm thrum thrush trad trag tram
tran trap trash treb trek trem trend trib trif trig trim trin trip trod trog tron trop trup trush twig twin twip
vlad
"""
"""Words, names of people and what sounds like an insult."""

SYLLABLES: Final = tuple(
    name for parts in product(ONSETS, VOWELS, CODAS) if (name := "".join(parts)) not in _WORDS
)
"""All of them, in the order of the lists. No two pairs of them read the same when joined."""


def draw_names(count: int, rng: random.Random) -> list[str]:
    """Different names: syllables first, then two joined; at most some two million."""
    names = list(SYLLABLES)
    rng.shuffle(names)
    del names[count:]
    known = set(names)
    while len(names) < count:
        name = rng.choice(SYLLABLES) + rng.choice(SYLLABLES)
        if name not in known:
            known.add(name)
            names.append(name)
    return names
