"""What an endpoint asks, how it shares out and remembers, and how it is left."""

import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from loopback import Answer, Asked, Loopback, completion, echo, error
from teacher_builders import cached_endpoint, request, requests

from skilladapt.errors import RunError
from skilladapt.teachers.ledger import Caps, Prices
from skilladapt.teachers.limits import Patience
from skilladapt.teachers.teacher import Message, NoReply, Reply, Request, Sampling, ask_all

SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}}


def replies(outcomes: list[Any]) -> list[str]:
    return [outcome.text for outcome in outcomes if isinstance(outcome, Reply)]


def test_a_request_is_sent_as_it_is_and_its_reply_told_with_its_cost(tmp_path: Path) -> None:
    sampling = Sampling(temperature=0.25, top_p=0.5, max_tokens=7)
    messages = (Message(role="system", content="be brief"), Message(role="user", content="hé \u2028 \U0001f600?"))
    with (
        Loopback(lambda _: Answer(body=completion("well", usage=(1000, 500)))) as server,
        cached_endpoint(server, tmp_path / "a", key="sk-0123456789", prices=Prices(2.0, 10.0)) as (teacher, _),
    ):
        (reply,) = ask_all(teacher, [Request(messages=messages, sampling=sampling, reply_schema=SCHEMA)])
        assert teacher.name == "m at 127.0.0.1"
    (asked,) = server.asked
    assert asked.path == "/v1/chat/completions" and asked.headers["authorization"] == "Bearer sk-0123456789"
    assert asked.body == {
        "model": "m",
        "messages": [message.model_dump() for message in messages],
        "temperature": 0.25,
        "top_p": 0.5,
        "max_tokens": 7,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "reply", "schema": SCHEMA, "strict": True},
        },
    }
    assert reply == Reply(
        text="well",
        finish="stop",
        model="loopback",
        prompt_tokens=1000,
        completion_tokens=500,
        cost_usd=0.007,
    )


def test_without_a_key_none_is_sent(tmp_path: Path) -> None:
    with Loopback() as server, cached_endpoint(server, tmp_path / "a") as (teacher, _):
        ask_all(teacher, [request("a")])
    assert "authorization" not in server.asked[0].headers


@pytest.mark.parametrize(
    ("finish", "told"),
    [
        ("stop", "stop"),
        ("length", "length"),
        ("content_filter", "filtered"),
        (None, "unknown"),
        ("other", "unknown"),
    ],
)
def test_how_a_reply_ended_is_passed_on(tmp_path: Path, finish: str | None, told: str) -> None:
    with (
        Loopback(lambda _: Answer(body=completion('{"answer": 100', finish))) as server,
        cached_endpoint(server, tmp_path / "a") as (teacher, _),
    ):
        (reply,) = ask_all(teacher, [request("a")])
    assert isinstance(reply, Reply) and (reply.text, reply.finish) == ('{"answer": 100', told)


def test_where_the_service_reports_no_tokens_they_are_estimated(tmp_path: Path) -> None:
    with (
        Loopback(lambda _: Answer(body=completion("x" * 300, usage=None))) as server,
        cached_endpoint(server, tmp_path / "a", prices=Prices(1.0, 1.0)) as (teacher, endpoint),
    ):
        (reply,) = ask_all(teacher, [request("y" * 30)])
        assert isinstance(reply, Reply)
        assert (reply.prompt_tokens, reply.completion_tokens) == (14, 100)
        assert reply.cost_usd == endpoint.ledger.spent.usd > 0


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("status", [400, 422])
def test_a_schema_is_tried_once_and_left_out_when_it_was_refused(tmp_path: Path, named: bool, status: int) -> None:
    def serve(asked: Asked) -> Answer:
        if "response_format" in asked.body:
            time.sleep(0.02)
            return error(status, "Unsupported fields: {'response_format'}" if named else "bad request")
        return echo(asked)

    with Loopback(serve) as server, cached_endpoint(server, tmp_path / "a") as (teacher, _):
        assert len(replies(ask_all(teacher, requests(30, reply_schema=SCHEMA)))) == 30
        assert len(replies(ask_all(teacher, [request("more", reply_schema=SCHEMA)]))) == 1
    assert sum("response_format" in asked.body for asked in server.asked) == 1
    assert len(server.asked) == 32


def test_where_a_schema_is_accepted_all_have_it(tmp_path: Path) -> None:
    with Loopback() as server, cached_endpoint(server, tmp_path / "a") as (teacher, _):
        ask_all(teacher, requests(20, reply_schema=SCHEMA))
    assert len(server.asked) == 20 and all("response_format" in asked.body for asked in server.asked)


