"""The teachers that run files ask for."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "teachers"))
from loopback import Loopback

from skilladapt.errors import UserError
from skilladapt.stages.staffing import Showing, build_teacher, sampling_of, teacher_mistakes
from skilladapt.teacher_config import TeacherConfig
from skilladapt.teachers.tally import Tally
from skilladapt.teachers.teacher import Message, Reply, Request, Sampling, ask_all

SCRIPT = {"hello": "well"}
NUMBER = 3


def hello(config: TeacherConfig) -> Request:
    return Request(messages=(Message(role="user", content="hello"),), sampling=sampling_of(config))


def of_endpoint(url: str, **more: object) -> TeacherConfig:
    return TeacherConfig.model_validate({"kind": "endpoint", "model": "m", "base_urls": (url,), **more})


def test_a_service_is_asked_on_the_terms_of_the_run_file_and_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUR_KEY", "sk-0123456789")
    with Loopback() as server:
        config = of_endpoint(
            server.url, key_env="OUR_KEY", usd_per_million_prompt_tokens=2.0, cap_calls=1, temperature=0.0
        )
        for _ in range(2):
            tally = Tally()
            with build_teacher(config, tmp_path / "run" / "teacher.sqlite", tally) as teacher:
                (reply,) = ask_all(Showing(teacher), [hello(config)])
            assert isinstance(reply, Reply) and reply.text == "reply to hello" and reply.cost_usd == 2e-5
        assert tally.counts().cached == 1
    (asked,) = server.asked
    assert asked.headers["authorization"] == "Bearer sk-0123456789" and asked.body["temperature"] == 0.0


def test_a_local_model_is_a_teacher(tmp_path: Path) -> None:
    config = TeacherConfig(kind="local", model="tiny-random", max_tokens=3, device="cpu")
    with build_teacher(config, tmp_path / "a.sqlite") as teacher:
        (reply,) = ask_all(Showing(teacher), [hello(config)])
    assert isinstance(reply, Reply) and reply.completion_tokens == 3


def test_a_script_is_a_teacher(tmp_path: Path) -> None:
    config = TeacherConfig(kind="scripted", script=f"{__name__}:SCRIPT")
    with build_teacher(config, tmp_path / "a.sqlite") as teacher:
        assert [outcome for _, outcome in teacher.ask([hello(config)])][0].text == "well"  # type: ignore[union-attr]
    assert sampling_of(config) == Sampling()


def test_the_key_is_told_to_be_missing_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OUR_KEY", raising=False)
    with (
        pytest.raises(UserError, match="there is no environment variable OUR_KEY; export"),
        build_teacher(of_endpoint("http://127.0.0.1:9/v1", key_env="OUR_KEY"), tmp_path / "run" / "a.sqlite"),
    ):
        pass
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(("value", "word"), [("short", "5 characters"), ("two words here", "holds spaces")])
def test_what_is_no_key_is_told_without_showing_it(monkeypatch: pytest.MonkeyPatch, value: str, word: str) -> None:
    monkeypatch.setenv("OUR_KEY", value)
    (mistake,) = teacher_mistakes(of_endpoint("http://127.0.0.1:9/v1", key_env="OUR_KEY"))
    assert word in mistake and value not in mistake


@pytest.mark.parametrize(
    ("config", "word"),
    [
        ({"kind": "scripted", "script": "nowhere:at_all"}, "cannot be loaded (ModuleNotFoundError"),
        ({"kind": "scripted", "script": "no_colon"}, "cannot be loaded"),
        ({"kind": "scripted", "script": f"{__name__}:NUMBER"}, "is a int; it must be a mapping"),
        ({"kind": "local", "model": "tiny-randon"}, "did you mean 'tiny-random'?"),
        ({"kind": "local", "model": "tiny-random", "device": "quantum"}, "'quantum' is not a device"),
    ],
)
def test_what_cannot_be_a_teacher_is_one_mistake_with_a_remedy(config: dict[str, str], word: str) -> None:
    (mistake,) = teacher_mistakes(TeacherConfig.model_validate(config))
    assert word in mistake
