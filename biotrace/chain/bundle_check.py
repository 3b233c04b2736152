"""What a bundle proves, and what a receiver may take from it.

Refused as a whole is a bundle that cannot be trusted at all: a checkpoint that the log did not sign, an earlier tree
that the proofs do not lead to, two roots for one size (S105), a record in two logs, a disclosure that opens nothing, a
file that no record names. What is wrong with single records is returned with them, for a verdict to show.

**Everything here is relative to the keys of the logs that the file itself brings**: anybody can make a log of their
own, bind any names in it, and bundle it. Whether a part's ``log`` is one to trust, and for whom, the caller must ask.
And only what is shown is judged: what was left out (a second sale, a cancellation, the end of a key) is missing unless
the part is ``complete``, by the word of the log's operator, as of the checkpoint.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from biotrace.errors import IntegrityError, UpdateNeededError
from biotrace.model.certificate import Certificate
from biotrace.model.document import Document
from biotrace.model.party import Party
from biotrace.model.private import Sealed
from biotrace.model.retention import Answer
from biotrace.model.text import Text

from . import checkpoint as checkpoints
from . import completeness, disclosure, merkle, receipt
from .admit import Held
from .bundled import Bundle, BundledRecord, LogPart, wrong
from .checkpoint import Checkpoint
from .disclosure import Disclosure
from .note import VerifierKey
from .receipt import Logged
from .record import Record, cites, parse_record
from .shown import ShownLog, rule_of
