"""The examples in docstrings and documents say what happens."""

from __future__ import annotations

import doctest
import importlib
import pathlib
from typing import Any

import pytest
from conftest import DAY, ROOT

import dangbo

_INSIDE = "_closing _columns _days _errors _language _query _registry _table _text _view"
MODULES = ["dangbo", *(f"dangbo.{name}" for name in _INSIDE.split())]
DOCUMENTS = ["docs/python.md", "bindings/python/README.md"]


@pytest.mark.parametrize("name", MODULES)
def test_docstrings(name: str, khoi: dangbo.Registry) -> None:
    module = importlib.import_module(name)
    globs: dict[str, Any] = {"dangbo": dangbo, "registry": khoi, "view": khoi.on(DAY)}
    result = doctest.testmod(module, extraglobs=globs)
    assert result.failed == 0


def test_docstrings_have_examples(khoi: dangbo.Registry) -> None:
    finder = doctest.DocTestFinder()
    modules = [importlib.import_module(name) for name in MODULES]
    assert sum(len(test.examples) for module in modules for test in finder.find(module)) > 30


@pytest.mark.parametrize("document", DOCUMENTS)
def test_documents(document: str) -> None:
    result = doctest.testfile(str(ROOT / document), module_relative=False, encoding="utf-8")
    assert result.failed == 0 and result.attempted > 0


def test_readme_is_short() -> None:
    readme = pathlib.Path(ROOT / "bindings/python/README.md").read_text(encoding="utf-8")
    assert len(readme.splitlines()) <= 20


def test_release_numbers_agree() -> None:
    text = (ROOT / "bindings/python/pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{dangbo.__version__}"' in text
