import pytest

from skilladapt.records import Score
from skilladapt.report.curves import loss_curves, skill_curve
from skilladapt.report.figures import MOST_POINTS, accuracy_over_stages, data_map
from skilladapt.report.plots import LETTER, Axis, Tick, nice_ticks, rounds_axis, scale, spaced, thinned
from skilladapt.report.reading import Categorised, Reading, Round


def round_of(
    losses: dict[str, tuple[float, ...]], categories: tuple[Categorised, ...] = (), number: int = 1
) -> Round:
    return Round(number, losses, categories, (), None, (), ())


def categorised(index: int, category: str = "easy") -> Categorised:
    return Categorised(example_id=f"e{index:05}", round=1, category=category, mean_loss=0.5, std_loss=0.1)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (0, 2.31, [0, 0.5, 1.0, 1.5, 2.0, 2.5]),
        (0, 0.037, [0, 0.01, 0.02, 0.03, 0.04]),
        (3, 41, [0, 10, 20, 30, 40, 50]),
    ],
)
def test_ticks_are_round_numbers_that_cover_the_values(low: float, high: float, expected: list[float]) -> None:
    assert nice_ticks(low, high) == expected


def test_ticks_of_equal_values_still_span_something() -> None:
    ticks = nice_ticks(0, 0)
    assert ticks[0] == 0 < ticks[-1]


def test_scale_maps_ends_to_ends_and_the_middle_between() -> None:
    y = scale(0, 2, 300, 20)
    assert [y(0), y(1), y(2)] == [300.0, 160.0, 20.0]


def test_data_map_places_deviation_to_the_right_and_loss_upwards(reading: Reading) -> None:
    rows = (
        Categorised(example_id="ea", round=1, category="easy", mean_loss=0.0, std_loss=0.0),
        Categorised(example_id="eb", round=1, category="error", mean_loss=2.0, std_loss=0.5),
    )
    plot = data_map(round_of({}, rows), reading)
    assert plot is not None
    low, high = plot.marks
    assert (low.kind, low.x, low.y) == ("easy", plot.left, plot.bottom)
    assert (high.kind, high.x, high.y) == ("error", plot.right, plot.top)
    assert "suspect" in high.tip and "mean loss 2, std 0.50" in high.tip


def test_data_map_names_skill_and_question(reading: Reading) -> None:
    plot = data_map(reading.rounds[1], reading)
    assert plot is not None and len(plot.marks) == len(reading.rounds[1].categories)
    assert any(
        mark.tip.startswith("Power rule: ") and "\nDifferentiate f(x) = " in mark.tip for mark in plot.marks
    )


def test_data_map_leaves_out_what_is_not_finite_and_samples_what_is_too_much(reading: Reading) -> None:
    broken = Categorised(example_id="e", round=1, category="hard", mean_loss=float("nan"), std_loss=0.1)
    assert data_map(round_of({}, (broken,)), reading) is None
    plot = data_map(round_of({}, tuple(categorised(i) for i in range(MOST_POINTS + 500))), reading)
    assert plot is not None and len(plot.marks) == MOST_POINTS


def test_loss_curve_is_the_mean_of_each_pass_by_category() -> None:
    losses = {"e00001": (1.0, 0.5), "e00002": (3.0, 1.5), "e00003": (4.0, 4.0)}
    rows = (categorised(1), categorised(2), categorised(3, "error"))
    plot = loss_curves([round_of({"ebook": (2.0,)}, number=0), round_of(losses, rows)])
    assert plot is not None
    assert [(mark.kind, mark.tip) for mark in plot.marks] == [
        ("plain", "plain, round 0, pass 1: 2 nats/token"),
        ("easy", "easy, round 1, pass 1: 2 nats/token"),
        ("easy", "easy, round 1, pass 2: 1 nats/token"),
        ("error", "suspect, round 1, pass 1: 4 nats/token"),
        ("error", "suspect, round 1, pass 2: 4 nats/token"),
    ]
    assert [tick.label for tick in plot.x_ticks] == ["books", "round 1"]
    assert len(plot.rules) == 1 and plot.marks[0].x < plot.rules[0] < plot.marks[1].x


