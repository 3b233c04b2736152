"""Looking at an answer, or at a challenge: who answered when, with which files, whether it had them, who chose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from biotrace.chain import merkle, possession, sampling
from biotrace.chain.keys import kid_of
from biotrace.chain.kinds import KeyBinding
from biotrace.errors import IntegrityError, UsageError
from biotrace.model.accreditation import Grant
from biotrace.model.retention import Answer, Challenge
from biotrace.model.text import Text, same
from biotrace.verify.profile import RINYA_2012

from .files import read_file
from .find import find_record
from .ledger_case import Reading, read_ledger
from .logged import Logged
from .merged import OWN
from .retain_answer import wanted_files
from .retain_challenge import candidates
from .retain_papers import kept_papers
from .stored_files import Copy, copy_of, copy_path
from .times import day_of
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that was looked at. ``fine`` None: it cannot be told here; ``wanting``: and it ought to be."""

    what: Text
    fine: bool | None
    said: Text
    wanting: bool = False


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found of a challenge and, where one was named, of its answer."""

    challenge: Logged
    answer: Logged | None
    points: tuple[Point, ...]

    @property
    def fine(self) -> bool:
        """Nothing is wrong, and nothing that ought to be shown is wanting."""
        return all(p.fine is not False and not (p.fine is None and p.wanting) for p in self.points)


def verify_answer(workspace: Workspace, text: str, population: Path | None = None) -> Looked:
    """Look at the answer, or the challenge alone, that ``text`` means, by the copies in the workspace.

    ``population``: a file with the record ids from which chance chose, one on a line. Raises UsageError for another
    kind of record.
    """
    reading = read_ledger(workspace.ledger)
    found = find_record(reading, text)
    body = found.record.body
    by_id = {e.record.record_id.hex(): e for e in reading.everything}
    asked = by_id.get(body.challenge) if isinstance(body, Answer) else found
    if asked is None or not isinstance(asked.record.body, Challenge):
        raise UsageError(
            Text(f"「{text}」は提示要求でも回答でもありません", f"{text} is neither a challenge nor an answer"),
            Text("回答の名前か記録IDで指定してください", "name an answer, or a challenge"),
            code="no-answer",
        )
    points = list(_sound((asked,) if asked is found else (asked, found)))
    points += _chosen(workspace, reading, asked, asked.record.body, population)
    if isinstance(body, Answer):
        points += _given(asked.record.body, found, body)
        points += _complete(workspace.folder, reading, asked.record.body, body)
        points += _possessed(workspace.folder, asked, body)
    return Looked(asked, found if isinstance(body, Answer) else None, tuple(points))


def _sound(entries: Iterable[Logged]) -> Iterator[Point]:
    for entry in entries:
        what = entry.record.kind.label + same(f" {entry.record.subject}")
        if entry.sound:
            yield Point(what, True, Text("署名とログの受領を確認", "signature and place in its log verified"))
        else:
            yield Point(what, False, entry.findings[0].message)


_WHO, _WHEN = Text("回答者", "who answered"), Text("期限", "in time")
_SAMPLE = Text("無作為抽出", "random choice")


def _given(asked: Challenge, entry: Logged, body: Answer) -> Iterator[Point]:
    who = entry.record.issuer
    if who == asked.to:
        yield Point(_WHO, True, same(who))
    else:
        yield Point(_WHO, False, Text(f"{who}（求めた相手は {asked.to}）", f"{who}, asked was {asked.to}"))
    day = body.date if entry.record.transcribed else day_of(entry.logged_at)
    yield Point(_WHEN, day <= asked.due, Text(f"{day}（期限 {asked.due}）", f"{day}, due {asked.due}"))


def _complete(folder: Path, reading: Reading, asked: Challenge, body: Answer) -> Iterator[Point]:
    """Whether each file of the records asked for is among those of the answer."""
    given = {file.sha256 for file in body.files}
    for one in wanted_files(folder, reading, asked):
        what = Text("求めた書類 ", "asked for ") + same(f"{one.record.record.subject} {one.file.sha256.hex()[:12]}…")
        there = one.file.sha256 in given
        yield Point(
            what, there, Text("回答にある", "in the answer") if there else Text("回答にない", "not in the answer")
        )


def _possessed(folder: Path, asked: Logged, body: Answer) -> Iterator[Point]:
    """Each file of the answer: hashed again, and the proof worked out from its bytes."""
    proofs = possession.parse(body.remark)
    for number, file in enumerate(body.files):
        what = Text("書類のファイル ", "file ") + same(f"{file.sha256.hex()[:12]}…")
        copy = copy_of(folder, file.sha256)
        if copy is not Copy.HELD:
            why = Text("。所持の証明は確かめられない", "; the proof of possession cannot be checked")
            yield Point(what, None if copy is Copy.MISSING else False, copy.message + why, wanting=True)
        elif len(proofs) != len(body.files):
            yield Point(what, None, Text("写しあり、所持の証明なし", "copy held; no proof of possession in the answer"))
        else:
            with copy_path(folder, file.sha256).open("rb") as content:
                right = possession.prove(asked.record.record_id, content) == proofs[number]
            said = Text("所持の証明が合う", "proof of possession right")
            yield Point(what, right, said if right else Text("所持の証明が合わない", "proof of possession WRONG"))


def _chosen(
    workspace: Workspace, reading: Reading, asked: Logged, body: Challenge, file: Path | None
) -> Iterator[Point]:
    """Whether chance chose as the challenge says."""
    sampled = sampling.parse(body.reason, body.to)
    if sampled is None:
        return
    if (wrong := _not_by_key(reading, asked, sampled)) is not None:
        yield Point(_SAMPLE, False, wrong)
        return
    moment = sampled.moment
    if asked.log == OWN and (wrong := _other_root(workspace, moment)) is not None:
        yield Point(_SAMPLE, False, wrong)
        return
    population = _population(workspace, reading, asked, body, moment, file)
    if population is None:
        yield Point(
            _SAMPLE,
            None,
            Text(
                f"母集団 {moment.of} 件がここにそろわず再現できない（--population で指定）",
                f"the {moment.of} records chosen from are not all known here: give --population",
            ),
        )
        return
    again = {record_id.hex() for record_id in sampled.choose(population)} == set(body.records)
    said = Text(f"{moment.of} 件から {moment.n} 件、再現できた", f"{moment.n} of {moment.of}, chosen again the same")
    yield Point(_SAMPLE, again, said if again else Text("再現した結果と違う", "chosen again, it is another choice"))


def _not_by_key(reading: Reading, asked: Logged, sampled: sampling.Sampled) -> Text | None:
    key = next((k for e in reading.everything for k in _bound(e) if kid_of(k) == asked.record.kid), None)
    try:
        if key is not None:
            sampled.verify(key)
            return None
    except IntegrityError:
        pass
    if not isinstance(sampled.seed, bytes):
        return None
    return Text("抽出の種が求めた者の署名ではない", "the seed is no signature of who asked")


def _bound(entry: Logged) -> Iterator[bytes]:
    body = entry.record.body
    if isinstance(body, KeyBinding):
        yield body.public_key
    elif isinstance(body, Grant) and body.member_key is not None:
        yield body.member_key


def _other_root(workspace: Workspace, moment: sampling.Moment) -> Text | None:
    same_log = moment.log == workspace.ledger.log_name.name
    if same_log and 0 < moment.size <= workspace.ledger.end():
        with workspace.ledger.tree() as node:
            if merkle.root_from_nodes(moment.size, node) == moment.root:
                return None
    return Text("台帳がその件数のときの状態と合わない", "the log was not in the state that is stated")


def _population(
    workspace: Workspace, reading: Reading, asked: Logged, body: Challenge, moment: sampling.Moment, file: Path | None
) -> Sequence[bytes] | None:
    """The records chosen from: from a file, or worked out anew; None where they are not those that are stated."""
    if file is not None:
        found = _read_ids(file)
    else:
        then = reading
        if asked.log == OWN:
            then = replace(reading, logged=tuple(e for e in reading.logged if e.position < moment.size))
        kept = kept_papers(then, workspace.party, body.date, RINYA_2012.retention_years)
        found = candidates(kept.papers, body.to, body.date)
    return found if len(found) == moment.of and sampling.digest(found) == moment.ids else None


def _read_ids(path: Path) -> list[bytes]:
    try:
        return [bytes.fromhex(line.strip()) for line in read_file(path).decode().splitlines() if line.strip()]
    except ValueError:
        raise UsageError(
            same(f"{path}: ") + Text("記録IDが1行に一つずつではありません", "not a record id on each line"),
            Text(
                "求めた者の biotrace retain challenge --population が書いたファイルを指定してください",
                "give the file that who asked had written with biotrace retain challenge --population",
            ),
            code="population",
        ) from None
