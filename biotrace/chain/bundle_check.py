"""What a bundle proves, and what a receiver may take from it.

Refused as a whole is a bundle that cannot be trusted at all: a checkpoint that the log did not sign, an earlier tree
that its proof does not lead to, a log that has forked (S105), a record in two logs, a disclosure that opens nothing, a
file that no record names. What is wrong with single records is given with them, for a verdict to show.

**Everything here is relative to the keys of the logs that the file itself brings.** Anybody can make a log of their
own, bind any names in it, and bundle it; whether a part's ``log`` is one to trust, and for whom, the caller must ask.
And only what is shown is judged: what was left out (a second sale, a cancellation, the end of a key) is missing unless
the part is ``complete``, by the word of the log's operator, as of the checkpoint.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from biotrace.errors import IntegrityError, UpdateNeededError
from biotrace.model.certificate import Certificate
from biotrace.model.document import Document
from biotrace.model.party import Party
from biotrace.model.retention import Answer
from biotrace.model.text import Text

from . import completeness, disclosure
from .admit import Held
from .bundle_proof import ForkError, Problem, prove
from .bundled import Bundle, BundledRecord, BundleError, LogPart, wrong
from .checkpoint import Checkpoint
from .disclosure import Disclosure
from .integrity import CHAIN_DOUBLED, DOUBLED
from .note import VerifierKey
from .receipt import Logged
from .record import Record, cites, parse_record
from .shown import ShownLog, rule_of


@dataclass(frozen=True, slots=True)
class VerifiedRecord:
    """A record of a bundle, and all that is wrong with it.

    ``record``: None where the bytes are none. ``logged``: what the receipt proves; None where it proves nothing.
    """

    bundled: BundledRecord
    record: Record | None
    logged: Logged | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class VerifiedPart:
    """What one log shows. ``log``: its key, by which all was checked. ``incomplete``: why ``complete`` is not so."""

    log: VerifierKey
    checkpoint: Checkpoint
    records: tuple[VerifiedRecord, ...]
    incomplete: Text | None

    @property
    def complete(self) -> bool:
        """Whether the log's operator states that these are all its records touching what the bundle is about."""
        return self.incomplete is None


@dataclass(frozen=True, slots=True)
class VerifiedBundle:
    """A bundle that was not refused. ``files``: contents by their SHA-256, each named by a record that is shown."""

    bundle: Bundle
    parts: tuple[VerifiedPart, ...]
    files: Mapping[bytes, bytes]

    def disclosures_for(self, party: str) -> tuple[Disclosure, ...]:
        """What ``party`` may keep of the private fields: nothing unless the bundle is addressed to it.

        A rule for honest receivers: the values stand in the file, and whoever opens it can read them.
        """
        return self.bundle.disclosures if party == self.bundle.to else ()


Reads = Mapping[bytes, Record | IntegrityError | UpdateNeededError]
"""By record id, what its bytes are, or why they are no record."""


class _Shown(NamedTuple):
    """The name of the log that shows a record, and what its bytes are, or why they are no record."""

    log: str
    read: Record | IntegrityError | UpdateNeededError


def verify(bundle: Bundle) -> VerifiedBundle:
    """What the bundle proves. Raises IntegrityError where all of it is to be refused.

    Raises UpdateNeededError where a log has taken a record, or signed a statement, of a later version.
    """
    shown = _shown(bundle)
    missing = [record_id for record_id in bundle.about if record_id not in shown]
    if missing:
        raise wrong(
            Text(f"対象の記録 {missing[0].hex()[:12]}… が入っていません", f"{missing[0].hex()[:12]}… is not in it"),
            code="bundle-about",
        )
    parts = tuple(_verified_part(part, bundle, shown) for part in bundle.logs)
    _check_disclosures(bundle, shown)
    return VerifiedBundle(bundle, parts, _named_files(bundle, shown))


