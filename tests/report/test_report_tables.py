from dataclasses import replace

from skilladapt.records import Score, Skill
from skilladapt.report.reading import Reading
from skilladapt.report.tables import (
    before_and_after,
    checked,
    family_rows,
    other_sets,
    skill_rows,
    stage_rows,
    stage_seconds,
    stages,
    taught_skills,
)


def score(when: str, skill_id: str, probe_set: str = "probes", accuracy: float = 0.5) -> Score:
    return Score(
        when=when,
        skill_id=skill_id,
        probe_set=probe_set,
        n=4,
        correct=2,
        decided=4,
        accuracy=accuracy,
        ci_low=0.1,
        ci_high=0.9,
    )


def bare(reading: Reading, *scores: Score) -> Reading:
    skills = (Skill(id="a", title="A"), Skill(id="b", title="B", level=1), Skill(id="c", title="C"))
    return replace(reading, skills=skills, scores=scores, answers=(), settings={"teach": ["a", "b"]})


def test_stages_come_in_the_order_of_the_run(reading: Reading) -> None:
    found = bare(reading, *(score(w, "all") for w in ("round-10", "round-2", "base-few-shot", "base", "extra")))
    assert stages(found) == ["base", "base-few-shot", "round-2", "round-10", "extra"]


def test_the_format_control_is_compared_with_when_it_was_measured(reading: Reading) -> None:
    both = bare(reading, score("base", "all"), score("base-few-shot", "all"), score("round-1", "all"))
    assert before_and_after(both) == ("base-few-shot", "round-1")
    assert before_and_after(bare(reading, score("base", "all"))) == ("base", None)
    assert before_and_after(bare(reading)) == (None, None)


def test_a_stage_row_holds_probes_and_pairs(reading: Reading) -> None:
    pairs = score("base", "all", "pairs", 0.25)
    (row,) = stage_rows(bare(reading, score("base", "all"), pairs, score("base", "a")))
    assert (row.when, row.probes, row.twins, row.pairs) == ("base", score("base", "all"), None, pairs)


def test_skills_follow_their_level_in_syllabus_order(reading: Reading) -> None:
    rows = skill_rows(bare(reading, score("base", "a", accuracy=0.25), score("round-1", "a", accuracy=0.75)))
    assert [row.title for row in rows] == ["Level 0", "A", "C", "Level 1", "B"]
    assert [row.is_level for row in rows] == [True, False, False, True, False]
    assert [row.anchor for row in rows] == ["", "skill-0", "skill-2", "", "skill-1"]
    assert [row.taught for row in rows] == [True, True, False, True, True]
    assert rows[1].before == score("base", "a", accuracy=0.25)
    assert rows[1].after == score("round-1", "a", accuracy=0.75)
    assert rows[2].before is None and rows[2].after is None


def test_all_skills_are_taught_unless_some_are_named(reading: Reading) -> None:
    found = bare(reading)
    assert taught_skills(found) == {"a", "b"}
    assert taught_skills(replace(found, settings={})) == {"a", "b", "c"}
    assert taught_skills(replace(found, settings={"teach": "nonsense"})) == {"a", "b", "c"}


def test_benchmarks_are_set_before_and_after(reading: Reading) -> None:
    before, after = score("base", "all", "gsm8k"), score("round-1", "all", "gsm8k", 0.75)
    panel = score("base", "panel", "panel")
    found = bare(reading, before, after, score("base", "t", "gsm8k"), panel, score("round-1", "all"))
    (row,) = other_sets(found)
    assert (row.name, row.before, row.after) == ("gsm8k", before, after)
    unfinished = replace(found, summary=replace(found.summary, panel_accuracy=None))
    assert [row.name for row in other_sets(unfinished)] == ["gsm8k", "panel"]


def test_seconds_of_a_repeated_stage_are_added_up() -> None:
    events = [
        {"stage": "base", "event": "begin"},
        {"stage": "base", "event": "end", "seconds": 1.5},
        {"stage": "round-1", "event": "end", "seconds": 4},
        {"stage": "base", "event": "end", "seconds": 2.5},
        {"stage": "broken", "event": "end", "seconds": "long"},
        {"stage": "damaged", "event": "damaged", "seconds": 3},
    ]
    assert stage_seconds(events) == [("base", 4.0), ("round-1", 4.0)]


def test_families_are_set_before_and_after_in_their_order(reading: Reading) -> None:
    found = bare(
        reading,
        *(score("base", id) for id in ("all", "family:near", "family:far", "level:0", "a")),
        score("base-few-shot", "family:far", accuracy=0.25),
        score("round-1", "family:near", accuracy=0.75),
        score("round-1", "family:near", "pairs", accuracy=0.5),
    )
    near, far = family_rows(found)
    assert (near.title, near.before, near.after) == (
        "near",
        score("base", "family:near"),
        score("round-1", "family:near", accuracy=0.75),
    )
    assert near.known == score("round-1", "family:near", "pairs", accuracy=0.5)
    assert (far.title, far.before) == ("far", score("base-few-shot", "family:far", accuracy=0.25))
    assert far.after is None and far.known is None
    assert family_rows(bare(reading, score("base", "all"))) == []


def test_second_opinions_are_added_up_over_rounds(reading: Reading) -> None:
    found = checked(reading)
    counts = [round.checks for round in reading.rounds if round.checks]
    assert found is not None and len(counts) == 2
    assert found.suspects_wrong == counts[0].suspects_wrong + counts[1].suspects_wrong > 0
    assert (found.others_decided, found.others_wrong, found.methods) == (60, 0, ("numeric",))
    assert found.cleared and found.undecided > 0
    assert checked(replace(reading, rounds=())) is None
