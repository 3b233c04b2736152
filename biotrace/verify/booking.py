"""What a rule sees of the books: one line of them, or, when everything has been taken, the whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .case import Booked, Case
from .profile import Profile
from .rule import Answer, Finding, Fired, Rule, Unchecked, finding_of, unchecked_of
from .subject import State


@dataclass(frozen=True, slots=True)
class Line:
    """One booking under judgement."""

    booked: Booked
    case: Case
    state: State
    profile: Profile


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything, after the last record."""

    case: Case
    state: State
    profile: Profile


@dataclass(frozen=True, slots=True)
class BookJudged:
    """What rules said of a booking, or of a plant or body as a whole. ``id``: the booking's, or the party's."""

    id: str
    findings: tuple[Finding, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()
    passed: frozenset[str] = frozenset()

    def and_also(self, other: BookJudged) -> BookJudged:
        """Both together."""
        return BookJudged(
            self.id,
            (*self.findings, *other.findings),
            (*self.unchecked, *other.unchecked),
            self.passed | other.passed,
        )


def judge_line(line: Line, rules: Sequence[Rule]) -> BookJudged:
    """What the rules say of one booking."""
    judged = BookJudged(line.booked.id, line.booked.findings)
    for rule in rules:
        answers = rule.book(line)
        if answers is not None:
            judged = judged.and_also(_answered(rule, line.booked.id, answers))
    return judged


def judge_whole(whole: Whole, rules: Sequence[Rule]) -> Iterator[BookJudged]:
    """What the rules say when everything has been taken; a record or party may come up several times."""
    for rule in rules:
        for record, answers in rule.whole(whole):
            yield _answered(rule, record, answers)


def _answered(rule: Rule, record: str, answers: Iterable[Answer]) -> BookJudged:
    said = tuple(answers)
    return BookJudged(
        record,
        tuple(finding_of(rule, record, a) for a in said if isinstance(a, Fired)),
        tuple(unchecked_of(rule, record, a) for a in said if not isinstance(a, Fired)),
        frozenset() if said else frozenset((rule.code,)),
    )
