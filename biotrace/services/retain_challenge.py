"""Asking for papers: of named records, or of some that chance decides in a way that the other side can check."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from biotrace.chain import sampling
from biotrace.chain.kinds import RecordKind
from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate
from biotrace.model.document import Document
from biotrace.model.party import Role
from biotrace.model.retention import Challenge
from biotrace.model.text import Text
from biotrace.verify.profile import RINYA_2012

from .find import find_any, find_party
from .ledger_case import Reading, read_ledger, require_sound
from .logged import Logged
from .retain_hold import behind
from .retain_papers import KeptPaper, kept_papers, paper_key
from .retain_subjects import free_subjects
from .times import day_of
from .workspace import Workspace

DAYS = 14
"""How long there is to answer, where nothing else is said."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked for. ``to``: id or name. ``records``, or ``random`` of them; ``seed``: known to both sides."""

    to: str
    records: tuple[str, ...] = ()
    random: int | None = None
    seed: str | None = None
    due: date | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A challenge that was logged. ``about``: the records. ``population``: ids from which chance chose.

    ``counts``: whether D904 will speak of it where it is not answered.
    """

    logged: Logged
    challenge: Challenge
    about: tuple[Logged, ...]
    population: tuple[bytes, ...]
    counts: bool


def challenge(workspace: Workspace, ask: Ask) -> Asked:
    """Ask a party to produce papers until a day. Raises UsageError for papers that it does not have to hold."""
    signer = workspace.signer()
    reading = read_ledger(workspace.ledger)
    require_sound(reading)
    today = day_of(workspace.clock())
    due = ask.due or today + timedelta(days=DAYS)
    to = find_party(reading.parties().values(), ask.to)
    _require_due(due, today)
    kept = kept_papers(reading, workspace.party, today, RINYA_2012.retention_years)
    population: tuple[bytes, ...] = ()
    reason = ask.reason
    if ask.random is None:
        about = behind(reading, [find_any(reading, text) for text in ask.records])
        about = _held_by(about, kept.papers, to.id)
    else:
        population = tuple(candidates(kept.papers, to.id, today))
        if not population:
            raise UsageError(
                Text(
                    f"{to.name} が今保存すべき書類（写しのあるもの）はありません",
                    f"no paper with a file is {to.name}'s to hold",
                ),
                Text("RECORD で指定してください", "name the records"),
                code="nothing-to-ask",
            )
        at = workspace.ledger.checkpoint()
        moment = sampling.Moment(
            min(ask.random, len(population)),
            *(len(population), workspace.ledger.log_name.name, at.size, at.root, sampling.digest(population), to.id),
        )
        sampled = sampling.sample(moment, ask.seed if ask.seed is not None else signer.key)
        chosen = set(sampled.choose(population))
        about = tuple(e for e in reading.everything if e.record.record_id in chosen)
        reason = f"{ask.reason} {sampled.line()}" if ask.reason else sampled.line()
    body = Challenge(tuple(e.record.record_id.hex() for e in about), to.id, due, today, reason)
    name = free_subjects(workspace.ledger, [f"challenge:{to.id}:{today}"])[0]
    now = workspace.clock()
    (entry,) = workspace.log([signer.sign(RecordKind.CHALLENGE, name, body, now)], now)
    logged = Logged(entry.position, entry.logged_at, entry.record)
    return Asked(logged, body, about, population, _counts(reading, workspace.party, about, kept.papers))


def candidates(papers: Iterable[KeptPaper], to: str, on: date) -> list[bytes]:
    """The records from which chance chooses: certificates and documents with files that ``to`` has to keep that day."""
    return sorted(
        paper.record.record_id
        for paper in papers
        if paper.files
        and isinstance(paper.record.body, Certificate | Document)
        and any(duty.party == to and duty.until >= on for duty in paper.duties)
    )


def _held_by(about: Sequence[Logged], papers: Sequence[KeptPaper], to: str) -> tuple[Logged, ...]:
    keeping = {paper_key(p.logged): {d.party for d in p.duties} for p in papers}
    found = tuple(e for e in about if to in keeping.get(paper_key(e), ()))
    if not found:
        names = ", ".join(e.record.subject for e in about)
        raise UsageError(
            Text(f"{names} は {to} が保存すべき書類ではありません", f"{names}: not {to}'s to hold"),
            Text("売り手・買い手・発行者・転記した者に求めてください", "ask who gave, took or copied it"),
            code="not-theirs",
        )
    return found


def _counts(reading: Reading, asker: str, about: Sequence[Logged], papers: Sequence[KeptPaper]) -> bool:
    party = reading.parties().get(asker)
    if party is not None and (Role.BODY in party.roles or Role.PLANT in party.roles):
        return True
    keeping = {paper_key(p.logged): {d.party for d in p.duties} for p in papers}
    return all(asker in keeping.get(paper_key(e), ()) for e in about)


def _require_due(due: date, today: date) -> None:
    if due < today:
        raise UsageError(
            Text(f"期限 {due} は過ぎています", f"{due} is over"),
            Text("今日以後の日を指定してください", "name a day from today on"),
            code="day-over",
        )
