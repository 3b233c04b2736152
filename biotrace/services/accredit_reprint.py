"""Records of accreditation onto their papers again: ``biotrace pdf``."""

from __future__ import annotations

from biotrace.documents.accreditation_papers.answers_file import Answers
from biotrace.model.accreditation import Grant, RenewalRequest, Revocation

from . import accredit_refusals as refusals
from .accredit_apply import Renewed, renewal, volumes_in_ledger
from .accredit_paper import Paper, Wishes, applied_on, certificate_paper, names_of, notice_paper, settled
from .accredit_print import NO_ANSWERS, NO_WISHES
from .ledger_case import Reading, read_ledger
from .logged import Logged, grants_of
from .paper import require_whole
from .trust_list import trust_now
from .workspace import Workspace


def accreditation_paper(
    workspace: Workspace, reading: Reading, logged: Logged, wishes: Wishes = NO_WISHES, answers: Answers = NO_ANSWERS
) -> Paper:
    """The paper of a grant (別記2), a revocation (別記5) or a request for renewal (別記1ア).

    The same records, wishes and answers give the same bytes. Raises UsageError for a damaged record, and for what
    another log says of accreditations by a key that is not known to be the body's.
    """
    require_whole(logged)
    if logged.log:
        reading = read_ledger(workspace.ledger, trust_now(workspace))
    return _paper(workspace, reading, logged, settled(wishes, workspace.folder), answers)


def _paper(workspace: Workspace, reading: Reading, logged: Logged, wishes: Wishes, answers: Answers) -> Paper:
    record, said = logged.record, logged.record.body
    granted = logged if isinstance(said, Grant) else _cited(reading, logged)
    grant = granted.record.body
    assert isinstance(grant, Grant)
    if granted.log and not isinstance(said, RenewalRequest) and not reading.outside.counts(granted):
        raise refusals.not_the_bodys(granted)
    names = names_of(reading.parties(), record, grant)
    if isinstance(said, Revocation):
        return notice_paper(record, said, grant, names, wishes)
    if isinstance(said, RenewalRequest):
        held = Renewed(grant.accreditation.number, grant.accreditation.body, said.date, record.record_id.hex())
        handled = volumes_in_ledger(workspace, names.holder, said.date)
        return renewal(names.holder, reading.parties(), held, answers, wishes, handled)
    everything, own_id = reading.everything, record.record_id
    revoked = next((g.held.revoked for g in grants_of(everything) if g.entry.record.record_id == own_id), None)
    return certificate_paper(record, grant, names, wishes, applied_on(everything, grant), revoked)


def _cited(reading: Reading, logged: Logged) -> Logged:
    """The grant that a record is about. A revocation counts in the grant's own log only."""
    said = logged.record.body
    assert isinstance(said, Revocation | RenewalRequest)
    found = [e for e in reading.everything if e.record.record_id.hex() == said.grant and e.sound]
    if not found or (isinstance(said, Revocation) and found[0].log != logged.log):
        raise refusals.grant_not_at_hand(logged)
    return found[0]
