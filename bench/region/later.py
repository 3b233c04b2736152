"""What is said afterwards: corrections, renewals, revocations, inspections, new keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from biotrace.chain.keys import kid_of
from biotrace.chain.kinds import KeyBinding, KeyEnd, KeyEndReason, RecordKind
from biotrace.model.accreditation import Grant, Inspection, RenewalRequest, Revocation
from biotrace.model.correction import Action, Correction
from biotrace.model.dates import last_day
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Accreditation
from biotrace.model.retention import Answer, Challenge, RetentionHold, StoredFile

from . import felling, forest, keys
from .actors import Actor, Lot
from .statement import Story
from .world import World

_DAY = timedelta(1)
_APPLIES, _RENEWED = 50 * _DAY, 10 * _DAY
"""Before the last day of an accreditation."""
_YEARS = 3


def correct(
    w: World, by: Actor, lot: Lot, action: Action, reason: str, *, other: str | None = None, follows: str | None = None
) -> Story[str]:
    """Say something of a certificate."""
    body = Correction(lot.id, action, w.day, reason, other, follows)
    key = keys.ROOT if by is w.people.operator else None  # only the root key speaks of others' certificates
    return (yield from w.say(by, RecordKind.CORRECTION, f"correction-{w.said}", body, key=key))


def cancelled(w: World, chipper: Actor) -> Story[Lot]:
    """A certificate that is cancelled before anything rests on it."""
    producer, lot = yield from _fresh(w, chipper)
    yield from correct(w, producer, lot, Action.CANCEL, "取引の中止")
    return lot


def replaced(w: World, chipper: Actor) -> Story[None]:
    """A certificate with a slip in it, and the one that takes its place."""
    producer, lot = yield from _fresh(w, chipper)
    stand = producer.stands[lot.fuel_class]
    stand.left += lot.left
    right = yield from felling.fell(w, producer, chipper, stand, volume=lot.left * 9 // 10)
    yield from correct(w, producer, lot, Action.REPLACE, "数量の誤記", other=right.id)


def held(w: World, chipper: Actor) -> Story[None]:
    """A certificate on hold, by its issuer or the operator, and released some days later."""
    producer, lot = yield from _fresh(w, chipper)
    by_operator = w.chance(0.3)
    holding = w.people.operator if by_operator else producer
    hold = yield from correct(w, holding, lot, Action.HOLD, "伐採届の確認中")

    def release() -> Story[None]:
        yield from correct(w, holding, lot, Action.RELEASE, "確認済み", follows=hold)
        chipper.lots(lot.fuel_class).append(lot)

    w.on(w.day + w.rng.randrange(3, 12) * _DAY, release)


def supplemented(w: World, chipper: Actor) -> Story[None]:
    """A certificate that left the place out, and the paper that adds it."""
    producer = w.active(w.people.producers)
    stand = yield from forest.open_stand(w, producer, forest.THINNING)
    without = yield from felling.fell(w, producer, chipper, stand, lambda c: replace(c, locations=()))
    more = yield from felling.fell(w, producer, chipper, stand, volume=without.left)
    chipper.lots(more.fuel_class).remove(more)
    yield from correct(w, producer, without, Action.SUPPLEMENT, "伐採箇所の補足", other=more.id)


def _fresh(w: World, chipper: Actor) -> Story[tuple[Actor, Lot]]:
    """A new felling certificate out of anybody's reach, and its issuer."""
    lot = yield from felling.supply(w, chipper, w.rng.choice((FuelClass.THINNED, FuelClass.GENERAL)))
    chipper.lots(lot.fuel_class).remove(lot)
    return w.by_id[lot.seller], lot


