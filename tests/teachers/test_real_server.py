"""A service that is not ours: `transformers serve` with the embedded student, on this machine."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from teacher_builders import cached_endpoint

from skilladapt.models import smollm2
from skilladapt.teachers.teacher import Message, NoReply, Reply, Request, Sampling, ask_all

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The base URL, and what the model is called there."""
    folder = smollm2.cached_student()
    if folder is None:
        pytest.skip("the student is not here; `python -m skilladapt.models.smollm2` fetches it")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    log = tmp_path_factory.mktemp("served") / "log"
    command = [str(Path(sys.executable).with_name("transformers")), "serve", str(folder)]
    command += ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    with log.open("wb") as said:
        server = subprocess.Popen(
            command, stdout=said, stderr=said, env={**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/health", server, log)
        yield f"http://127.0.0.1:{port}/v1", str(folder)
    finally:
        server.terminate()
        server.wait(20)


def wait_for(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    pytest.fail(f"transformers serve did not come up: {log.read_text()[-2000:]}")


def ask_for(text: str, max_tokens: int = 12, **more: object) -> Request:
    sampling = Sampling(temperature=0.1, max_tokens=max_tokens)
    return Request.model_validate(
        {"messages": (Message(role="user", content=text),), "sampling": sampling, **more}
    )


def test_a_service_that_is_not_ours_is_asked_and_its_words_are_read(
    served: tuple[str, str], tmp_path: Path
) -> None:
    url, model = served
    asked = [
        ask_for("What is the capital of France?", 24),
        ask_for("Count from one to one hundred in words.", 5),
        ask_for("What is the capital of France?", 24, reply_schema={"type": "object"}),
    ]
    for calls in (3, 0):
        with cached_endpoint([url], tmp_path / "a", model=model, timeout_s=120, concurrency=2) as (teacher, _):
            first, cut, with_schema = ask_all(teacher, asked)
            assert teacher.tally.counts().calls == calls
    assert isinstance(first, Reply) and isinstance(cut, Reply) and isinstance(with_schema, Reply)
    assert "Paris" in first.text and first.finish == "stop" and 20 < first.prompt_tokens < 60
    assert 0 < first.completion_tokens <= 24 and model in first.model
    assert cut.finish == "length" and cut.completion_tokens == 5


def test_a_model_that_the_service_does_not_have_is_a_no_reply(served: tuple[str, str], tmp_path: Path) -> None:
    with cached_endpoint([served[0]], tmp_path / "a", model="nobody/nothing", timeout_s=60) as (teacher, _):
        (outcome,) = ask_all(teacher, [ask_for("a")])
    assert isinstance(outcome, NoReply) and outcome.reason.startswith("status ")
