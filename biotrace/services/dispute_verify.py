"""Verifying a report on a dispute where there is nothing but its files: seal, bundle, verdicts, traces and yen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
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
from biotrace.verify.overpayment import Overpayment, overpaid
from biotrace.verify.trace_back import Back
from biotrace.verify.verdict import LotVerdict, Status, Verdict

from .audit_summary import key_name
from .bundle_take import read_bundle
from .bundle_verdict import judge_checked
from .dispute import BUNDLE, DATA
from .dispute_data import FORMAT, differences, provable, without_status, yen_provable
from .dispute_judge import judge_as_kept
from .dispute_note import NAME, Listed, Sealed, read_seal
from .dispute_terms import terms_from
from .files import read_file
from .log_trees import read_vkey

_GET_AGAIN = Text("使わずに、送り主から受け取り直してください", "do not rely on it; get it again from whoever sent it")


@dataclass(frozen=True, slots=True)
class VerifiedDispute:
    """A report whose files are what was sealed. ``verdict``: as found from the bundle alone, see ``judge_as_kept``.

    ``differs``: where the report says something else, by path. ``to_others``: the lots of which the bundle tells
    something else to who does not go by what its log says of parties and accreditations, with what it tells.
    ``overpaid``: the yen worked out again; None where the report says none.
    ``only_shown``: the lots that the report calls complete, of which the bundle cannot show that nothing was left out.
    ``not_sealed``: what else lies in the folder. ``age``: of the trust list; None without one.
    """

    sealed: Sealed
    data: Mapping[str, Any]
    verdict: Verdict
    subjects: Mapping[str, str]
    differs: tuple[str, ...]
    to_others: tuple[tuple[Back, Back], ...]
    overpaid: Overpayment | None
    only_shown: tuple[str, ...]
    not_sealed: tuple[str, ...]
    age: TrustAge | None

    @property
    def agrees(self) -> bool:
        """Whether the bundle bears out all that the report says of the lots."""
        return not self.differs


def verify_dispute(folder: Path, vkeys: tuple[Path, ...], trust: Path | None, now: int) -> VerifiedDispute:
    """Verify the seal and every file under it, judge the lots anew from the bundle, and compare.

    The seal's own signature comes first: only then does a file that is not as sealed tell that it is the file which
    was altered. ``vkeys``, ``trust``: which logs are believed, as for ``judge_bundle``. Raises UnreadableError for what
    is no report; IntegrityError where a file is missing or altered, where the seal is by no key that the bundle shows
    to be bound to the party that it names, or where the bundle is of another log, or that log does not state that these
    are all records that touch the lots and the key.
    """
    sealed = read_seal(folder)
    for name in (BUNDLE, DATA):
        if name not in sealed.files:
            raise _altered(folder / NAME, Text(f"{name} が署名されていません", f"{name} is not among what was sealed"))
    checked = _bundle(folder, sealed)
    _check_seal(folder, sealed, checked)
    contents = {name: _content(folder, name, sealed) for name in sealed.files}
    judged = judge_checked(checked, tuple(map(read_vkey, vkeys)), trust, now, as_of=sealed.as_of)
    data = _read(folder / DATA, contents[DATA])
    verdict, traces = judge_as_kept(judged.checked, sealed.origin, sealed.as_of, trust)
    found = provable(traces)
    differs = [*_heads(data, sealed), *differences(data.get("lots_provable"), found, "lots")]
    yen = None
    if data.get("yen") is not None:
        yen = _yen_again(data["yen"], verdict.lots, folder / DATA)
        differs += differences(data["yen"], yen_provable(yen), "yen")
    return VerifiedDispute(
        sealed=sealed,
        data=data,
        verdict=verdict,
        subjects=judged.subjects,
        differs=tuple(differs),
        to_others=tuple(_otherwise(traces, judged.traces)),
        overpaid=yen,
        only_shown=() if differs else tuple(_only_shown(data, verdict)),
        not_sealed=tuple(sorted({path.name for path in folder.iterdir()} - {*sealed.files, NAME})),
        age=judged.age,
    )


def _otherwise(kept: Sequence[Back], others: Sequence[Back]) -> Iterator[tuple[Back, Back]]:
    told = {back.lot.id: back for back in others}
    for one in kept:
        other = told[one.lot.id]
        if without_status(provable([one])) != without_status(provable([other])):
            yield one, other


def _only_shown(data: Mapping[str, Any], verdict: Verdict) -> Iterator[str]:
    """See ``VerifiedDispute``. The report's data agrees with what was found, so it has the shape of that."""
    complete = {lot["id"] for lot in data["lots_provable"] if lot["status"] == Status.COMPLETE.value}
    yield from (lot.id for lot in verdict.lots if lot.status is Status.AS_SHOWN and lot.id in complete)


