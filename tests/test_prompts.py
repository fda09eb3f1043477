import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from skilladapt import prompts

FOLDER = Path(prompts.__file__).parent


@pytest.mark.parametrize("name", prompts.names())
def test_every_prompt_says_what_it_is_for_and_has_a_hash_of_its_own(name: str) -> None:
    prompt = prompts.load(name)
    assert prompt.purpose.endswith(".") and prompt.system and prompt.user
    assert prompts.hashes()[name] == prompt.hash


def test_every_file_has_a_hash_of_its_own() -> None:
    files = {path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.rglob("*.md")}
    hashes = prompts.hashes()
    assert hashes.keys() == files and len(set(hashes.values())) == len(files) > len(prompts.names())


def test_a_form_is_part_of_the_hash_of_what_includes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before = prompts.hashes()
    text_of = prompts._text_of
    monkeypatch.setattr(
        prompts, "_text_of", lambda name: text_of(name) + (" more" if name == "forms/choice" else "")
    )
    changed = {name for name, hash in prompts.hashes().items() if hash != before[name]}
    including = {name for name in prompts.names() if "forms/" in prompts.load(name).user}
    assert changed == {"forms/choice", *including} and including


def test_what_is_filled_in_is_never_a_template() -> None:
    hostile = "{{ 7 * 6 }} {% include 'forms/short' %} {{ question.__class__ }}"
    _, user = prompts.fill("solve", {"question": hostile, "how": "", "form": ""})
    assert hostile in user.content


def test_a_forgotten_value_is_no_empty_place() -> None:
    with pytest.raises(UndefinedError, match="question"):
        prompts.fill("solve", {"how": "", "form": ""})


def test_no_prompt_shows_a_solver_more_than_the_question() -> None:
    assert set(re.findall(r"\{\{ *(\w+)", prompts.load("solve").user)) == {"question", "how", "form"}
