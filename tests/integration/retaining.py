"""A mill that keeps papers, on days of its own choosing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import Result

from biotrace.documents.casebook import write_casebook
from biotrace.model.casebook import Casebook
from biotrace.model.fuel_class import FuelClass
from biotrace.services.sign import sign_file
from biotrace.services.workspace import init_workspace
from tests import casebooks
from tests.desks import noon
from tests.workspaces import data, papers, password

BOUGHT = date(2014, 11, 19)
LAST = date(2019, 11, 19)
"""The last day on which anything of the mill's papers has to be kept: of p-1 and d-1."""
AFTER = date(2019, 11, 20)
PERMIT, SCAN, SLIP = b"%PDF-1.7 the notice", b"\xff\xd8\xff page 2", b"weighed: 30 t"
NAMED = {"doc-1": ("permit.pdf", "p2.jpg"), "f-1": ("slip.bin",), "f-5": ("permit.pdf",)}
"""f-5 is wood from a homestead; its copy is the very file that doc-1 names too."""


@dataclass
class Desk:
    """Workspaces in one folder, and commands run in them on a day."""

    folder: Path
    run: Callable[..., Result]
    set_day: Callable[[date], None]

    def at(self, name: str = "mill") -> Path:
        """A workspace."""
        return self.folder / name

    def retain(self, *arguments: object, on: date, at: str = "mill", lang: str = "ja") -> Result:
        """``biotrace retain`` in a workspace."""
        return self.command("retain", *arguments, on=on, at=at, lang=lang)

    def command(self, *arguments: object, on: date, at: str = "mill", lang: str = "ja") -> Result:
        """Any command in a workspace, on a day."""
        self.set_day(on)
        return self.run(*arguments, "-w", self.at(at), lang=lang)

    def json(self, *arguments: object, on: date, at: str = "mill", code: int = 0) -> Any:
        """What ``biotrace retain`` answers as JSON."""
        result = self.retain(*arguments, "--format", "json", on=on, at=at)
        assert result.exit_code == code, result.output
        return data(result)

    def held(self, at: str = "mill") -> set[bytes]:
        """What the copies say."""
        folder = self.at(at) / "files"
        return {path.read_bytes() for path in folder.iterdir()} if folder.is_dir() else set()


def book() -> Casebook:
    """What the mill bought and sold: thinnings with their notice (f-1), and wood from a homestead (f-5)."""
    bought = papers()
    homestead = casebooks.find(casebooks.homestead(), "f-1")
    sold = casebooks.find(casebooks.of_class(papers(), FuelClass.GENERAL), "p-1")
    own = replace(homestead, id="f-5", number="山-5")
    chips = replace(
        sold, id="p-5", number="乙-5", draws=(replace(sold.draws[0], certificate="f-5"),), date=date(2014, 8, 1)
    )
    return replace(casebooks.add(bought, own, chips), files=NAMED)


def lay_out(folder: Path, casebook: Casebook) -> Path:
    """The casebook and its files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (("permit.pdf", PERMIT), ("p2.jpg", SCAN), ("slip.bin", SLIP)):
        (folder / name).write_bytes(content)
    path = folder / "book.yaml"
    path.write_text(write_casebook(casebook), encoding="utf-8")
    return path


def open_desk(folder: Path, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The mill's workspace, with all of it signed on the day it was bought."""
    path = lay_out(folder / "papers", book())
    with init_workspace(folder / "mill", (casebooks.OTSU, casebooks.BODY), lambda: noon(BOUGHT), password) as workspace:
        sign_file(workspace, path)

    def set_day(day: date) -> None:
        monkeypatch.setattr("cli.console.time", SimpleNamespace(time=lambda: noon(day)))

    return Desk(folder, run, set_day)
