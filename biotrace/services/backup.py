"""Backing up a workspace: ledger, sealed keys, trust and memory in one file, read back before it has its name."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from zipfile import ZipFile, ZipInfo

from biotrace.chain.checkpoint import Checkpoint
from biotrace.model.text import Text, same
from biotrace.store.backup import backup, examine, new_file, told

from .backup_format import FOLDERS, LEDGER, MANIFEST, PUBLIC, SEALED, SINGLE, Manifest, Member, is_known
from .backup_read import opened_backup
from .files import refused_by_system, require_new
from .key_files import KeyName
from .log_own import look
from .log_trees import from_ledger
from .memory import SEEN
from .times import date_time
from .workspace import Workspace

_CHUNK = 1 << 20
