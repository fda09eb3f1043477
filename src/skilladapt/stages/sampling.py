"""What a calibration trains on, from the ids drawn for it: right exercises and wrong versions of others."""

from collections.abc import Mapping
from typing import NamedTuple

from skilladapt.adaptation.calibrate import CalibrationSample, suffices
from skilladapt.records import Example, Exercise, PlantedError
from skilladapt.stages.context import Run
from skilladapt.stages.corrupting import corrupt_exercises


class Sample(NamedTuple):
    """Real examples, and errors planted in the place of others."""

    drawn: CalibrationSample
    real: list[Example]
    planted: list[PlantedError]

    @property
    def suffices(self) -> bool:
        """Whether a threshold can be fitted on it."""
        return suffices(len(self.planted), len(self.real))


def build_sample(run: Run, examples: Mapping[str, Example], drawn: CalibrationSample) -> Sample:
    """The sample that was drawn from `examples`, by id; the same each time."""
    to_corrupt = [examples[id].material for id in drawn.corrupt_ids]
    planted = [
        PlantedError(exercise=found.wrong, verdict=found.verdict, kind=found.kind)
        for found in corrupt_exercises(run, [one for one in to_corrupt if isinstance(one, Exercise)], "corrupt")
    ]
    alike = {"weight": 1.0, "benched": False}
    return Sample(drawn, [examples[id].model_copy(update=alike) for id in drawn.real_ids], planted)


def calibration_passes(run: Run, round_passes: int) -> int:
    """Passes over a sample before a round of so many: as many, unless the run file says otherwise.

    A threshold speaks of losses after as many passes as it was fitted after.
    """
    return run.config.adaptation.calibration_passes or round_passes


def sample_tokens(run: Run, sample: Sample, round_passes: int) -> int:
    """Non-padding tokens over all passes before a round of so many."""
    materials = [*(one.material for one in sample.real), *(one.exercise for one in sample.planted)]
    return calibration_passes(run, round_passes) * sum(
        run.classroom.count_tokens(material) for material in materials
    )
