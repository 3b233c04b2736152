"""Frauds, and honest look-alikes, put on the calendar of a region before its first working day."""

from __future__ import annotations

from functools import partial

from biotrace.model.party import Role

from .. import founding
from ..actors import Actor
from ..statement import Story
from ..world import World
from . import fellings, mills, trucks
from .when import day_between

_FIRST_NUMBER = 1_000
_ONCE = {
    "permit-volume": fellings.permit,
    "per-hectare": fellings.hectare,
    "same-minute": trucks.twice,
}
"""What happens among the people who are there anyway."""
_HABITS = {
    "municipality-only": (Role.PRODUCER, fellings.municipality),
    "yield-jump": (Role.PROCESSOR, mills.yields),
    "class-shift": (Role.PROCESSOR, mills.classes),
    "dated-after": (Role.PROCESSOR, mills.dates),
}
"""What somebody of their own does all the time."""


def stage(w: World) -> Story[None]:
    """Enter the newcomers, and have everything happen in its time; nothing where no frauds are asked for."""
    if w.frauds is None:
        return
    for code in sorted(w.frauds.counts):
        for fraud in (*[True] * w.frauds.counts[code], *[False] * w.frauds.honest):
            if code in _ONCE:
                w.on(day_between(w, 0.08, 0.85), partial(_ONCE[code], w, fraud))
                continue
            role, habit = _HABITS[code]
            habit(w, (yield from _newcomer(w, role)), fraud)


def _newcomer(w: World, role: Role) -> Story[Actor]:
    number = _FIRST_NUMBER + len(w.people.newcomers)
    actor = founding.firm(w, role, number)
    actor.body = w.rng.choice(w.people.bodies[:-1])
    actor.number = f"長木-{number}"
    w.people.newcomers.append(actor)
    w.by_id[actor.id] = actor
    yield from founding.enter(w, actor)
    yield from founding.accredit(w, actor)
    return actor
