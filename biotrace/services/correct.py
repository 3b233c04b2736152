"""Corrections: new signed records that cite the old one. Nothing is edited, and nothing is said twice.

plan = plan_correction(workspace, Ask(Action.CANCEL, "f-1", date(2014, 12, 1), "誤記"))
if isinstance(plan, Planned):          # else AlreadySo: the ledger says it already
    log_correction(workspace, plan)
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from biotrace.chain.admit import Held
from biotrace.chain.kinds import RecordKind
from biotrace.chain.record import Signer
from biotrace.errors import BiotraceError
from biotrace.model.certificate import Certificate
from biotrace.model.correction import Action, Correction
from biotrace.model.text import Text

from . import correct_refusals as refusals
from .consequences import Affected, consequences, resting_on
from .find import find_certificate
from .history import Standing, State, corrections_of, standing_of
from .ledger_case import Reading, case_of_ledger, read_ledger, require_sound
from .logged import Logged
from .times import day_of
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked for. ``certificate`` and ``by`` as people name them; ``by``: the one that replaces it."""

    action: Action
    certificate: str
    day: date
    reason: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A correction that the ledger would take, not signed yet, and what would come of it.

    ``warnings``: in what a replacement differs. ``subjects``: record id -> what its signer calls it.
    """

    ask: Ask
    certificate: Logged
    correction: Correction
    subject: str
    transcribed: bool
    affected: tuple[Affected, ...]
    warnings: tuple[Text, ...]
    signer: Signer
    subjects: dict[str, str]


@dataclass(frozen=True, slots=True)
class AlreadySo:
    """The ledger says already what is asked for: ``standing.by`` is where. Nothing is to be written."""

    ask: Ask
    certificate: Logged
    standing: Standing
    subjects: dict[str, str]


def plan_correction(workspace: Workspace, ask: Ask) -> Planned | AlreadySo:
    """See whether the ledger can take the correction, and what comes of it; nothing is signed or written.

    Raises UsageError, saying why, for one that makes no sense or that is not this party's to sign, and IntegrityError
    where the ledger is damaged.
    """
    signer = workspace.signer()
    reading = read_ledger(workspace.ledger)
    require_sound(reading)
    certificate = find_certificate(reading, ask.certificate)
    _require_own(workspace.party, certificate)
    _require_day(ask, certificate, day_of(workspace.clock()))
    own_id = certificate.record.record_id.hex()
    case = case_of_ledger(reading.logged, day_of(workspace.clock()), None, reading.outside)
    standing = standing_of(own_id, reading.everything, case)
    replacing = find_certificate(reading, ask.by) if ask.by is not None else None
    subjects = reading.subjects()
    if (same := _already(workspace.party, reading, ask, certificate, standing, replacing)) is not None:
        return AlreadySo(ask, certificate, same, subjects)
    if standing.state in (State.CANCELLED, State.REPLACED):
        raise refusals.ended(ask.action, certificate, standing, subjects)
    if replacing is not None:
        _check_replacement(
            certificate, replacing, reading, standing_of(replacing.record.record_id.hex(), reading.everything, case)
        )
    correction = Correction(
        certificate=own_id,
        action=ask.action,
        date=ask.day,
        reason=ask.reason,
        by=replacing.record.record_id.hex() if replacing is not None else None,
        follows=_follows(workspace.party, ask.action, certificate, reading, standing),
    )
    held = Held.of(certificate.record)
    return Planned(
        ask=ask,
        certificate=certificate,
        correction=correction,
        subject=_free_subject(f"{ask.action}:{certificate.record.subject}", reading),
        # A transcription's own signer copied the paper, and so copies what corrects it; its issuer speaks for itself.
        transcribed=held.transcribed and held.signer == workspace.party,
        affected=consequences(workspace, reading, certificate, correction),
        warnings=tuple(_differences(certificate, replacing)) if replacing is not None else (),
        signer=signer,
        subjects=subjects,
    )


def log_correction(workspace: Workspace, planned: Planned) -> Logged | AlreadySo:
    """Sign what was planned and log it.

    Where another command logged the same in between, that is recognised; anything else it logged raises BiotraceError.
    """
    now = workspace.clock()
    record = planned.signer.sign(
        RecordKind.CORRECTION, planned.subject, planned.correction, now, transcribed=planned.transcribed
    )
    try:
        entry = workspace.log([record], now)[0]
    except BiotraceError as error:
        if error.code == "conflict" and isinstance(again := plan_correction(workspace, planned.ask), AlreadySo):
            return again
        raise
    return Logged(entry.position, entry.logged_at, entry.record)


def _require_own(party: str, certificate: Logged) -> None:
    """``biotrace.chain.admit`` would refuse it too; this says it before anything is signed."""
    held = Held.of(certificate.record)
    if party not in (held.author, held.signer):
        raise refusals.not_own(certificate, held, party)


def _require_day(ask: Ask, certificate: Logged, today: date) -> None:
    assert isinstance(certificate.record.body, Certificate)
    first = min(certificate.record.body.date, today)  # one dated ahead by mistake must not stay uncorrected
    if not first <= ask.day <= today:
        raise refusals.day(ask.day, first, today)


def _already(
    party: str, reading: Reading, ask: Ask, certificate: Logged, standing: Standing, replacing: Logged | None
) -> Standing | None:
    """The standing that is asked for, where the certificate has it."""
    said = standing.by.record.body if standing.by is not None else None
    if ask.action is Action.CANCEL:
        return standing if standing.state is State.CANCELLED else None
    if ask.action is Action.REPLACE and replacing is not None and isinstance(said, Correction):
        same = standing.state is State.REPLACED and said.by == replacing.record.record_id.hex()
        return standing if same else None
    if ask.action is Action.HOLD and standing.state is State.ON_HOLD:
        own = _own_hold(party, certificate, reading)
        return Standing(State.ON_HOLD, own) if own is not None else None
    return None


def _follows(party: str, action: Action, certificate: Logged, reading: Reading, standing: Standing) -> str | None:
    """The correction that this one comes after: for a release the hold that it ends, else the last one."""
    if action is Action.RELEASE:
        own = _own_hold(party, certificate, reading)
        if own is None:
            raise refusals.no_hold(certificate, standing)
        return own.record.record_id.hex()
    last = None
    for entry, _ in corrections_of(certificate.record.record_id.hex(), reading.logged):
        last = entry.record.record_id.hex()
    return last


def _own_hold(party: str, certificate: Logged, reading: Reading) -> Logged | None:
    """The party's last hold that it has not released."""
    hold = None
    for entry, body in corrections_of(certificate.record.record_id.hex(), reading.logged):
        if entry.record.issuer == party and body.action in (Action.HOLD, Action.RELEASE):
            hold = entry if body.action is Action.HOLD else None
    return hold


