"""A workspace about to issue: the ledger read once, what can be drawn on judged, and kept up with what is issued."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from biotrace.chain.record import Signer
from biotrace.model.certificate import Certificate, Draw
from biotrace.model.document import Document
from biotrace.model.party import Party
from biotrace.model.text import Text
from biotrace.verify.case import Case, Entry, Evidence
from biotrace.verify.fold import Folded, fold_for
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules import RULES
from biotrace.verify.verdict import Status

from .files import require_new
from .find import find_party
from .issue_refusals import Refused, damaged
from .ledger_case import Reading, case_of_ledger, entry_of, read_ledger
from .logged import Logged
from .stock import perhaps_left
from .times import day_of
from .trial import gone_on, next_verdict
from .trust_list import trust_now
from .workspace import Workspace


@dataclass(frozen=True)
class Desk:
    """A workspace about to issue, its key taken before the ledger was read.

    ``folded``: the ledger, judged as far as is asked: see ``looking_at`` and ``with_stock``.
    """

    workspace: Workspace
    signer: Signer
    reading: Reading
    today: date
    case: Case
    seller: Party
    folded: Folded

    def with_stock(self, named: Iterable[Draw] = ()) -> Desk:
        """With what the party may have left judged, and the certificates of these draws."""
        return self.looking_at([*perhaps_left(self.case, self.seller.id), *(draw.certificate for draw in named)])

    def looking_at(self, certificates: Sequence[str]) -> Desk:
        """With these certificates judged, and what they rest on."""
        if all(certificate in self.folded.judged for certificate in certificates):
            return self
        return replace(self, folded=_judged(self.case, certificates))

    def after(self, issued: Logged) -> Desk:
        """With a certificate that was issued from it. This one is used up."""
        value = issued.record.body
        assert isinstance(value, Certificate), "nothing else is issued"
        entry = entry_of(len(self.reading.everything), issued, value)
        case, folded = gone_on(self.case, self.folded, entry)
        reading = replace(self.reading, logged=(*self.reading.logged, issued))
        return replace(self, reading=reading, case=case, folded=folded)

    @property
    def is_current(self) -> bool:
        """Whether the ledger holds what was read of it, and nothing else since."""
        return self.workspace.ledger.end() == len(self.reading.logged)


def open_desk(workspace: Workspace, out: Path | None = None) -> Desk | Refused:
    """Read the ledger. Raises UsageError where ``out`` stands already."""
    if out is not None:
        require_new(out)
    signer = workspace.signer()
    reading = read_ledger(workspace.ledger, trust_now(workspace))
    if reading.broken:
        return damaged(reading)
    today = day_of(workspace.clock())
    case = case_of_ledger(reading.logged, today, None, reading.outside)
    seller = find_party(case.parties.values(), workspace.party)
    return Desk(workspace, signer, reading, today, case, seller, _judged(case, perhaps_left(case, seller.id)))


def _judged(case: Case, certificates: Iterable[str]) -> Folded:
    return fold_for(case, certificates, RULES, RINYA_2012)


def judge(desk: Desk, certificate: Certificate, documents: Sequence[Document] = ()) -> Refused | None:
    """What the rules would say of the certificate at the head of the log; None where they confirm it.

    ``documents``: new ones that it cites. Without a moisture Q602 grants the highest that can be believed; an issuer is
    held to the default.
    """
    tried = certificate
    if moisture_assumed(certificate):
        tried = replace(certificate, quantity=replace(certificate.quantity, moisture=RINYA_2012.default_moisture))
    own = desk.seller.id
    entry = Entry(len(desk.reading.everything), tried, Evidence.SIGNED, logged=desk.today, signer=own)
    verdict = next_verdict(desk.case, desk.folded, [entry], documents)
    bad = tuple(f for f in verdict.findings if not f.is_notice)
    open_questions = tuple(u for u in verdict.not_checked if u.decisive)
    if not bad and verdict.status is not Status.INCOMPLETE and verdict.confirmed is certificate.fuel_class:
        return None
    reason = Text(
        f"{certificate.fuel_class.label.ja}として確認できません",
        f"the rules would not confirm it as {certificate.fuel_class.label.en}",
    )
    return Refused((reason,), desk.reading.subjects(), bad, open_questions)


def moisture_assumed(certificate: Certificate) -> bool:
    """Whether the wood taken can only be compared at the default moisture, for want of a stated one."""
    out = certificate.quantity
    others = (d for d in certificate.draws if not d.quantity.same_measure(out))
    return out.unit.is_mass and out.moisture is None and any(others)
