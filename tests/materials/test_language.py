import pytest

from skilladapt.materials.language import language_fault

ENGLISH = "Explain what happens to the demand for tea when the price of coffee rises in the same market."
GERMAN = "Erkläre, was mit der Nachfrage nach Tee geschieht, wenn der Preis von Kaffee am selben Markt steigt."


@pytest.mark.parametrize(
    ("text", "wanted", "fault"),
    [
        (ENGLISH, "en", ""),
        (GERMAN, "de", ""),
        (GERMAN, "en", "written in 'de' instead of 'en'"),
        (ENGLISH, "de", "written in 'en' instead of 'de'"),
        (
            "请说明咖啡价格上涨时同一市场上对茶的需求会发生什么变化以及为什么",
            "en",
            "written in 'zh' instead of 'en'",
        ),
        ("Wer war es?", "en", ""),
        ("f(x) = 3x^2 + 2x - 1, g(x) = 4x, h = f(g(x)), k = 3, m = 2, n = 9", "en", ""),
        ("", "en", ""),
    ],
)
def test_another_language_is_noticed_where_there_is_enough_text(text: str, wanted: str, fault: str) -> None:
    assert language_fault(text, wanted) == fault
