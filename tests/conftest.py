"""What all tests share: a small run, made once, and no way to the internet."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # What a shell runs in the background is deaf to interrupts, which tests send to themselves and to others.
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).parents[1]
SMOKE = ROOT / "runs" / "smoke.toml"


@pytest.fixture
def skilladapt(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """The command line inside this process: from arguments to its exit status."""
    from skilladapt import cli

    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setenv("OMP_WAIT_POLICY", "PASSIVE")
    monkeypatch.setenv("GOMP_SPINCOUNT", "3000")

    def command(*arguments: str | Path) -> int:
        with pytest.raises(SystemExit) as ended:
            cli.main([str(argument) for argument in arguments])
        assert isinstance(ended.value.code, int)
        return ended.value.code

    return command


@pytest.fixture(scope="session")
def smoke_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a finished run of `runs/smoke.toml`. Tests must not write into it."""
    from skilladapt import pipeline

    out = tmp_path_factory.mktemp("runs") / "smoke"
    pipeline.run(pipeline.load(SMOKE), out)
    return out
