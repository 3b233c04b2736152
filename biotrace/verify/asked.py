"""Which rules are asked about a record at all: known from its kind, before any of them looks at it."""

from __future__ import annotations

from collections.abc import Sequence

from .rule import Rule
from .stage import Stage, stage_of
from .subject import Subject

_PROOF_FAMILIES = "AHLP"
"""Families that do not speak of a lot declared as waste."""
_FELLING_FAMILIES = "HL"
"""Families that judge a supplemented certificate as a whole, and so not its supplement."""
_SENTENCES = ("P507", "P512")
"""Rules about sentences that the supplemented certificate carries."""

Kind = tuple[Stage, bool, bool]
"""Of a record: its stage, whether it needs proof, and whether it only supplements another."""


def kind_of(s: Subject) -> Kind:
    """The kind of a record."""
    return stage_of(s.entry.value), s.needs_proof, s.is_supplement


class Asked:
    """Which rules can speak of a kind of record, worked out once for each."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._known: dict[Kind, tuple[Rule, ...]] = {}

    def of(self, kind: Kind) -> tuple[Rule, ...]:
        """Those rules, in order."""
        if kind not in self._known:
            self._known[kind] = tuple(rule for rule in self._rules if _can_speak(rule, *kind))
        return self._known[kind]


def _can_speak(rule: Rule, stage: Stage, needs_proof: bool, supplement: bool) -> bool:
    if stage not in rule.stages or (not needs_proof and rule.code[0] in _PROOF_FAMILIES):
        return False
    return not (supplement and (rule.code[0] in _FELLING_FAMILIES or rule.code in _SENTENCES))
