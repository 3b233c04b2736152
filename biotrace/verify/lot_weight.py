"""By which default factors the bone-dry weight of lots was worked out, where papers state no moisture or no weight."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from .case import Case, Entry
from .fold import Fold
from .profile import Factor, Profile
from .rules import RULES
from .subject import Subject


def factors_of(case: Case, lots: Collection[str], profile: Profile) -> Mapping[str, tuple[Factor, ...]]:
    """By lot, the factors that its weight took; lots that took none are not in it.

    The case has to hold what the lots rest on: moisture and species may be stated by the certificates before them.
    """
    run = Fold(case, RULES, profile)
    found: dict[str, tuple[Factor, ...]] = {}
    for entry in case.entries:
        if entry.value.id in lots:
            dry = Subject(entry, case, run.state, profile, _stands_for_none).dry
            if dry is not None and dry.assumed:
                found[entry.value.id] = dry.assumed
        run.pass_by(entry)
    return found


def _stands_for_none(_: Entry) -> bool:
    """No supplement is asked for: none states a weight."""
    return False
