"""Policies: how a round's dynamics become decisions about data. Each is two pure functions under one name."""

import difflib
import importlib
from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from skilladapt.adaptation.categorise import Categorised, categorise_calibrated, categorise_none, categorise_paper
from skilladapt.adaptation.observations import Observations
from skilladapt.adaptation.requests import UpdateSettings
from skilladapt.adaptation.suspects import Resolution
from skilladapt.adaptation.update import Standing, Update, keep_everything, plan_update
from skilladapt.errors import UserError
from skilladapt.records import Calibration


@runtime_checkable
class Policy(Protocol):
    """Decides about data. Implementations hold no state: equal arguments give equal decisions.

    Between the two methods the caller deals with suspects, by `resolve_suspects` or `remove_suspects`.
    """

    name: str
    uses_calibration: bool
    """Whether a calibration is to be fitted for it; otherwise it is given an uncalibrated one."""
    checks_suspects: bool
    """Whether suspects go to a second method before they are resolved; otherwise they are removed unchecked."""

    def categorise(self, observed: Observations, calibration: Calibration) -> list[Categorised]:
        """One row for each exercise observed; the category `error` means suspect."""
        ...

    def plan(self, standing: Standing, resolution: Resolution, settings: UpdateSettings) -> Update:
        """The next round's weights, removals and requests, the suspects' included."""
        ...


class CalibratedPolicy:
    """The default: calibrated suspicion, checked; otherwise what the student can do (method, sections 4 and 5)."""

    name = "calibrated"
    uses_calibration = True
    checks_suspects = True

    def categorise(self, observed: Observations, calibration: Calibration) -> list[Categorised]:
        """By calibrated score, then by greedy answers."""
        return categorise_calibrated(observed, calibration)

    def plan(self, standing: Standing, resolution: Resolution, settings: UpdateSettings) -> Update:
        """Weights, compositions and variants."""
        return plan_update(standing, resolution, settings)


class PaperPolicy:
    """Our literal reading of the paper: four sets by mean and deviation of the loss, the error set removed."""

    name = "paper"
    uses_calibration = True
    checks_suspects = False

    def categorise(self, observed: Observations, calibration: Calibration) -> list[Categorised]:
        """By the paper's table."""
        return categorise_paper(observed, calibration)

    def plan(self, standing: Standing, resolution: Resolution, settings: UpdateSettings) -> Update:
        """Weights, compositions and variants."""
        return plan_update(standing, resolution, settings)


class NoPolicy:
    """Adaptation switched off: nothing is suspected, weighted or written."""

    name = "none"
    uses_calibration = False
    checks_suspects = False

    def categorise(self, observed: Observations, calibration: Calibration) -> list[Categorised]:
        """Everything ambiguous."""
        return categorise_none(observed)

    def plan(self, standing: Standing, resolution: Resolution, settings: UpdateSettings) -> Update:
        """Keeps everything as it is."""
        return keep_everything(standing, resolution)


POLICIES: Mapping[str, type[Policy]] = {
    policy.name: policy for policy in (CalibratedPolicy, PaperPolicy, NoPolicy)
}


def load_policy(name: str) -> Policy:
    """The policy of that name, or the object that `module:object` names (a class is called without arguments).

    Raises `UserError` naming the nearest policy, or what is wrong with the object.
    """
    if name in POLICIES:
        return POLICIES[name]()
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
        needed = ("name", "uses_calibration", "checks_suspects", "categorise", "plan")
        missing = ", ".join(attribute for attribute in needed if not hasattr(policy, attribute))
        raise UserError(
            f"'{name}' is not a policy: it lacks {missing}. See skilladapt.adaptation.policies.Policy."
        )
    return policy
