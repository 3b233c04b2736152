"""What a rule is, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from biotrace.model.text import Text

from .effect import Effect
from .stage import Stage

if TYPE_CHECKING:
    from .booking import Line, Whole
    from .subject import Subject


class Scope(StrEnum):
    """How far a rule looks."""

    RECORD = "record"
    LOT = "lot"
    ISSUER = "issuer"
    SITE = "site"
    PLANT = "plant"


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule's answer that something is not in order.

    ``found`` is what was seen. The other texts and the effect default to the rule's. ``excess``: the share
    (0 to 1) of the record that lies above a quantity; None where the whole record is concerned.
    """

    found: Text
    message: Text | None = None
    expected: Text | None = None
    remedy: Text | None = None
    effect: Effect | None = None
    excess: Fraction | None = None


@dataclass(frozen=True, slots=True)
class NotChecked:
    """A rule's answer that it lacked something. ``harmless``: the catalogue says that lacking it changes nothing."""

    reason: Text
    harmless: bool = False


Answer = Fired | NotChecked
"""What a rule may have to say. Nothing said: passed."""


def never(_: Subject) -> bool:
    """Of a rule that speaks of no certificate or delivery."""
    return False


def nothing(_: Subject | Whole) -> Iterable[Any]:
    """What a rule says of what it does not speak of."""
    return ()


def not_of_it(_: Line) -> None:
    """Of a rule that speaks of no booking."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the catalogue. ``proof``: if it cannot be run, the verdict is incomplete.

    ``stages``: the kinds of record it can speak of; of these it is asked whether it ``applies``. ``book``: the same for
    a booking, None where it does not apply. ``whole``: what it says when all has been taken, by the record or party
    concerned. ``example``: one case in a sentence, with its figures.
    """

    code: str
    name: Text
    clause: str
    scope: Scope
    proof: bool
    effect: Effect
    explanation: Text
    expected: Text
    remedy: Text
    example: Text
    stages: frozenset[Stage] = frozenset()
    applies: Callable[[Subject], bool] = never
    check: Callable[[Subject], Iterable[Answer]] = nothing
    book: Callable[[Line], Iterable[Answer] | None] = not_of_it
    whole: Callable[[Whole], Iterable[tuple[str, Iterable[Answer]]]] = nothing


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that fired on a record: what was seen, what was expected, and what would mend it."""

    code: str
    record: str
    effect: Effect
    clause: str
    message: Text
    expected: Text
    found: Text
    remedy: Text
    excess: Fraction | None = None

    @property
    def is_notice(self) -> bool:
        """The class stays; a person should look."""
        return self.effect is Effect.NOTICE


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A rule that could not be run on a record, and why. ``decisive``: it makes the verdict incomplete."""

    code: str
    record: str
    reason: Text
    decisive: bool


def finding_of(rule: Rule, record: str, fired: Fired) -> Finding:
    """The finding that a rule's answer makes on a record."""
    return Finding(
        code=rule.code,
        record=record,
        effect=fired.effect or rule.effect,
        clause=rule.clause,
        message=fired.message or rule.name,
        expected=fired.expected or rule.expected,
        found=fired.found,
        remedy=fired.remedy or rule.remedy,
        excess=fired.excess,
    )


def unchecked_of(rule: Rule, record: str, answer: NotChecked) -> Unchecked:
    """What a rule's answer leaves open on a record."""
    return Unchecked(rule.code, record, answer.reason, rule.proof and not answer.harmless)
