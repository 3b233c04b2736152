"""Answering a challenge: with every file that the records asked for name, and a proof that it is at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from biotrace.chain import possession
from biotrace.chain.kinds import RecordKind
from biotrace.errors import UsageError
from biotrace.model.retention import Answer, Challenge, StoredFile
from biotrace.model.text import Text, same

from .files import read_file
from .find import find_record
from .ledger_case import Reading, read_ledger, require_sound
from .logged import Logged
from .retain_subjects import free_subjects
from .stored_files import Copies, Copy, copy_of, copy_path, files_of, keeping
from .times import day_of
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that a challenge asks for, the record that names it, and what has become of the copy here."""

    record: Logged
    file: StoredFile
    copy: Copy


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that was logged. ``lacking``: what was asked for and is not in it. ``already``: it was given before."""

    logged: Logged
    answer: Answer
    challenge: Logged
    lacking: tuple[Wanted, ...]
    already: bool


def answer(
    workspace: Workspace, text: str, scans: Sequence[Path] = (), remark: str | None = None, *, partial: bool = False
) -> Answered:
    """Answer the challenge that ``text`` means, with the copies at hand and further ``scans``.

    Raises UsageError for one that is another's to answer, where there is nothing to be produced, and, unless
    ``partial``, naming each, where copies are missing or altered.
    """
    signer = workspace.signer()
    reading = read_ledger(workspace.ledger)
    require_sound(reading)
    asked, body = find_challenge(reading, text)
    if body.to != workspace.party:
        raise UsageError(
            Text(
                f"{asked.record.subject} は {body.to} に求めたものです",
                f"{asked.record.subject} was asked of {body.to}",
            ),
            Text(f"{body.to} のワークスペースで答えてください", f"answer it in the workspace of {body.to}"),
            code="not-own",
        )
    wanted = wanted_files(workspace.folder, reading, body)
    lacking = tuple(one for one in wanted if one.copy is not Copy.HELD)
    if lacking and not partial:
        raise _lacking(lacking)
    with keeping(workspace) as copies:
        files = _files(wanted, scans, copies)
        if not files:
            raise _nothing(asked)
        given = _given_before(reading, asked, workspace.party, files)
        if given is not None:
            return Answered(given, _answer(given), asked, lacking, already=True)
        proofs = [_prove(workspace.folder, asked.record.record_id, file) for file in files]
        stated = f"{remark} {possession.line(proofs)}" if remark else possession.line(proofs)
        said = Answer(asked.record.record_id.hex(), day_of(workspace.clock()), files, stated)
        name = free_subjects(workspace.ledger, [f"answer:{asked.record.subject}"])[0]
        now = workspace.clock()
        (entry,) = workspace.log([signer.sign(RecordKind.ANSWER, name, said, now)], now)
    return Answered(Logged(entry.position, entry.logged_at, entry.record), said, asked, lacking, already=False)


def find_challenge(reading: Reading, text: str) -> tuple[Logged, Challenge]:
    """The challenge that ``text`` means. Raises UsageError where there is none."""
    found = find_record(reading, text)
    if not isinstance(found.record.body, Challenge):
        raise UsageError(
            Text(f"「{text}」は提示要求ではありません", f"{text} is no challenge"),
            Text(
                "提示要求の名前か記録IDで指定してください。受け渡しファイルは先に bundle import で取り込みます",
                "name a challenge; one in a bundle is taken in first with bundle import",
            ),
            code="no-challenge",
        )
    return found, found.record.body


def wanted_files(folder: Path, reading: Reading, body: Challenge) -> tuple[Wanted, ...]:
    """Every file that the records asked for name, and what has become of its copy in the workspace."""
    by_id = {e.record.record_id.hex(): e for e in reading.everything}
    named = (by_id[record] for record in body.records if record in by_id)
    return tuple(Wanted(e, file, copy_of(folder, file.sha256)) for e in named for file in files_of(e.record.body))


def _files(wanted: Sequence[Wanted], scans: Sequence[Path], copies: Copies) -> tuple[StoredFile, ...]:
    held = {one.file.sha256: one.file for one in wanted if one.copy is Copy.HELD}
    for path in scans:
        content = read_file(path)
        if not content:
            raise UsageError(
                same(f"{path}: ") + Text("空です", "it is empty"),
                Text("スキャンし直してください", "scan or save it again"),
                code="file",
            )
        file = copies.keep(content)
        held.setdefault(file.sha256, file)
    return tuple(held.values())


def _prove(folder: Path, challenge: bytes, file: StoredFile) -> bytes:
    with copy_path(folder, file.sha256).open("rb") as content:
        return possession.prove(challenge, content)


def _given_before(reading: Reading, asked: Logged, party: str, files: Sequence[StoredFile]) -> Logged | None:
    own = asked.record.record_id.hex()
    for entry in reading.everything:
        body = entry.record.body
        if not isinstance(body, Answer) or body.challenge != own or entry.record.issuer != party:
            continue
        if {f.sha256 for f in files} <= {f.sha256 for f in body.files}:
            return entry
    return None


def _answer(entry: Logged) -> Answer:
    assert isinstance(entry.record.body, Answer)
    return entry.record.body


def _lacking(lacking: Sequence[Wanted]) -> UsageError:
    told = [same(f"{one.record.record.subject} {one.file.sha256.hex()[:12]}… ") + one.copy.message for one in lacking]
    return UsageError(
        Text("求められた書類がそろいません:", "not everything asked for is at hand:"),
        Text(
            "控えか相手から取り戻すか（biotrace retain check）、紙から --file でスキャンを添え、ある分だけで答えるなら"
            " --partial を付けてください",
            "get it back (see biotrace retain check); with --partial answer with what there is, and --file new scans",
        ),
        code="not-all-held",
        told=told,
    )


def _nothing(asked: Logged) -> UsageError:
    return UsageError(
        Text(
            f"{asked.record.subject} に示せるファイルがありません（求められた記録はファイルを名指していない）",
            f"there is no file to answer {asked.record.subject} with: the records asked for name none at hand",
        ),
        Text("紙をスキャンし、--file で添えてください", "scan the paper, and give it with --file"),
        code="nothing-to-show",
    )
