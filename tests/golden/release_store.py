"""What a release keeps beside its records: their ledger, a bundle about a lot in it, and a trust list."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from biotrace.chain import bundle, checkpoint, completeness, trust_list
from biotrace.chain.bundled import Bundle
from biotrace.chain.note import COSIGNATURE, ED25519, VerifierKey
from biotrace.chain.record import Record
from biotrace.chain.trust_content import BodyKey, Contents, TrustedBody
from biotrace.chain.trust_list import TrustList
from biotrace.services.ledger_case import case_of_ledger, read_ledger
from biotrace.store.ledger import Ledger, LogKey
from biotrace.verify.fold import fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules import RULES
from biotrace.verify.verdict import LotVerdict, pronounce
from tests.golden.release_records import BODY, PLANT, START, golden_key
from tests.logs import Log

ORIGIN, WITNESS = "log.example/golden", "witness.example"
LOT = "d-1"
"""Subject of the delivery that the bundle and the verdict are about."""
SCANNED = b"a scan"
SEEN = 12
"""Size of an earlier tree that the bundle links to its own."""
LOGGED, COSIGNED, MADE = START + 86_400, START + 90_000, START + 172_800
"""When the first record was logged, each next one a second later; when the witness signed; when the bundle was made."""


@dataclass(frozen=True)
class Store:
    """All of it, of the records in the order of their log."""

    records: tuple[Record, ...]

    @property
    def log(self) -> Log:
        times = range(LOGGED, LOGGED + len(self.records))
        return Log(self.records, ORIGIN, times, golden_key("log"))

    @property
    def witness(self) -> VerifierKey:
        return VerifierKey(WITNESS, COSIGNATURE, golden_key("witness").public)

    def trust_list(self) -> TrustList:
        """The body, the log and the witness of this ledger, as an authority states them."""
        contents = Contents(
            number=1,
            expires=START + 365 * 86_400,
            authority=(golden_key("authority").public, golden_key("next authority").public),
            bodies=(
                TrustedBody("gifu-body", "岐阜県木材協同組合連合会"),
                TrustedBody(
                    BODY,
                    "長野県木材団体連合会",
                    (BodyKey(golden_key(BODY).public), BodyKey(golden_key("leaked").public, START)),
                    date(2012, 6, 18),
                ),
            ),
            logs=(VerifierKey(ORIGIN, ED25519, golden_key("log").public),),
            witnesses=(self.witness,),
            quorum=1,
        )
        return trust_list.make(golden_key("authority"), "木質バイオマス協議会", START, contents)

    def bundle(self) -> bytes:
        """All records for whoever asks about the lot, with the log's word that these are all."""
        log = self.log
        lot = log.record_id(LOT)
        signed = checkpoint.cosign(log.checkpoint(), WITNESS, golden_key("witness"), COSIGNED)
        shown = [(index, record.record_id) for index, record in enumerate(self.records)]
        stated = completeness.make(log.key, signed, [lot], shown, MADE).to_bytes()
        part = log.part(checkpoint=signed, history=(log.history(SEEN),), completeness=stated)
        trust = self.trust_list().data
        return bundle.make(Bundle(MADE, (lot,), (part,), trust, files=(SCANNED,), to=PLANT))

    def ledger(self) -> bytes:
        """The ledger's file, complete in itself: without a write-ahead log beside it."""
        with TemporaryDirectory() as folder:
            path = Path(folder) / "ledger.sqlite"
            with Ledger.create(path, LogKey(ORIGIN, golden_key("log")), ledger_id="golden") as ledger:
                for index, record in enumerate(self.records):
                    ledger.append([record], LOGGED + index)
                ledger.add_cosignatures(
                    checkpoint.cosign(ledger.checkpoint(), WITNESS, golden_key("witness"), COSIGNED)
                )
            with closing(sqlite3.connect(path)) as connection:
                connection.execute("PRAGMA journal_mode=DELETE")
                connection.execute("VACUUM")
            return path.read_bytes()


def rows_of(path: Path) -> dict[str, list[Any]]:
    """All that a database's file holds, by table; and as "", how the tables are made."""
    with closing(sqlite3.connect(path)) as connection:
        schema = connection.execute("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall()
        tables = [name for name, sql in schema if sql is not None and sql.lstrip().startswith("CREATE TABLE")]
        return {"": schema} | {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in tables}


def verdict_on(ledger: Ledger, trust: TrustList, lot: str, day: date) -> dict[str, Any]:
    """What this release says of a lot on that day, by the trust list, as plain data without its wording."""
    reading = read_ledger(ledger, trust)
    case = case_of_ledger(reading.logged, day, None, reading.outside)
    (found,) = pronounce([lot], case, fold(case, RULES, RINYA_2012).judged)
    return _plain(found)


SPEAKS_FOR = {"H307": "H303"}
"""Rules that came after a release -> those that fall silent where they speak (catalogue: "wins over")."""


def decided(verdict: dict[str, Any], then: dict[str, Any]) -> dict[str, Any]:
    """The part of a verdict that no later release may change: by the rules that had decided something ``then``.

    Others may have come since, or find a subject now, and complete what was incomplete. What came since may also speak
    in another's place, where the catalogue says so: ``SPEAKS_FOR``.
    """
    codes = {*then["passed"], *then["fired"]} - set(SPEAKS_FOR.values())
    by_rule = {name: [code for code in verdict[name] if code in codes] for name in ("passed", "fired")}
    by_rule["findings"] = [finding for finding in verdict["findings"] if finding[0] in codes]
    open_ended = {"status", "if_passed", "not_checked", "not_applicable"}
    return {name: part for name, part in verdict.items() if name not in open_ended} | by_rule


def _plain(lot: LotVerdict) -> dict[str, Any]:
    return {
        "id": lot.id,
        "declared": lot.declared.value,
        "confirmed": lot.confirmed.value,
        "status": lot.status.value,
        "if_passed": None if lot.if_passed is None else lot.if_passed.value,
        "evidence": lot.evidence.value,
        "wet_grams": lot.wet_grams,
        "dry_grams": lot.dry_grams,
        "sources": [list(source) for source in lot.sources],
        "records": list(lot.records),
        "passed": list(lot.passed),
        "fired": list(lot.fired),
        "not_checked": [[u.code, u.record, u.decisive] for u in lot.not_checked],
        "not_applicable": list(lot.not_applicable),
        "findings": [[f.code, f.record, f.effect.value] for f in lot.findings],
    }
