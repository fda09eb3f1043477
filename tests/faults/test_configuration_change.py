"""Each value of a configuration, changed under a run that was begun: refused, or known to change no result."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from comparison import EQUAL, compare
from pydantic import BaseModel, ValidationError
from trials import Server, Whole

from skilladapt import pipeline
from skilladapt.config import RunConfig, load_saved_config
from skilladapt.errors import UserError
from skilladapt.store import RunDirectory

POOL = (
    False,
    True,
    0,
    1,
    2,
    3,
    7,
    0.125,
    0.25,
    0.5,
    "other",
    ["other"],
    [1],
    [2, 3],
    {"other": 1},
    {"kind": "local"},
    [["one", "other"]],
    ["short"],
    "de",
    0.75,
)
"""Values to try in place of another; the model says which it takes."""


def leaves(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every field that is no section, with its annotation."""
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from leaves(field.annotation, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", field.annotation


LEAVES = dict(leaves(RunConfig))


def changed(config: RunConfig, name: str) -> RunConfig:
    """`config` with another valid value of one field."""
    *section, key = name.split(".")
    for value in (*literals(LEAVES[name]), *POOL):
        raw = config.model_dump(mode="json")
        table = raw
        for part in section:
            table = table[part]
        if table[key] == value:
            continue
        table[key] = value
        try:
            return RunConfig.model_validate_json(as_json(raw))
        except ValidationError:
            continue
    raise AssertionError(f"no other value is known for {name}: add one to the pool")


def literals(annotation: Any) -> Iterator[Any]:
    for one in get_args(annotation):
        if isinstance(one, str):
            yield one
        else:
            yield from literals(one)


def as_json(raw: Mapping[str, Any]) -> str:
    import json

    return json.dumps(raw)


def is_refused(out: Path, config: RunConfig) -> bool:
    with RunDirectory(out) as directory:
        try:
            pipeline.begin(directory, config)
        except UserError:
            return True
    return False


def test_every_value_is_refused_on_resume_or_changes_no_result(whole: Whole, tmp_path: Path) -> None:
    out = tmp_path / "run"
    shutil.copytree(whole.out, out)
    config = load_saved_config(out / "config.toml")
    assert not is_refused(out, config)
    misclassified = [
        name for name in LEAVES if is_refused(out, changed(config, name)) == name.startswith("runtime.")
    ]
    print(f"{len(LEAVES)} fields changed, {len(misclassified)} misclassified")
    assert len(LEAVES) > 30
    assert not misclassified
    assert (out / "config.toml").read_bytes() == (whole.out / "config.toml").read_bytes()


@pytest.mark.parametrize("name", [name for name in LEAVES if name.startswith("runtime.")])
def test_value_that_may_change_changes_no_result(server: Server, whole: Whole, tmp_path: Path, name: str) -> None:
    config = changed(load_saved_config(whole.out / "config.toml"), name)
    value = config.model_dump(mode="json")["runtime"][name.partition(".")[2]]
    out = tmp_path / "run"
    assert server.run(out, f"{name}={value!r}").status == 0
    comparison = compare(whole.out, out)
    assert comparison == EQUAL or comparison.differing == ("config.toml",)
