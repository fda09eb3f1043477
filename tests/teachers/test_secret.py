import base64
import io
import json
import logging
import traceback
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from loopback import Answer, Asked, Loopback, completion, error
from pydantic import SecretStr
from rich.console import Console
from rich.traceback import Traceback
from teacher_builders import cached_endpoint, requests

from skilladapt.errors import RunError
from skilladapt.teachers.secret import REDACTED, Redactor, key_mistake
from skilladapt.teachers.teacher import Teacher

KEY = 'sk-ca%na+ry/"0=1'


def encodings(key: str) -> dict[str, str]:
    """All the ways in which a server might give a key back."""
    data = key.encode()
    ways = {
        "plain": key,
        "header": f"Bearer {key}",
        "url": quote(key, safe=""),
        "lower url": quote(key, safe="")
        .replace("%2F", "%2f")
        .replace("%2B", "%2b")
        .replace("%3D", "%3d")
        .replace("%22", "%22"),
        "form": quote_plus(key),
        "every sign": "".join(f"%{byte:02x}" for byte in data),
        "json": json.dumps(key),
        "hex": data.hex(),
    }
    for before in ("", "a", "ab", "user:", "Bearer "):
        for behind in ("", "x", "xy"):
            whole = f"{before}{key}{behind}".encode()
            ways[f"base64 {before}_{behind}"] = base64.b64encode(whole).decode()
            ways[f"urlsafe base64 {before}_{behind}"] = base64.urlsafe_b64encode(whole).decode()
    return ways


def base64_cores(key: str) -> set[str]:
    """Digits that stand in any base64 text with the key in it: those of its whole triples."""
    cores = set()
    for skip in range(3):
        whole = key.encode()[skip:]
        whole = whole[: len(whole) // 3 * 3]
        cores |= {base64.b64encode(whole).decode(), base64.urlsafe_b64encode(whole).decode()}
    return cores


def hits(text: str, key: str = KEY) -> list[str]:
    forms = {
        key,
        json.dumps(key)[1:-1],
        quote(key, safe=""),
        quote_plus(key),
        key.encode().hex(),
        *base64_cores(key),
    }
    return [form for form in forms if form.lower() in text.lower()]


@pytest.mark.parametrize("way", encodings(KEY))
def test_a_key_is_taken_out_however_it_is_written(way: str) -> None:
    text = f"what you sent: {encodings(KEY)[way]}, see"
    assert hits(text) or way == "every sign"
    found = Redactor(SecretStr(KEY))(text)
    assert not hits(found) and REDACTED in found


def test_other_text_stays_as_it_is_and_without_a_key_all_does() -> None:
    text = "100%25 of sk-ca and 50% of the rest, " + base64.b64encode(b"something else").decode()
    assert Redactor(SecretStr(KEY))(text) == text
    assert Redactor(None)(KEY) == KEY


def test_what_is_no_key_is_refused_without_being_shown() -> None:
    assert key_mistake("abc") == "has 3 characters; a key has at least 8"
    for key in ("with a space", "line\nbreak00", "schlüssel"):
        found = key_mistake(key)
        assert found and key not in found
    assert not key_mistake(KEY)


def all_that_is_seen_of(teacher: Teacher) -> list[str]:
    """Outcomes, and the error at the end with its traceback, also as `rich` shows it with all local variables."""
    seen: list[str] = []
    try:
        for _, outcome in teacher.ask(requests(60)):
            seen += [repr(outcome), str(outcome), outcome.model_dump_json()]
    except RunError as stopped:
        console = Console(width=300, record=True, file=io.StringIO())
        console.print(Traceback(show_locals=True, width=300, locals_max_string=None, locals_max_length=None))
        shown = console.export_text()
        assert "teacher = " in shown
        return [*seen, str(stopped), repr(stopped), *traceback.format_exception(stopped), shown]
    pytest.fail("the key was not refused")


def echoing(way: str) -> Answer:
    """All that a server says holds the key."""
    return Answer(
        body=completion(f"you sent {way}", model=way, id=way, system_fingerprint=way),
        headers={"X-Echo": way, "Set-Cookie": f'{way}=é; Path="{way}', "WWW-Authenticate": way},
    )


@pytest.mark.parametrize(
    "way", ["plain", "header", "url", "base64 _", "base64 user:_", "urlsafe base64 ab_x", "hex"]
)
def test_a_key_that_the_server_gives_back_is_nowhere_to_be_found(
    tmp_path: Path, way: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    written = encodings(KEY)[way]

    def serve(asked: Asked) -> Answer:
        assert asked.headers["authorization"] == f"Bearer {KEY}"
        kinds = [
            echoing(written),
            error(400, written, X=written),
            error(500, written),
            Answer(200, written.encode()),
        ]
        kinds += [Answer(301, b"", {"Location": f"http://{written}@127.0.0.1/"}), Answer(404, written.encode())]
        kinds += [Answer(200, completion("x"), {"Content-Encoding": written})]
        return kinds[asked.number % len(kinds)] if asked.number < 30 else error(401, written)

    seen: list[str] = []
    with Loopback(serve) as server:
        with cached_endpoint(server, tmp_path / "run" / "a.sqlite", key=KEY, concurrency=3) as (teacher, endpoint):
            seen += all_that_is_seen_of(teacher)
            seen += [
                repr(vars(endpoint)),
                repr(endpoint.ledger),
                repr(teacher.tally.counts()),
                repr(endpoint._redact),
            ]
        assert any(REDACTED in text for text in seen)
        files = [file for file in (tmp_path / "run").rglob("*") if file.is_file()]
        assert files
        seen += [file.read_bytes().decode("latin-1") for file in files]
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert not [hit for text in [*seen, logged, caplog.text, *capfd.readouterr()] for hit in hits(text)]


def test_the_client_s_own_log_is_cleaned_while_an_endpoint_is_open(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    logger = logging.getLogger("aiohttp.client")
    with Loopback() as server, cached_endpoint(server, tmp_path / "a", key=KEY) as (teacher, _):
        list(teacher.ask(requests(1)))
        logger.warning("bad cookie %r", KEY)
        try:
            raise ValueError(KEY)
        except ValueError:
            logger.exception("in a traceback")
    assert "bad cookie" in caplog.text and "in a traceback" in caplog.text and not hits(caplog.text)
    assert not logger.filters
