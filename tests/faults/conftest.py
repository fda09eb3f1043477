"""One fork server and one uninterrupted small run for all tests of a process."""

from collections.abc import Iterator

import pytest
from trials import Server, Whole


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Forks commands."""
    with Server() as running:
        yield running


@pytest.fixture(scope="session")
def whole(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """Tests must not write into it."""
    out = tmp_path_factory.mktemp("whole") / "run"
    outcome = server.run(out)
    assert outcome.status == 0, outcome.said
    return Whole(out, outcome)
