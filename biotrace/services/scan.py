"""Reading a QR code and saying what it proves, with no ledger and no network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path

from biotrace.chain.keys import PublicKey
from biotrace.chain.kinds import Body
from biotrace.chain.record import Record, verify_record
from biotrace.errors import IntegrityError
from biotrace.model.accreditation import Grant
from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.party import Party
from biotrace.model.text import Text
from biotrace.verify.case import Case, Entry, Evidence
from biotrace.verify.fold import fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rule import Finding, Rule, Unchecked
from biotrace.verify.rules import RULES
from biotrace.verify.rules.integrity import BY_CODE

from .files import read_file
from .scan_codes import Files, records_in
from .trust import Trust

ALONE = ("S107", "S108", "A201", "A202", "A203", "A204", "A205", "H316", "P505", "P507", "P512")
"""What can be judged from a certificate by itself, without what it rests on.

S107, and the part of A203 about late logging, answer "not checked": a paper does not tell when it was logged.
"""


class Doubt(Enum):
    """Why a signature could not be relied on."""

    UNKNOWN_KEY = "unknown-key"
    NOT_THE_KEY_GIVEN = "not-the-key-given"
    ANOTHERS_KEY = "anothers-key"
    ALTERED = "altered"


@dataclass(frozen=True, slots=True)
class Scanned:
    """A record read from a QR code. ``findings`` and ``unchecked`` concern the record alone, never its origin.

    ``signer``: name of the party that the key belongs to; None where the key is not known. ``named_by_trust``: the
    trust file says so; given a bare key, it is only what the record calls its signer. ``doubt``: what is wrong with the
    signature, the worst of it.
    """

    record: Record
    signer: str | None
    named_by_trust: bool
    findings: tuple[Finding, ...]
    unchecked: tuple[Unchecked, ...]
    doubt: Doubt | None = None

    @property
    def sound(self) -> bool:
        """The signature verifies under a known key, and nothing worse than a notice was found."""
        return self.signer is not None and all(f.is_notice for f in self.findings)


def scan_file(path: Path, today: date, trust: Trust | None = None, key: PublicKey | None = None) -> tuple[Scanned, ...]:
    """Every record in the QR codes of one PDF, picture or text file: see ``scan_bytes``."""
    return scan_bytes([(read_file(path), path.name)], today, trust, key)


def scan_bytes(
    files: Files, today: date, trust: Trust | None = None, key: PublicKey | None = None
) -> tuple[Scanned, ...]:
    """Every record in the QR codes of PDFs, pictures or texts, judged by a trust file or one public key.

    A record that is printed in parts is one record, on whichever pages and in whichever files its parts are. Raises
    as ``records_in`` does.
    """
    return tuple(judge_record(record, today, trust, key) for record in records_in(files))


def judge_record(record: Record, today: date, trust: Trust | None, key: PublicKey | None) -> Scanned:
    """What one record proves by itself."""
    public, signer, doubt = _signer(record, trust, key)
    findings = [doubt.finding] if doubt is not None else []
    why = doubt.why if doubt is not None else None
    if public is not None:
        try:
            verify_record(record, public)
        except IntegrityError as error:
            findings.append(_void("S101", record, error.message))
            signer, why = None, Doubt.ALTERED
    if not isinstance(record.body, Certificate):
        return Scanned(record, signer, key is None, tuple(findings), (), why)
    found, unchecked = _by_rules(record, record.body, today, trust)
    return Scanned(record, signer, key is None, (*findings, *found), unchecked, why)


def is_signed(record: Record, trust: Trust | None, key: PublicKey | None) -> bool:
    """Whether the signature verifies under a key that is known, and is the signer's own."""
    public, _, doubt = _signer(record, trust, key)
    if public is None or doubt is not None:
        return False
    try:
        verify_record(record, public)
    except IntegrityError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Doubted:
    why: Doubt
    finding: Finding


def _signer(
    record: Record, trust: Trust | None, key: PublicKey | None
) -> tuple[PublicKey | None, str | None, _Doubted | None]:
    """The key to verify with, whose it is, and what is wrong with that."""
    if key is not None:
        if key.kid != record.kid:
            said = Text("渡された鍵で署名されていない", "not signed by the key given")
            return None, None, _Doubted(Doubt.NOT_THE_KEY_GIVEN, _void("S102", record, said))
        names = dict(record.names)
        return key, names.get(record.issuer, record.issuer), _impersonation(record, record.issuer)
    known = trust.keys.get(record.kid) if trust is not None else None
    if known is None:
        said = Text("知らない鍵で署名されている", "signed by an unknown key")
        return None, None, _Doubted(Doubt.UNKNOWN_KEY, _void("S102", record, said))
    return known.public, known.name, _impersonation(record, known.party)


def _impersonation(record: Record, party: str) -> _Doubted | None:
    """A key signs for its own party only; who copies another's paper must say so."""
    speaker = _speaker(record.body)
    if record.issuer != party or (speaker not in (None, party) and not record.transcribed):
        finding = _void("S102", record, Text(f"鍵は {party} のもの", f"the key is {party}'s"))
        return _Doubted(Doubt.ANOTHERS_KEY, finding)
    return None


def _speaker(body: Body) -> str | None:
    """Whose statement it is by what it says; None where that does not tell."""
    if isinstance(body, Grant):
        return body.accreditation.body or body.party
    return body.issuer if isinstance(body, Certificate) else body.at if isinstance(body, Delivery) else None


def _by_rules(
    record: Record, certificate: Certificate, today: date, trust: Trust | None
) -> tuple[Sequence[Finding], tuple[Unchecked, ...]]:
    evidence = Evidence.TRANSCRIBED if record.transcribed else Evidence.SIGNED
    parties: dict[str, Party] = dict(trust.parties) if trust is not None else {}
    case = Case(
        entries=(Entry(0, certificate, evidence),),
        today=today,
        parties=parties,
        trusted_bodies=trust.trusted_bodies if trust is not None else None,
    )
    judged = fold(case, _rules(certificate.issuer in parties), RINYA_2012).judged[certificate.id]
    unchecked = judged.unchecked
    if certificate.issuer not in parties:
        reason = Text("発行者の認定の情報がない", "nothing is known of the issuer's accreditation")
        unchecked = (*unchecked, *(Unchecked(c, certificate.id, reason, True) for c in ("A202", "A203", "A204")))
    return judged.findings, unchecked


def _rules(issuer_known: bool) -> tuple[Rule, ...]:
    """The rules that a record alone can answer to; without the issuer, the accreditation cannot be looked up."""
    return tuple(r for r in RULES if r.code in ALONE and (issuer_known or r.code not in ("A202", "A203", "A204")))


def _void(code: str, record: Record, found: Text) -> Finding:
    return Finding(
        code=code,
        record=record.record_id.hex(),
        effect=BY_CODE[code].effect,
        clause=BY_CODE[code].clause,
        message=Text("署名を確かめられない", "the signature cannot be relied on"),
        expected=Text("登録された鍵による署名", "a signature by a registered key"),
        found=found,
        remedy=Text("発行者に確かめ、信頼ファイルを最新にする", "ask the issuer, and update the trust file"),
    )
