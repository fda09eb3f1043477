"""Where training stands, as a folder: whole and verified, or not there at all.

Weights and optimizer tensors are safetensors, the rest JSON; nothing is pickled. Everything is written beside its
destination, with a manifest of hashes last, and moved there by one rename. An adapter's folder is also what the
peft library loads.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peft import PeftModel
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from skilladapt.durable import make_folder, sha256_of, sync
from skilladapt.errors import RunError
from skilladapt.models.adapter import load_adapter, restore_weights, save_adapter, trainable_weights
from skilladapt.models.loading import Student
from skilladapt.training.dynamics import Dynamics
from skilladapt.training.loop import TrainingState

MANIFEST = "manifest.json"
OPTIMIZER = "optimizer.safetensors"
DYNAMICS = "dynamics.safetensors"
STATE = "state.json"
WEIGHTS = "weights.safetensors"
"""All trained weights, where there is no adapter."""


class DamagedCheckpoint(RunError):
    """A checkpoint with a file that is missing, or is not as it was written."""

    def __init__(self, folder: Path, reason: str) -> None:
        self.fault = f"The checkpoint {folder} is damaged ({reason})"
        super().__init__(f"{self.fault}; run the method again.")


@dataclass(frozen=True)
class Checkpoint:
    """What a folder held."""

    student: Student
    state: TrainingState
    position: Mapping[str, Any]
    """What the caller saved with it: JSON values such as the round and the seeds."""
    dynamics: Dynamics | None
    """Of the round so far, in a checkpoint from the middle of one."""


def save_checkpoint(
    folder: Path,
    student: Student,
    state: TrainingState,
    position: Mapping[str, Any],
    dynamics: Dynamics | None = None,
) -> None:
    """Replaces `folder` by a checkpoint. Equal training gives equal files.

    Raises RunError when the disk is full or cannot be written; an older checkpoint is then still there.
    """
    staging = folder.parent / f".staging-{folder.name}"
    try:
        shutil.rmtree(staging, ignore_errors=True)
        make_folder(folder.parent)
        staging.mkdir()
        if isinstance(student.model, PeftModel):
            save_adapter(student, staging)
        else:
            save_file(trainable_weights(student), staging / WEIGHTS)
        save_file(dict(state.optimizer), staging / OPTIMIZER)
        if dynamics is not None:
            save_file(dynamics.tensors(), staging / DYNAMICS)
        content = {"step": state.step, "tokens": state.tokens, "position": position}
        (staging / STATE).write_text(json.dumps(content, sort_keys=True, indent=1) + "\n", encoding="utf-8")
        hashes = {path.name: sha256_of(path) for path in sorted(staging.iterdir())}
        (staging / MANIFEST).write_text(json.dumps(hashes, sort_keys=True, indent=1) + "\n", encoding="utf-8")
        for path in (*staging.iterdir(), staging):
            sync(path)
        if folder.exists():
            # A directory cannot be renamed over another; in between, the staged one is already complete.
            shutil.rmtree(folder)
        staging.rename(folder)
        sync(folder.parent)
    except (OSError, SafetensorError) as error:
        raise RunError(
            f"The checkpoint {folder} cannot be written ({error}); make room and run the same command again."
        ) from error


def load_checkpoint(folder: Path, student: Student) -> Checkpoint:
    """The student with the checkpoint's weights, in place, and where its training stood.

    `student` must be as it was before training: the same model, with an adapter or not. Raises
    DamagedCheckpoint.
    """
    try:
        hashes = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        damaged = [name for name, expected in hashes.items() if sha256_of(folder / name) != expected]
        if damaged or not {OPTIMIZER, STATE} <= hashes.keys():
            raise ValueError(f"{', '.join(damaged) or MANIFEST} is not as it was written")
    except (OSError, ValueError, AttributeError) as error:
        raise DamagedCheckpoint(folder, str(error)) from error
    content = json.loads((folder / STATE).read_text(encoding="utf-8"))
    if WEIGHTS in hashes:
        restore_weights(student, load_file(folder / WEIGHTS))
    else:
        student = load_adapter(student, folder)
    return Checkpoint(
        student,
        TrainingState(content["step"], content["tokens"], load_file(folder / OPTIMIZER)),
        content["position"],
        Dynamics.from_tensors(load_file(folder / DYNAMICS)) if DYNAMICS in hashes else None,
    )
