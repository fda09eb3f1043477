"""A teacher answers prompts: text in, text out, with what it cost. It knows nothing of skills.

Whoever asks decides what a reply is worth; a teacher only says whether one came, and how it ended.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any, Literal, Protocol

from pydantic import Field

from skilladapt.records import Record

Role = Literal["system", "user", "assistant"]
Finish = Literal["stop", "length", "filtered", "unknown"]
"""How a reply ended: by itself, cut at the limit, by the service's filter, or without a word about it."""


class Message(Record):
    """One turn of a conversation."""

    role: Role
    content: str


class Sampling(Record):
    """How a reply is drawn."""

    temperature: Annotated[float, Field(ge=0, le=2)] = 0.7
    top_p: Annotated[float, Field(gt=0, le=1)] = 1.0
    max_tokens: Annotated[int, Field(ge=1)] = 1024
    """Longest reply; the worst cost of a request is reserved from it."""


class Request(Record):
    """What a teacher is asked. Equal requests have equal replies: only the first is ever paid for."""

    messages: Annotated[tuple[Message, ...], Field(min_length=1)]
    sampling: Sampling = Sampling()
    draw: Annotated[int, Field(ge=0)] = 0
    """Tells apart requests that are alike in everything else; another draw is another reply."""
    reply_schema: dict[str, Any] | None = None
    """JSON schema that the reply should follow where the service can hold it to one; None: free text."""
    purpose: str = ""
    """What it is asked for, such as `write-exercises`, for counts and logs; no part of the request's identity."""

    @property
    def key(self) -> str:
        """The hash of all that the reply depends on, without the teacher."""
        return self.model_copy(update={"purpose": ""}).identity()


class Reply(Record):
    """What came back."""

    text: str
    finish: Finish
    model: str
    """As the service named it."""
    prompt_tokens: Annotated[int, Field(ge=0)]
    completion_tokens: Annotated[int, Field(ge=0)]
    cost_usd: Annotated[float, Field(ge=0)] = 0.0


class NoReply(Record):
    """Why a request has no reply; asking again in a later run may help."""

    reason: str


Outcome = Reply | NoReply


class Teacher(Protocol):
    """Answers requests, many at a time."""

    @property
    def name(self) -> str:
        """Names model and service in provenance and in the cache's keys; holds no secret."""
        ...

    def ask(self, requests: Sequence[Request]) -> Iterator[tuple[int, Outcome]]:
        """Yields each request's place and outcome once, as they come, in any order.

        One request that fails is a `NoReply`. Raises RunError where asking on makes no sense (a cap is reached,
        the key is refused), after what has come was yielded. Leaving the iterator early cancels what is under way.
        """
        ...


def ask_all(teacher: Teacher, requests: Iterable[Request]) -> list[Outcome]:
    """The outcomes of all requests, in their order."""
    asked = list(requests)
    outcomes = dict(teacher.ask(asked))
    return [outcomes[place] for place in range(len(asked))]
