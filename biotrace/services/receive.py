"""Taking in what arrived: a certificate, of paper, QR code or record, judged first, and the delivery under it.

result = receive(workspace, Recorded("2-1/26-001"), Arrival(day, measured))
result.taken                                  # False: the rules speak against it, and nothing was written
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from biotrace.chain.kinds import RecordKind
from biotrace.errors import UsageError
from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.text import Text
from biotrace.verify.case import Case, Entry, Evidence
from biotrace.verify.fold import fold_for
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rule import Finding
from biotrace.verify.rules import RULES
from biotrace.verify.verdict import LotVerdict

from .arrival import Arrival, delivery_of, difference
from .ledger_case import case_of_ledger, read_ledger, require_sound
from .receive_original import Copy, copy_that_stands, give_way
from .receive_source import Found, Source, read_source
from .scan import Scanned
from .scans import hold, read_scans
from .sign import Held, Signed, sign_casebook
from .stored_files import Copies, keeping
from .times import day_of
from .trial import next_verdict
from .trust_list import trust_now
from .workbook_ledger import Known
from .workspace import Workspace
from .yard import choose_yard, usual_yard

_ARRIVED = "(この入荷)"
"""Stands for the record id that the delivery will have."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What arrived, as it is judged, and what became of it.

    ``subject``: what the ledger calls the certificate. ``verdict``: on the delivery, with all that it rests on.
    ``against``: what was found of its QR code alone; ``reasons``: what else speaks against it. ``transcribed``: the
    certificate is a copy; else it is a record that its issuer signed and a log took. ``documents``: how many are new.
    ``signed`` None: nothing was written.
    """

    certificate: Certificate
    subject: str
    delivery: Delivery
    names: dict[str, str]
    subjects: dict[str, str]
    verdict: LotVerdict
    against: tuple[Finding, ...]
    reasons: tuple[Text, ...]
    notes: tuple[Text, ...]
    transcribed: bool
    new: bool
    documents: int
    scanned: Scanned | None = None
    signed: Signed | None = None

    @property
    def clean(self) -> bool:
        """Nothing speaks against it."""
        return self.verdict.clean and not self.reasons and all(f.is_notice for f in self.against)

    @property
    def taken(self) -> bool:
        """Whether the ledger has it now."""
        return self.signed is not None


def receive(
    workspace: Workspace,
    source: Source,
    arrival: Arrival,
    *,
    scans: Sequence[Path] = (),
    anyway: bool = False,
    rehearse: bool = False,
) -> Receipt:
    """Judge what arrived and take it in, certificate and delivery together or neither.

    ``scans``: files to hold with the new document, or else with the certificate. ``anyway``: take in also what the
    rules speak against: it stays as they find it; not so a forgery, of which a copy would show nothing. ``rehearse``:
    write nothing. Raises UsageError for what the ledger has already, or has otherwise, and IntegrityError where it is
    damaged.
    """
    reading = read_ledger(workspace.ledger, trust_now(workspace))
    require_sound(reading)
    today = day_of(workspace.clock())
    _require_past(arrival, today)
    known, contents = Known(reading, workspace.party), read_scans(scans)
    found = read_source(source, known, today)
    _require_place_for(contents, found)
    case = case_of_ledger(reading.logged, today, None, reading.outside)
    found, yard_note = _to_yard(found, arrival, case, workspace.party)
    copy = copy_that_stands(found.copy, known, case)
    under = [found.certificate.id, *([found.copy.record.record_id.hex()] if found.copy is not None else ())]
    before = [delivery for certificate in under for delivery in known.deliveries.get(certificate, ())]
    # A truck that came with the QR code is in the ledger; what comes now is its original, not the truck again.
    only_paper = copy is not None and bool(copy.deliveries) and arrival.measured is None
    delivery = before[-1] if only_paper else delivery_of(arrival, found.certificate, workspace.party)
    if not only_paper:
        _require_new(delivery, before, found.subject)
    differs = difference(found.certificate, delivery, before[:-1] if only_paper else before)
    told = (found.note, yard_note, copy.note if copy is not None else None, differs)
    verdict = _verdict(case, found, replace(delivery, certificate=found.certificate.id), workspace.party)
    receipt = Receipt(
        certificate=found.certificate,
        subject=found.subject,
        delivery=delivery,
        names={**found.names, **{party.id: party.name for party in case.parties.values()}},
        subjects={**reading.subjects(), found.certificate.id: found.subject, _ARRIVED: found.subject},
        verdict=verdict,
        against=_of_code_alone(found, verdict),
        reasons=tuple(_reasons(found, case, workspace.party)),
        notes=tuple(note for note in told if note is not None),
        transcribed=found.held is None or found.held.record.transcribed,
        new=found.held is None,
        documents=len(found.papers.new),
        scanned=found.scanned,
    )
    if rehearse or not (receipt.clean or (anyway and not found.forged)):
        return receipt
    gives_way = copy is not None and not copy.drawn
    if only_paper:
        entry = _give_way(workspace, copy, found) if gives_way else None
        return receipt if entry is None else replace(receipt, signed=Signed(1, 0, entry, entry))
    with keeping(workspace) as copies:
        book = _book(found, replace(delivery, id=known.free(f"{found.subject}/{delivery.date}")), contents, copies)
        cited = [*found.papers.held, *(draw.certificate for draw in found.certificate.draws)]
        cited += [] if found.held is None else [found.certificate.id]
        held = Held({record: record for record in cited}, receipt.names)
        signed = sign_casebook(workspace, book, held=held, first_hand=(RecordKind.DELIVERY,), decided_by=reading)
    if gives_way:
        _give_way(workspace, copy, found)
    return replace(receipt, signed=signed)


def _of_code_alone(found: Found, verdict: LotVerdict) -> tuple[Finding, ...]:
    """What was found of the QR code, and not of the certificate in the lot again."""
    told = {f.code for f in verdict.findings if f.record == found.certificate.id}
    return () if found.scanned is None else tuple(f for f in found.scanned.findings if f.code not in told)


def _give_way(workspace: Workspace, copy: Copy | None, found: Found) -> int:
    assert copy is not None
    assert found.held is not None, "only an original has a copy"
    return give_way(workspace, copy, found.held.record.record_id)


def _require_past(arrival: Arrival, today: date) -> None:
    if arrival.day > today:
        raise UsageError(
            Text(
                f"入荷日 {arrival.day} は今日（{today}）より後です",
                f"the arrival, {arrival.day}, is after today, {today}",
            ),
            Text("--received を確かめてください", "look at --received"),
            code="future-date",
        )


def _require_place_for(contents: Sequence[bytes], found: Found) -> None:
    if contents and found.held is not None:
        raise UsageError(
            Text(
                f"「{found.subject}」はもう台帳にあるので、ファイルを付け足せません",
                f"{found.subject} is in the ledger: no file can be added to it",
            ),
            Text("--scan を省いてください", "leave --scan out"),
        )


def _require_new(delivery: Delivery, before: Sequence[Delivery], subject: str) -> None:
    same_truck = (delivery.date, delivery.time, delivery.quantity, delivery.vehicle)
    if any((d.date, d.time, d.quantity, d.vehicle) == same_truck for d in before):
        raise UsageError(
            Text(
                f"「{subject}」のこの入荷（{delivery.date} {delivery.quantity}）はもう台帳にあります",
                f"this arrival of {subject} ({delivery.date} {delivery.quantity}) is in the ledger already",
            ),
            Text(
                "別の車なら --time か --vehicle を付けてください",
                "if it is another truck, give its --time or --vehicle",
            ),
            code="known",
        )


def _to_yard(found: Found, arrival: Arrival, case: Case, own: str) -> tuple[Found, Text | None]:
    """The certificate with the yard where its wood was put; on a signed record only its issuer could have said so."""
    certificate = found.certificate
    asked = None if arrival.yard is None else choose_yard(case, own, arrival.yard)
    if found.held is not None:
        if asked is not None and asked != certificate.to_site:
            return found, Text(
                "置場を書けるのは、新しく転記する証明書だけです。この入荷には残りません",
                "a yard stands on a certificate that is transcribed now; it is not kept of this arrival",
            )
        return found, None
    yard = asked or (None if certificate.to_site else usual_yard(case, own, certificate.fuel_class))
    return (found, None) if yard is None else (replace(found, certificate=replace(certificate, to_site=yard)), None)


def _verdict(case: Case, found: Found, delivery: Delivery, own: str) -> LotVerdict:
    """What the rules say of the delivery at the head of the log, after its certificate where that is new."""
    last = max((e.order for e in case.entries), default=0)
    entries = [Entry(last + 2, replace(delivery, id=_ARRIVED), Evidence.SIGNED, (), case.today, own)]
    if found.held is None:
        entries.insert(0, Entry(last + 1, found.certificate, Evidence.TRANSCRIBED, (), case.today, own))
    rests_on = (found.certificate.id, *(draw.certificate for draw in found.certificate.draws))
    return next_verdict(case, fold_for(case, rests_on, RULES, RINYA_2012), entries, found.papers.new)


def _reasons(found: Found, case: Case, own: str) -> Iterator[Text]:
    certificate = found.certificate
    if found.forged:
        yield Text(
            "署名が本物ではありません。--anyway でも受け入れません",
            "its signature is not genuine: --anyway does not take it",
        )
    if certificate.buyer not in (None, own):
        party = case.parties.get(certificate.buyer or "")
        name = party.name if party is not None else certificate.buyer
        yield Text(f"自社あてではありません（{name} あて）", f"it is not made out to us, but to {name}")
    if case.withdrawn(certificate.id) is not None:
        yield Text("この証明書は取消し・差替え・保留されています", "it was cancelled, replaced or put on hold")


def _book(found: Found, delivery: Delivery, contents: Sequence[bytes], copies: Copies) -> Casebook:
    """What is to be signed, with the files that are now held: the scans, and the signed record behind a QR code."""
    documents, certificate = list(found.papers.new), found.certificate
    files = hold(contents, copies)
    if documents:
        documents[0] = replace(documents[0], files=files)
        files = ()
    if found.envelope is not None:
        files = (*files, copies.keep(found.envelope))
    certificates = (replace(certificate, files=files),) if found.held is None else ()
    return Casebook(documents=tuple(documents), certificates=certificates, deliveries=(delivery,))
