from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from teacher_builders import request, requests

from skilladapt.teachers.archive import Archive
from skilladapt.teachers.cached import Cached
from skilladapt.teachers.scripted import Scripted
from skilladapt.teachers.teacher import Message, NoReply, Outcome, Reply, Request, Sampling, ask_all


class Counting:
    """A script that remembers what it was asked."""

    def __init__(self, name: str = "counting") -> None:
        self._script = Scripted(lambda asked: None if asked.messages[0].content == "none" else "reply", name)
        self.asked: list[Request] = []

    @property
    def name(self) -> str:
        return self._script.name

    def ask(self, requests: Sequence[Request]) -> Iterator[tuple[int, Outcome]]:
        for place, outcome in self._script.ask(requests):
            self.asked.append(requests[place])
            yield place, outcome


def test_the_second_run_makes_no_call_and_has_the_same_replies(tmp_path: Path) -> None:
    outcomes = []
    for calls in (1200, 0):
        teacher = Counting()
        with Archive(tmp_path / "a") as archive:
            cached = Cached(teacher, archive)
            outcomes.append(ask_all(cached, requests(1200)))
            assert len(teacher.asked) == calls and cached.tally.counts().cached == 1200 - calls
    assert outcomes[0] == outcomes[1]


def test_equal_requests_are_asked_once_and_draws_are_told_apart(tmp_path: Path) -> None:
    teacher = Counting()
    asked = [request("a"), request("a"), request("a", draw=1), request("a", draw=1), request("a", purpose="other")]
    with Archive(tmp_path / "a") as archive:
        outcomes = ask_all(Cached(teacher, archive), asked)
    assert len(teacher.asked) == 2 and len(outcomes) == 5 and all(isinstance(one, Reply) for one in outcomes)


@pytest.mark.parametrize(
    "other",
    [
        request("b"),
        request("a", max_tokens=21),
        request("a", draw=1),
        request("a", reply_schema={"type": "object"}),
        Request(messages=(Message(role="system", content="a"),), sampling=request("a").sampling),
        Request(messages=request("a").messages, sampling=Sampling(temperature=0.5, max_tokens=20, top_p=0.9)),
        Request(messages=request("a").messages, sampling=Sampling(temperature=0.6, max_tokens=20)),
    ],
)
def test_whatever_changes_a_reply_makes_another_request(tmp_path: Path, other: Request) -> None:
    teacher = Counting()
    with Archive(tmp_path / "a") as archive:
        ask_all(Cached(teacher, archive), [request("a")])
        ask_all(Cached(teacher, archive), [other])
    assert len(teacher.asked) == 2


def test_another_teacher_s_replies_are_not_taken(tmp_path: Path) -> None:
    with Archive(tmp_path / "a") as archive:
        for name in ("one", "two"):
            teacher = Counting(name)
            ask_all(Cached(teacher, archive), [request("a")])
            assert len(teacher.asked) == 1


def test_what_had_no_reply_is_asked_again(tmp_path: Path) -> None:
    teacher = Counting()
    with Archive(tmp_path / "a") as archive:
        for _ in range(2):
            assert isinstance(ask_all(Cached(teacher, archive), [request("none")])[0], NoReply)
    assert len(teacher.asked) == 2


def test_replies_are_on_the_disk_when_they_are_told(tmp_path: Path) -> None:
    with Archive(tmp_path / "a") as archive:
        cached = Cached(Counting(), archive)
        asked = requests(30)
        for place, outcome in cached.ask(asked):
            assert archive.find("counting", [asked[place].key])[asked[place].key] == outcome


def test_what_a_teacher_said_before_it_failed_is_kept(tmp_path: Path) -> None:
    class Failing(Counting):
        def ask(self, requests: Sequence[Request]) -> Iterator[tuple[int, Outcome]]:
            yield from super().ask(requests[:7])
            raise KeyboardInterrupt

    with Archive(tmp_path / "a") as archive:
        with pytest.raises(KeyboardInterrupt):
            ask_all(Cached(Failing(), archive), requests(20))
        teacher = Counting()
        ask_all(Cached(teacher, archive), requests(20))
    assert len(teacher.asked) == 13


def test_a_damaged_reply_is_asked_for_again_once(tmp_path: Path) -> None:
    with Archive(tmp_path / "a") as archive:
        ask_all(Cached(Counting(), archive), requests(5))
    data = (tmp_path / "a").read_bytes()
    (tmp_path / "a").write_bytes(data.replace(b'"text":"reply"', b'"text":"rePly"', 1))
    with Archive(tmp_path / "a") as archive:
        teacher = Counting()
        outcomes = ask_all(Cached(teacher, archive), requests(5))
        assert len(teacher.asked) == 1 and archive.quarantined == 1
        assert all(isinstance(one, Reply) and one.text == "reply" for one in outcomes)
        ask_all(Cached(teacher, archive), requests(5))
        assert len(teacher.asked) == 1
