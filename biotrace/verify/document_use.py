"""What certificates put on supporting documents: volumes (H314), and what the papers themselves tell (H318 to H322).

Two registered copies of one document are one document here: else a permit would be good for its volume once per copy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from biotrace.model.document import Document
from biotrace.model.quantity import Quantity, Unit
from biotrace.model.text import Text

from .document_identity import Identity, PaperKey, differing, digest, paper_key, together
from .document_room import Cited, Room, Trial
from .document_twins import Traits, are_one, traits_of
from .effect import Effect
from .facts import AtPlace, documents_by_place, is_felling_stage, is_valid_use
from .origins import allows_volume, may_carry
from .profile import Profile
from .protection import PROTECTION_KINDS, add_protected
from .subject import DocumentPool, Paper, State, Subject
from .tonnage import least_solid_volume, most_grams, solid_volume


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity as cm³ of roundwood: what it is at the least, within the profile's ranges, and by default factors."""

    least: int
    usual: int


@lru_cache(maxsize=4)
def certified(s: Subject) -> Amount:
    """The certificate's quantity. No default factor tells what a stack holds: it counts at its least for both."""
    least, usual = least_solid_volume(s.quantity, s.group, s.profile), solid_volume(s.quantity, s.group, s.profile)
    return Amount(least, least if usual is None else usual)


@lru_cache(maxsize=4)
def limiting_documents(s: Subject) -> tuple[Document, ...]:
    """The documents whose volumes limit what can be certified on them.

    At each of its places these are the ones that are shown to be for it, and of these the ones that wood of its class
    can rest on: no other adds to what they allow. Where there is none, all for which it is not ruled out; and where
    none is for its places, all (L404 speaks).
    """
    limiting = tuple(d for d in s.documents if allows_volume(d))
    if len(limiting) < 2:
        return limiting
    lending = {d.id for place in documents_by_place(s) for d in _lending(s, place)}
    return tuple(d for d in limiting if d.id in lending) or limiting


def _lending(s: Subject, place: AtPlace) -> tuple[Document, ...]:
    """The documents whose volumes limit what is certified from one place."""
    for papers in (place.covering, place.about):
        limiting = tuple(d for d in papers if allows_volume(d))
        if limiting:
            return tuple(d for d in limiting if may_carry(d, s.fuel_class, s.case.parties)) or limiting
    return ()


def volumes_known(s: Subject) -> bool:
    """Whether each of those documents, or an earlier copy of it, states a volume."""
    return None not in _volumes(s).values()


def other_copies(s: Subject) -> Iterator[tuple[Document, list[Text]]]:
    """Documents of the certificate of which a copy seen before says otherwise, and in which facts (H319)."""
    seen: dict[Identity, bytes] = {}
    for document, key, facts, _ in _identified(s):
        before = seen.get(key) or s.state.copies.get(key)
        if before is not None and (facts_that_differ := differing(before, facts)):
            yield document, facts_that_differ
        seen[key] = facts if before is None else together(before, facts)


def has_identity(s: Subject) -> bool:
    """Whether any document of the certificate can be told from others, so that copies of it can be compared."""
    return bool(_identified(s))


def twins(s: Subject) -> Iterator[tuple[Document, Identity, Identity]]:
    """Documents of the certificate whose volume counts, by their identity and that of an earlier one that may be the
    same paper (H322).
    """
    seen: dict[int, tuple[Identity, bytes]] = {}
    for document, key, facts, traits in _identified(s):
        for at, trait in enumerate(traits):
            first = s.state.traits.get(trait)
            known = (first, s.state.copies[first]) if first is not None else seen.setdefault(trait, (key, facts))
            if known[0] != key and are_one(facts, known[1], at):
                yield document, key, known[0]
                break


def has_traits(s: Subject) -> bool:
    """Whether any document of the certificate could be told to be the same paper as another."""
    return any(traits for _, _, _, traits in _identified(s))


@dataclass(frozen=True, slots=True)
class Beyond:
    """What is certified in all on some documents, and what they allow, in cm³.

    ``excess``: the share of this certificate above it; None where default factors alone say so. ``converted``: not all
    of it was certified in m³.
    """

    certified: int
    allowed: int
    excess: Fraction | None
    converted: bool


