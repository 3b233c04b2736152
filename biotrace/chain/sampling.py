"""A random choice among records that the other side can make again: which papers a challenge asks for.

What is chosen from is fixed by the digest of its ids, and the moment by the root of the asker's log. What decides is
either a seed that both sides know where it comes from, such as dice, or the asker's signature over the rest: Ed25519
signs the same message in one way only, as the standard has it, so an asker with this program cannot try again, and
nobody without its key knows the outcome before. See docs/retention.md for what that does not show.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from . import cbor, ed25519, text64
from .keys import DeviceKey

_NAME = "biotrace-sample/1"
_LINE = re.compile(
    r"\[sample/1 n=(\d{1,6}) of=(\d{1,9}) log=(\S{1,256}) size=(\d{1,18}) root=([\w-]{43}) ids=([\w-]{43})"
    r" (?:seed=(\S{1,80})|sig=([\w-]{86}))\]$",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """When and from what is chosen: ``n`` of the records of ``to``, at the asker's log's checkpoint.

    ``ids``: see ``digest``; ``of``: how many there are.
    """

    n: int
    of: int
    log: str
    size: int
    root: bytes
    ids: bytes
    to: str

    def message(self) -> bytes:
        """What the asker signs. It begins as no record, checkpoint or receipt does."""
        return cbor.encode([_NAME, self.n, self.of, self.log, self.size, self.root, self.ids, self.to])


@dataclass(frozen=True, slots=True)
class Sampled:
    """A choice as a challenge states it. ``seed``: text, or the asker's signature (64 bytes)."""

    moment: Moment
    seed: str | bytes

    def choose(self, population: Iterable[bytes]) -> tuple[bytes, ...]:
        """The record ids that are chosen of those."""
        start = hashlib.sha256(cbor.encode([_NAME, self.moment.message(), self.seed])).digest()
        order = sorted(population, key=lambda record_id: hashlib.sha256(start + record_id).digest())
        return tuple(order[: self.moment.n])

    def verify(self, public_key: bytes) -> None:
        """Raise SignatureError where the seed is no signature of that key. A seed in text needs none."""
        if isinstance(self.seed, bytes):
            ed25519.verify(public_key, self.seed, self.moment.message())

    def line(self) -> str:
        """How a challenge states it, at the end of its reason."""
        m = self.moment
        seed = f"sig={text64.encode(self.seed)}" if isinstance(self.seed, bytes) else f"seed={self.seed}"
        log, root, ids = m.log, text64.encode(m.root), text64.encode(m.ids)
        return f"[sample/1 n={m.n} of={m.of} log={log} size={m.size} root={root} ids={ids} {seed}]"


def digest(population: Iterable[bytes]) -> bytes:
    """SHA-256 over the record ids in ascending order."""
    return hashlib.sha256(b"".join(sorted(population))).digest()


def sample(moment: Moment, seed: str | DeviceKey) -> Sampled:
    """The choice by a seed of both sides (no white space), or by the asker's key."""
    return Sampled(moment, seed if isinstance(seed, str) else seed.sign(moment.message()))


def parse(reason: str | None, to: str) -> Sampled | None:
    """The choice that a challenge's reason states; None: it states none."""
    found = _LINE.search(reason or "")
    if found is None:
        return None
    n, of, log, size, root, ids, seed, signature = found.groups()
    moment = Moment(int(n), int(of), log, int(size), text64.decode(root), text64.decode(ids), to)
    return Sampled(moment, seed if seed is not None else text64.decode(signature))
