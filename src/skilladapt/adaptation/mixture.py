"""A baseline: the next round's tokens divided among skills by their losses and the graph."""

from typing import Final

import numpy as np

from skilladapt.adaptation.observations import FloatArray, Observations
from skilladapt.adaptation.requests import UpdateSettings
from skilladapt.adaptation.standing import Standing
from skilladapt.adaptation.suspects import Resolution
from skilladapt.adaptation.update import Update, concluded, keep_everything
from skilladapt.skills.graph import SkillGraph

ETA: Final = 0.5
"""How strongly losses tell (per nat); ours."""


def plan_by_mixture(standing: Standing, resolution: Resolution, _: UpdateSettings) -> Update:
    """Every exercise as it is, and shares of the round's tokens for skills: see `mixture`.

    After Skill-It (Chen et al., NeurIPS 2023, arXiv 2307.14430). Deviations: the matrix is the graph of the
    syllabus, of zeros and ones, and not learned from what training on one skill does for another; losses are those
    of the skills' own training examples, late in the round, and not of held-out ones; there is one update a round
    from its losses alone, where theirs adds up those of several steps; and a round holds an example at most once a
    pass, so that a skill with a large share and few examples leaves the rest of it to others.
    """
    kept = keep_everything(standing, resolution, "only the shares of skills change")
    share_S = mixture(standing.observed, standing.graph, standing.taught)
    return concluded(standing, kept.ledger, share_S=share_S)


def mixture(observed: Observations, graph: SkillGraph, taught: frozenset[str]) -> FloatArray:
    """`p_i ∝ exp(eta sum_j A_ij L_j)` over the skills `taught`, 0 for all others, in the graph's order of skills.

    `A_ij` is 1 for `i = j` and where `i` is a direct prerequisite of `j`; `L_j` is the mean late loss of the
    exercises of `j` in the round. A skill without any counts as one of mean loss.
    """
    skills = len(observed.skill_ids)
    is_taught_S = np.array([id in taught for id in observed.skill_ids], dtype=np.bool_)
    count_S = np.bincount(observed.skill_E, minlength=skills)
    total_S = np.bincount(observed.skill_E, observed.late_loss_E, skills)
    loss_S = np.where(count_S > 0, total_S / np.maximum(count_S, 1), total_S[count_S > 0].sum() / count_S.sum())
    loss_S = np.where(is_taught_S, loss_S, 0.0)
    place = {id: place for place, id in enumerate(observed.skill_ids)}
    exponent_S = loss_S.copy()
    for id in taught:
        exponent_S[place[id]] += sum(loss_S[place[after]] for after in sorted(graph.after(id)))
    # Only differences matter, and without the greatest taken off a long sum would overflow.
    weight_S = np.where(is_taught_S, np.exp(ETA * (exponent_S - exponent_S[is_taught_S].max())), 0.0)
    return np.asarray(weight_S / weight_S.sum(), dtype=np.float64)