def renewals(w: World) -> Story[None]:
    """Whoever's accreditation is about to end applies for the next one, and gets it; some producers give up."""
    for actor in (*w.people.members(), *w.people.strangers, *w.people.newcomers):
        if actor.until is None or not actor.active:
            continue
        if not actor.applied and w.day >= actor.until - _APPLIES:
            if actor in w.people.producers and _may_go(w) and w.chance(0.06):
                yield from _leave(w, actor)
                continue
            request = RenewalRequest(actor.grant, w.day)
            yield from w.say(actor, RecordKind.RENEWAL_REQUEST, f"renewal:{actor.id}:{w.day}", request)
            actor.applied = True
        elif actor.applied and w.day >= actor.until - _RENEWED:
            yield from _renew(w, actor)


def _renew(w: World, actor: Actor) -> Story[None]:
    assert actor.until is not None
    assert actor.body is not None
    start = actor.until + _DAY
    terms = Accreditation(start, actor.number, actor.body.id, last_day(start, _YEARS))
    grant = Grant(actor.id, terms, renews=actor.grant)
    subject = f"accreditation:{actor.id}:{start}"
    actor.grant = yield from w.say(actor.body, RecordKind.ACCREDITATION, subject, grant)
    actor.until, actor.applied = terms.until, False


def _may_go(w: World) -> bool:
    """Whether enough producers would be left."""
    producers = w.people.producers
    return sum(actor.active for actor in producers) > len(producers) * 3 // 4


def _leave(w: World, actor: Actor) -> Story[None]:
    """A producer stops; the body of some of them says so."""
    actor.active = False
    actor.stands.clear()
    if w.chance(0.5) and actor.body is not None:
        revocation = Revocation(actor.grant, w.day, "本人の申出")
        yield from w.say(actor.body, RecordKind.REVOCATION, f"revocation:{actor.id}", revocation)


def inspected(w: World) -> Story[None]:
    """A body looks at a member's yard and papers."""
    actor = w.active(w.people.members())
    assert actor.body is not None
    inspection = Inspection(actor.grant, w.day, "分別管理は適正")
    yield from w.say(actor.body, RecordKind.INSPECTION, f"inspection-{w.said}", inspection)


def new_key(w: World, actor: Actor) -> Story[None]:
    """A party replaces its device: the new key is bound, and the old one ends itself."""
    old = w.public_key(actor.key).raw
    again = w.next_number(f"key of {actor.id}")
    name = f"{actor.id}:{again + 1}"
    binding = KeyBinding(w.public_key(name).raw, actor.id, actor.name)
    yield from w.say(w.people.operator, RecordKind.KEY, f"key:{name}", binding, key=keys.ROOT)
    end = KeyEnd(kid_of(old), w.said + 1, KeyEndReason.REPLACED)
    yield from w.say(actor, RecordKind.KEY_END, f"key-end:{actor.key}", end)
    actor.key = name


def asked(w: World, chipper: Actor) -> Story[None]:
    """A body asks a member for the paper behind a certificate; it is shown within the days set."""
    lot = yield from felling.supply(w, chipper, FuelClass.THINNED)
    producer = w.by_id[lot.seller]
    assert producer.body is not None
    asking = Challenge((lot.id,), producer.id, w.day + 30 * _DAY, w.day, "定期の確認")
    challenge = yield from w.say(producer.body, RecordKind.CHALLENGE, f"challenge-{w.said}", asking)

    def answer() -> Story[None]:
        scan = StoredFile(w.rng.randbytes(32), w.rng.randrange(80_000, 900_000), "application/pdf")
        said = Answer(challenge, w.day, (scan,))
        yield from w.say(producer, RecordKind.ANSWER, f"answer-{w.said}", said)

    w.on(w.day + w.rng.randrange(3, 20) * _DAY, answer)


def kept_longer(w: World, chipper: Actor) -> Story[None]:
    """A chipper is to keep the papers of a certificate longer than five years."""
    lot = yield from felling.supply(w, chipper, FuelClass.GENERAL)
    hold = RetentionHold((lot.id,), w.day, "取引先との契約による")
    yield from w.say(chipper, RecordKind.RETENTION_HOLD, f"retention-{w.said}", hold)
