"""Policies: how a round's dynamics become decisions about data. Each is two pure functions under one name."""

import difflib
import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Protocol, runtime_checkable

from skilladapt.adaptation.categorise import (
    Categorised,
    categorise_calibrated,
    categorise_flat,
    categorise_none,
    categorise_paper,
    categorise_random,
    categorise_unsuspecting,
)
from skilladapt.adaptation.missing import plan_by_missing_skills
from skilladapt.adaptation.mixture import plan_by_mixture
from skilladapt.adaptation.observations import Observations
from skilladapt.adaptation.requests import UpdateSettings
from skilladapt.adaptation.standing import Standing
from skilladapt.adaptation.suspects import Resolution
from skilladapt.adaptation.update import Update, keep_everything, plan_update, plan_update_literally
from skilladapt.adaptation.weighting import plan_by_loss
from skilladapt.errors import UserError
from skilladapt.records import Calibration


@runtime_checkable
class Policy(Protocol):
    """Decides about data. Implementations hold no state: equal arguments give equal decisions.

    Between the two methods the caller deals with suspects, by `resolve_suspects` or `remove_suspects`.
    """

    @property
    def name(self) -> str:
        """What a run file calls it."""
        ...

    @property
    def uses_calibration(self) -> bool:
        """Whether a calibration is to be fitted for it; otherwise it is given an uncalibrated one."""
        ...

    @property
    def checks_suspects(self) -> bool:
        """Whether a second method checks suspects before they are resolved; otherwise they are removed."""
        ...

    @property
    def writes_material(self) -> bool:
        """Whether it ever asks for new exercises."""
        ...

    def categorise(self, observed: Observations, calibration: Calibration, /) -> Categorised:
        """The category of each exercise observed; `ERROR` means suspect."""
        ...

    def plan(self, standing: Standing, resolution: Resolution, settings: UpdateSettings, /) -> Update:
        """The next round's weights, removals and requests, the suspects' included."""
        ...


@dataclass(frozen=True)
class Rules:
    """A policy made of two functions; what it does is told where these are."""

    name: str
    categorise: Callable[[Observations, Calibration], Categorised]
    plan: Callable[[Standing, Resolution, UpdateSettings], Update]
    uses_calibration: bool
    checks_suspects: bool
    writes_material: bool


def _keep(standing: Standing, resolution: Resolution, _: UpdateSettings) -> Update:
    return keep_everything(standing, resolution, "weights and material stay as they are")


_DEFAULT: Final = Rules(
    "calibrated",
    categorise_calibrated,
    plan_update,
    uses_calibration=True,
    checks_suspects=True,
    writes_material=True,
)
_NONE: Final = Rules(
    "none", categorise_none, _keep, uses_calibration=False, checks_suspects=False, writes_material=False
)
_UNCHECKED: Final = replace(_DEFAULT, plan=_keep, checks_suspects=False, writes_material=False)

POLICIES: Final[Mapping[str, Policy]] = {
    policy.name: policy
    for policy in (
        _DEFAULT,
        replace(
            _DEFAULT, name="paper", categorise=categorise_paper, plan=plan_update_literally, checks_suspects=False
        ),
        _NONE,
        # The suspicion of the default alone, in numbers that nothing follows from.
        replace(_NONE, name="watch", categorise=categorise_unsuspecting, uses_calibration=True),
        # Baselines: what others do with losses and skills.
        replace(_NONE, name="loss-weight", plan=plan_by_loss),
        replace(_NONE, name="skill-it", plan=plan_by_mixture),
        replace(_NONE, name="missing-skill", plan=plan_by_missing_skills, writes_material=True),
        # Ablations: parts of the default alone, and removing what it suspects, or as much of anything, unchecked.
        replace(_DEFAULT, name="filter-only", plan=_keep, writes_material=False),
        replace(
            _NONE, name="generate-only", categorise=categorise_unsuspecting, plan=plan_update, writes_material=True
        ),
        replace(_UNCHECKED, name="remove-calibrated"),
        replace(_UNCHECKED, name="remove-paper", categorise=categorise_flat),
        replace(_UNCHECKED, name="remove-random", categorise=categorise_random),
    )
}


def load_policy(name: str) -> Policy:
    """The policy of that name, or the object that `module:object` names (a class is called without arguments).

    Raises `UserError` naming the nearest policy, or what is wrong with the object.
    """
    if name in POLICIES:
        return POLICIES[name]
    module_name, colon, object_name = name.partition(":")
    if not colon:
        near = difflib.get_close_matches(name, POLICIES, n=1, cutoff=0.0)[0]
        raise UserError(
            f"There is no policy '{name}'; the nearest is '{near}'. "
            f"Known are {', '.join(POLICIES)}; one of your own is named module:object."
        )
    try:
        found = getattr(importlib.import_module(module_name), object_name)
        policy = found() if isinstance(found, type) else found
    except Exception as error:
        raise UserError(
            f"The policy '{name}' could not be loaded: {type(error).__name__}: {error}. "
            "Name a module that can be imported and an object in it."
        ) from error
    if not isinstance(policy, Policy):
        needed = ("name", "uses_calibration", "checks_suspects", "writes_material", "categorise", "plan")
        missing = ", ".join(attribute for attribute in needed if not hasattr(policy, attribute))
        raise UserError(
            f"'{name}' is not a policy: it lacks {missing}. See skilladapt.adaptation.policies.Policy."
        )
    return policy
