"""The state of a region between two statements: who there is, what day it is, what has been said and planted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random

from biotrace.chain.keys import PublicKey
from biotrace.chain.kinds import Body, RecordKind
from biotrace.model.fuel_class import FuelClass
from biotrace.services.private_fields import Unsigned

from . import calendar, keys
from .actors import Actor
from .fraud import Frauds, Staged
from .settings import FIRST_DAY, Settings
from .statement import Planted, Statement, Story


@dataclass
class People:
    """Everybody, by what they do. The last ones are idle in a clean region; newcomers come with frauds alone."""

    bodies: list[Actor] = field(default_factory=list)
    municipalities: list[Actor] = field(default_factory=list)
    offices: list[Actor] = field(default_factory=list)
    owners: list[Actor] = field(default_factory=list)
    producers: list[Actor] = field(default_factory=list)
    traders: list[Actor] = field(default_factory=list)
    collectors: list[Actor] = field(default_factory=list)
    sawmills: list[Actor] = field(default_factory=list)
    chippers: list[Actor] = field(default_factory=list)
    plants: list[Actor] = field(default_factory=list)
    wreckers: list[Actor] = field(default_factory=list)
    own_code: list[Actor] = field(default_factory=list)
    lapsed: list[Actor] = field(default_factory=list)
    strangers: list[Actor] = field(default_factory=list)
    unaudited: list[Actor] = field(default_factory=list)
    newcomers: list[Actor] = field(default_factory=list)

    @property
    def operator(self) -> Actor:
        """The body that runs the ledger."""
        return self.bodies[0]

    def members(self) -> list[Actor]:
        """Whom a body accredits."""
        return [*self.producers, *self.traders, *self.collectors, *self.sawmills, *self.chippers]


class World:
    """A region in motion. ``said``: how many statements there are so far; ``planted``: what a check must find.

    ``staged``: the frauds and their look-alikes of which all has been said.
    """

    def __init__(self, settings: Settings, frauds: Frauds | None = None) -> None:
        self.settings = settings
        self.frauds = frauds
        self.staged: list[Staged] = []
        self.rng = Random(settings.seed)
        self.people = People()
        self.day = FIRST_DAY
        self.said = 0
        self.planted: list[Planted] = []
        self.fuel: defaultdict[tuple[str, FuelClass], int] = defaultdict(int)
        """By plant and class: bone-dry grams in its store."""
        self.by_id: dict[str, Actor] = {}
        self._later: list[tuple[date, Callable[[], Story[None]]]] = []
        self.numbers: defaultdict[str, int] = defaultdict(int)
        self._began = 0
        self._quota = 1

    @property
    def room(self) -> int:
        """How many statements are still to come."""
        return self.settings.records - self.said

    def begin(self, day: date, quota: int) -> None:
        """A new day, on which about ``quota`` statements are made."""
        self.day, self._began, self._quota = day, self.said, max(1, quota)

    def on(self, day: date, story: Callable[[], Story[None]]) -> None:
        """Have something happen on a later day, or the first working day after it."""
        self._later.append((day, story))

    def due(self) -> Story[None]:
        """What was to happen by today."""
        due = [story for day, story in self._later if day <= self.day]
        self._later = [waiting for waiting in self._later if waiting[0] > self.day]
        for story in due:
            yield from story()

    def next_number(self, of: str) -> int:
        """1, 2, 3 … for each ``of``."""
        self.numbers[of] += 1
        return self.numbers[of]

    def public_key(self, name: str) -> PublicKey:
        """The public key of that name."""
        return keys.device_key(self.settings.seed, name).public

    def say(
        self,
        by: Actor,
        kind: RecordKind,
        subject: str,
        body: Body,
        *,
        key: str | None = None,
        names: tuple[Actor, ...] = (),
        transcribed: bool = False,
        private: tuple[Unsigned, ...] = (),
    ) -> Story[str]:
        """One statement; its record id (hex)."""
        at = calendar.second(self.day, (self.said - self._began) / (self._quota + 1))
        named = tuple(sorted({actor.id: actor.name for actor in names}.items()))
        record = yield Statement(kind, by.id, key or by.key, subject, body, at, named, transcribed, private)
        self.said += 1
        return record

    def expect(self, code: str, record: str) -> None:
        """A check must report this, from the statement last made on."""
        self.planted.append(Planted(code, record))

    def chance(self, probability: float) -> bool:
        """True so often."""
        return self.rng.random() < probability

    def active(self, actors: list[Actor]) -> Actor:
        """One of those still in business."""
        while True:
            actor = self.rng.choice(actors)
            if actor.active:
                return actor
