"""Whose name is signed in other logs: nobody's that is known here by other keys.

In a log of their own anybody is whom they like. So a party whose keys one log has bound does not sign in another log
with keys that only that one has bound: its operator would speak for that party, and take from what is made out to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from biotrace.chain.admit import is_for_root
from biotrace.chain.binding import binding_of
from biotrace.chain.bundle_check import VerifiedPart
from biotrace.chain.kinds import RecordKind
from biotrace.chain.record import Record
from biotrace.errors import IntegrityError
from biotrace.model.text import Text

from .ledger_case import Reading

_OWN = ""
_Bound = dict[str, dict[str, set[bytes]]]
"""By party, and log that bound them, the names of its keys."""


def check_signers(reading: Reading, parts: Sequence[VerifiedPart]) -> None:
    """Raise IntegrityError (``party-keys``) for a party that signs in ``parts`` with a key not known to be its own.

    A log that has bound keys of the party before may bind more. Where a party is in two logs with two keys, our own
    root key says so: it binds the other one here too.
    """
    bound: _Bound = {}
    _learn(bound, _OWN, ((e.position, e.record) for e in reading.logged if e.sound))
    for log in reading.outside.logs:
        _learn(bound, log.log.name, ((e.position, e.record) for e in log.logged if e.sound))
    for part in parts:
        proven = (r for r in part.records if r.logged is not None and all(p.is_notice for p in r.problems))
        shown = [(r.bundled.index, r.record) for r in proven if r.record is not None]
        for _, record in shown:
            if is_for_root(record.kind, record.transcribed) or record.kind is RecordKind.KEY_END:
                continue  # who runs a log says there who is who; a body vouches for its member's device key alone
            by_log: Mapping[str, set[bytes]] = bound.get(record.issuer, {})
            if by_log and part.log.name not in by_log and not any(record.kid in kids for kids in by_log.values()):
                raise _stranger(record, part.log.name, by_log)
        _learn(bound, part.log.name, shown)


def _learn(bound: _Bound, log: str, records: Iterable[tuple[int, Record]]) -> None:
    for position, record in records:
        if (binding := binding_of(record, position)) is not None:
            kid, key = binding
            bound.setdefault(key.party, {}).setdefault(log, set()).add(kid)


def _stranger(record: Record, log: str, by_log: Mapping[str, set[bytes]]) -> IntegrityError:
    known = Text("、".join(n or "この台帳" for n in by_log), ", ".join(n or "this ledger" for n in by_log))
    kid = record.kid.hex()
    return IntegrityError(
        Text(
            f"ログ {log} では {record.issuer} が鍵 {kid} で署名していますが、その鍵は {known.ja} にありません",
            f"in log {log} {record.issuer} signs with key {kid}, which is not among its keys in {known.en}",
        ),
        Text(
            f"取り込まず、{record.issuer} に電話などで確かめてください。本人の鍵なら biotrace key bind で登録してから",
            f"do not take it in; ask {record.issuer}, by telephone or so. If the key is theirs, bind it first with "
            "biotrace key bind",
        ),
        code="party-keys",
    )
