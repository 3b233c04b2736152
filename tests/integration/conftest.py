"""The commands as a person runs them, in folders of their own, on 19 November 2014."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from biotrace.documents.casebook import write_casebook
from biotrace.model.casebook import Casebook
from biotrace.services.sign import sign_casebook
from biotrace.services.workspace import init_workspace
from cli.main import cli
from tests import casebooks
from tests.workspaces import TODAY, password, received

Run = Callable[..., Result]
Write = Callable[..., Path]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command; whatever it answers, it must not be a traceback or an unforeseen failure."""
    monkeypatch.setattr("cli.console.time", SimpleNamespace(time=lambda: TODAY))

    def invoke(*arguments: object, lang: str = "ja", stdin: bytes | None = None) -> Result:
        result = CliRunner().invoke(cli, [*map(str, arguments), "--lang", lang], input=stdin)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        assert "内部エラー" not in result.output
        assert "internal error" not in result.output
        return result

    return invoke


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a model casebook as a file."""

    def casebook_file(book: Casebook, name: str = "casebook.yaml") -> Path:
        path = tmp_path / name
        path.write_text(write_casebook(book), encoding="utf-8")
        return path

    return casebook_file


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The mill's workspace with what it received, once for all tests: see ``mill``."""
    folder = tmp_path_factory.mktemp("stocked") / "mill"
    with init_workspace(folder, (casebooks.OTSU, casebooks.BODY), lambda: TODAY - 86_400, password) as workspace:
        sign_casebook(workspace, received())
    return folder


@pytest.fixture
def mill(stocked: Path, tmp_path: Path) -> Path:
    """Workspace of the mill otsu, which has received f-1 (100 m³) and f-2 (50 m³) and issued nothing."""
    return Path(shutil.copytree(stocked, tmp_path / "mill"))
