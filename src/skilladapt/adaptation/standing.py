"""Where a run stands after a round: what was observed, and what is known of the examples it was observed of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from skilladapt.adaptation.observations import FloatArray, Observations
from skilladapt.records import Example, Exercise
from skilladapt.skills.graph import SkillGraph


@dataclass(frozen=True)
class Standing:
    """What decisions about data are made from. E: the exercises observed in the round."""

    observed: Observations
    weight_E: FloatArray
    """Weights as they were in the round."""
    example_of: Callable[[int], Example]
    """The example in a row of E. Asked for few: suspects that were checked, possible parents of new exercises."""
    graph: SkillGraph
    taught: frozenset[str]
    """Ids of the skills this run teaches."""
    mastered: frozenset[str] = frozenset()
    """Of those, what the student can do by now."""

    def exercise_of(self, row: int) -> Exercise:
        """The exercise in a row of E."""
        material = self.example_of(row).material
        assert isinstance(material, Exercise), "only exercises are observed"
        return material


def standing_of(
    observed: Observations,
    examples: Mapping[str, Example],
    graph: SkillGraph,
    taught: frozenset[str],
    mastered: frozenset[str] = frozenset(),
) -> Standing:
    """The standing of a run whose `examples` are records, by id; those that were not observed do not matter."""
    return Standing(
        observed=observed,
        weight_E=np.array([examples[observed.id_of(row)].weight for row in range(observed.size)]),
        example_of=lambda row: examples[observed.id_of(row)],
        graph=graph,
        taught=taught,
        mastered=mastered,
    )
