"""Asking rules about a certificate before it is known what came before it.

An audit reads and verifies records in several processes, and judges them in one, in order. But most rules look at a
record, its papers and what reaches back, and at nothing else: these can be asked where the record is read. No rule says
of itself that it is one of them. What came before is here a thing that cannot be asked anything, and a rule that tries
is left for later. So what a rule answers early is what it would answer at its turn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, NoReturn

from biotrace.model.certificate import Certificate

from .asked import Asked, Kind, kind_of
from .case import Case, Entry
from .profile import Profile
from .rule import Answer, Rule
from .subject import Subject

_PATIENCE = 20
_MOST_ALIKE = 4096


class Early(NamedTuple):
    """What rules said early of a certificate.

    ``documents``: ids of those that it cites and that were at hand; where others are, what was said does not count.
    ``asked``: the codes that are answered, also of rules that do not apply. ``said``: the answers of those that did not
    pass.
    """

    documents: tuple[str, ...]
    asked: frozenset[str]
    passed: tuple[str, ...]
    said: Mapping[str, tuple[Answer, ...]]


class _NotYetError(Exception):
    """A rule asks for what is not known yet."""


class _NotYet:
    """Stands for what came before."""

    def __getattr__(self, name: str) -> NoReturn:
        raise _NotYetError(name)


_BEFORE: Any = _NotYet()


def _not_yet(_: Entry) -> NoReturn:
    """Whether a supplement stands, which the fold works out once."""
    raise _NotYetError


@dataclass(slots=True)
class _Tried:
    """A rule, and how often it was asked of a kind of record: with an answer, or left for later."""

    rule: Rule
    answered: int = 0
    left: int = 0

    @property
    def is_hopeless(self) -> bool:
        """Whether it has been left often, and more often than not: it need not be asked again."""
        return self.left > max(_PATIENCE, self.answered)


class EarlyRules:
    """Asks rules early."""

    def __init__(self, case: Case, rules: Sequence[Rule], profile: Profile) -> None:
        """``case``: as the fold has it, though of its documents others may be at hand."""
        self._case, self._profile = case, profile
        self._asked = Asked(rules)
        self._trying: dict[Kind, list[_Tried]] = {}
        self._alike: dict[object, Any] = {}

    def ask(self, entry: Entry) -> Early | None:
        """What can be said by now; None of a delivery, whose class may be its certificate's."""
        certificate = entry.value
        if not isinstance(certificate, Certificate):
            return None
        s = Subject(entry, self._case, _BEFORE, self._profile, _not_yet)
        kind = kind_of(s)
        if kind not in self._trying:
            self._trying[kind] = [_Tried(rule) for rule in self._asked.of(kind)]
        asked: list[str] = []
        passed: list[str] = []
        said: dict[str, tuple[Answer, ...]] = {}
        hopeless = False
        for tried in self._trying[kind]:
            rule = tried.rule
            try:
                answers = tuple(rule.check(s)) if rule.applies(s) else None
            except _NotYetError:
                tried.left += 1
                hopeless |= tried.is_hopeless
                continue
            tried.answered += 1
            asked.append(rule.code)
            if answers:
                said[rule.code] = answers
            elif answers is not None:
                passed.append(rule.code)
        if hopeless:
            self._trying[kind] = [tried for tried in self._trying[kind] if not tried.is_hopeless]
        return Early(
            documents=papers_at_hand(certificate, self._case),
            asked=self._one(frozenset(asked)),
            passed=self._one(tuple(passed)),
            said=said,
        )

    def _one(self, value: Any) -> Any:
        """One value for all that are equal: many certificates pass the same rules."""
        if len(self._alike) >= _MOST_ALIKE:
            self._alike.clear()
        return self._alike.setdefault(value, value)


def papers_at_hand(certificate: Certificate, case: Case) -> tuple[str, ...]:
    """Ids of the documents that it cites itself and that are at hand."""
    return tuple([document for document in certificate.documents if document in case.documents])
