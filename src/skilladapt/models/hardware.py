"""What a student runs on, for the provenance of its results."""

import torch

from skilladapt.models.loading import Student


def hardware_of(student: Student) -> dict[str, object]:
    """Threads, device and names of the GPUs there are; another of them may give other last digits."""
    gpus = [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())]
    return {"threads": torch.get_num_threads(), "device": str(student.device), "gpus": gpus}
