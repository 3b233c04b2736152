"""Taking a bundle in: its records are held with their receipts, beside our log, and never given an index in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from biotrace.chain import bundle
from biotrace.chain.bundle_check import VerifiedBundle, VerifiedPart, VerifiedRecord, new_records, verify
from biotrace.chain.bundled import LogPart
from biotrace.chain.note import VerifierKey
from biotrace.errors import IntegrityError, UnreadableError, UsageError
from biotrace.model.party import Party
from biotrace.model.text import Text, same
from biotrace.store import foreign
from biotrace.store.foreign import ForeignLog, Statement, Tree, held_logs, own_ids

from .bundle_files import keep_enclosed
from .bundle_signers import check_signers
from .files import read_file
from .ledger_case import Reading, read_ledger, require_sound
from .logged import parties_of
from .memory import Continuity, Memory
from .stored_files import keeping
from .trust_list import current
from .workbook_partners import one_spelling
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class TakenPart:
    """What was taken of one log. ``new`` and ``known``: records; ``pinned``: this log was met for the first time.

    ``incomplete``: why nobody vouches that nothing was left out; None where the log's operator does.
    """

    log: VerifierKey
    size: int
    new: int
    known: int
    pinned: bool
    incomplete: Text | None


@dataclass(frozen=True, slots=True)
class TakenBundle:
    """A bundle that was taken in. ``problems``: what is wrong with single records, which are held all the same.

    ``files``: how many were copied that were not held before; ``files_known``: how many were held.
    """

    about: tuple[bytes, ...]
    parts: tuple[TakenPart, ...]
    problems: tuple[tuple[VerifiedRecord, Text], ...]
    disclosed: int
    files: int
    files_known: int


def read_bundle(path: Path) -> VerifiedBundle:
    """The bundle in a file, verified against the keys that it names itself.

    Raises as ``bundle_check.verify`` does; of a file that is no whole bundle the error names it.
    """
    try:
        parsed = bundle.parse(read_file(path))
    except UnreadableError as error:
        if error.code not in ("bundle-foreign", "bundle-damaged"):
            raise
        raise UnreadableError(same(f"{path}: ") + error.message, error.remedy, code=error.code) from None
    return verify(parsed)


def take_bundle(workspace: Workspace, path: Path, pin: bool) -> TakenBundle:
    """Verify a bundle and hold what is new in it. The same bundle again changes nothing.

    ``pin``: believe the keys of logs that were never met. Raises UsageError (``log-unknown``) for such a log without
    it, and IntegrityError for what conflicts with what is held: another key, another record at an index, a log that
    forked (S105), a party of the same id and another name, or that signs with a key which nobody here knows as its
    own. What is refused changes nothing, in no log.
    """
    found = read_bundle(path)
    reading = read_ledger(workspace.ledger)
    require_sound(reading)
    memory = Memory.of_workspace(workspace.folder)
    others = [part for part in found.parts if part.log != workspace.ledger.log_name]
    held = {log.origin: log for log in held_logs(workspace.ledger.database)}
    trusted = _trusted_logs(workspace)
    for part in found.parts:
        _check_known(part, workspace.ledger.log_name, memory, trusted, pin)
    _check_parties(reading, others)
    check_signers(reading, others)
    elsewhere = own_ids(workspace.ledger.database)
    ids = {origin: {r.record_id for r in log.records} for origin, log in held.items()}
    raw = {part.key.name: part for part in found.bundle.logs}
    watched = [_Watched(memory, part, raw[part.log.name], held.get(part.log.name)) for part in others]
    for each in watched:
        each.compare()
    news = [
        _new(part, held.get(part.log.name), elsewhere.union(*(i for o, i in ids.items() if o != part.log.name)))
        for part in others
    ]
    disclosed = found.disclosures_for(workspace.party)
    taken = []
    # All has been decided. What is remembered comes last: a log is not met before its records are held.
    with keeping(workspace) as copies:
        keep_enclosed(found, copies)
        for part, new in zip(others, news, strict=True):
            foreign.add(workspace.ledger.database, _held(part, raw[part.log.name], new), disclosed, workspace.clock())
    for part, new, each in zip(others, news, watched, strict=True):
        pinned = part.log not in trusted and memory.pin(part.log)
        each.remember()
        shown = sum(record.logged is not None for record in part.records)
        at = part.checkpoint.size
        taken.append(TakenPart(part.log, at, len(new), shown - len(new), pinned, part.incomplete))
    problems = tuple((r, p.message) for part in found.parts for r in part.records for p in r.problems)
    return TakenBundle(found.bundle.about, tuple(taken), problems, len(disclosed), len(copies.added), copies.known)


def _trusted_logs(workspace: Workspace) -> frozenset[VerifierKey]:
    held = current(workspace.folder, workspace.clock())
    return frozenset() if held is None else frozenset(held[0].contents.logs)


def _check_known(
    part: VerifiedPart, own: VerifierKey, memory: Memory, trusted: frozenset[VerifierKey], pin: bool
) -> None:
    """Whether the log is ours, or one whose key is believed."""
    if part.log == own or part.log in trusted:
        return
    known = memory.pinned(part.log.name)
    if known == part.log:
        return
    if known is not None or part.log.name == own.name or any(log.name == part.log.name for log in trusted):
        raise IntegrityError(
            Text(
                f"ログ {part.log.name} は別の鍵で覚えています（このファイルの鍵は {part.log}）",
                f"log {part.log.name} is known here under another key than the bundle's, {part.log}",
            ),
            Text("取り込まず、送った人とログの運営者に確かめてください", "do not take it in; ask the log's operator"),
            code="log-key",
        )
    if not pin:
        names = ", ".join(sorted({r.record.issuer for r in part.records if r.record is not None}))
        raise UsageError(
            Text(f"初めて見るログです: {part.log}", f"this log was never met before: {part.log}")
            + Text(f"（ここで署名している事業者: {names}）", f" (who signs in it: {names})"),
            Text(
                "この鍵が本物か、送った人とは別の方法（電話など）で運営者に確かめ、--pin を付けてもう一度"
                "実行してください。以後この運営者が登録した事業者の鍵を信じることになります",
                "compare the key with its operator by another way, such as telephone, and run this again with --pin;"
                " from then on the keys that this operator has bound are believed",
            ),
            code="log-unknown",
        )


def _check_parties(reading: Reading, parts: Sequence[VerifiedPart]) -> None:
    """One id is one party, however its name is spelt, and whatever else the bundle's log called it before or after.

    Two under one id would lend each other their certificates.
    """
    known = {i: party.name for i, party in parties_of(reading.logged).items()}
    for other in reading.outside.logs:
        known |= {i: p.name for i, p in parties_of(other.logged).items() if i not in known}
    for part in parts:
        for party, names in _names_in(part).items():
            here = known.get(party)
            if here is not None and one_spelling(here) not in map(one_spelling, names):
                raise IntegrityError(
                    Text(
                        f"事業者ID {party} は、ここでは「{here}」、このファイルでは「{names[-1]}」です",
                        f"party {party} is {here} here and {names[-1]} in the bundle",
                    ),
                    Text(
                        "同じ事業者なら名称をそろえ、違うならどちらかのIDを変えてください（法人番号をおすすめします）",
                        "give one party one name, or one of two parties another id (its corporate number, say)",
                    ),
                    code="party-conflict",
                )


def _names_in(part: VerifiedPart) -> dict[str, list[str]]:
    """What the log has called each party, by its id, the last name last."""
    found: dict[str, list[str]] = {}
    for shown in part.records:
        body = None if shown.record is None else shown.record.body
        if isinstance(body, Party) and all(problem.is_notice for problem in shown.problems):
            found.setdefault(body.id, []).append(body.name)
    return found


def _new(part: VerifiedPart, held: ForeignLog | None, elsewhere: set[bytes]) -> tuple[VerifiedRecord, ...]:
    known: Mapping[int, bytes] = {} if held is None else {r.index: r.record_id for r in held.records}
    return new_records(part, known, elsewhere)


class _Watched:
    """A log's checkpoint beside the last one seen of it."""

    def __init__(self, memory: Memory, part: VerifiedPart, raw: LogPart, held: ForeignLog | None) -> None:
        self._memory, self._part = memory, part
        self._seen = memory.last(part.log.name)
        size = part.checkpoint.size
        self._steps = {(tree.size, size): Continuity(tree.root, tree.proof) for tree in raw.history}
        for tree in held.trees if held is not None else ():
            self._steps.setdefault((tree.size, tree.proven_to), Continuity(tree.root, tree.proof))

    def compare(self) -> None:
        """Compare them, by the proofs in the bundle and in earlier ones. Raises as ``Memory.compare`` does."""
        self._memory.compare(self._part.log, self._seen, self._part.checkpoint, self._proof, current=False)

    def remember(self) -> None:
        """Remember the checkpoint, where it is newer."""
        self._memory.take(self._part.log, self._seen, self._part.checkpoint, self._proof, current=False)

    def _proof(self, first: int, second: int) -> Continuity:
        if (first, second) in self._steps:
            return self._steps[first, second]
        name = self._part.log.name
        raise UsageError(
            Text(
                f"ログ {name} の {first} 件から {second} 件へのつながりが、このファイルにも手元にもありません",
                f"how log {name} grew from {first} to {second} entries is shown neither there nor here",
            ),
            Text(
                f"送った人に --since {first} を付けて作り直してもらうか、公開されたログを biotrace log verify で"
                "確かめてください",
                f"ask the sender to make it anew with --since {first}, or see biotrace log verify",
            ),
            code="proof-needed",
        )


def _held(part: VerifiedPart, raw: LogPart, new: Sequence[VerifiedRecord]) -> ForeignLog:
    at = part.checkpoint
    trees = [Tree(at.size, at.root, at.size, (), at.to_bytes())]
    trees += [Tree(tree.size, tree.root, at.size, tree.proof) for tree in raw.history]
    statements: tuple[Statement, ...] = ()
    if part.complete and raw.completeness is not None:
        indexes = tuple(r.bundled.index for r in part.records if r.logged is not None)
        statements = (Statement(raw.completeness, at.to_bytes(), indexes),)
    return ForeignLog(part.log.name, str(part.log), tuple(trees), tuple(r.bundled for r in new), statements)