def test_loss_curve_of_a_skill_looks_at_its_examples_only() -> None:
    plot = skill_curve("Power rule", [round_of({"ea": (1.0, 0.5), "eb": (9.0, 9.0)})], ["ea"])
    assert plot is not None
    assert [mark.tip for mark in plot.marks] == [
        "plain, round 1, pass 1: 1 nats/token",
        "plain, round 1, pass 2: 0.50 nats/token",
    ]


def test_no_losses_no_curve() -> None:
    assert loss_curves([]) is None
    assert skill_curve("x", [round_of({"ea": (1.0,)})], ["unknown"]) is None


def score(when: str, accuracy: float = 0.5) -> Score:
    return Score(
        when=when,
        skill_id="all",
        probe_set="probes",
        n=4,
        correct=2,
        decided=4,
        accuracy=accuracy,
        ci_low=0,
        ci_high=1,
    )


def test_the_format_control_is_no_part_of_the_line_over_stages() -> None:
    plot = accuracy_over_stages([score("base", 0.0), score("base-few-shot", 0.9), score("round-1", 1.0)])
    assert plot is not None
    assert [mark.kind for mark in plot.marks] == ["base", "shown", "after"]
    (base, _, after) = plot.marks
    assert plot.lines[0].points == f"{base.x},{base.y} {after.x},{after.y}"
    assert (base.y, after.y) == (plot.bottom, plot.top)


def test_a_label_that_would_touch_an_earlier_one_is_left_out() -> None:
    first, near, far = Tick(50, "abc"), Tick(50 + 4 * LETTER - 1, "abc"), Tick(50 - 4 * LETTER, "abc")
    assert spaced([first, near, far]) == (far, first)


@pytest.mark.parametrize(
    ("apart", "labels"),
    [
        (30, ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]),
        (18, ["2", "4", "6", "8", "10", "12"]),
        (6, ["5", "10"]),
    ],
)
def test_crowded_numbers_are_thinned_evenly(apart: int, labels: list[str]) -> None:
    assert [tick.label for tick in thinned({number: number * apart for number in range(1, 13)})] == labels


def test_rounds_are_told_in_words_where_there_is_room() -> None:
    places = {0: 100.0, 1: 200.0}
    base = Tick(0, "base")
    assert rounds_axis(places, [base]) == Axis((base, Tick(100, "books"), Tick(200, "round 1")), "")
    crowded = rounds_axis({0: 40.0, 1: 60.0, 2: 80.0}, [base, Tick(20, "format")])
    ticks = (base, Tick(40, "0"), Tick(60, "1"), Tick(80, "2"))
    assert crowded == Axis(ticks, "round (0: the textbooks)")


@pytest.mark.parametrize("rounds", range(1, 18))
@pytest.mark.parametrize("controls", [["base"], ["base", "base-few-shot"]])
def test_labels_of_stages_never_touch(controls: list[str], rounds: int) -> None:
    whens = [*controls, *(f"round-{number}" for number in range(rounds + 1))]
    plot = accuracy_over_stages([score(when) for when in whens])
    assert plot is not None and len(plot.marks) == len(whens)
    assert spaced(plot.x_ticks) == plot.x_ticks
    assert len(plot.x_ticks) >= min(len(whens) - 1, 8), "enough of them are left to tell where one is"
    assert plot.x_ticks[0].label == "base"
    assert ("round" in plot.x_label) != any("round" in tick.label for tick in plot.x_ticks)
    assert plot.bottom == max(tick.at for tick in plot.y_ticks), "the axis lies where 0% does"


def test_a_small_curve_has_numbers_of_rounds_that_never_touch() -> None:
    plot = skill_curve("x", [round_of({"ea": (1.0,) * 3}, number=number) for number in range(18)], ["ea"])
    assert plot is not None
    assert [tick.label for tick in plot.x_ticks] == ["0", "5", "10", "15"]
