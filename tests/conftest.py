"""What all tests share: a small run, made once, and no way to the internet."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

ROOT = Path(__file__).parents[1]
SMOKE = ROOT / "runs" / "smoke.toml"


@pytest.fixture(scope="session")
def smoke_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a finished run of `runs/smoke.toml`. Tests must not write into it."""
    from skilladapt import pipeline

    out = tmp_path_factory.mktemp("runs") / "smoke"
    pipeline.run(pipeline.load(SMOKE), out)
    return out
