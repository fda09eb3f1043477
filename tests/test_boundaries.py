"""Who may import whom. The table is the architecture; `docs/architecture.md` explains it."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "skilladapt"

EVERYBODY = {"records", "errors", "durable", "openings", "statement"}
ALLOWED: dict[str, set[str]] = {
    "records": set(),
    "errors": set(),
    "durable": set(),
    "openings": set(),
    "statement": set(),
    "pages": set(),
    "store": set(),
    "config": {"teacher_config", "subject_config"},
    "subject_config": set(),
    "teacher_config": set(),
    "progress": set(),
    "tables": set(),
    "decisions": set(),
    "models": set(),
    "teachers": {"models"},
    "prompts": {"teachers.teacher"},
    "skills": {"teachers.teacher", "prompts", "pages"},
    "verification": {"teachers.teacher", "prompts"},
    "materials": {"skills", "teachers.teacher", "prompts"},
    "domains": {"skills", "materials.author", "verification"},
    "training": {"skills", "models"},
    "adaptation": {"skills"},
    "evaluation": {"domains", "verification"},
    "report": {"store", "config", "pages"},
    "integrations": {"training.dynamics", "adaptation", "models", "store"},
}
TOP = {
    "pipeline",
    "compare",
    "arms",
    "cell",
    "outcome",
    "stages",
    "inspection",
    "review",
    "why",
    "graphs",
    "promises",
    "cli",
}
OWNERS_OF_TORCH = {"models", "training", "integrations"}


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide who imports whom"
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def folder_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_module_imports_only_what_its_folder_may(path: Path) -> None:
    folder = folder_of(path)
    if folder in TOP or folder == "__init__":
        return
    assert folder in ALLOWED, f"{folder} is new: add it to the table and to docs/architecture.md"
    own = {name.removeprefix("skilladapt.") for name in imported(path) if name.startswith("skilladapt.")}
    for name in own:
        permitted = EVERYBODY | ALLOWED[folder] | {folder}
        assert any(name == place or name.startswith(f"{place}.") for place in permitted), (
            f"{path.relative_to(SOURCE)} imports {name}; {folder} may import {sorted(permitted)}"
        )


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_only_models_training_and_integrations_own_torch(path: Path) -> None:
    heavy = {name for name in imported(path) if name.split(".")[0] in {"torch", "transformers", "peft"}}
    assert not heavy or folder_of(path) in OWNERS_OF_TORCH


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_no_module_evaluates_text_or_unpickles(path: Path) -> None:
    forbidden = {"eval", "exec", "sympify", "parse_expr"}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            function = node.func
            name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
            plain = isinstance(function, ast.Name) or name in {"sympify", "parse_expr"}
            assert not (plain and name in forbidden), f"{path}:{node.lineno} calls {name}"
    assert not {name for name in imported(path) if name.split(".")[0] in {"pickle", "dill", "joblib"}}
