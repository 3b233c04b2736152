"""Asking rules where records are read: see ``biotrace.verify.early``."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache

from biotrace.chain.integrity import Alone
from biotrace.chain.record import Record
from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document
from biotrace.model.private import PrivateField
from biotrace.store.ledger import Ledger
from biotrace.verify.case import Case, Entry, Evidence
from biotrace.verify.early import Early, EarlyRules
from biotrace.verify.places import NO_TABLE
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rule import Finding
from biotrace.verify.rules import RULES

from .audit_world import Stored
from .shipped import municipalities
from .times import day_of


def to_send(case: Case) -> Case:
    """A log's case without what another process has, or finds, itself."""
    return replace(case, documents={}, certificates={}, municipalities=NO_TABLE)


class Asking:
    """Asks rules about the entries that are read, in their order.

    Of the documents all count that the ledger holds; that they are in order is seen by who judges the certificate.
    """

    def __init__(self, case: Case, ledger: Ledger) -> None:
        """``case``: as it was sent."""
        self._documents = Stored(ledger, Document)
        certificates = Stored(ledger, Certificate)
        table = municipalities()
        known = replace(case, documents=self._documents, certificates=certificates, municipalities=table)
        self._rules = EarlyRules(known, RULES, RINYA_2012)

    def ask(self, alone: Alone) -> Early | None:
        """What rules say early of an entry; None of what is no certificate, or has private fields that may be known."""
        body = alone.record.body
        if isinstance(body, Document):
            self._documents.add(body, counts=True)  # it will be asked for soon
        if not isinstance(body, Certificate) or is_personal(body):
            return None
        return self._rules.ask(entry_as_read(alone.record, body, alone.position, alone.logged_at))


def is_personal(certificate: Certificate) -> bool:
    """Whether it has private fields that some rule asks for: any but the price."""
    return any(field.field is not PrivateField.PRICE_YEN for field in certificate.sealed)


def entry_as_read(
    record: Record,
    body: Certificate | Delivery,
    position: int,
    logged_at: int,
    findings: tuple[Finding, ...] = (),
    opened: frozenset[PrivateField] = frozenset(),
) -> Entry:
    """A record in its place in the log."""
    evidence = Evidence.TRANSCRIBED if record.transcribed else Evidence.SIGNED
    return Entry(position, body, evidence, findings, _day(logged_at), record.issuer, opened)


@lru_cache(maxsize=64)
def _day(logged_at: int) -> date:
    return day_of(logged_at)
