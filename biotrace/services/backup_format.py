"""What a backup file holds: a ZIP, not compressed, of files under known names, and a manifest of them.

The manifest (``manifest.json``, format ``backup/1``) names every other file with its size and SHA-256. Nothing in it is
signed: the ledger's records and the trust list bear their own signatures, and whoever can change a backup can change
the rest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from biotrace import __version__
from biotrace.chain.merkle import HASH_BYTES
from biotrace.chain.note import VerifierKey
from biotrace.errors import IntegrityError, UnreadableError, UpdateNeededError
from biotrace.model.text import Text, same

from . import settings, trust, trust_list
from .key_files import FOLDER as KEYS
from .key_files import KeyName
from .memory import KEPT, SEEN
from .stored_files import FOLDER as FILES

FORMAT = "backup/1"
MANIFEST = "manifest.json"
MAX_MANIFEST = 16 * 1024 * 1024
LEDGER = settings.LEDGER
"""The ledger's copy, whatever its name or address is in the workspace."""
SEALED = tuple(f"{KEYS}/{name.file}" for name in (KeyName.ROOT, KeyName.LOG))
"""Not the device's key: its chain goes on on its own machine alone."""
PUBLIC = (f"{KEYS}/{KeyName.DEVICE.public_file}",)
REQUIRED = (LEDGER, settings.FILE)
SINGLE = (*REQUIRED, *SEALED, *PUBLIC, trust_list.FILE, trust.FILE)
FOLDERS = (SEEN, KEPT, FILES)
"""Folders of the workspace that are backed up with whatever they hold, at most three deep."""

_PART = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?"
_NAME = re.compile(rf"(?:{'|'.join(FOLDERS)})/(?:{_PART}/){{0,2}}{_PART}")
_DEVICE = re.compile(r"(?:^|/)(?:con|prn|aux|nul|com\d|lpt\d)(?:[./]|$)", re.IGNORECASE)
"""What Windows takes for a device, whatever follows it."""
_HASH = re.compile(r"[0-9a-f]{64}")
_KID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a backup. ``sha256``: hex."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself.

    ``made_at``: seconds since 1970-01-01 UTC. ``log``: the log's key; ``size`` and ``root``: of its latest checkpoint
    in the copy. ``device``: name (kid, hex) of the key of the machine that was backed up; None: there was none.
    """

    made_at: int
    party: str
    log: VerifierKey
    size: int
    root: bytes
    device: str | None
    members: Mapping[str, Member]

    def to_bytes(self) -> bytes:
        """The manifest as a file."""
        said = {
            "biotrace": FORMAT,
            "made_at": self.made_at,
            "made_by": __version__,
            "party": self.party,
            "origin": self.log.name,
            "vkey": str(self.log),
            "size": self.size,
            "root": self.root.hex(),
            "device": self.device,
            "members": {n: {"size": m.size, "sha256": m.sha256} for n, m in sorted(self.members.items())},
        }
        return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()


def is_known(name: str) -> bool:
    """Whether a backup may hold a file of that name, which then names a place within a workspace and nowhere else."""
    return name in SINGLE or (_NAME.fullmatch(name) is not None and _DEVICE.search(name) is None)


def parse_manifest(data: bytes, where: str) -> Manifest:
    """The manifest of the backup called ``where``.

    Raises UnreadableError (``not-backup``), and UpdateNeededError for another version of the format.
    """
    try:
        found = json.loads(data)
        version = found["biotrace"]
        if isinstance(version, str) and version.startswith("backup/") and version != FORMAT:
            raise UpdateNeededError(
                same(f"{where}: ") + Text(f"版 {version} を読めません", f"cannot read version {version}"),
                Text("biotrace を更新してください", "update biotrace"),
            )
        if version != FORMAT:
            raise ValueError
        return _manifest(found)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, IntegrityError):
        raise not_backup(where, Text("目録を読めません", "its manifest cannot be read")) from None


def not_backup(where: str, why: Text) -> UnreadableError:
    """A file that is no backup, or no whole one."""
    return UnreadableError(
        same(f"{where}: ")
        + Text("biotrace の控えとして読めません（", "is no backup that biotrace made, or is damaged (")
        + why
        + Text("）", ")"),
        Text("別の控えを使ってください", "use another backup"),
        code="not-backup",
    )


def _manifest(found: dict[str, Any]) -> Manifest:
    members = {name: Member(_count(m["size"]), _match(_HASH, m["sha256"])) for name, m in found["members"].items()}
    root, log = bytes.fromhex(found["root"]), VerifierKey.parse(found["vkey"])
    folded = {name.casefold() for name in members}  # names that Windows and macOS would take for one
    if len(folded) != len(members) or not all(map(is_known, members)) or not set(REQUIRED) <= set(members):
        raise ValueError
    if len(root) != HASH_BYTES or log.name != found["origin"] or not isinstance(found["party"], str):
        raise ValueError
    device = None if found["device"] is None else _match(_KID, found["device"])
    return Manifest(_count(found["made_at"]), found["party"], log, _count(found["size"]), root, device, members)


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 1 << 62:
        raise ValueError
    return value


def _match(pattern: re.Pattern[str], value: str) -> str:
    if pattern.fullmatch(value) is None:
        raise ValueError
    return value
