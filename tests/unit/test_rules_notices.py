"""A206 and P506: an accreditation that expires soon, and another stage's or class's form."""

from __future__ import annotations

from datetime import date

import pytest

from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Draw, Form, Goods, Mixed, Origin, Process, Share
from biotrace.model.fuel_class import FuelClass
from biotrace.verify.effect import Effect
from tests.casebooks import (
    OTSU,
    PLANT,
    Bad,
    Good,
    accredited,
    change,
    change_accreditation,
    clean,
    copy,
    findings,
    fired,
    general,
    m3,
    national,
    residues,
    row_name,
)

NOTICE = Effect.NOTICE
THINNED, GENERAL = FuelClass.THINNED, FuelClass.GENERAL
UNTIL_DECEMBER = change_accreditation(clean(), OTSU.id, until=date(2014, 12, 19))
"""The mill's accreditation has a month left on the day of the chips."""


def followed_by(start: date, until: date = date(2017, 12, 19)) -> Casebook:
    """The mill was accredited anew."""
    first, second = accredited("長木-034", until=date(2014, 12, 19)), accredited("長木-034", start=start, until=until)
    return change(clean(), OTSU.id, accreditations=(first, second))


EXPIRING = [
    Bad(
        "A206",
        "a month before the last day",
        UNTIL_DECEMBER,
        "p-1",
        NOTICE,
        "長木-034: 2014-12-19 まで、更新の申請なし",
        "長木-034: until 2014-12-19, no renewal applied for",
    ),
    Bad(
        "A206",
        "on the last day",
        change_accreditation(clean(), OTSU.id, until=date(2014, 11, 19)),
        "p-1",
        NOTICE,
        "2014-11-19",
        "until 2014-11-19",
    ),
    Bad(
        "A206",
        "the usual three years",
        change_accreditation(clean(), OTSU.id, start=date(2011, 12, 1), until=None),
        "p-1",
        NOTICE,
        "2014-11-30",
        "until 2014-11-30",
    ),
    Bad("A206", "a gap before the next", followed_by(date(2014, 12, 21)), "p-1", NOTICE, "2014-12-19", "2014-12-19"),
    Bad(
        "A206",
        "revoked, but only later",
        change_accreditation(UNTIL_DECEMBER, OTSU.id, revoked=date(2014, 11, 20)),
        "p-1",
        NOTICE,
        "2014-12-19",
        "2014-12-19",
    ),
]
NOT_EXPIRING = [
    Good("A206", "a day more", change_accreditation(clean(), OTSU.id, until=date(2014, 12, 20))),
    Good("A206", "applied for", change_accreditation(UNTIL_DECEMBER, OTSU.id, renewal_requested=date(2014, 11, 1))),
    Good("A206", "renewed without a gap", followed_by(date(2014, 12, 20))),
]


def chips(**changes: object) -> Casebook:
    """The general chips, altered."""
    return change(general(), "p-1", **changes)


SAWN = {"goods": Goods.OFFCUTS, "process": Process.SAWING}
ON_FORM_OF_A_SOURCE = copy(clean(), "f-1", "f-2", draws=(Draw("f-1", m3(10)),), quantity=m3(10), number="第26-018号")
FORMS = [
    Bad(
        "P506",
        "general on 2-1",
        chips(form=Form.F2_1),
        "p-1",
        NOTICE,
        "別記2-1（加工・流通段階・間伐材等由来）、一般",
        "2-1",
    ),
    Bad("P506", "thinned on 2-4", change(clean(), "p-1", form=Form.F2_4), "p-1", NOTICE, "間伐材等由来の", "2-4"),
    Bad("P506", "thinned on 1-1", change(clean(), "f-1", form=Form.F1_1), "f-1", NOTICE, "別記1-1", "thinned wood"),
    Bad("P506", "general on 例1", change(general(), "f-1", form=Form.F1_PRIVATE), "f-1", NOTICE, "例1", "general wood"),
    Bad(
        "P506",
        "national forest on 例1",
        change(national(), "f-1", form=Form.F1_PRIVATE),
        "f-1",
        NOTICE,
        "国有林から出材された木材",
        "wood from a national forest",
        also=("H316",),
    ),
    Bad(
        "P506",
        "thinnings on 例2",
        change(national(), "f-1", origins=(Origin.THINNING,)),
        "f-1",
        NOTICE,
        "例2",
        "thinnings",
    ),
    Bad("P506", "a source that draws", ON_FORM_OF_A_SOURCE, "f-2", NOTICE, "引き当てている", "it draws on", ("P502",)),
    Bad("P506", "a sawmill's residues on 2-4", chips(**SAWN), "p-1", NOTICE, "端材", "offcuts"),
    Bad("P506", "logs on 2-3", change(residues(), "p-1", goods=Goods.LOGS), "p-1", NOTICE, "原木", "logs"),
]
FORMS_OK = [
    Good("P506", "a delivery note for either class", chips(form=Form.F2_2)),
    Good("P506", "residues on 2-3", residues()),
    Good("P506", "residues chipped by somebody else", chips(goods=Goods.OFFCUTS)),
    Good("P506", "residues too high are P505's", change(residues(), "p-1", fuel_class=THINNED), also=("P505", "P504")),
]


@pytest.mark.parametrize("row", EXPIRING + FORMS, ids=row_name)
def test_fires(row: Bad) -> None:
    row.check()


@pytest.mark.parametrize("row", NOT_EXPIRING + FORMS_OK, ids=row_name)
def test_near_miss(row: Good) -> None:
    row.check()


def test_a206_goes_by_today() -> None:
    """The same papers, looked at later: the accreditation has ended, and that it would is no news."""
    later = copy(
        UNTIL_DECEMBER, "d-1", "d-2", date=date(2014, 12, 20), certificate=None, fuel_class=FuelClass.CONSTRUCTION_WASTE
    )
    assert "A206" not in fired(later)
    assert "A206" in fired(later, date(2014, 12, 19))
    assert "A206" not in fired(UNTIL_DECEMBER, date(2014, 11, 18))


def test_a206_is_silent_once_the_accreditation_was_revoked() -> None:
    revoked = change_accreditation(UNTIL_DECEMBER, OTSU.id, revoked=date(2014, 11, 19))
    assert not findings(revoked, "A206")


def test_p506_any_form_will_do_under_the_exemption() -> None:
    mixed = Mixed(PLANT.id, (Share(GENERAL, 10_000),))
    assert "P506" not in fired(chips(form=Form.F2_1, mixed=mixed))
