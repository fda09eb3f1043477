"""Which modules of the package a module imports, directly or through others."""

import ast
from collections.abc import Iterator
from pathlib import Path

import skilladapt

SOURCE = Path(skilladapt.__file__).parent


def reached(module: str) -> set[str]:
    """Their paths below the package, and its own."""
    found: set[Path] = set()
    waiting = [SOURCE.joinpath(*module.split(".")[1:]).with_suffix(".py")]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += _imports(path)
    return {path.relative_to(SOURCE).as_posix() for path in found}


def _imports(path: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            if name.startswith("skilladapt."):
                inner = SOURCE.joinpath(*name.split(".")[1:])
                yield from (file for file in (inner.with_suffix(".py"), inner / "__init__.py") if file.exists())
