"""The first day: keys, parties, bodies and their members, yards, what they hold, and what plants plan to burn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from biotrace.chain.disclosure import SALT_BYTES
from biotrace.chain.kinds import KeyBinding, RecordKind, TrustedBodies
from biotrace.model.accreditation import Grant
from biotrace.model.dates import last_day
from biotrace.model.party import Accreditation, Audit, Party, Role
from biotrace.model.private import PrivateField
from biotrace.services.private_fields import Unsigned

from . import books, keys, names
from .actors import Actor
from .settings import FIRST_DAY
from .statement import Story
from .world import World

_DAY = timedelta(1)
_CODE_FROM = date(2012, 8, 20)
_YEARS = 3


@dataclass(frozen=True, slots=True)
class _Trade:
    """How many of a role there are in a region of full size, and at least."""

    role: Role
    at_full_size: float
    least: int


_TRADES = {
    "producers": _Trade(Role.PRODUCER, 240, 6),
    "traders": _Trade(Role.TRADER, 40, 5),
    "sawmills": _Trade(Role.SAWMILL, 24, 2),
    "chippers": _Trade(Role.PROCESSOR, 44, 4),
    "plants": _Trade(Role.PLANT, 12, 2),
    "offices": _Trade(Role.FOREST_OFFICE, 6, 2),
    "municipalities": _Trade(Role.MUNICIPALITY, 16, 4),
}


def found(w: World) -> Story[None]:
    """Everything that is said before wood moves."""
    _people(w)
    p = w.people
    root = KeyBinding(w.public_key(keys.ROOT).raw, p.operator.id, p.operator.name, root=True)
    yield from w.say(p.operator, RecordKind.KEY, f"root:{p.operator.id}", root, key=keys.ROOT)
    with_keys = (*p.bodies, *p.municipalities, *p.offices, *p.plants, *p.wreckers, *p.own_code, *p.unaudited)
    for actor in with_keys:
        yield from _root(w, RecordKind.KEY, f"key:{actor.id}", _binding(w, actor))
    # Bodies last: who looks for one among the stored parties goes through them from the latest on.
    others = (*with_keys[len(p.bodies) :], *p.owners, *p.members(), *p.lapsed, *p.strangers)
    for actor in (*others, *p.bodies):
        yield from enter(w, actor)
    yield from _root(w, RecordKind.TRUSTED_BODIES, "trusted", TrustedBodies(tuple(b.id for b in p.bodies[:-1])))
    for actor in (*p.members(), *p.lapsed, *p.strangers):
        yield from accredit(w, actor)
    for actor in (*p.own_code, *p.unaudited):
        yield from _own_code(w, actor)
    for actor in p.chippers:
        yield from books.open_yards(w, actor)
    for actor in (*p.own_code, *p.plants):
        yield from books.open_yard(w, actor)
    for actor in p.plants:
        yield from books.plan(w, actor)


def _binding(w: World, actor: Actor) -> KeyBinding:
    """That a key signs for a party."""
    return KeyBinding(w.public_key(actor.key).raw, actor.id, actor.name)


def _root(w: World, kind: RecordKind, subject: str, body: KeyBinding | Party | TrustedBodies) -> Story[str]:
    return (yield from w.say(w.people.operator, kind, subject, body, key=keys.ROOT))


def enter(w: World, actor: Actor) -> Story[str]:
    """What the operator says of a party."""
    body = Party(actor.id, actor.name, (actor.role,), as_business=actor.as_business, address=actor.address)
    private: tuple[Unsigned, ...] = ()
    if actor.role is Role.BODY:
        body = replace(body, code_from=_CODE_FROM)
    if not actor.as_business:
        address = Unsigned(PrivateField.ADDRESS, w.rng.randbytes(SALT_BYTES), actor.address)
        body, private = replace(body, address=None, sealed=(address.sealed,)), (address,)
    return (yield from w.say(w.people.operator, RecordKind.PARTY, actor.id, body, key=keys.ROOT, private=private))


def accredit(w: World, actor: Actor) -> Story[None]:
    """The body's grant, with the member's key; its three years began on some day of the three before."""
    assert actor.body is not None
    start = FIRST_DAY - w.rng.randrange(30, _YEARS * 365 - 200) * _DAY
    if actor in w.people.lapsed:
        start = FIRST_DAY - (_YEARS * 365 + 90) * _DAY
    actor.until = last_day(start, _YEARS)
    terms = Accreditation(start, actor.number, actor.body.id, actor.until)
    grant = Grant(actor.id, terms, member_key=w.public_key(actor.key).raw)
    subject = f"accreditation:{actor.id}:1"
    actor.grant = yield from w.say(actor.body, RecordKind.ACCREDITATION, subject, grant)


def _own_code(w: World, actor: Actor) -> Story[None]:
    """A company outside any body, and its audit: of one of them it ended before the first day."""
    ended = actor in w.people.unaudited
    audit = Audit("中部木材監査法人", date(2019, 4, 1), date(2021, 3, 31) if ended else None)
    terms = Accreditation(date(2019, 4, 1), self_declared=True, third_party_audit=audit)
    yield from w.say(actor, RecordKind.ACCREDITATION, f"own-code:{actor.id}", Grant(actor.id, terms))


def _people(w: World) -> None:
    p, scaled = w.people, w.settings.scaled
    for number in range(scaled(3, 1) + 1):
        name = f"body-{number + 1}"
        p.bodies.append(Actor(name, names.body(number), Role.BODY, name, address=names.PREFECTURE))
    p.operator.key = keys.DEVICE
    for trade, of in _TRADES.items():
        made = [firm(w, of.role, number) for number in range(scaled(of.at_full_size, of.least))]
        setattr(p, trade, made)
    p.collectors = [firm(w, Role.TRADER, 950 + number) for number in range(3)]
    p.owners = [_owner(w, number) for number in range(scaled(120, 4))]
    p.wreckers = [firm(w, Role.PROCESSOR, 900)]
    p.own_code = [firm(w, Role.PROCESSOR, 910)]
    p.unaudited = [firm(w, Role.PRODUCER, 920)]
    p.lapsed = [firm(w, Role.PRODUCER, 930)]
    p.strangers = [firm(w, Role.PRODUCER, 940)]
    for actor in (*p.members(), *p.lapsed):
        actor.body = w.rng.choice(p.bodies[:-1])
    p.strangers[0].body = p.bodies[-1]
    for number, actor in enumerate((*p.members(), *p.lapsed, *p.strangers), 12):
        actor.number = f"長木-{number:03d}"
    everybody = (*p.bodies, *p.municipalities, *p.offices, *p.owners, *p.members(), *p.plants, *p.wreckers)
    w.by_id = {actor.id: actor for actor in (*everybody, *p.own_code, *p.unaudited, *p.lapsed, *p.strangers)}


def firm(w: World, role: Role, number: int) -> Actor:
    """A firm that nothing has been said of yet."""
    name = f"{role}-{number + 1}"
    town = names.MUNICIPALITIES[number % len(names.MUNICIPALITIES)]
    return Actor(name, town if role is Role.MUNICIPALITY else names.firm(role, number), role, name, address=_address(w))


def _owner(w: World, number: int) -> Actor:
    name = f"owner-{number + 1}"
    return Actor(name, names.person(number), Role.OWNER, name, address=_address(w), as_business=False)


def _address(w: World) -> str:
    place = w.rng.choice(names.MUNICIPALITIES) + w.rng.choice(names.OAZA)
    return f"{names.PREFECTURE}{place}{w.rng.randrange(1, 3000)}"
