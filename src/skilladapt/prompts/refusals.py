"""Whether a reply refuses to do what it was asked for.

A refusal is told by its beginning: somebody says of themselves that they cannot or will not help, provide or
write, perhaps behind an apology. An apology alone is none, nor is `I cannot overstate`: what is not done must be
what was asked. How well that works is measured on texts labelled by hand.
"""

import re
from typing import Final

_LOOKED_AT: Final = 300
"""Characters; nobody explains anything at length before they refuse."""
_APOLOGY: Final = (
    r"(?:(?:i['’]?m|i\s+am)\s+(?:\w+\s+)?sorry|sorry|(?:my|our)\s+apologies|i\s+apologi[sz]e|unfortunately|regrettably"
    r"|no|thank(?:s|\s+you)\b[^.!?\n]{0,80}|(?:while|although|though)\s+i\b[^.!?\n]{0,80}|i\s+understand\b[^.!?\n]{0,80})\b"
)
_LINK: Final = r"(?:[\s,;:.!*_–—-]|\b(?:but|however|and|that)\b)*"
_NOT: Final = (
    r"(?:can(?:\s*not|['’]t)|wo(?:n['’]t|uld\s+not)|will\s+not|(?:am|['’]m|was)\s+(?:unable|not\s+able|not\s+allowed)\s+to"
    r"|(?:won['’]t|will\s+not)\s+be\s+able\s+to|do\s+not\s+wish\s+to|must\s+refuse\s+to)"
)
_HELP: Final = (
    r"(?:help|assist|provide|create|write|produce|generate|continue|comply|fulfil+|answer|discuss|share|offer|complete"
    r"|engage|support|respond|do\s+(?:that|this|so|it)|give\s+(?:you|advice|instructions)|make\s+(?:that|this|such))\b"
)
_ENGLISH: Final = (
    rf"i\s*{_NOT}\s+(?:\w+\s+){{0,2}}?{_HELP}"
    r"|i\s+(?:must|have\s+to|will)\s+(?:respectfully\s+|politely\s+)?decline\b"
    r"|i(?:\s+would|['’]d)\s+(?:rather|prefer)\s+not\b"
    r"|i\s*(?:do\s+not|don['’]t|am\s+not|['’]m\s+not)\s+(?:feel\s+)?comfortable\b"
    r"|as\s+an?\s+(?:ai|(?:large\s+)?language\s+model)\b[^.!?\n]{0,40}?,\s*i\b"
    r"|(?:this|that|your|the)\s+(?:request\s+|question\s+|topic\s+)?(?:violates|goes\s+against|is\s+against)\s+(?:my|our|the)\b"
    r"|it\s+would(?:n['’]t|\s+not)\s+be\s+(?:\w+\s+)?(?:appropriate|right|responsible|ethical)\s+(?:for\s+me|of\s+me|to)\b"
)
_OTHERS: Final = (
    r"(?:(?:es\s+)?tut\s+mir\s+(?:\w+\s+)?leid|leider|entschuldigung)\b[^.!?\n]{0,40}\b(?:kann|darf|möchte)\b"
    r"|ich\s+(?:kann|darf)\s+(?:\w+\s+){0,4}nicht\s+(?:\w+\s+){0,2}(?:helfen|beantworten|erstellen|schreiben)\b"
    r"|(?:je\s+suis\s+(?:\w+\s+)?désolée?|désolée?|malheureusement)\b[^.!?\n]{0,20}\bje\s+ne\s+(?:peux|suis)\b"
    r"|je\s+ne\s+(?:peux|suis)\s+(?:\w+\s+){1,3}(?:aider|répondre|fournir|écrire)\b"
    r"|(?:lo\s+siento|lamentablemente|disculpa)\b[^.!?\n]{0,20}\bno\s+(?:puedo|me\s+es\s+posible)\b"
    r"|no\s+puedo\s+(?:ayudar|responder|proporcionar|escribir)"
)
_REFUSAL: Final = re.compile(rf"\W*(?:{_APOLOGY}{_LINK}){{0,2}}(?:{_ENGLISH}|{_OTHERS})", re.IGNORECASE)


def is_refusal(text: str) -> bool:
    """Whether the text begins with a refusal, in English, German, French or Spanish."""
    return _REFUSAL.match(text[:_LOOKED_AT]) is not None
