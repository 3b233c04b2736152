"""Verifying a report on a dispute where there is nothing but its files: seal, bundle, verdicts, traces and yen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from biotrace.chain import note
from biotrace.chain.binding import binding_of
from biotrace.chain.bundle_check import VerifiedBundle, VerifiedPart
from biotrace.chain.keys import PublicKey, kid_of
from biotrace.chain.kinds import KeyEnd
from biotrace.chain.note import ED25519, VerifierKey
from biotrace.chain.trust_update import TrustAge
from biotrace.errors import IntegrityError, UnreadableError
from biotrace.model.text import Text, same
from biotrace.verify.overpayment import overpaid
from biotrace.verify.verdict import Verdict

from .audit_summary import key_name
from .bundle_verdict import judge_bundle
from .dispute import BUNDLE, DATA
from .dispute_data import FORMAT, differences, provable, without_status, yen_provable
from .dispute_note import NAME, Sealed, read_seal
from .dispute_terms import terms_from
from .files import read_file


@dataclass(frozen=True, slots=True)
class VerifiedDispute:
    """A report whose files are what was sealed. ``verdict``: as found from the bundle alone.

    ``differs``: where the report says something else than its bundle shows, by path; ``yen_checked``: whether it has
    yen, which then were worked out again. ``age``: of the trust list; None without one.
    """

    sealed: Sealed
    data: Mapping[str, Any]
    verdict: Verdict
    subjects: Mapping[str, str]
    differs: tuple[str, ...]
    yen_checked: bool
    age: TrustAge | None

    @property
    def agrees(self) -> bool:
        """Whether the bundle bears out all that the report says of the lots."""
        return not self.differs


def verify_dispute(folder: Path, vkeys: tuple[Path, ...], trust: Path | None, now: int) -> VerifiedDispute:
    """Verify the seal and every file under it, judge the lots anew from the bundle, and compare.

    ``vkeys``, ``trust``: which logs are believed, as for ``judge_bundle``. Raises UnreadableError for what is no
    report; IntegrityError where a file is missing or altered, where the seal is by no key that the bundle shows to be
    bound to the party that it names, or where the bundle is of another log.
    """
    sealed = read_seal(folder)
    contents = {name: _content(folder, name, sealed) for name in sealed.files}
    for name in (BUNDLE, DATA):
        if name not in contents:
            raise _altered(folder / NAME, Text(f"{name} が署名されていません", f"{name} is not among what was sealed"))
    judged = judge_bundle(folder / BUNDLE, vkeys, trust, now, as_of=sealed.as_of)
    _check_seal(folder, sealed, judged.checked)
    data = _read(folder / DATA, contents[DATA])
    found = provable(judged.traces)
    differs = differences(data.get("from_bundle"), found, "lots")
    differs += [] if data.get("as_of") == sealed.as_of.isoformat() else ["as_of"]
    differs += [] if data.get("by") == sealed.party else ["by"]
    terms = terms_from(data["yen"]["terms"]) if data.get("yen") else None
    # Where the bundle alone tells something else, the yen rest on what only the ledger's holder can see.
    same_lots = without_status(data.get("lots_provable")) == without_status(data.get("from_bundle"))
    if terms is not None and same_lots:
        lots = {lot.id: lot for lot in judged.verdict.lots}
        stated = [lots[entry["id"]] for entry in data["yen"]["lots"] if entry.get("id") in lots]
        again = yen_provable(overpaid(stated, terms))
        differs += differences(without_status(data["yen"]), without_status(again), "yen")
    return VerifiedDispute(
        sealed=sealed,
        data=data,
        verdict=judged.verdict,
        subjects=judged.subjects,
        differs=tuple(differs),
        yen_checked=terms is not None and same_lots,
        age=judged.age,
    )


def _content(folder: Path, name: str, sealed: Sealed) -> bytes:
    path = folder / name
    listed = sealed.files[name]
    try:
        content = read_file(path)
    except UnreadableError as error:
        raise IntegrityError(error.message, error.remedy, code="report-incomplete") from None
    if len(content) != listed.size or hashlib.sha256(content).hexdigest() != listed.sha256:
        raise _altered(path, Text("署名された時から変わっています", "is not what was sealed"))
    return content


def _check_seal(folder: Path, sealed: Sealed, checked: VerifiedBundle) -> None:
    """The signature is by a key that the log of the seal, as shown, binds to the party, and has not ended."""
    known = [
        VerifierKey(key_name(PublicKey(public)), ED25519, PublicKey(public))
        for part in checked.parts
        if (part.log.name, part.checkpoint.size, part.checkpoint.root) == (sealed.origin, sealed.size, sealed.root)
        for public in _keys_of(part, sealed.party)
    ]
    if not known:
        raise _altered(
            folder / NAME,
            Text(
                f"{sealed.party} の鍵の登録が、添えたファイルのログ {sealed.origin}（{sealed.size} 件）にありません",
                f"the enclosed bundle shows no key of {sealed.party} in log {sealed.origin} of size {sealed.size}",
            ),
        )
    try:
        note.verify(sealed.note, known)
    except IntegrityError as error:
        raise _altered(folder / NAME, error.message) from None


def _keys_of(part: VerifiedPart, party: str) -> list[bytes]:
    sound = [(f.record, f.bundled.index) for f in part.records if f.record is not None and not f.problems]
    ended = {record.body.kid for record, _ in sound if isinstance(record.body, KeyEnd)}
    bound = (binding_of(record, index) for record, index in sound)
    return [b[1].public for b in bound if b is not None and b[1].party == party and kid_of(b[1].public) not in ended]


def _read(path: Path, content: bytes) -> Mapping[str, Any]:
    try:
        data = json.loads(content)
    except ValueError:
        data = None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise UnreadableError(
            same(f"{path}: ") + Text("この版で読める係争報告ではありません", "is no report that this release reads"),
            Text("新しい版の biotrace で確かめてください", "verify it with a newer biotrace"),
            code="no-report",
        )
    return data


def _altered(path: Path, why: Text) -> IntegrityError:
    return IntegrityError(
        same(f"{path}: ") + why,
        Text("使わずに、送り主から受け取り直してください", "do not rely on it; get it again from whoever sent it"),
        code="report-altered",
    )
