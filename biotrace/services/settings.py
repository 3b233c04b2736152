"""A workspace's settings file: whose it is, and where its ledger is."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from biotrace.errors import UnreadableError, UpdateNeededError
from biotrace.model.text import Text, same

from .files import read_file, write_over

FILE = "biotrace.json"
FORMAT = "workspace/1"
LEDGER = "ledger.sqlite"
WESTERN_DATES = "western_dates"
RETENTION_YEARS = "retention_years"
_MOST_YEARS = 100


@dataclass(frozen=True, slots=True)
class Settings:
    """``party``: id of the party whose workspace it is. ``ledger``: a file in the folder, or a database's address.

    ``more``: whatever else the file says, kept as it is.
    """

    party: str
    ledger: str
    more: tuple[tuple[str, Any], ...] = ()

    def place(self, folder: Path) -> str | Path:
        """Where the ledger of the workspace in ``folder`` is."""
        return self.ledger if "://" in self.ledger else folder / self.ledger


def read_settings(folder: Path) -> Settings:
    """The settings in a workspace's folder.

    Raises UnreadableError where there are none that can be read, UpdateNeededError for those of another version.
    """
    path = folder / FILE
    if not path.is_file():
        raise UnreadableError(
            Text(f"{folder} は biotrace のワークスペースではありません", f"{folder} is no biotrace workspace")
            + Text(f"（{FILE} がない）", f" (no {FILE})"),
            Text(
                "--workspace でフォルダーを指定するか、biotrace init で作ってください",
                "name one with --workspace, or make one with biotrace init",
            ),
            code="no-workspace",
        )
    found: Any = None
    with contextlib.suppress(ValueError):  # told below, with everything else that is no such file
        found = json.loads(read_file(path))
    version = found.get("biotrace") if isinstance(found, dict) else None
    if isinstance(version, str) and version.startswith("workspace/") and version != FORMAT:
        raise UpdateNeededError(
            same(f"{path}: ") + Text(f"版 {version} を読めません", f"cannot read version {version}"),
            Text("biotrace を更新してください", "update biotrace"),
        )
    party, ledger = (found.get("party"), found.get("ledger")) if version == FORMAT else (None, None)
    if not isinstance(party, str) or not isinstance(ledger, str):
        raise UnreadableError(
            same(f"{path}: ")
            + Text(f"ワークスペース（{FORMAT}）の設定として読めません", f"no workspace settings ({FORMAT})"),
            Text("控えから戻してください", "restore it from a backup"),
            code="no-workspace",
        )
    more = tuple((key, value) for key, value in found.items() if key not in ("biotrace", "party", "ledger"))
    return Settings(party, ledger, more)


def western_dates(folder: Path, asked: bool | None = None) -> bool:
    """Whether papers printed in the workspace bear western dates: as asked for, else as its settings say, else not.

    Raises UnreadableError where the settings say neither true nor false.
    """
    if asked is not None:
        return asked
    said = dict(read_settings(folder).more).get(WESTERN_DATES, False)
    if not isinstance(said, bool):
        raise UnreadableError(
            same(f"{folder / FILE}: ")
            + Text(f"{WESTERN_DATES} は true か false です", f"{WESTERN_DATES} is true or false"),
            Text("どちらかに直すか、その行を消してください", "correct it, or remove that line"),
            code="settings",
        )
    return said


def retention_years(folder: Path, least: int) -> int:
    """For how many years papers are kept in the workspace: as its settings say, else ``least`` (G3: 5).

    Raises UnreadableError where the settings say less, more than a hundred, or no whole number.
    """
    said = dict(read_settings(folder).more).get(RETENTION_YEARS, least)
    if type(said) is not int or not least <= said <= _MOST_YEARS:
        raise UnreadableError(
            same(f"{folder / FILE}: ")
            + Text(
                f"{RETENTION_YEARS} は {least} から {_MOST_YEARS} までの整数です",
                f"{RETENTION_YEARS} is a whole number from {least} to {_MOST_YEARS}",
            ),
            Text("直すか、その行を消してください", "correct it, or remove that line"),
            code="settings",
        )
    return said


def write_settings(folder: Path, settings: Settings) -> None:
    """Put the settings in place. Raises UsageError where the disk refuses."""
    said = {"biotrace": FORMAT, "party": settings.party, "ledger": settings.ledger, **dict(settings.more)}
    write_over(folder / FILE, (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode())


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a workspace's owner may choose: western dates on papers, and for how many years papers are kept."""

    western: bool
    years: int


def chosen(folder: Path, least_years: int) -> Chosen:
    """As the settings say, or as it is without them. Raises as ``western_dates`` and ``retention_years`` do."""
    return Chosen(western_dates(folder), retention_years(folder, least_years))


def choose(folder: Path, western: bool | None, years: int | None) -> None:
    """Write what is chosen; None: leave it. Raises as ``read_settings`` does, and UsageError where the disk refuses."""
    settings = read_settings(folder)
    more = dict(settings.more)
    for name, value in ((WESTERN_DATES, western), (RETENTION_YEARS, years)):
        if value is not None:
            more[name] = value
    write_settings(folder, replace(settings, more=tuple(more.items())))
