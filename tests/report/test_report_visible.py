import pytest
from markupsafe import Markup

from skilladapt.report.visible import clip, duration, number, percent, points, signed, stage_name, visible


def test_characters_nobody_sees_are_written_as_codes() -> None:
    assert visible("a\u202eb\u200bc\x00d\x1be\ufefff\ud800") == (
        "a⟨U+202E⟩b⟨U+200B⟩c⟨U+0000⟩d⟨U+001B⟩e⟨U+FEFF⟩f⟨U+D800⟩"
    )


def test_readable_text_stays_as_it_is() -> None:
    text = "Ableitung von x² − 3\n\tüber ℝ, 数学 ≤ ½"
    assert visible(text) == text
    assert visible("plain ASCII") == "plain ASCII"


def test_markup_and_numbers_are_left_alone() -> None:
    assert visible(Markup("<b>\u200b</b>")) == Markup("<b>\u200b</b>")
    assert visible(3) == 3


def test_long_text_says_how_much_was_left_out() -> None:
    assert clip("abcdef", 6) == "abcdef"
    assert clip("x" * 1500, 3) == "xxx… (1,497 more characters)"


def test_numbers_are_written_as_people_write_them() -> None:
    assert [percent(0.625), percent(None), percent(float("nan"))] == ["62%", "–", "–"]
    assert [points(0.4821), points(-0.025), points(0.0001), points(None)] == ["+48", "−2.5", "±0", "–"]
    assert [number(1234567), number(1.5), number(float("inf")), number(None)] == ["1,234,567", "1.50", "∞", "–"]
    assert [signed(-0.0214, 3), signed(0.05, 2)] == ["−0.021", "+0.05"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.04, "0.0 s"), (41.4, "41 s"), (125, "2 min 5 s"), (755.4, "13 min"), (12030, "3 h 20 min")],
)
def test_durations_are_written_as_people_say_them(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_stages_have_words() -> None:
    assert [stage_name(when) for when in ("base", "base-few-shot", "round-0", "round-12", "other")] == [
        "before: base model",
        "before: shown the format",
        "after the textbooks",
        "after round 12",
        "other",
    ]