def beyond(s: Subject) -> Beyond | None:
    """What the certificate adds above what its documents and all pooled with them allow.

    None while the tolerance is kept. Volumes of several documents on one certificate are pooled: a quantity may
    rest on any of its documents, as far as they reach.
    """
    surely, over, maybe = _used(s).lost
    if not (surely or maybe):
        return None
    amount = certified(s)
    pools, volumes = _pools(s), _volumes(s)
    allowed = sum(pool.allowed for pool in pools)
    allowed += sum((volume or 0) - (_known(s, key).volume or 0) for key, volume in volumes.items())
    stated, least, usual = (
        sum(of) for of in zip((0, 0, 0), *((p.stated, p.least, p.usual) for p in pools), strict=True)
    )
    if surely:
        converted = bool(least) or s.quantity.unit is not Unit.M3
        return Beyond(stated + least + amount.least, allowed, Fraction(over, amount.least), converted)
    return Beyond(stated + usual + amount.usual, allowed, None, converted=True)


def most_allowed(s: Subject) -> int | None:
    """The most bone-dry grams that may be felled on a certificate's documents, with the tolerance, if it is not in m³.

    A stack, or a weight without a moisture, tells much less than it can hold, and H314 goes by the least. None where
    the documents set no limit, and where H314 says already what of it is beyond.
    """
    if not is_felling_stage(s) or s.quantity.unit is Unit.M3 or not limiting_documents(s):
        return None
    limits = [_limit(volume, s.profile, _TOLERATING) for volume in _volumes(s).values()]
    known = [limit for limit in limits if limit is not None]
    if len(known) < len(limits):
        return None
    found = beyond(s)
    if found is not None and found.excess is not None:
        return None
    return most_grams(Quantity(sum(known), Unit.M3), s.group, s.profile)


def register(s: Subject) -> None:
    """Count the certificate on its documents, and keep what these tell of themselves."""
    if not is_felling_stage(s) or not s.documents or any(f.effect is Effect.VOID for f in s.entry.findings):
        return
    _register_papers(s)
    amount = certified(s)
    if not limiting_documents(s) or s.is_supplement or not is_valid_use(s):
        return
    used = _used(s)
    pool = _joined(s)
    for key, volume in _volumes(s).items():
        paper = pool.papers[key]
        pool.allowed += (volume or 0) - (paper.volume or 0)
        paper.volume = volume
    if s.quantity.unit is Unit.M3:
        pool.stated += amount.usual
    else:
        pool.least += amount.least
        pool.usual += amount.usual
    if used.trials:
        kept = [trial.keep() for trial in used.trials]
        for key in _cited(s):
            pool.papers[key].rooms = tuple(rooms[key] for rooms in kept)
    else:
        (paper,) = (pool.papers[key] for key in _cited(s))
        paper.least += amount.least
        paper.usual += amount.usual


def _register_papers(s: Subject) -> None:
    for _, key, facts, traits in _identified(s):
        before = s.state.copies.get(key)
        s.state.copies[key] = facts if before is None else together(before, facts)
        for trait in traits:
            s.state.traits.setdefault(trait, key)
    for document in s.documents:
        if document.kind in PROTECTION_KINDS:
            _register_protected(s, document)


def _register_protected(s: Subject, document: Document) -> None:
    """Keep what it shows to be protected: once, for many certificates cite it, and it may name a thousand places."""

    def register_places() -> State:
        add_protected(s.state.protected, document)
        return s.state  # kept, so that no other state gets its number meanwhile

    s.case.compared.get(("protected", id(s.state), document.id), register_places, lambda _: 0)


@lru_cache(maxsize=4)
def _identified(s: Subject) -> list[tuple[Document, Identity, bytes, Traits]]:
    """The documents that have an identity, with it, their facts, and their traits."""
    known = ((document, *_worked_out(s, document)) for document in s.documents)
    return [(document, key, facts, traits) for document, key, facts, traits in known if len(key) == 4]


def _worked_out(s: Subject, document: Document) -> tuple[PaperKey, bytes, Traits]:
    """Key, facts and traits of a document: many certificates cite the same one."""
    known = s.case.identities.get(document.id)
    if known is None:
        key, facts = paper_key(document, s.name), digest(document)
        traits = traits_of(key, facts) if len(key) == 4 and allows_volume(document) else ()
        known = s.case.identities[document.id] = (key, facts, traits)
    return known