def _heads(data: Mapping[str, Any], sealed: Sealed) -> list[str]:
    """Where the report's data and its seal name another day, party or log."""
    log = {"origin": sealed.origin, "size": sealed.size, "root": sealed.root.hex()}
    heads = {"as_of": sealed.as_of.isoformat(), "by": sealed.party, "log": log}
    return [name for name, said in heads.items() if data.get(name) != said]


def _yen_again(yen: Any, lots: Sequence[LotVerdict], path: Path) -> Overpayment:
    """The yen of all the lots, each once, in the report's order. Raises UnreadableError for yen that are none."""
    try:
        terms = terms_from(yen["terms"])
        order = {entry["id"]: place for place, entry in enumerate(yen["lots"])}
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _no_report(path) from None
    return overpaid(sorted(lots, key=lambda lot: order.get(lot.id, -1)), terms)


def _bundle(folder: Path, sealed: Sealed) -> VerifiedBundle:
    """The bundle by itself. One that was altered cannot vouch for the seal: then both are named."""
    path = folder / BUNDLE
    content = _read_sealed(path)
    try:
        return read_bundle(path)
    except (IntegrityError, UnreadableError) as error:
        if _is_as_sealed(content, sealed.files[BUNDLE]):
            raise
        both = Text(
            f"{NAME} にあるものと違い、それ自身も壊れています（これがないと {NAME} の署名も確かめられません）: ",
            f"is not what {NAME} lists, and damaged in itself (nor can the seal in {NAME} be verified without it): ",
        )
        raise _altered(path, both + error.message) from None


def _content(folder: Path, name: str, sealed: Sealed) -> bytes:
    """A file under a seal whose signature was verified."""
    content = _read_sealed(folder / name)
    if not _is_as_sealed(content, sealed.files[name]):
        raise _altered(folder / name, Text("署名された時から変わっています", "is not what was sealed"))
    return content


def _read_sealed(path: Path) -> bytes:
    if not path.exists():
        raise IntegrityError(
            same(f"{path}: ")
            + Text(
                f"ありません。{NAME} に挙がっている、この報告の一部です",
                f"is not there, though {NAME} lists it as part of this report",
            ),
            Text("送り主から、フォルダーごと受け取り直してください", "get the whole folder again from whoever sent it"),
            code="report-incomplete",
        )
    try:
        return read_file(path)
    except UnreadableError as error:
        raise IntegrityError(error.message, error.remedy, code="report-incomplete") from None


def _is_as_sealed(content: bytes, listed: Listed) -> bool:
    return len(content) == listed.size and hashlib.sha256(content).hexdigest() == listed.sha256


def _check_seal(folder: Path, sealed: Sealed, checked: VerifiedBundle) -> None:
    """The signature is by a key that the log of the seal, as shown, binds to the party, and has not ended."""
    parts = [
        part
        for part in checked.parts
        if (part.log.name, part.checkpoint.size, part.checkpoint.root) == (sealed.origin, sealed.size, sealed.root)
    ]
    # Without it the end of a key may have been left out.
    without = next((part.incomplete for part in parts if part.incomplete is not None), None)
    if without is not None:
        raise _altered(folder / BUNDLE, without)
    known = [
        VerifierKey(key_name(PublicKey(public)), ED25519, PublicKey(public))
        for part in parts
        for public in _keys_of(part, sealed.party)
    ]
    if not known:
        raise _altered(
            folder / NAME,
            Text(
                f"署名そのものが変わっているか、別の報告のものです: {BUNDLE} のログ {sealed.origin}"
                f"（{sealed.size} 件）に、{sealed.party} の鍵の登録がありません",
                f"the seal itself was altered, or is another report's: {BUNDLE} shows no key of {sealed.party}"
                f" in log {sealed.origin} of size {sealed.size}",
            ),
        )
    try:
        note.verify(sealed.note, known)
    except IntegrityError as error:
        why = Text(
            "署名そのものが変わっています。ここに挙がっているファイルのどれが元のままかは、これでは分かりません: ",
            "the seal itself was altered, so it cannot tell which of the files that it lists are as they were: ",
        )
        raise _altered(folder / NAME, why + error.message) from None


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
        raise _no_report(path)
    return data


def _no_report(path: Path) -> UnreadableError:
    return UnreadableError(
        same(f"{path}: ") + Text("この版で読める係争報告ではありません", "is no report that this release reads"),
        Text("新しい版の biotrace で確かめてください", "verify it with a newer biotrace"),
        code="no-report",
    )


def _altered(path: Path, why: Text) -> IntegrityError:
    return IntegrityError(same(f"{path}: ") + why, _GET_AGAIN, code="report-altered")
