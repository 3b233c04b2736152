"""Any record that has a paper, onto paper: a certificate, a delivery, a supporting document, an accreditation."""

from __future__ import annotations

from dataclasses import replace

from biotrace.documents.accreditation_papers.answers_file import Answers
from biotrace.errors import UsageError
from biotrace.model.accreditation import Grant, RenewalRequest, Revocation
from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document
from biotrace.model.text import Text

from .accredit_paper import Paper, Wishes
from .accredit_print import NO_ANSWERS, NO_WISHES
from .accredit_reprint import accreditation_paper
from .evidence import evidence_pdf
from .find import find_any
from .ledger_case import read_ledger
from .logged import Logged
from .paper import certificate_pdf
from .settings import western_dates
from .slip import slip_pdf
from .workspace import Workspace


def print_record(
    workspace: Workspace, text: str, wishes: Wishes = NO_WISHES, answers: Answers = NO_ANSWERS
) -> tuple[Logged, Paper]:
    """The record that ``text`` means, and its PDF: the form, the slip, the evidence copy, or a paper of 別記3.

    ``wishes``, ``answers``: see there; but for the dates, they are for the papers of 別記3. Raises UsageError for a
    record that has no paper, is damaged, or says less than its form.
    """
    in_west = western_dates(workspace.folder, wishes.western_dates)
    reading = read_ledger(workspace.ledger)
    logged = find_any(reading, text)
    body = logged.record.body
    if isinstance(body, Grant | Revocation | RenewalRequest):
        return logged, accreditation_paper(workspace, reading, logged, wishes, answers)
    if replace(wishes, western_dates=None) != NO_WISHES or answers != NO_ANSWERS:
        raise _not_asked_for()
    if isinstance(body, Certificate):
        return logged, Paper(certificate_pdf(reading, logged, western_dates=in_west))
    if isinstance(body, Delivery):
        return logged, Paper(slip_pdf(reading, logged, body, western_dates=in_west))
    if isinstance(body, Document):
        return logged, Paper(evidence_pdf(workspace.folder, reading, logged, body, western_dates=in_west))
    subject = logged.record.subject
    raise UsageError(
        Text(
            f"「{subject}」は認定・証明書・納入・根拠書類ではありません",
            f"{subject} is no certificate, delivery or supporting document, nor an accreditation",
        ),
        Text(
            "証明書、納入、根拠書類、認定のどれかを指定してください",
            "name a certificate, a delivery, a document or an accreditation",
        ),
    )


def _not_asked_for() -> UsageError:
    return UsageError(
        Text(
            "--representative、--applied、--answers は認定の書類に使います",
            "--representative, --applied and --answers are for the papers of accreditation",
        ),
        Text("これらを省いてください", "leave them out"),
    )
