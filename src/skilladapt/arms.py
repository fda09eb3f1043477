"""The arms of a comparison: what each changes in the run file, and what makes them comparable.

Equal tokens: every arm has the run file's `training.total_tokens`. Equal calls: an arm that has nothing written
between rounds is given as many exercises up front as an adaptive one may ask for, spread evenly over the skills.
"""

import difflib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from skilladapt.adaptation.policies import POLICIES, load_policy
from skilladapt.config import RunConfig
from skilladapt.errors import UserError
from skilladapt.pipeline import load
from skilladapt.skills.selection import select_skills
from skilladapt.stages.charting import build_graph

Overrides = Mapping[str, Any]
"""Values of the run file by `section.key`."""

ORDERS = get_args(RunConfig.model_fields["training"].annotation.model_fields["order"].annotation)  # type: ignore[union-attr]
STATIC: Overrides = {"adaptation.policy": "none", "training.passes": 1}
"""Plain fine-tuning: all data in every pass, and a round is a pass."""
ARMS: Mapping[str, Overrides] = {
    "sft-random": {**STATIC, "training.order": "random"},
    "sft-graph-order": {**STATIC, "training.order": "graph"},
    "dsa-paper": {"adaptation.policy": "paper", "training.order": "graph"},
    "dsa": {"adaptation.policy": "calibrated"},
    **{f"policy:{name}": {"adaptation.policy": name} for name in POLICIES if name != "none"},
    **{f"order:{kind}": {"adaptation.policy": "calibrated", "training.order": kind} for kind in ORDERS},
}
"""The built-in arms; a run file may add its own in `[arms.NAME]`."""
NO_ARMS: Mapping[str, Overrides] = {}
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.:+_-]{0,59}")
"""Of an arm; a folder is named after it."""
SUBJECT = (
    "domain",
    "domain_options",
    "syllabus",
    "goal",
    "decomposition",
    "merging",
    "teach",
    "evaluation",
)
"""What skills and probes depend on."""
SAME = ("seed", *SUBJECT, "training.total_tokens")
"""What all arms have alike: their budget, and the probes by which they are compared."""


def arm_configs(
    file: Path,
    names: Sequence[str],
    seeds: int,
    overrides: Sequence[str],
    more_arms: Mapping[str, Overrides] = NO_ARMS,
) -> dict[tuple[str, int], RunConfig]:
    """The configuration of every cell, by arm and seed: the run file's seed and those that follow it.

    `overrides` (`section.key=value`) hold for all arms, an arm's own go before them. Raises UserError with every
    mistake: unknown arms, an arm's mistaken keys and values, no token budget.
    """
    known = {**ARMS, **_own_arms(file), **more_arms}
    mistakes = [_unknown(name, known) for name in names if name not in known]
    mistakes += [
        f"The arm {name[:60]!r} cannot name a folder; use up to 60 letters, digits and signs of . : + - _ for it."
        for name in names
        if name in known and not NAME.fullmatch(name)
    ]
    if len({name.replace(":", "-").casefold() for name in names}) < len(names):
        mistakes.append(f"An arm is named twice in {', '.join(names)}; name each once.")
    if not names:
        mistakes.append("No arm is named; name one or more, such as sft-random,dsa.")
    of_file = _mistakes_of(file, overrides)
    if mistakes:
        mistakes += of_file
    configs: dict[tuple[str, int], RunConfig] = {}
    for name in names:
        if name in known:
            changes = dict(_leaves(known[name]))
            mistakes += [
                f"arm '{name}' changes '{key}', which must be the same for all arms; set it in the run file."
                for key in changes
                if any(f"{key}.".startswith(f"{same}.") for same in SAME)
            ]
            try:
                config = load(file, [*overrides, *(f"{key}={_as_toml(value)}" for key, value in changes.items())])
            except UserError as error:
                mistakes += [one if one in of_file else f"arm '{name}': {one}" for one in error.mistakes]
                continue
            if config.training.total_tokens is None:
                mistakes.append("There is no training.total_tokens, so arms would not be equal; give it.")
                continue
            # What one person decides about one cell would make it another comparison.
            unattended = config.runtime.model_copy(update={"review": "never"})
            configs |= {
                (name, seed): _with_equal_calls(config).model_copy(update={"seed": seed, "runtime": unattended})
                for seed in range(config.seed, config.seed + seeds)
            }
    if mistakes:
        raise UserError(*dict.fromkeys(mistakes))
    return configs


def _mistakes_of(file: Path, overrides: Sequence[str]) -> Sequence[str]:
    """Of the run file itself, whatever an arm changes."""
    try:
        load(file, overrides)
    except UserError as error:
        return error.mistakes
    return ()


def _leaves(values: Overrides, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """By `section.key`, whether that was written as one key, as a dotted one or in a section of its own."""
    for key, value in values.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _as_toml(value: object) -> str:
    """A date, which no key takes, becomes a text that is refused like one."""
    return json.dumps(value, default=str, ensure_ascii=False)


def _own_arms(file: Path) -> dict[str, Overrides]:
    try:
        arms = tomllib.loads(file.read_text(encoding="utf-8-sig")).get("arms", {})
    except (OSError, ValueError):
        return {}  # whoever reads the rest of the file says what is wrong with it
    if not isinstance(arms, dict) or not all(isinstance(arm, dict) for arm in arms.values()):
        raise UserError(
            f"{file}: 'arms' must hold a section for each arm, as [arms.NAME] with 'section.key' = value."
        )
    return arms


def _unknown(name: str, known: Mapping[str, Overrides]) -> str:
    nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
    hint = f"did you mean '{nearest[0]}'?" if nearest else f"known are {', '.join(known)}."
    return f"There is no arm '{name}'; {hint}"


def _with_equal_calls(config: RunConfig) -> RunConfig:
    """As many exercises asked for as an adaptive arm may ask for in all its updates, rounded up for each skill."""
    if load_policy(config.adaptation.policy).writes_material:
        return config
    graph = build_graph(config)
    skills = len(select_skills(graph, config.teach or graph.order()))
    later = config.adaptation.new_per_update * (config.training.rounds - 1)
    more = config.materials.exercises_per_skill + -(-later // skills)
    return config.model_copy(
        update={"materials": config.materials.model_copy(update={"exercises_per_skill": more})}
    )