def new_records(
    part: VerifiedPart, held: Mapping[int, bytes], elsewhere: Container[bytes]
) -> tuple[VerifiedRecord, ...]:
    """The records, each proven to be logged, that a receiver does not hold yet; with their problems, if any.

    ``held``: ids, by index, of what the receiver holds of that log; ``elsewhere``: of what it holds of all others, its
    own among them. Raises ForkError (S105) for an index at which another record is held, and BundleError
    (``bundle-twice``) for a record that is held at another place: it stays where it was logged first.
    """
    places = {record_id: index for index, record_id in held.items()}
    new = []
    for found in part.records:
        index, record_id = found.bundled.index, found.bundled.record_id
        if found.logged is None or held.get(index) == record_id:
            continue
        if index in held:
            raise _forked(part, index, held[index], record_id)
        if record_id in places or record_id in elsewhere:
            raise _twice(record_id)
        new.append(found)
    return tuple(new)


def _shown(bundle: Bundle) -> dict[bytes, _Shown]:
    """All records by id."""
    shown: dict[bytes, _Shown] = {}
    for part in bundle.logs:
        for bundled in part.records:
            if bundled.record_id in shown:
                raise _twice(bundled.record_id)
            shown[bundled.record_id] = _Shown(part.key.name, read(bundled.envelope))
    return shown


def judge_records(
    records: Sequence[BundledRecord], proofs: Sequence[Logged | Problem], reads: Reads, elsewhere: Mapping[bytes, Held]
) -> tuple[VerifiedRecord, ...]:
    """The records of one log, by index, each with all that is wrong with it.

    ``proofs``: what its receipt shows. ``reads``: by record id, what its bytes are. ``elsewhere``: what is known of
    the records of other logs. Raises UpdateNeededError for a record of a later version that the log has taken.
    """
    log = ShownLog(elsewhere)
    places = {b.record_id: b.index for b, proof in zip(records, proofs, strict=True) if isinstance(proof, Logged)}
    found = [
        _judged(bundled, reads[bundled.record_id], proof, log, places)
        for bundled, proof in zip(records, _timely(proofs), strict=True)
    ]
    return tuple(_afterwards(verified, log) for verified in found)


def read(envelope: bytes) -> Record | IntegrityError | UpdateNeededError:
    """What the bytes of an envelope are: a record, or why they are none."""
    try:
        return parse_record(envelope)
    except (IntegrityError, UpdateNeededError) as error:
        return error


def _verified_part(part: LogPart, bundle: Bundle, shown: Mapping[bytes, _Shown]) -> VerifiedPart:
    elsewhere = {
        record_id: Held.of(other.read)
        for record_id, other in shown.items()
        if other.log != part.key.name and isinstance(other.read, Record)
    }
    reads = {record_id: one.read for record_id, one in shown.items()}
    records = judge_records(part.records, prove(part), reads, elsewhere)
    asked = _entrances(part, bundle, shown)
    return VerifiedPart(part.key, part.checkpoint, records, _incomplete(part, asked, records))


def _timely(proofs: Sequence[Logged | Problem]) -> Iterator[tuple[Logged | None, list[Problem]]]:
    """The proofs, and what is wrong with them: log times never decrease."""
    latest = 0
    for proof in proofs:
        if isinstance(proof, Problem):
            yield None, [proof]
        elif proof.leaf.logged_at < latest:
            reason = Text("記録時刻が前の記録より早い", "it is said to be logged earlier than a record before")
            yield proof, [Problem("S103", "log-time", reason)]
        else:
            latest = proof.leaf.logged_at
            yield proof, []


def _judged(
    bundled: BundledRecord,
    read: Record | IntegrityError | UpdateNeededError,
    proof: tuple[Logged | None, list[Problem]],
    log: ShownLog,
    places: Mapping[bytes, int],
) -> VerifiedRecord:
    """One record, after those before it; ``log`` takes it. ``places``: proven indexes of all records of the log."""
    logged, problems = proof
    if isinstance(read, Record):
        refused = log.take(read, bundled.index, proven=logged is not None)
        if refused is not None:
            problems.append(Problem(rule_of(refused), refused.code, refused.message))
        if logged is not None and any(places.get(cited, -1) > logged.index for cited in cites(read)):
            later = Text("後の記録を引用しています", "it cites a record that was logged later")
            problems.append(Problem("S103", "cites-later", later))
        return VerifiedRecord(bundled, read, logged, tuple(problems))
    if isinstance(read, IntegrityError):
        problems.append(Problem("S106", read.code, read.message))
    elif logged is not None:
        raise read
    return VerifiedRecord(bundled, None, logged, tuple(problems))


