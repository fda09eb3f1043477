"""What every teacher keeps to, whatever is behind it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from loopback import Answer, Asked, Loopback, completion, error
from teacher_builders import cached_endpoint, request, requests

from skilladapt.models.loading import load_student
from skilladapt.teachers.archive import Archive
from skilladapt.teachers.cached import Cached
from skilladapt.teachers.local import Local
from skilladapt.teachers.scripted import Scripted
from skilladapt.teachers.teacher import Message, NoReply, Reply, Request, Teacher, ask_all

UNANSWERABLE = Request(messages=(Message(role="assistant", content="no question"),))
"""Has no reply from any of them."""


def script(asked: Request) -> str | None:
    return None if asked.messages[-1].role != "user" else f"reply to {asked.messages[-1].content} {asked.draw}"


def serve(asked: Asked) -> Answer:
    return error(400) if asked.body["messages"][-1]["role"] != "user" else Answer(body=completion(asked.text))


@contextmanager
def scripted(_: Path) -> Iterator[Teacher]:
    yield Scripted(script)


@contextmanager
def local(_: Path) -> Iterator[Teacher]:
    yield Local(load_student("tiny-random"), batch_size=3)


@contextmanager
def endpoint(path: Path) -> Iterator[Teacher]:
    with Loopback(serve) as server, cached_endpoint(server, path / "own.sqlite") as (_, bare):
        yield bare


@contextmanager
def cached_script(path: Path) -> Iterator[Teacher]:
    with Archive(path / "archive.sqlite") as archive:
        yield Cached(Scripted(script), archive)


@contextmanager
def cached_service(path: Path) -> Iterator[Teacher]:
    with Loopback(serve) as server, cached_endpoint(server, path / "own.sqlite") as (teacher, _):
        yield teacher


Build = Callable[[Path], AbstractContextManager[Teacher]]


@pytest.fixture(
    params=[scripted, local, endpoint, cached_script, cached_service], ids=lambda build: build.__name__
)
def teacher(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Teacher]:
    build: Build = request.param
    with build(tmp_path) as built:
        yield built


def test_every_request_has_one_outcome_and_its_place(teacher: Teacher) -> None:
    asked = [*requests(11), UNANSWERABLE, *requests(3)]
    places = [place for place, _ in teacher.ask(asked)]
    assert sorted(places) == list(range(15))


def test_a_request_that_fails_is_a_no_reply_and_the_others_have_theirs(teacher: Teacher) -> None:
    outcomes = ask_all(teacher, [request("a"), UNANSWERABLE, request("b")])
    assert [type(outcome) for outcome in outcomes] == [Reply, NoReply, Reply]
    assert isinstance(outcomes[1], NoReply) and outcomes[1].reason


def test_replies_say_how_they_ended_and_what_they_took(teacher: Teacher) -> None:
    (reply,) = ask_all(teacher, [request("a question of some length", max_tokens=3)])
    assert isinstance(reply, Reply)
    assert reply.text and reply.model and reply.finish in ("stop", "length")
    assert reply.prompt_tokens > 0 and reply.completion_tokens > 0 and reply.cost_usd >= 0


def test_equal_requests_have_equal_replies(teacher: Teacher) -> None:
    first, second = (ask_all(teacher, [request("a"), request("b"), request("a")]) for _ in range(2))
    assert first == second and first[0] == first[2]


def test_asking_nothing_yields_nothing(teacher: Teacher) -> None:
    assert ask_all(teacher, []) == []


def test_it_can_be_left_early_and_asked_again(teacher: Teacher) -> None:
    asked = requests(12)
    outcomes = teacher.ask(asked)
    next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]  # all of ours are generators
    assert len(ask_all(teacher, asked)) == 12


def test_its_name_is_the_same_each_time_and_not_empty(teacher: Teacher) -> None:
    assert teacher.name and teacher.name == teacher.name.strip() and teacher.name == teacher.name
