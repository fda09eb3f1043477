"""What a calibration trains on, before it is certain that one takes place: right exercises and wrong versions."""

from collections.abc import Mapping
from typing import NamedTuple

from skilladapt.adaptation.calibrate import choose_calibration_sample, suffices
from skilladapt.records import Example, Exercise, PlantedError
from skilladapt.stages.context import Run
from skilladapt.stages.corrupting import corrupt_exercises


class Sample(NamedTuple):
    """Real examples, and errors planted in the place of others."""

    real: list[Example]
    planted: list[PlantedError]

    @property
    def suffices(self) -> bool:
        """Whether a threshold can be fitted on it."""
        return suffices(len(self.planted), len(self.real))


def draw_sample(run: Run, examples: Mapping[str, Example]) -> Sample:
    """Some of the examples, by id, that a round is going to train on for the first time."""
    settings = run.config.adaptation
    exercises = {id: one.material for id, one in examples.items() if isinstance(one.material, Exercise)}
    drawn = choose_calibration_sample(
        exercises,
        size=settings.calibration_examples,
        planted_share=settings.planted_share,
        seed=run.config.seed,
    )
    planted = [
        PlantedError(exercise=found.wrong, verdict=found.verdict, kind=found.kind)
        for found in corrupt_exercises(run, [exercises[id] for id in drawn.corrupt_ids], "corrupt")
    ]
    return Sample([examples[id].model_copy(update={"weight": 1.0}) for id in drawn.real_ids], planted)


def sample_tokens(run: Run, sample: Sample) -> int:
    """Non-padding tokens over all passes."""
    passes = run.config.adaptation.calibration_passes or run.config.training.passes
    materials = [*(one.material for one in sample.real), *(one.exercise for one in sample.planted)]
    return passes * sum(run.classroom.count_tokens(material) for material in materials)