def key_of(s: Subject, document: Document) -> PaperKey:
    """By what a document is told from others: see ``paper_key``."""
    return _worked_out(s, document)[0]


@lru_cache(maxsize=4)
def _volumes(s: Subject) -> dict[PaperKey, int | None]:
    """The limiting documents with their volumes: the smaller of what two copies allow, and of both what one states."""
    volumes: dict[PaperKey, int | None] = {}
    for document in limiting_documents(s):
        key = key_of(s, document)
        known = volumes[key] if key in volumes else _known(s, key).volume
        stated = document.felling.volume if document.felling is not None else None
        volumes[key] = min((v for v in (known, stated) if v is not None), default=None)
    return volumes


def _cited(s: Subject) -> Cited:
    return tuple(sorted(_volumes(s)))


def _known(s: Subject, key: PaperKey) -> Paper:
    """What certificates put on a document so far."""
    pool = s.state.documents.get(key)
    return Paper() if pool is None else pool.papers[key]


def _pools(s: Subject) -> list[DocumentPool]:
    """The pools that the limiting documents are in so far."""
    found = (s.state.documents.get(key) for key in _cited(s))
    return [*{id(pool): pool for pool in found if pool is not None}.values()]


def _joined(s: Subject) -> DocumentPool:
    """One pool of all of them, made so: the smaller into the greatest, which keeps many joins from taking long."""
    pools = _pools(s)
    joined = max(pools, key=lambda pool: len(pool.papers), default=DocumentPool())
    for pool in pools:
        if pool is not joined:
            joined.papers.update(pool.papers)
            s.state.documents.update(dict.fromkeys(pool.papers, joined))
            joined.allowed += pool.allowed
            joined.stated += pool.stated
            joined.least += pool.least
            joined.usual += pool.usual
    for key in _cited(s):
        if key not in joined.papers:
            joined.papers[key] = Paper()
            s.state.documents[key] = joined
    return joined


COUNTS = 3
"""What is counted on documents that certificates cite together: the least that certificates can be, against volumes
with the tolerance, which tells what is surely beyond; the same against volumes as stated, which tells by how much; and
default factors, against volumes with the tolerance."""
_TOLERATING, _EXACT, _USUAL = range(COUNTS)


@dataclass(frozen=True, slots=True)
class _Used:
    """What a certificate puts on its documents: by count what of it finds no room, and where the rest would lie.

    ``trials``: none where it cites one document that no certificate cites with others.
    """

    lost: tuple[int, ...]
    trials: tuple[Trial, ...] = ()


@lru_cache(maxsize=4)
def _used(s: Subject) -> _Used:
    amount = certified(s)
    amounts = [_of(amount.least, amount.usual, count) for count in range(COUNTS)]
    volumes, cited = _volumes(s), _cited(s)
    if len(cited) == 1 and not (paper := _known(s, cited[0])).rooms:
        limits = [_limit(volumes[cited[0]], s.profile, count) for count in range(COUNTS)]
        before = [_of(paper.least, paper.usual, count) for count in range(COUNTS)]
        lost = (
            0 if limit is None else max(0, used + more - limit) - max(0, used - limit)
            for used, more, limit in zip(before, amounts, limits, strict=True)
        )
        return _Used(tuple(lost))
    trials = tuple(_trial(s, count) for count in range(COUNTS))
    return _Used(tuple(trial.place(cited, more) for trial, more in zip(trials, amounts, strict=True)), trials)


def _trial(s: Subject, count: int) -> Trial:
    """The documents as they are so far in one of the counts, allowing no more than the certificate's copies state."""

    def room(key: PaperKey) -> Room:
        paper = _known(s, key)
        if paper.rooms:
            return paper.rooms[count]
        limit, used = _limit(paper.volume, s.profile, count), _of(paper.least, paper.usual, count)
        return Room(limit, used if limit is None else min(used, limit))

    trial = Trial(room)
    for key, volume in _volumes(s).items():
        limit = _limit(volume, s.profile, count)
        if limit is not None:
            trial.lower(key, limit)
    return trial


def _of(least: int, usual: int, count: int) -> int:
    return usual if count == _USUAL else least


def _limit(volume: int | None, profile: Profile, count: int) -> int | None:
    if volume is None or count == _EXACT:
        return volume
    return int(volume * (1 + profile.document_tolerance))
