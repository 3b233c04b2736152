"""What was said about the papers behind a record, by whoever may say so (G3, 別記3 第五④; ADR 13)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache, partial

from biotrace.model.certificate import Form
from biotrace.model.dates import last_day
from biotrace.model.party import Role

from .kept import Asked, Deletion, Hold, Sayer
from .subject import Subject


@dataclass(frozen=True, slots=True)
class Paper:
    """A record that a verdict rests on, or a document behind it. ``named``: tells how it is called."""

    id: str
    named: Callable[[str], str]

    @property
    def name(self) -> str:
        """How it is called in a sentence."""
        return self.named(self.id)


def papers(s: Subject) -> Iterator[Paper]:
    """The record, its supplements, its documents and, where its issuer's address is part of it (1-2), the issuer's."""
    return (Paper(i, partial(_called, s)) for i in paper_ids(s))


@lru_cache(maxsize=4)
def paper_ids(s: Subject) -> tuple[str, ...]:
    """The same, by their ids alone."""
    address = (s.certificate.issuer,) if s.certificate is not None and s.certificate.form is Form.F1_2 else ()
    return (s.id, *[c.id for c in s.supplements], *[d.id for d in s.documents], *address)


def _called(s: Subject, paper: str) -> str:
    if paper == s.id or any(paper == c.id for c in s.supplements):
        return s.label(paper)
    document = s.case.documents.get(paper)
    return s.name(paper) if document is None else document.number or paper[:12]


def ends(s: Subject) -> date:
    """The last day on which the papers of a record have to be kept: the years begin with the day after (民法140条)."""
    begins = s.date + timedelta(days=1) if s.date < date.max else s.date
    return last_day(begins, s.profile.retention_years)


def deletions(s: Subject, paper: Paper | None = None) -> tuple[Deletion, ...]:
    """What was deleted of a paper, or of all papers behind the record, by who kept it."""
    ids = paper_ids(s) if paper is None else (paper.id,)
    said = (d for i in ids for d in s.case.kept.deletions.get(i, ()))
    return tuple(d for d in said if _kept_it(s, d.by))


def on_hold(s: Subject, paper: Paper, deletion: Deletion) -> Hold | None:
    """The hold that a deletion broke: by who keeps the paper, a party's accrediting body, or who runs the ledger."""
    held = s.case.kept.holds.get(paper.id, ())
    standing = (h for h in held if h.order < deletion.order and (h.ended is None or h.ended > deletion.order))
    return next((h for h in standing if _kept_it(s, h.by) or _has_role(s, h.by, Role.BODY)), None)


def asked(s: Subject, paper: Paper) -> tuple[Asked, ...]:
    """What was asked for of who keeps the paper: by another who does, an accrediting body, a plant, or who runs the "
    "ledger."""
    said = s.case.kept.asked.get(paper.id, ())
    may_ask = (a for a in said if _kept_it(s, a.by) or _has_role(s, a.by, Role.BODY, Role.PLANT))
    return tuple(a for a in may_ask if a.to in keepers(s))


def _kept_it(s: Subject, sayer: Sayer) -> bool:
    return sayer.root or sayer.party in keepers(s)


def keepers(s: Subject) -> tuple[str, ...]:
    """Who gave the record and who took it (G3: both keep it), and who copied it from paper."""
    c, d = s.certificate, s.delivery
    own = (c.issuer, c.seller, c.buyer) if c is not None else ()
    taken = (d.at, d.sender) if d is not None else ()
    return tuple(party for party in (*own, *taken, s.entry.signer) if party)


def _has_role(s: Subject, sayer: Sayer, *roles: Role) -> bool:
    party = s.case.parties.get(sayer.party)
    return party is not None and any(role in party.roles for role in roles)
