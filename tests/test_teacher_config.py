from pathlib import Path

import pytest

from skilladapt.config import RunConfig, differences, load_config, load_saved_config
from skilladapt.errors import UserError

GOOD = 'domain = "calculus"\n[student]\nmodel = "tiny-random"\n[teacher]\n'
ENDPOINT = 'kind = "endpoint"\nmodel = "big"\nbase_urls = ["http://127.0.0.1:8000/v1"]\n'


def load(tmp_path: Path, teacher: str) -> RunConfig:
    path = tmp_path / "run.toml"
    path.write_text(GOOD + teacher)
    return load_config(path)


def mistakes_in(tmp_path: Path, teacher: str) -> list[str]:
    with pytest.raises(UserError) as caught:
        load(tmp_path, teacher)
    return [mistake.split(": ", 1)[1] for mistake in caught.value.mistakes]


@pytest.mark.parametrize(
    "teacher",
    [
        ENDPOINT + 'key_env = "MY_KEY"\nusd_per_million_prompt_tokens = 1.5\ncap_usd = 2.0\n',
        'kind = "local"\nmodel = "tiny-random"\nbatch_size = 4\n',
        'kind = "scripted"\nscript = "a:b"\n',
    ],
)
def test_each_kind_is_read_and_its_resolved_form_reads_back_equal(tmp_path: Path, teacher: str) -> None:
    config = load(tmp_path, teacher)
    saved = tmp_path / "saved.toml"
    saved.write_text(config.to_toml())
    assert load_saved_config(saved) == config and config.teacher is not None


def test_a_run_needs_no_teacher(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text(GOOD.replace("[teacher]", ""))
    assert load_config(path).teacher is None


def test_all_mistakes_of_a_teacher_are_told_at_once(tmp_path: Path) -> None:
    found = mistakes_in(
        tmp_path,
        'kind = "endpoint"\nbase_url = "x"\ntemperature = 3\ncap_usd = 1.0\nbatch_size = 4\nconcurrency = 0\n'
        'base_urls = ["ftp://a", "http://a:b/v1"]\n',
    )
    assert sorted(found) == sorted(
        [
            "unknown key 'teacher.base_url'; did you mean 'base_urls'?",
            "'teacher.temperature' is 3; input should be less than or equal to 2.",
            "'teacher.concurrency' is 0; input should be greater than or equal to 1.",
            "'teacher.model' is missing; a teacher of kind 'endpoint' needs it.",
            "'teacher.batch_size' means nothing for a teacher of kind 'endpoint'; leave it out.",
            "'teacher.base_urls.0' has no scheme or no host; write it like https://host/v1.",
            "'teacher.base_urls.1' is no URL; write it like https://host/v1.",
            "'teacher.cap_usd' needs prices; give teacher.usd_per_million_prompt_tokens and "
            "teacher.usd_per_million_completion_tokens.",
        ]
    )


@pytest.mark.parametrize("kind", ["endpoint", "local", "scripted"])
def test_what_a_kind_needs_is_named(tmp_path: Path, kind: str) -> None:
    assert all(
        "is missing; a teacher of kind" in mistake for mistake in mistakes_in(tmp_path, f'kind = "{kind}"\n')
    )


def test_an_unknown_kind_and_a_section_that_is_none_are_plain_mistakes(tmp_path: Path) -> None:
    assert "'teacher.kind' is 'oracle'" in mistakes_in(tmp_path, 'kind = "oracle"\n')[0]
    path = tmp_path / "run.toml"
    path.write_text("teacher = 3\n" + GOOD.replace("[teacher]\n", ""))
    with pytest.raises(UserError, match="'teacher' is 3"):
        load_config(path)


@pytest.mark.parametrize("value", ["inf", "nan", "-1.0"])
def test_a_cap_is_a_finite_number(tmp_path: Path, value: str) -> None:
    prices = "usd_per_million_prompt_tokens = 1.0\n"
    (found,) = mistakes_in(tmp_path, f"{ENDPOINT}{prices}cap_usd = {value}\n")
    assert "'teacher.cap_usd'" in found


@pytest.mark.parametrize(
    "place",
    [
        'key_env = "sk-canary-0123456789"',
        'base_urls = ["https://sk-canary-0123456789@host/v1"]',
        'base_urls = ["https://host/v1?key=sk-canary-0123456789"]',
        'base_urls = ["https://host/v1#sk-canary-0123456789"]',
    ],
)
def test_a_key_written_into_the_file_is_refused_without_being_shown(tmp_path: Path, place: str) -> None:
    teacher = (
        ENDPOINT if "key_env" in place else ENDPOINT.replace('base_urls = ["http://127.0.0.1:8000/v1"]\n', "")
    )
    (found,) = mistakes_in(tmp_path, f"{teacher}{place}\n")
    assert "environment variable" in found and "canary" not in found


def test_a_run_may_go_on_with_other_caps_and_another_address_but_not_with_another_model(tmp_path: Path) -> None:
    old = load(tmp_path, ENDPOINT)
    prices = (
        "usd_per_million_prompt_tokens = 1.0\ncap_usd = 2.0\ncap_calls = 3\nconcurrency = 2\ntimeout_s = 9.0\n"
    )
    moved = ENDPOINT.replace(":8000", ":9000") + prices + 'key_env = "KEY"\n'
    assert not differences(old, load(tmp_path, moved))
    assert differences(old, load(tmp_path, ENDPOINT.replace("big", "small"))) == [
        "teacher.model was 'big' and is now 'small'"
    ]
    assert differences(old, load(tmp_path, ENDPOINT + "temperature = 0.0\n")) == [
        "teacher.temperature was 0.7 and is now 0.0"
    ]


OTHER = {
    "kind": "local",
    "model": "other",
    "temperature": 0.1,
    "top_p": 0.5,
    "max_tokens": 3,
    "precision": "bfloat16",
    "script": "a:b",
}
"""Whatever decides which reply a request gets."""
MAY_CHANGE = {
    "base_urls": ("http://other/v1",),
    "key_env": "OTHER",
    "usd_per_million_prompt_tokens": 3.0,
    "usd_per_million_completion_tokens": 3.0,
    "cap_usd": 3.0,
    "cap_tokens": 3,
    "cap_calls": 3,
    "concurrency": 3,
    "timeout_s": 3.0,
    "device": "cpu",
    "batch_size": 3,
}


def test_every_value_of_a_teacher_is_refused_on_resume_or_known_to_change_no_reply(tmp_path: Path) -> None:
    old = load(tmp_path, ENDPOINT)
    assert old.teacher is not None and OTHER.keys() | MAY_CHANGE.keys() == type(old.teacher).model_fields.keys()
    for name, value in {**OTHER, **MAY_CHANGE}.items():
        new = old.model_copy(update={"teacher": old.teacher.model_copy(update={name: value})})
        assert new != old and bool(differences(old, new)) == (name in OTHER), name
