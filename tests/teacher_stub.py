"""A teacher for tests: a function from requests to replies, and what it was asked."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from skilladapt.teachers.teacher import Outcome, Reply, Request


def reply(text: str, finish: str = "stop") -> Reply:
    return Reply(text=text, finish=finish, model="stub", prompt_tokens=1, completion_tokens=1)


@dataclass
class Stub:
    """Answers in the wrong order, as a service may."""

    answer: Callable[[Request], Outcome | str]
    name: str = "stub"
    asked: list[Request] = field(default_factory=list)

    def ask(self, requests: Sequence[Request]) -> Iterator[tuple[int, Outcome]]:
        self.asked += requests
        for place in reversed(range(len(requests))):
            found = self.answer(requests[place])
            yield place, reply(found) if isinstance(found, str) else found
