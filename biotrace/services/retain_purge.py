"""Destroying what need not be kept any more: copies of files, and values of private fields with their salts.

First the ledger takes a tombstone for each record, then the things are destroyed: nothing goes without its tombstone,
and whatever breaks off is completed by doing it again. Records are never removed: the log stays verifiable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from biotrace.chain.kinds import RecordKind
from biotrace.errors import UsageError
from biotrace.model.retention import Deleted, Tombstone
from biotrace.model.text import Text, join, same
from biotrace.verify.profile import RINYA_2012

from .find import find_record
from .ledger_case import Reading, read_ledger, require_sound
from .retain_erase import begin, erase, is_unfinished, still_holding
from .retain_papers import Kept, KeptPaper, kept_papers, paper_key
from .retain_subjects import free_subjects
from .retain_words import CLAUSE, term
from .settings import retention_years
from .stored_files import copy_path
from .times import day_of
from .workspace import Workspace


class Why(StrEnum):
    """What keeps a paper from being destroyed."""

    TERM = "term"
    HOLD = "hold"
    ASKED = "asked"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a paper is kept, for people. ``until``: the last day, where there is one."""

    why: Why
    message: Text
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Doomed:
    """A paper that need not be kept. ``files``: SHA-256 of copies at hand; ``values`` at hand; ``stated``: parts of
    which the ledger has no tombstone yet."""

    paper: KeptPaper
    files: tuple[bytes, ...]
    values: int
    stated: tuple[Deleted, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A paper of which something is at hand that must not be destroyed, and why."""

    paper: KeptPaper
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What could be destroyed on ``today`` of what ended before ``before``, and what stays.

    ``unfinished``: an earlier destruction broke off, and is to be completed.
    """

    today: date
    before: date
    kept: Kept
    doomed: tuple[Doomed, ...]
    standing: tuple[Standing, ...]
    unfinished: bool


@dataclass(frozen=True, slots=True)
class Purged:
    """What was destroyed: so many files and values. ``tombstones``: positions of those logged now.

    ``left``: files of the workspace in which destroyed values were found all the same.
    """

    plan: Plan
    tombstones: tuple[int, ...]
    files: int
    values: int
    left: tuple[Text, ...]


def plan_purge(workspace: Workspace, records: Sequence[str] = (), before: date | None = None) -> Plan:
    """What can be destroyed: of ``records``, or of everything; nothing is written.

    ``before``: what had to be kept until a day before this one; None: before today. Raises UsageError for a day to
    come, for a record that is not held, and, naming each with until when and why, for ``records`` that must be kept.
    """
    reading = read_ledger(workspace.ledger)
    require_sound(reading)
    today = day_of(workspace.clock())
    before = before or today
    kept = kept_papers(reading, workspace.party, today, retention_years(workspace.folder, RINYA_2012.retention_years))
    if before > today:
        raise _to_come(kept, before, today)
    groups = _groups(kept.papers)
    wanted = _wanted(reading, kept, records, groups)
    doomed, standing = [], []
    for paper in kept.papers:
        at_hand = tuple(f.sha256 for f in paper.files if copy_path(workspace.folder, f.sha256).exists())
        if wanted is not None and paper.record.record_id not in wanted:
            continue
        if not at_hand and not paper.values:
            continue
        reasons = tuple(_reasons(paper, groups, kept, before))
        if reasons:
            standing.append(Standing(paper, reasons))
        else:
            doomed.append(Doomed(paper, at_hand, paper.values, _unstated(paper, at_hand)))
    if wanted is not None and standing:
        raise _too_early(standing)
    return Plan(today, before, kept, tuple(doomed), tuple(standing), is_unfinished(workspace.folder))


def purge(workspace: Workspace, records: Sequence[str] = (), before: date | None = None) -> Purged:
    """Log a tombstone for all that ``plan_purge`` finds, then destroy it. Raises as that does.

    Where somebody wrote to the ledger in between, what may not be destroyed any more is left alone.
    """
    signer = workspace.signer()
    end = workspace.ledger.end()
    plan = plan_purge(workspace, records, before)
    if not plan.doomed and not plan.unfinished:
        return Purged(plan, (), 0, 0, ())
    stated = [one for one in plan.doomed if one.stated]
    now = workspace.clock()
    names = free_subjects(workspace.ledger, (f"purge:{one.paper.record.subject}" for one in stated))
    tombstones = [
        signer.sign(
            RecordKind.TOMBSTONE,
            name,
            Tombstone(one.paper.record.record_id.hex(), plan.today, one.stated, _ground(one.paper, plan.kept)),
            now,
        )
        for one, name in zip(stated, names, strict=True)
    ]
    begin(workspace.folder)
    entries = workspace.log(tombstones, now) if tombstones else []
    doomed: tuple[Doomed, ...] = plan.doomed
    if entries and entries[0].position != end:
        free = {one.paper.record.record_id for one in plan_purge(workspace, (), before).doomed}
        doomed = tuple(one for one in doomed if one.paper.record.record_id in free)
    files = {sha256 for one in doomed for sha256 in one.files}
    salts = [d.salt for one in doomed for d in one.paper.logged.disclosed]
    values = erase(workspace, files, [one.paper.record.record_id for one in doomed if one.values])
    left = still_holding(workspace.folder, salts)
    return Purged(plan, tuple(e.position for e in entries), len(files), values, left)


def _wanted(
    reading: Reading, kept: Kept, records: Sequence[str], groups: Mapping[bytes, tuple[KeptPaper, ...]]
) -> frozenset[bytes] | None:
    """The ids of the named records and of those that share files with them: a file goes from all that name it."""
    if not records:
        return None
    found = [find_record(reading, text).record for text in records]
    known = {paper.record.record_id: paper_key(paper.logged) for paper in kept.papers}
    for record in found:
        if record.record_id not in known:
            raise UsageError(
                same(f"{record.subject}: ")
                + Text("廃棄できるものを伴わない記録です", "nothing belongs to this record"),
                Text("biotrace retain due で一覧を見てください", "see biotrace retain due"),
                code="nothing-to-purge",
            )
    named = {known[record.record_id] for record in found}
    wanted = {record_id for record_id, key in known.items() if key in named}
    return frozenset(wanted | {p.record.record_id for i in wanted for p in groups.get(i, ())})


def _unstated(paper: KeptPaper, at_hand: Sequence[bytes]) -> tuple[Deleted, ...]:
    there = [part for part, any_ in ((Deleted.FILES, at_hand), (Deleted.PRIVATE_FIELDS, paper.values)) if any_]
    return tuple(part for part in there if part not in paper.tombstones)


def _groups(papers: Iterable[KeptPaper]) -> Mapping[bytes, tuple[KeptPaper, ...]]:
    """By record id, the papers that share files with it, one by way of another, itself among them."""
    lead: dict[bytes, bytes] = {}
    by_file: dict[bytes, bytes] = {}

    def leader(of: bytes) -> bytes:
        while lead[of] != of:
            lead[of] = lead[lead[of]]
            of = lead[of]
        return of

    listed = [p for p in papers if p.files]
    for paper in listed:
        own = paper.record.record_id
        lead[own] = own
        for file in paper.files:
            lead[leader(by_file.setdefault(file.sha256, own))] = leader(own)
    members: dict[bytes, list[KeptPaper]] = {}
    for paper in listed:
        members.setdefault(leader(paper.record.record_id), []).append(paper)
    return {p.record.record_id: tuple(group) for group in members.values() for p in group}


def _reasons(
    paper: KeptPaper, groups: Mapping[bytes, tuple[KeptPaper, ...]], kept: Kept, before: date
) -> Iterable[Reason]:
    own = tuple(_own_reasons(paper, kept, before))
    yield from own
    for other in groups.get(paper.record.record_id, ()):
        if other is paper or own:
            continue
        for reason in _own_reasons(other, kept, before):
            what = Text(
                f"同じファイルを {other.record.subject} も使う: ", f"{other.record.subject} names the same file: "
            )
            yield Reason(Why.SHARED, what + reason.message, reason.until)


def _own_reasons(paper: KeptPaper, kept: Kept, before: date) -> Iterable[Reason]:
    duty = kept.until(paper)
    if duty.until >= before:
        yield Reason(Why.TERM, term(duty, kept.years), duty.until)
    for hold in paper.holds:
        said = f"（{hold.reason}）" if hold.reason else ""
        yield Reason(
            Why.HOLD,
            Text(
                f"保全中: {hold.logged.record.subject} {hold.by}{said}",
                f"on hold: {hold.logged.record.subject} by {hold.by}",
            )
            + (Text("", f" ({hold.reason})") if hold.reason else same("")),
        )
    for request in paper.asked:
        yield Reason(
            Why.ASKED,
            Text(
                f"提示を求められている: {request.by.party} から {request.to} へ、期限 {request.due}",
                f"asked for: by {request.by.party} of {request.to}, due {request.due}",
            ),
            None,
        )


def _ground(paper: KeptPaper, kept: Kept) -> str:
    return f"保存期間満了 {kept.until(paper).until.isoformat()} ({CLAUSE})"


def _too_early(standing: Sequence[Standing]) -> UsageError:
    told = [
        same(f"{one.paper.record.subject}: ") + join([reason.message for reason in one.reasons], "、", "; ")
        for one in standing
    ]
    return UsageError(
        Text("まだ廃棄できません。何も消していません", "these must be kept; nothing was destroyed"),
        Text(
            "期間の終わり、保全の解除、または回答の後に、もう一度実行してください",
            "run it again after that day, after the hold has ended, or after the answer",
        ),
        code="must-be-kept",
        told=told,
    )


def _to_come(kept: Kept, before: date, today: date) -> UsageError:
    later = sorted((kept.until(p) for p in kept.papers if today <= kept.until(p).until < before), key=lambda d: d.until)
    first = Text("。早くて ", "; first: ") + term(later[0], kept.years) if later else same("")
    return UsageError(
        Text(f"{before} はこれからの日です", f"{before} is a day to come") + first,
        Text("今日までの日を指定してください", "name a day up to today"),
        code="day-to-come",
    )
