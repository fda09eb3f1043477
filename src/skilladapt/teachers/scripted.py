"""A teacher that says what it was told to say: for tests, for trying out a run, and for teachers of one's own."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from skilladapt.teachers.teacher import NoReply, Outcome, Reply, Request

Script = Mapping[str, str] | Callable[[Request], str | None]
"""Replies by the last message's text, or a function of the request; None where there is no reply."""

_TOKEN = re.compile(r"\w{1,6}|[^\w\s]")


class Scripted:
    """Equal requests have equal replies, as far as the script itself keeps to that."""

    def __init__(self, script: Script, name: str = "scripted") -> None:
        self._reply_to = script if callable(script) else lambda request: script.get(request.messages[-1].content)
        self._name = name

    @property
    def name(self) -> str:
        """As given."""
        return self._name

    def ask(self, requests: Sequence[Request]) -> Iterator[tuple[int, Outcome]]:
        """Yields in the order of the requests."""
        for place, request in enumerate(requests):
            yield place, self._outcome(request)

    def _outcome(self, request: Request) -> Outcome:
        text = self._reply_to(request)
        if text is None:
            return NoReply(reason="nothing in the script")
        ends = [match.end() for match in _TOKEN.finditer(text)]
        most = request.sampling.max_tokens
        return Reply(
            text=text if len(ends) <= most else text[: ends[most - 1]],
            finish="stop" if len(ends) <= most else "length",
            model=self._name,
            prompt_tokens=sum(count_tokens(message.content) + 4 for message in request.messages),
            completion_tokens=min(len(ends), most),
        )


def count_tokens(text: str) -> int:
    """About as many as a tokenizer makes: pieces of words, and signs."""
    return sum(1 for _ in _TOKEN.finditer(text))
