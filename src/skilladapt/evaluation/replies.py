"""The final answer in a model's reply, whatever the reply looks like.

A trained student ends with `Answer: ...`. A model that never saw that format must not be cheated of an answer it
knows, so without the mark the usual other ways to conclude are read too. Nothing here judges the answer.
"""

import re
import unicodedata

from skilladapt.records import ANSWER_MARK, AnswerType
from skilladapt.statement import stated

MAX_REPLY = 10_000
"""Only this many last characters of a reply are read."""
MAX_ANSWER = 1_000
"""What is longer is no answer."""
MAX_WORDS = 8
"""A last line of at most so many words can itself be an answer in words."""

_MARK = re.compile(rf"\b{ANSWER_MARK.rstrip(':')}[*_]*\s*:[*_]*", re.IGNORECASE)
_STATED = re.compile(r"\banswer\s+(?:is|was|equals|would\s+be|must\s+be|should\s+be)\b\s*:?|####", re.IGNORECASE)
_DELIMITER = re.compile(r"\\[()\[\]]|\$|`|(?<!\S)(?:\*\*|__)|(?:\*\*|__)(?!\S)")
"""What only surrounds mathematics or emphasis; `**` between other characters is a power."""
_OPENING = re.compile(r"^(?:\\[(\[]|\*\*|__|[$`\"“\s])+")
_CLOSING = re.compile(r"(?<![\s.$`\"”*_])(?:\\[)\]]|\*\*|__|[$`\"”\s]|(?<!\.)\.(?!\.))+$")
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)")
_REASON = re.compile(r",?\s+(?:because|since|so|which)\b", re.IGNORECASE)
_NAME = r"\\[A-Za-z]+|arc(?:sin|cos|tan)|sin|cos|tan|sec|csc|cot|ln|log|exp|sqrt|pi"
_TOKEN = re.compile(rf"(?>{_NAME}|[0-9]+|[A-Za-z]{{1,2}}(?![A-Za-z])|[^\sA-Za-z0-9])++")
"""Never goes back: an untrained model may write hundreds of digits, and n of them can be cut up in 2^n ways."""
_NUMBER_OR_POWER = re.compile(r"[0-9^]")
_LETTERS = re.compile(r"[A-Za-z]+")


def find_answer(reply: str, answer_type: AnswerType = "expression") -> str:
    r"""The answer that `reply` ends with; empty when there is none. Never raises.

    Read in this order: the last non-empty `Answer:`; `\boxed{...}`; what "the answer is" or `####`; then, for
    mathematics, the last expression of the last line that has one (what follows its last `=`), and for words what
    a sentence says that something is, or a short last line.
    """
    text = "".join(
        char if char == "\n" or unicodedata.category(char) not in {"Cc", "Cf", "Cs"} else " "
        for char in reply[-MAX_REPLY:]
    )
    said = _marked(text) or _boxed(text) or _stated(text)
    if answer_type in ("choice", "text"):
        found = said or (stated(text) if answer_type == "text" else "") or _last_words(text)
    else:
        found = (_leading_mathematics(said) or said) if said else _last_mathematics(text) or _last_words(text)
    found = bare(found)
    return found if len(found) <= MAX_ANSWER else ""


def bare(answer: str) -> str:
    """`answer` without dollar signs and the delimiters, quotes and full stops around it.

    Empty without a letter or digit. Expected answers from outside go through it too: equal texts must be equal.
    """
    shorn = _CLOSING.sub("", _OPENING.sub("", answer)).replace("$", "")
    return shorn if any(map(str.isalnum, shorn)) else ""


def _marked(text: str) -> str:
    ends = [mark.end() for mark in _MARK.finditer(text)]
    return next(filter(None, (_first_line(text[end:]) for end in reversed(ends))), "")


def _boxed(text: str) -> str:
    start = text.rfind("\\boxed{")
    if start < 0:
        return ""
    depth, inside = 1, text[start + len("\\boxed{") :]
    for index, char in enumerate(inside):
        depth += (char == "{") - (char == "}")
        if depth == 0:
            return inside[:index].strip()
    return _first_line(inside)


def _stated(text: str) -> str:
    ends = [phrase.end() for phrase in _STATED.finditer(text)]
    said = next(filter(None, (_first_line(text[end:]) for end in reversed(ends))), "")
    return _SENTENCE_END.split(said, maxsplit=1)[0]


def _first_line(text: str) -> str:
    return next(filter(None, (bare(line) for line in text.split("\n"))), "")


def _last_words(text: str) -> str:
    lines = [line for line in (bare(_MARK.sub("", line)) for line in text.split("\n")) if line]
    return lines[-1] if lines and len(lines[-1].split()) <= MAX_WORDS else ""


def _leading_mathematics(said: str) -> str:
    """The expression that `said` begins with, when only words follow it: units or a reason; empty otherwise.

    What names several expressions (`x = 1 or x = 2`) is left whole, since a part of it could be right by chance.
    """
    answer = _REASON.split(said, maxsplit=1)[0]
    runs = _runs(answer)
    begins = len(runs) == 1 and _DELIMITER.sub(" ", answer).lstrip().startswith(runs[0])
    return runs[0] if begins and not all(map(_is_mathematics, said.split())) else ""


def _last_mathematics(text: str) -> str:
    for line in reversed(text.split("\n")):
        if runs := _runs(line):
            return runs[-1].rsplit("=", 1)[-1]
    return ""


def _runs(line: str) -> list[str]:
    """The expressions in a line, from left to right: neighbouring words that all look like mathematics."""
    runs: list[list[str]] = [[]]
    opened = 0
    for word in _DELIMITER.sub(" ", line).split():
        core = word.rstrip(".,;:?")
        opened += core.count("(") - core.count(")")
        inside = word.endswith(",") and opened > 0
        is_mathematics = _is_mathematics(word)
        if is_mathematics:
            runs[-1].append(word if inside else core)
        if not is_mathematics or core != word and not inside:
            runs.append([])
            opened = 0
    joined = (" ".join(run).strip("=:;, ") for run in runs)
    return [run.removeprefix("+ ") for run in joined if _is_expression(run)]


def _is_mathematics(word: str) -> bool:
    core = word.rstrip(".,;:?!")
    if not _TOKEN.fullmatch(core):
        return False
    longest = max(map(len, _LETTERS.findall(re.sub(_NAME, "", core))), default=0)
    return longest < 2 or bool(_NUMBER_OR_POWER.search(core))


def _is_expression(run: str) -> bool:
    """Whether a run says something: it has a digit, or a letter that is not just the word `a` or `I`."""
    return bool(re.search("[0-9]", run)) or bool(_LETTERS.search(run)) and run not in {"a", "A", "I"}
