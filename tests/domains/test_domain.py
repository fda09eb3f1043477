"""Finding a domain by name."""

import subprocess
import sys
from pathlib import Path

import pytest

from skilladapt.domains.domain import Domain, built_in_domains, load_domain
from skilladapt.errors import UserError
from skilladapt.skills.syllabus import graph_of


def test_built_in_domain_comes_with_its_syllabus_author_and_verifier() -> None:
    domain = load_domain("calculus")
    assert domain.name == "calculus"
    assert domain.syllabus.title.startswith("Calculus")
    assert domain.syllabus.source == "syllabus.md"
    assert domain.verifier is not None
    assert domain.verifier.methods == ("numeric", "symbolic")
    assert built_in_domains() == ["calculus", "geography", "operations"]


def test_the_graph_of_calculus_stays_what_it_was() -> None:
    assert graph_of(load_domain("calculus").syllabus).hash == "7929ff449885358c"


def test_own_domain_is_named_as_module_and_object(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my_subject.py").write_text(
        "from skilladapt.domains.domain import load_domain\nMINE = load_domain('calculus')\nNAME = 'mine'\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert isinstance(load_domain("my_subject:MINE"), Domain)
    with pytest.raises(UserError, match="is a str; it must be a skilladapt.domains.domain.Domain"):
        load_domain("my_subject:NAME")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("calclus", "no domain 'calclus'; did you mean 'calculus'"),
        ("zzz", "no domain 'zzz'; known: calculus"),
        ("", "no domain ''; known"),
        ("../calculus", "no domain"),
        ("domain", "no domain 'domain'"),
        ("no_such_module:X", "cannot be loaded .ModuleNotFoundError: No module named 'no_such_module'"),
        ("json:NOTHING", "cannot be loaded"),
        (":X", "cannot be loaded"),
        ("json:", "cannot be loaded"),
    ],
)
def test_wrong_names_get_one_clear_message(name: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        load_domain(name)


def test_own_domain_can_be_built_from_options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my_built_subject.py").write_text(
        "from skilladapt.domains.domain import load_domain\n"
        "built = []\n"
        "def build(size=1, *, kind='a'):\n"
        "    built.append((size, kind))\n"
        "    return load_domain('calculus')\n"
        "def anything(**options):\n"
        "    return load_domain('calculus') if options else 'nothing'\n"
        "def broken():\n"
        "    return 1 / 0\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    for options in ({}, {"size": 1}, {"size": 1}, {"size": True}, {"size": 1, "kind": "b"}):
        assert load_domain("my_built_subject:build", options).name == "calculus"
    import my_built_subject

    assert my_built_subject.built == [(1, "a"), (1, "a"), (True, "a"), (1, "b")]
    assert load_domain("my_built_subject:anything", {"whatever": 2.5}).name == "calculus"
    with pytest.raises(UserError, match="is a str; it must be .* or a function that returns one"):
        load_domain("my_built_subject:anything")
    with pytest.raises(UserError, match="no option 'sise'; did you mean 'size'"):
        load_domain("my_built_subject:build", {"sise": 1})
    with pytest.raises(UserError, match="cannot be loaded .ZeroDivisionError"):
        load_domain("my_built_subject:broken")


def test_a_domain_without_options_refuses_any() -> None:
    with pytest.raises(UserError, match="'calculus' has no option 'seed'; known: none"):
        load_domain("calculus", {"seed": 1})


def test_loading_twice_gives_what_was_built() -> None:
    assert load_domain("calculus") is load_domain("calculus")
    assert load_domain("operations", {"seed": 3}) is load_domain("operations", {"seed": 3})
    assert load_domain("operations", {"seed": 4}) is not load_domain("operations", {"seed": 3})


def test_the_verifier_loads_neither_the_author_nor_a_library_it_may_not_need() -> None:
    code = (
        "import sys, skilladapt.domains.calculus.verifier\n"
        "print([name for name in ('skilladapt.domains.calculus.author', 'sympy', 'mpmath', 'torch', 'numpy')"
        " if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
