"""Pairs of places as people write them, with what family L must say of each from both sides, and why.

``place_pairs.csv``: a place is ``prefecture/municipality/大字/字`` and then ``#`` parcels, ``@`` compartments or
``!`` a landing; ``；`` stands between boxes of one entry and `` & `` between entries. ``~`` is short for
長野県/〇〇市/大字甲/字乙, ``~~`` for the same without 字. A concordance is of 〇〇市大字甲 unless it names its area:
``12い-3=236-2；237-1``, its lines apart by ``|``. ``why`` is a part of the sentence that is said of the pair, from one
side or the other; after ``※`` a remark of ours.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from biotrace.model.place import Concordance, Link, Place
from biotrace.services.shipped import municipalities
from biotrace.verify.place_family import Comparison, compare_places
from biotrace.verify.places import Links, Named, name_places

FILE = Path(__file__).with_name("place_pairs.csv")
ROWS = list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()))
SHORT = {"~~": "長野県/〇〇市/大字甲/", "~": "長野県/〇〇市/大字甲/字乙"}
TABLE = municipalities()


def entry(text: str) -> Place:
    """One entry in the table's shorthand."""
    for short, full in SHORT.items():
        if text.startswith(short):
            text = full + text.removeprefix(short)
            break
    mark = next((c for c in text if c in "#@!"), "")
    area, _, number = text.partition(mark) if mark else (text, "", "")
    prefecture, municipality, oaza, aza = (name or None for name in area.split("/"))
    boxes = tuple(number.split("；")) if number else ()
    return Place(
        prefecture,
        municipality,
        oaza,
        aza,
        parcels=boxes if mark == "#" else (),
        compartments=boxes if mark == "@" else (),
        landing=number if mark == "!" else None,
    )


def paper(text: str, on: str) -> Named:
    """What a paper of that day names."""
    day = date.fromisoformat(on) if on else None
    return name_places([entry(one) for one in text.split(" & ")], TABLE, on=day)


def links(text: str) -> Links:
    """The concordance of a row."""
    if not text:
        return Links((), TABLE)
    area, _, lines = text.rpartition(":")
    names = area.split("/") if area else ["長野県", "〇〇市", "大字甲"]
    pairs = (line.split("=") for line in lines.split("|"))
    table = Concordance(
        id="k-1",
        vouched_by="town",
        date=date(2014, 4, 1),
        pairs=tuple(Link(compartment, tuple(parcels.split("；"))) for compartment, parcels in pairs),
        prefecture=names[0],
        municipality=names[1],
        oaza=names[2],
    )
    return Links((table,), TABLE)


def said(comparison: Comparison) -> str:
    """The code, or ok."""
    return comparison.answer.code if comparison.answer is not None else "ok"


@pytest.mark.parametrize("row", ROWS, ids=[f"{r['mine']} | {r['theirs']}" for r in ROWS])
def test_a_pair(row: dict[str, str]) -> None:
    mine, theirs = paper(row["mine"], row["mine_on"]), paper(row["theirs"], row["theirs_on"])
    there, back = (compare_places(*pair, links(row["concordance"])) for pair in ((mine, theirs), (theirs, mine)))
    assert (said(there), said(back)) == (row["mine_in_theirs"], row["theirs_in_mine"])
    assert row["why"].startswith("※") or row["why"] in f"{there.why.ja}\n{back.why.ja}"
    touching = [a.touches(b, TABLE) for a in mine.spots for b in theirs.spots]
    assert touching == [b.touches(a, TABLE) for a in mine.spots for b in theirs.spots]


def test_there_are_many_pairs_and_each_says_why() -> None:
    assert len(ROWS) >= 200
    assert all(row["why"] for row in ROWS)
