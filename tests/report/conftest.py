import shutil
from pathlib import Path

import pytest
from synthetic_run import write_run

from skilladapt.report.reading import Reading, read_run
from skilladapt.store import RunDirectory


@pytest.fixture(scope="session")
def whole_run(tmp_path_factory: pytest.TempPathFactory) -> RunDirectory:
    """The made-up run; to be read only."""
    return write_run(tmp_path_factory.mktemp("whole-run"))


@pytest.fixture(scope="session")
def reading(whole_run: RunDirectory) -> Reading:
    return read_run(whole_run)


@pytest.fixture
def run_copy(whole_run: RunDirectory, tmp_path: Path) -> RunDirectory:
    """A copy of the made-up run, to be changed."""
    return RunDirectory(shutil.copytree(whole_run.path, tmp_path / "run"))