def _check_replacement(old: Logged, new: Logged, reading: Reading, standing: Standing) -> None:
    """Whether a certificate can take the place of another: by the same issuer, standing, and not resting on it."""
    assert isinstance(old.record.body, Certificate)
    assert isinstance(new.record.body, Certificate)
    if new.position == old.position:
        raise refusals.by_itself(old)
    if new.record.body.issuer != old.record.body.issuer:
        raise refusals.other_issuer(old, new)
    if standing.state is not State.VALID:
        raise refusals.not_standing(new, standing)
    if new.position in {entry.position for entry in resting_on(reading, old)}:
        raise refusals.rests_on_it(old, new)


def _differences(old: Logged, new: Logged) -> Iterator[Text]:
    """In what the replacement says something else, for the clerk to see."""
    was, now = old.record.body, new.record.body
    assert isinstance(was, Certificate)
    assert isinstance(now, Certificate)
    if was.fuel_class is not now.fuel_class:
        yield Text("区分が違います: ", "of another class: ") + was.fuel_class.label + _TO + now.fuel_class.label
    if was.quantity != now.quantity:
        yield Text(
            f"数量が違います: {was.quantity} → {now.quantity}", f"quantity differs: {was.quantity} → {now.quantity}"
        )
    if was.buyer != now.buyer:
        pair = f"{was.buyer or '—'} → {now.buyer or '—'}"
        yield Text(f"販売先が違います: {pair}", f"to another buyer: {pair}")


_TO = Text(" → ", " → ")


def _free_subject(name: str, reading: Reading) -> str:
    """The correction's name, with a number where that is taken."""
    taken = {entry.record.subject for entry in reading.logged}
    names = (name if n == 1 else f"{name}:{n}" for n in itertools.count(1))
    return next(free for free in names if free not in taken)
