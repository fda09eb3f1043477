"""What came of one call: a reply, a failure that may pass, a bad request, or the end of all asking. Pure."""

from dataclasses import dataclass

from skilladapt.teachers.exchange import Answer, Lost
from skilladapt.teachers.ledger import Amount, Prices
from skilladapt.teachers.secret import Redactor
from skilladapt.teachers.teacher import NoReply, Reply, Request
from skilladapt.teachers.wire import likely_tokens, message_of, read_response

MAY_PASS = frozenset({408, 409, 425, 429})
"""Besides all from 500 on."""
STOPS_ALL = {401: "refuses the key", 402: "wants to be paid first", 403: "forbids this"}
TOO_MANY = 429
NO_CREDIT = "insufficient_quota"
"""Said in a 429 that will not pass."""


@dataclass(frozen=True)
class Passing:
    """It may be different the next time."""

    reason: str
    was_sent: bool
    too_many: bool = False
    retry_after: str | None = None
    date: str | None = None
    """When that was said, by the service's own clock."""


@dataclass(frozen=True)
class Misunderstood:
    """The service finds the request itself wrong: a field that it does not know, or what is asked."""

    status: int
    message: str


@dataclass(frozen=True)
class Refused:
    """No request will fare better."""

    reason: str


Meaning = Reply | NoReply | Passing | Misunderstood | Refused


def meaning_of(
    got: Answer | Lost, request: Request, model: str, prices: Prices, worst: Amount, redact: Redactor
) -> tuple[Meaning, Amount]:
    """What an answer means, and what it counts as in the ledger.

    A refusal costs nothing but the call. Whatever came with success, or was lost on the way, may have been worked
    for: it counts with the tokens reported, and as the worst where none are.
    """
    if isinstance(got, Lost):
        cost = worst if got.was_sent else Amount()
        return (Passing(got.reason, got.was_sent) if got.may_pass else NoReply(reason=got.reason)), cost
    if 200 <= got.status < 300:
        return _success(got, request, model, prices, worst, redact)
    return _failure(got, redact), Amount(calls=1)


def _success(
    got: Answer, request: Request, model: str, prices: Prices, worst: Amount, redact: Redactor
) -> tuple[Meaning, Amount]:
    received = read_response(got.data)
    prompt, completion = received.prompt_tokens, received.completion_tokens
    if received.problem:
        cost = worst if prompt is None or completion is None else prices.of(prompt, completion)
        return NoReply(reason=redact(received.problem)), cost
    if prompt is None:
        prompt = sum(likely_tokens(message.content) + 4 for message in request.messages)
    if completion is None:
        completion = likely_tokens(received.text)
    cost = prices.of(prompt, completion)
    reply = Reply(
        text=redact(received.text),
        finish=received.finish,
        model=redact(received.model) or model,
        prompt_tokens=prompt,
        completion_tokens=completion,
        cost_usd=cost.usd,
    )
    return reply, cost


def _failure(got: Answer, redact: Redactor) -> Meaning:
    message = redact(message_of(got.data))
    said = f": {message}" if message else ""
    if got.status in STOPS_ALL:
        return Refused(f"{STOPS_ALL[got.status]} (status {got.status}{said})")
    if got.status == TOO_MANY and NO_CREDIT in message:
        return Refused(f"gives no more credit (status {got.status}{said})")
    if got.status in MAY_PASS or got.status >= 500:
        return Passing(f"status {got.status}{said}", True, got.status == TOO_MANY, got.retry_after, got.date)
    if got.status in (400, 422):
        return Misunderstood(got.status, message)
    return NoReply(reason=f"status {got.status}{said}")
