"""A casebook's accreditations against what the ledger holds: what is signed, version by version."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from biotrace.chain.kinds import RecordKind
from biotrace.chain.record import Record
from biotrace.model.accreditation import Grant
from biotrace.model.party import Accreditation, Party, Role
from biotrace.services.logged import Logged, parties_of
from biotrace.services.sign_accreditations import Plan, plan
from tests.builders import NOW, ROOT, ChainBuilder

HELD = Accreditation(date(2014, 4, 1), "長木-034", "body", date(2017, 3, 31))
MILL = Party("otsu", "乙チップ工業株式会社", (Role.PROCESSOR,))
DAY = date(2015, 6, 1)

STATES: dict[str, tuple[Accreditation, ...]] = {
    "none": (),
    "held": (HELD,),
    "revoked": (replace(HELD, revoked=DAY),),
    "inspected": (replace(HELD, inspected=(DAY,)),),
    "inspected twice on a day": (replace(HELD, inspected=(DAY, DAY)),),
    "renewal asked for": (replace(HELD, renewal_requested=DAY),),
    "everything": (replace(HELD, revoked=DAY, renewal_requested=DAY, inspected=(DAY, date(2016, 1, 1))),),
    "other terms": (replace(HELD, until=date(2016, 3, 31)),),
    "two": (HELD, replace(HELD, start=date(2017, 4, 1), until=date(2020, 3, 31))),
}


class Mill:
    """A ledger that takes casebooks' accreditations one after another."""

    def __init__(self) -> None:
        self.chain = ChainBuilder()
        self.chain.sign(ROOT, RecordKind.PARTY, "otsu", MILL)

    def take(self, held: tuple[Accreditation, ...]) -> Plan:
        """Sign what is new, as the workspace would."""
        made = plan(replace(MILL, accreditations=held), self.chain.records)
        grant = ""
        for step in made.steps:
            body: Any = step.body
            if not isinstance(body, Grant):
                body = replace(body, grant=body.grant or grant)
            record = self.chain.sign(ROOT, step.kind, step.subject, body, transcribed=True)
            grant = record.record_id.hex() if isinstance(body, Grant) else grant
        self.chain.admitted()
        return made

    def says(self) -> tuple[Accreditation, ...]:
        """What the ledger says of the mill's accreditations."""
        records: list[Record] = self.chain.records
        return parties_of(Logged(i, NOW, r) for i, r in enumerate(records))["otsu"].accreditations


@pytest.mark.parametrize("state", STATES)
def test_the_ledger_says_what_the_casebook_says_and_nothing_is_signed_twice(state: str) -> None:
    mill = Mill()
    first = mill.take(STATES[state])
    assert mill.says() == STATES[state]
    again = mill.take(STATES[state])
    assert (again.steps, again.changed, again.outdated) == ((), False, False)
    assert again.known == len(first.steps)


@pytest.mark.parametrize("later", [s for s in STATES if s != "none"])
@pytest.mark.parametrize("earlier", STATES)
def test_a_later_casebook_is_followed_unless_it_is_an_old_one(earlier: str, later: str) -> None:
    mill = Mill()
    mill.take(STATES[earlier])
    mill.take(STATES[later])
    assert mill.says()[: len(STATES[later])] == STATES[later]


def test_an_accreditation_no_longer_listed_is_withdrawn_from_its_first_day_and_can_come_back() -> None:
    mill = Mill()
    mill.take(STATES["held"])
    assert mill.take(()).changed
    assert mill.says() == (replace(HELD, revoked=HELD.start),)
    assert mill.take(()).steps == ()
    mill.take(STATES["held"])
    assert mill.says() == STATES["held"]


def test_an_old_version_changes_nothing_back() -> None:
    mill = Mill()
    mill.take(STATES["held"])
    mill.take(STATES["other terms"])
    made = mill.take(STATES["held"])
    assert made.outdated
    assert made.steps == ()
    assert mill.says() == STATES["other terms"]