def test_other_refused_fields_are_dropped_one_by_one_and_remembered(tmp_path: Path) -> None:
    def serve(asked: Asked) -> Answer:
        if "max_tokens" in asked.body:
            return error(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
        if "temperature" in asked.body:
            return error(400, "'temperature' does not support 0.5 with this model.")
        return echo(asked)

    with Loopback(serve) as server, cached_endpoint(server, tmp_path / "a", concurrency=1) as (teacher, _):
        assert len(replies(ask_all(teacher, requests(5)))) == 5
    assert len(server.asked) == 7
    assert all(asked.body["max_completion_tokens"] == 20 for asked in server.asked[1:])


def test_a_bad_request_makes_nothing_be_dropped_for_the_others(tmp_path: Path) -> None:
    def serve(asked: Asked) -> Answer:
        return error(400, "bad") if asked.text == "bad" else echo(asked)

    with Loopback(serve) as server, cached_endpoint(server, tmp_path / "a", concurrency=1) as (teacher, _):
        outcomes = ask_all(teacher, [request(text, reply_schema=SCHEMA) for text in ("bad", "good", "bad ")])
        assert [type(outcome) for outcome in outcomes] == [NoReply, Reply, Reply]
        ask_all(teacher, [request("bad", reply_schema=SCHEMA)])
    assert "response_format" in server.asked[-3].body and server.texts[-1] == "bad"
    # Before anything had gone through the fields were suspected; afterwards the request itself is.
    assert server.texts.count("bad") == 4


def test_several_services_share_the_work_and_one_that_fails_rests(tmp_path: Path) -> None:
    slow = Answer(delay_s=0.02)

    def serve(asked: Asked) -> Answer:
        return Answer(body=completion(asked.text), delay_s=slow.delay_s)

    with Loopback(serve) as one, Loopback(serve) as two, Loopback(lambda _: error(503)) as broken:
        urls = [one.url, broken.url, two.url, "http://127.0.0.1:9/v1"]
        with cached_endpoint(urls, tmp_path / "a", concurrency=8) as (teacher, _):
            assert len(replies(ask_all(teacher, requests(200)))) == 200
    assert min(len(one.asked), len(two.asked)) > 60
    assert len(one.asked) + len(two.asked) == 200
    assert len(broken.asked) < 60
    assert one.most_under_way + two.most_under_way <= 8


def test_no_more_calls_are_under_way_than_allowed(tmp_path: Path) -> None:
    with (
        Loopback(lambda asked: Answer(body=completion("x"), delay_s=0.02)) as server,
        cached_endpoint(server, tmp_path / "a", concurrency=5) as (teacher, _),
    ):
        ask_all(teacher, requests(40))
    assert server.most_under_way == 5


def test_a_cap_ends_the_run_after_what_is_under_way_and_says_how_to_go_on(tmp_path: Path) -> None:
    with Loopback() as server:
        with cached_endpoint(server, tmp_path / "a", caps=Caps(calls=7)) as (teacher, endpoint):
            came = []
            with pytest.raises(
                RunError, match=r"cap teacher\.cap_calls is reached: .* 7 calls were spent; 0 calls"
            ) as e:
                for place, outcome in teacher.ask(requests(20)):
                    came.append((place, outcome))
            assert len(came) == 7 and len(server.asked) == 7
            assert "same command" in str(e.value) and endpoint.ledger.reserved.calls == 0
        with cached_endpoint(server, tmp_path / "a", caps=Caps(calls=30)) as (teacher, _):
            assert len(replies(ask_all(teacher, requests(20)))) == 20
    assert len(server.asked) == 20


def test_a_budget_is_used_up_although_the_worst_is_reserved(tmp_path: Path) -> None:
    # The worst case of a call is a hundred times what it comes to: near the cap only few are under way at once.
    with Loopback() as server:
        caps = Caps(usd=0.01)
        with cached_endpoint(server, tmp_path / "a", prices=Prices(1.0, 10.0), caps=caps) as (teacher, endpoint):
            with pytest.raises(RunError, match="cap_usd"):
                ask_all(teacher, requests(1000, max_tokens=600))
            assert 0.0035 < endpoint.ledger.spent.usd <= 0.01
            assert len(server.asked) * 6e-5 == pytest.approx(endpoint.ledger.spent.usd)


def test_leaving_early_ends_what_is_under_way_and_keeps_what_came(tmp_path: Path) -> None:
    def serve(asked: Asked) -> Answer:
        late = int(asked.text.split()[1]) >= 40
        return Answer(body=completion(asked.text), delay_s=30 if late else 0)

    with Loopback(serve) as server:
        with cached_endpoint(server, tmp_path / "a", concurrency=8) as (teacher, endpoint):
            outcomes = teacher.ask(requests(100))
            next(outcomes)
            while len(server.asked) < 48:  # 8 that take their time
                time.sleep(0.01)
            began = time.monotonic()
            outcomes.close()  # type: ignore[attr-defined]
            assert time.monotonic() - began < 1
            assert endpoint.ledger.reserved.calls == 0 and endpoint.ledger.spent.calls == 48
        with cached_endpoint(server, tmp_path / "a") as (teacher, _):
            server.asked.clear()
            assert len(replies(ask_all(teacher, requests(40)))) == 40
    assert not server.asked


def test_an_interrupt_ends_it_soon_with_all_that_came_kept(tmp_path: Path) -> None:
    def serve(asked: Asked) -> Answer:
        return Answer(body=completion(asked.text), delay_s=60 if len(server.asked) > 20 else 0)

    def interrupt() -> None:
        while len(server.asked) < 28:
            time.sleep(0.01)
        time.sleep(0.1)
        began.append(time.monotonic())
        signal.raise_signal(signal.SIGINT)

    began: list[float] = []
    came: list[int] = []
    with Loopback(serve) as server:
        thread = threading.Thread(target=interrupt)
        with pytest.raises(KeyboardInterrupt), cached_endpoint(server, tmp_path / "a") as (teacher, _):
            thread.start()
            for place, _ in teacher.ask(requests(100)):
                came.append(place)
        assert time.monotonic() - began[0] < 2
        thread.join()
        server.asked.clear()
        server.script = echo
        with cached_endpoint(server, tmp_path / "a") as (teacher, _):
            ask_all(teacher, requests(100))
    assert len(came) == 20 and len(server.asked) == 80


def test_a_slow_reader_does_not_let_replies_heap_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skilladapt.teachers.endpoint.MOST_WAITING", 10)
    with Loopback() as server, cached_endpoint(server, tmp_path / "a", concurrency=4) as (teacher, _):
        outcomes = teacher.ask(requests(60))
        next(outcomes)
        time.sleep(0.5)
        assert len(server.asked) <= 10 + 2 * 4 + 1  # those under way, and those on their way to the disk
        assert len(list(outcomes)) == 59


def test_two_threads_can_ask_at_once(tmp_path: Path) -> None:
    with Loopback() as server, cached_endpoint(server, tmp_path / "a") as (_, endpoint):
        results: list[int] = []
        threads = [
            threading.Thread(target=lambda: results.append(len(ask_all(endpoint, requests(50))))) for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert results == [50, 50]


def test_closing_ends_the_thread(tmp_path: Path) -> None:
    before = threading.active_count()
    with Loopback() as server:
        with cached_endpoint(server, tmp_path / "a") as (teacher, _):
            ask_all(teacher, [request("a")])
        assert threading.active_count() == before + 1  # the server's
    assert threading.active_count() == before


def test_counts_tell_how_it_stands(tmp_path: Path) -> None:
    def serve(asked: Asked) -> Answer:
        return {0: error(500), 1: error(404)}.get(asked.number, echo(asked))

    with Loopback(serve) as server:
        for cached in (0, 9):
            with cached_endpoint(server, tmp_path / "a", concurrency=1, prices=Prices(1.0, 1.0)) as (teacher, _):
                assert teacher.tally.counts().left_s == 0
                ask_all(teacher, requests(10))
                counts = teacher.tally.counts()
            assert (counts.requests, counts.cached) == (10, cached)
            if not cached:
                assert (counts.calls, counts.replies, counts.failed) == (11, 9, {"status 404": 1})
                assert counts.repeated == {"status 500": 1}
                assert (counts.prompt_tokens, counts.completion_tokens) == (90, 45)
                assert counts.cost_usd == pytest.approx(9 * 15e-6)
                assert counts.seconds > 0 and counts.per_second > 0 and counts.left_s == 0


@pytest.mark.parametrize("status", [500, 429])
def test_when_the_run_stops_nobody_waits_to_ask_again(tmp_path: Path, status: int) -> None:
    patience = Patience(first_wait_s=30.0, longest_retry_after_s=30.0)

    def serve(asked: Asked) -> Answer:
        if asked.text == "question 0":
            return error(status, Retry_After="30")
        return Answer(401 if asked.text == "question 3" else 200, completion("x"), delay_s=0.2)

    with Loopback(serve) as server, cached_endpoint(server, tmp_path / "a", patience=patience) as (teacher, _):
        began = time.monotonic()
        with pytest.raises(RunError, match="refuses the key"):
            ask_all(teacher, requests(8))
        assert time.monotonic() - began < 3
