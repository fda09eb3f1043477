from pathlib import Path

import pytest

from skilladapt.config import RunConfig, StudentConfig, differences, load_config
from skilladapt.errors import UserError

GOOD = 'domain = "calculus"\n[student]\nmodel = "tiny-random"\n'


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "run.toml"
    path.write_text(text)
    return path


def mistakes_in(path: Path, *overrides: str) -> list[str]:
    with pytest.raises(UserError) as caught:
        load_config(path, overrides)
    return [mistake.removeprefix(f"{path}: ") for mistake in caught.value.mistakes]


def test_resolved_configuration_reads_back_equal(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, GOOD), ["training.rounds=3", "teach=['a', 'b']"])
    assert config.training.rounds == 3
    assert config.teach == ("a", "b")
    assert load_config(written(tmp_path, config.to_toml())) == config


def test_all_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        'domain = 3\nsed = 4\n[student]\nlora_rank = "x"\n[training]\npasses = 1\nround = 2\nlearning_rate = -1\n',
    )
    found = mistakes_in(path)
    assert len(found) == 7
    for part in (
        "'domain' is 3; input should be a valid string.",
        "unknown key 'sed'; did you mean 'seed'?",
        "'student.model' is missing; it is required.",
        "'student.lora_rank' is 'x'; input should be a valid integer.",
        "'training.learning_rate' is -1; input should be greater than 0.",
        "unknown key 'training.round'; did you mean 'rounds'?",
    ):
        assert part in found
    assert any("'training.passes' is 1 while adaptation is on" in mistake for mistake in found)


def test_one_pass_is_allowed_when_nothing_adapts(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD + '[training]\npasses = 1\n[adaptation]\npolicy = "none"\n')
    assert load_config(path).training.passes == 1


def test_numbers_are_not_taken_for_truth_values_nor_texts_for_numbers(tmp_path: Path) -> None:
    assert "'evaluation.forgetting' is 1" in mistakes_in(written(tmp_path, GOOD), "evaluation.forgetting=1")[0]
    assert "'seed' is '1'" in mistakes_in(written(tmp_path, GOOD), "seed='1'")[0]


@pytest.mark.parametrize(
    ("text", "message"), [("domain = ", "is not valid TOML"), ("a = 1\na = 2", "is not valid TOML")]
)
def test_broken_toml_is_named_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        load_config(written(tmp_path, text))


def test_missing_run_file_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no run file"):
        load_config(tmp_path / "nothing.toml")


@pytest.mark.parametrize("override", ["training.rounds", "=3", "domain.x=1"])
def test_broken_override_is_named(tmp_path: Path, override: str) -> None:
    assert any(repr(override) in mistake for mistake in mistakes_in(written(tmp_path, GOOD), override))


def test_names_only_the_pipeline_knows_join_the_same_list(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        load_config(written(tmp_path, GOOD + "extra = 1\n"), (), lambda raw: [f"no domain {raw['domain']}"])
    assert len(caught.value.mistakes) == 2


def test_differences_name_old_and_new_and_ignore_the_runtime() -> None:
    old = RunConfig(domain="calculus", student=StudentConfig(model="a"))
    new = old.model_copy(update={"student": StudentConfig(model="b"), "seed": 7})
    assert differences(old, new) == ["seed was 0 and is now 7", "student.model was 'a' and is now 'b'"]
    assert not differences(old, old.model_copy(update={"runtime": old.runtime.model_copy(update={"workers": 9})}))


def test_domain_options_are_kept_and_read_back(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD + '[domain_options]\noperations = 60\nshare = 0.5\nkind = "a.b"\nfast = true\n')
    config = load_config(path, ["domain_options.seed=1"])
    assert config.domain_options == {"operations": 60, "share": 0.5, "kind": "a.b", "fast": True, "seed": 1}
    assert type(config.domain_options["fast"]) is bool and type(config.domain_options["operations"]) is int
    assert load_config(written(tmp_path, config.to_toml())) == config
    other = load_config(path, ["domain_options.seed=2"])
    assert differences(config, other) == ["domain_options.seed was 1 and is now 2"]


def test_wrong_domain_options_are_one_mistake_each(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD + "[domain_options]\na = [1]\nb = {c = 1}\nd = 2020-01-01\n")
    assert mistakes_in(path) == [
        "'domain_options.a' is [1]; input should be a number, a text, true or false.",
        "'domain_options.b' is {'c': 1}; input should be a number, a text, true or false.",
        "'domain_options.d' is {'date': '2020-01-01'}; input should be a number, a text, true or false.",
    ]
    assert len(mistakes_in(written(tmp_path, GOOD), "domain_options=3")) == 1
    near = mistakes_in(written(tmp_path, GOOD), "domain_option.seed=3")
    assert near == ["unknown key 'domain_option'; did you mean 'domain_options'?"]


def test_syllabus_is_one_name_or_a_list_of_them(tmp_path: Path) -> None:
    head, tail = 'domain = "calculus"\n', '[student]\nmodel = "tiny-random"\n'
    one = load_config(written(tmp_path, f'{head}syllabus = "a.md"\n{tail}'))
    many = load_config(written(tmp_path, f'{head}syllabus = ["a.md", "oak/history"]\n{tail}'))
    assert one.syllabus == "a.md" and many.syllabus == ("a.md", "oak/history")
    assert load_config(written(tmp_path, many.to_toml())) == many
    for value in ("5", "[]", "[1]", "{a = 1}"):
        (mistake,) = mistakes_in(written(tmp_path, f"{head}syllabus = {value}\n{tail}"))
        assert "'syllabus' is" in mistake and "input should be a path or a name, or a list of them" in mistake


def test_decisions_about_merging_are_pairs(tmp_path: Path) -> None:
    head = 'domain = "calculus"\nstudent.model = "tiny-random"\n'
    config = load_config(written(tmp_path, f'{head}merging.apart = [["a.md:3", "b.md:4"]]\n'))
    assert config.merging.apart == (("a.md:3", "b.md:4"),) and config.merging.same == ()
    assert load_config(written(tmp_path, config.to_toml())) == config
    assert "merging.same.0" in mistakes_in(written(tmp_path, f'{head}merging.same = [["a"]]\n'))[0]