def _afterwards(found: VerifiedRecord, log: ShownLog) -> VerifiedRecord:
    """The record, after all others: a later one may have ended its key from before it on, or taken its place again."""
    if found.record is None or found.logged is None or any(p.rule in ("S101", "S102") for p in found.problems):
        return found
    refused = log.cut_off(found.record, found.bundled.index)
    later = [] if refused is None else [Problem("S102", refused.code, refused.message)]
    if found.bundled.record_id in log.doubled:
        later.append(Problem("S103", CHAIN_DOUBLED, DOUBLED))
    return VerifiedRecord(found.bundled, found.record, found.logged, (*found.problems, *later))


def _entrances(part: LogPart, bundle: Bundle, shown: Mapping[bytes, _Shown]) -> set[bytes]:
    """The part's records that the bundle is about, or that a record of another log rests on."""
    own = {bundled.record_id for bundled in part.records}
    others = (one.read for one in shown.values() if one.log != part.key.name)
    cited = {record_id for other in others if isinstance(other, Record) for record_id in cites(other)}
    return own & ({*bundle.about} | cited)


def _incomplete(part: LogPart, asked: Collection[bytes], records: tuple[VerifiedRecord, ...]) -> Text | None:
    """Why nobody vouches that these are all records; None where the log's operator does."""
    if part.completeness is None:
        return Text("ログの運営者による完全性の表明がありません", "no statement of completeness by the log's operator")
    proven = [(found.bundled.index, found.bundled.record_id) for found in records if found.logged is not None]
    try:
        statement = completeness.parse(part.completeness)
        completeness.verify(statement, part.checkpoint, part.key, asked, proven)
    except IntegrityError as error:
        return error.message
    return None


def _check_disclosures(bundle: Bundle, shown: Mapping[bytes, _Shown]) -> None:
    for disclosed in bundle.disclosures:
        found = shown.get(disclosed.record_id)
        body = found.read.body if found is not None and isinstance(found.read, Record) else None
        fields = body.sealed if isinstance(body, Party | Certificate) else ()
        if not any(disclosure.opens(disclosed, sealed) for sealed in fields):
            raise disclosure.unopened(disclosed)


def _named_files(bundle: Bundle, shown: Mapping[bytes, _Shown]) -> dict[bytes, bytes]:
    """The files by their SHA-256. One that no record names says nothing that anybody has signed, and is refused."""
    bodies = [found.read.body for found in shown.values() if isinstance(found.read, Record)]
    named = {f.sha256 for body in bodies if isinstance(body, Certificate | Document | Answer) for f in body.files}
    files = {hashlib.sha256(content).digest(): content for content in bundle.files}
    for sha256 in files.keys() - named:
        raise wrong(
            Text(f"どの記録にもないファイル {sha256.hex()[:12]}…", f"no record names the file {sha256.hex()[:12]}…"),
            code="bundle-file",
        )
    return files


def _twice(record_id: bytes) -> BundleError:
    return wrong(
        Text(
            f"記録 {record_id.hex()[:12]}… が二か所に記録されています",
            f"record {record_id.hex()[:12]}… is logged in two places",
        ),
        Text(
            "最初に記録したログのものだけを使ってください（同じ材が二度売られていないか確かめてください）",
            "keep it where it was logged first, and see whether the same wood was sold twice",
        ),
        code="bundle-twice",
    )


def _forked(part: VerifiedPart, index: int, held: bytes, shown: bytes) -> ForkError:
    one, other = held.hex()[:12], shown.hex()[:12]
    return ForkError(
        Text(
            f"ログ {part.log.name} が分岐しました: {index} 番は手元では {one}…、このファイルでは {other}…",
            f"log {part.log.name} forked: index {index} is {one}… here and {other}… in the bundle",
        ),
        (held, shown),
    )
