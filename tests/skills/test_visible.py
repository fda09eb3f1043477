import pytest

from hostile_graph import TITLES
from skilladapt.skills.visible import visible_line, visible_text


def test_what_cannot_be_seen_is_written_as_its_code() -> None:
    assert visible_line("a\u202eb\0c\x1bd\u2028e\ud800f\u200bg") == (
        "a⟨U+202E⟩b⟨U+0000⟩c⟨U+001B⟩d⟨U+2028⟩e⟨U+D800⟩f⟨U+200B⟩g"
    )


def test_letters_of_all_scripts_and_joined_emoji_stay() -> None:
    for text in (
        "\u05e9\u05dc\u05d5\u05dd",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0646",
        "\U0001f469\u200d\U0001f3eb",
        "e\u0301",
    ):
        assert visible_line(text) == text


def test_a_line_is_one_line_and_no_longer_than_allowed() -> None:
    assert visible_line(" a\n\tb\r\nc ") == "a b c"
    assert visible_line("x" * 2000, 10) == "x" * 9 + "…"
    assert visible_line("x" * 10, 10) == "x" * 10


def test_a_text_keeps_its_lines_and_says_how_much_was_left_out() -> None:
    assert visible_text("a\n\tb\0") == "a\n\tb⟨U+0000⟩"
    assert visible_text("x" * 1500, 10) == "x" * 10 + "… (1,490 more characters)"


@pytest.mark.parametrize("title", TITLES)
def test_everything_can_be_encoded_and_printed(title: str) -> None:
    assert visible_line(title).encode().decode().isprintable() or "\u200d" in title
