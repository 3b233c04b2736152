"""Reading casebooks: what is taken, and what each mistake is answered with."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from biotrace.documents import casebook_fields, located
from biotrace.documents.casebook import CasebookErrors, Problem, read_casebook, write_casebook, write_casebook_json
from biotrace.documents.casebook_fields import CASEBOOK
from biotrace.documents.casebook_reading import Record
from biotrace.errors import UnreadableError, UpdateNeededError
from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Form, Medium, Origin, Share
from biotrace.model.document import DocumentContent, DocumentCopy, Period
from biotrace.model.fuel_class import FuelClass
from biotrace.model.place import Place
from biotrace.model.quantity import Quantity, Unit

GOLDEN = Path(__file__).parents[1] / "golden"
FULL = (GOLDEN / "casebook_full.yaml").read_text(encoding="utf-8")

BASE = """\
biotrace: casebook/1
title: 試験
trusted_bodies: [body-1]
parties:
  - id: kousei
    name: 甲成林産有限会社
    roles: [producer]
    accreditation: {number: 長木-012, body: body-1, from: 2014-04-01, until: 2017-03-31}
  - {id: plant-8, name: 発電所, roles: [plant]}
  - {id: body-1, name: 認定団体, roles: [body]}
documents:
  - id: doc-1
    kind: felling_notice
    number: 26-14
    filed: 2014-05-07
    felling: {rate: 0.30, age: 45, area_ha: 1.5, volume_m3: 30}
    valid: {from: 2013-04-01, until: 2018-03-31}
certificates:
  - id: c-1
    form: 1-private
    class: thinned
    date: 2014-06-27
    seller: kousei
    buyer: plant-8
    quantity: {value: 2575, unit: m3, moisture: 0.45}
    documents: [doc-1]
    includes_weeding: false
    locations: [{municipality: 長野市, parcels: ["236-2"]}]
    felled: {from: 2014-05-27, until: 2014-06-20}
    mixed: {plant: plant-8, shares: {thinned: 0.7, general: 0.3}}
  - id: c-2
    form: 2-1
    class: thinned
    date: 2014-11-19
    seller: plant-8
    quantity: {value: 6.58, unit: kg}
    draws: [{certificate: c-1, quantity: {value: 10.8, unit: m3}}]
deliveries:
  - {id: d-1, at: plant-8, date: 2014-11-20, time: "08:40",
     from: kousei, certificate: c-2, quantity: {value: 6, unit: t}}
corrections:
  - {certificate: c-1, action: replace, date: 2014-12-01, by: c-2}
concordances:
  - {id: k-1, vouched_by: 長野市, date: 2014-04-01, pairs: [{compartment: 12い-3, parcels: [236-2]}]}
sites: [{id: yard-1, party: kousei, class: thinned}]
stock: [{site: yard-1, date: 2014-04-01, class: thinned, quantity: {value: 12, unit: t}, kind: opening}]
consumption: [{plant: plant-8, month: 2014-11, class: thinned, quantity: {value: 3100, unit: t}, ratio: 0.62}]
plans: [{plant: plant-8, year: 2014, class: thinned, quantity: {value: 35000, unit: t}}]
"""


def read(text: str, name: str = "soumu.yaml") -> Casebook:
    return read_casebook(text.encode(), name)


def refused(data: bytes | str, name: str = "soumu.yaml") -> CasebookErrors:
    with pytest.raises(CasebookErrors) as caught:
        read_casebook(data.encode() if isinstance(data, str) else data, name)
    return caught.value


class Bad(NamedTuple):
    """``old`` of the base is miswritten as ``new``; the one problem stands at ``path`` and says the words."""

    old: str
    new: str
    path: str
    ja: str
    en: str
    further: int = 0  # lines below the start of ``new``


C1 = "certificates[0] (id: c-1)"
C2 = "certificates[1] (id: c-2)"
D1 = "deliveries[0] (id: d-1)"
DOC1 = "documents[0] (id: doc-1)"
KOUSEI = "parties[0] (id: kousei)"

KEYS = [
    Bad(
        "    seller: kousei",
        "    sellr: kousei\n    seller: kousei",
        f"{C1} sellr",
        "seller の誤り",
        "did you mean seller?",
    ),
    Bad(
        "class: thinned\n    date: 2014-06",
        "fuel_class: thinned\n    class: thinned\n    date: 2014-06",
        f"{C1} fuel_class",
        "class の誤り",
        "did you mean class?",
    ),
    Bad("title: 試験", "certificate: []", "certificate", "certificates の誤り", "did you mean certificates?"),
    Bad("    includes_weeding: false", "    moisture: 0.4", f"{C1} moisture", "quantity の中に", "inside quantity"),
    Bad("    includes_weeding: false", "    oaza: 甲", f"{C1} oaza", "locations の中に", "inside locations"),
    Bad("    includes_weeding: false", "    zzz: 甲", f"{C1} zzz", "項目を消して", "remove it"),
    Bad("value: 35000", "value: 35,000", "plans[0].quantity.000", "桁区切り", "comma inside the number"),
    Bad(
        "municipality: 長野市,",
        "municipality：長野市,",
        f"{C1} locations[0].municipality：長野市",
        "半角",
        "ASCII colon",
    ),
    Bad("age: 45", "age:45", f"{DOC1} felling.age:45", "半角の空白", "followed by a space"),
    Bad("    seller: kousei\n", "", C1, "「seller: …」の行を加えて", 'add a line "seller: …"', -4),
    Bad("value: 6.58, unit: kg", "value: 6.58", f"{C2} quantity", "必須のキー unit", "required key unit"),
    Bad("action: replace, ", "", "corrections[0]", "必須のキー action", "required key action"),
    Bad(", from: 2014-04-01, until: 2017-03-31", "", f"{KOUSEI} accreditation", "必須のキー from", "required key from"),
    Bad(
        "    class: thinned\n    date: 2014-11",
        "    class: thinned\n    id: c-2\n    date: 2014-11",
        "certificates[1].id",
        "31行目",
        "line 31",
        1,
    ),
    Bad("title: 試験", "title: 試験\ntitle: 試験", "title", "2行目にもあります", "already stands on line 2", 1),
]

TEXTS = [
    Bad("number: 26-14", "number: 26", f"{DOC1} number", '"26" と引用符で囲んで', 'quote it: "26"'),
    Bad("number: 26-14", "number: 1e3", f"{DOC1} number", "数として読まれます", "a number"),
    Bad("number: 26-14", "number: 007", f"{DOC1} number", '"007" と引用符', 'quote it: "007"'),
    Bad("number: 26-14", "number: 12:30", f"{DOC1} number", "60進数", "sexagesimal"),
    Bad("number: 26-14", "number: 2014-05-08", f"{DOC1} number", "日付として読まれます", "a date"),
    Bad("number: 26-14", "number: no", f"{DOC1} number", "真偽値", "true or false"),
    Bad("number: 26-14", "number: ~", f"{DOC1} number", "キーごと消して", "remove the key"),
    Bad("number: 26-14", "number: null", f"{DOC1} number", '"null" と引用符', 'quote it: "null"'),
    Bad("number: 26-14", "number:", f"{DOC1} number", "値がありません", "there is no value"),
    Bad("number: 26-14", 'number: ""', f"{DOC1} number", "空の文字", "the text is empty"),
    Bad("number: 26-14", 'number: "　"', f"{DOC1} number", "空の文字", "the text is empty"),
    Bad("number: 26-14", "number: [26-14]", f"{DOC1} number", "リスト", "a list is written"),
    Bad("number: 26-14", "number: {a: b}", f"{DOC1} number", "組が書かれて", "a group"),
    Bad("  - id: doc-1", "  - id: 26", "documents[0] (id: 26) id", '"26" と引用符', 'quote it: "26"'),
    Bad('"236-2"', "236", f"{C1} locations[0].parcels[0]", '"236" と引用符', 'quote it: "236"'),
    Bad('time: "08:40"', "time: 08:40", f"{D1} time", '"08:40" と引用符', 'quote it: "08:40"'),
    Bad('time: "08:40"', "time: 12:30", f"{D1} time", '"12:30" と引用符', 'quote it: "12:30"'),
    Bad('time: "08:40"', 'time: "8:40"', f"{D1} time", "時刻", "a time"),
    Bad('time: "08:40"', 'time: "24:00"', f"{D1} time", "時刻", "a time"),
]

NUMBERS = [
    Bad("value: 2575", 'value: "2575"', f"{C1} quantity.value", "引用符を外して 2575", "remove the quotes: 2575"),
    Bad("value: 2575", "value: 0", f"{C1} quantity.value", "0より大きく", "above 0"),
    Bad("value: 2575", "value: -3", f"{C1} quantity.value", "0より大きく", "above 0"),
    Bad("value: 2575", "value: 10000001", f"{C1} quantity.value", "10,000,000以下", "up to 10,000,000"),
    Bad("value: 2575", "value: 1e99", f"{C1} quantity.value", "範囲の外", "out of range"),
    Bad("value: 2575", "value: .nan", f"{C1} quantity.value", "数として読めません", "not a plain number"),
    Bad("value: 2575", "value: .inf", f"{C1} quantity.value", "数として読めません", "not a plain number"),
    Bad("value: 2575", "value: 約30", f"{C1} quantity.value", "半角の数字だけ", "digits only"),
    Bad("value: 2575", "value: 2575m3", f"{C1} quantity.value", "単位や記号を付けず", "without unit"),
    Bad("value: 2575", "value: ２５７５", f"{C1} quantity.value", "2575 と書いて", "write 2575"),
    Bad("value: 2575", "value: 2_575", f"{C1} quantity.value", "2575 と書いて", "write 2575"),
    Bad("value: 2575", "value: 0x1F", f"{C1} quantity.value", "数として読めません", "not a plain number"),
    Bad("value: 2575", "value: 2575.0000001", f"{C1} quantity.value", "1 cm³", "1 cm³"),
    Bad("value: 2575", "value: 1.00000000000000000000000000000000001", f"{C1} quantity.value", "桁を減らして", "fewer"),
    Bad(
        "value: 6.58, unit: kg",
        "value: 6.5801, unit: kg",
        f"{C2} quantity.value",
        "kg は小数点以下3桁",
        "3 decimals in kg",
    ),
    Bad("moisture: 0.45", "moisture: 1", f"{C1} quantity.moisture", "1未満", "below 1"),
    Bad("moisture: 0.45", "moisture: 45", f"{C1} quantity.moisture", "0.45 と書いて", "write 0.45"),
    Bad("moisture: 0.45", "moisture: 45%", f"{C1} quantity.moisture", "0.45 と書いて", "write 0.45"),
    Bad("moisture: 0.45", "moisture: -0.1", f"{C1} quantity.moisture", "範囲の外", "out of range"),
    Bad("moisture: 0.45", "moisture: 0.33333", f"{C1} quantity.moisture", "4桁まで", "at most 4 decimals"),
    Bad("rate: 0.30", "rate: 30", f"{DOC1} felling.rate", "0.3 と書いて", "write 0.3"),
    Bad("ratio: 0.62", "ratio: 1.01", "consumption[0].ratio", "0以上1以下", "from 0 to 1"),
    Bad("age: 45", "age: 45.5", f"{DOC1} felling.age", "整数", "whole number"),
    Bad("area_ha: 1.5", "area_ha: 1.50001", f"{DOC1} felling.area_ha", "4桁まで", "4 decimals"),
    Bad("volume_m3: 30", "volume_m3: -30", f"{DOC1} felling.volume_m3", "立方メートル", "m³"),
    Bad("value: 2575, unit: m3, moisture: 0.45", "value: [2575], unit: m3", f"{C1} quantity.value", "リスト", "a list"),
    Bad("general: 0.3}", "general: 0.31}", f"{C1} mixed.shares", "合計が 1.01", "add up to 1.01"),
    Bad("general: 0.3}", "general: 1.3}", f"{C1} mixed.shares.general", "0以上1以下", "from 0 to 1"),
    Bad("general: 0.3}", "genral: 0.3}", f"{C1} mixed.shares", "general の誤り", "did you mean general?"),
    Bad("{thinned: 0.7, general: 0.3}", "[thinned]", f"{C1} mixed.shares", "合計 1", "together 1"),
    Bad("year: 2014", "year: 26", "plans[0].year", "西暦の年度", "a fiscal year"),
]

DATES = [
    Bad("date: 2014-06-27", "date: 2014-02-30", f"{C1} date", "という日はありません", "does not exist"),
    Bad("date: 2014-06-27", "date: 平成26年13月1日", f"{C1} date", "という日はありません", "does not exist"),
    Bad("date: 2014-06-27", "date: 平成32年6月27日", f"{C1} date", "2020-06-27 と書いて", "write 2020-06-27"),
    Bad("date: 2014-06-27", "date: 2014/6/27", f"{C1} date", "2014-06-27 と書いて", "write 2014-06-27"),
    Bad("date: 2014-06-27", "date: 2014-6-27", f"{C1} date", "2014-06-27 と書いて", "write 2014-06-27"),
    Bad("date: 2014-06-27", "date: 2014年6月27日", f"{C1} date", "2014-06-27 と書いて", "write 2014-06-27"),
    Bad("date: 2014-06-27", "date: 0001-01-01", f"{C1} date", "平成26年6月27日 のように", "write it like 2014-06-27"),
    Bad("date: 2014-06-27", "date: 0026/6/27", f"{C1} date", "は明治より前の日付です", "before the Meiji era"),
    Bad("date: 2014-06-27", "date: 1868-01-24", f"{C1} date", "書類の年を確かめ", "check the year on the paper"),
    Bad("date: 2014-06-27", "date: 1868/1/25", f"{C1} date", "1868-01-25 と書いて", "write 1868-01-25"),
    Bad("date: 2014-06-27", "date: 来週", f"{C1} date", "日付として読めません", "not a date"),
    Bad("date: 2014-06-27", "date: 20140627", f"{C1} date", "日付として読めません", "not a date"),
    Bad("date: 2014-06-27", "date: [2014-06-27]", f"{C1} date", "リスト", "a list"),
    Bad("filed: 2014-05-07", "filed: H32.5.7", f"{DOC1} filed", "元号が終わった後", "after its era ended"),
    Bad("until: 2014-06-20", "until: 2014-05-20", f"{C1} felled.until", "逆でないか", "swapped"),
    Bad(
        "until: 2017-03-31",
        "until: H26.3.31",
        f"{KOUSEI} accreditation.until",
        "2014-04-01 以後",
        "not before 2014-04-01",
    ),
    Bad("month: 2014-11", "month: 2014-13", "consumption[0].month", "2014-11 の形", "such as 2014-11"),
    Bad("month: 2014-11", "month: 2014-11-01", "consumption[0].month", "2014-11 の形", "such as 2014-11"),
]

WORDS = [
    Bad("unit: m3, moisture", "unit: ㎥, moisture", f"{C1} quantity.unit", "m3 の誤り", "did you mean m3?"),
    Bad(
        "kind: felling_notice",
        "kind: felling-notice",
        f"{DOC1} kind",
        "felling_notice の誤り",
        "did you mean felling_notice?",
    ),
    Bad("form: 1-private", "form: 1", f"{C1} form", "1-national", "1-national"),
    Bad(
        "class: thinned\n    date: 2014-06",
        "class: 間伐\n    date: 2014-06",
        f"{C1} class",
        "construction_waste",
        "construction_waste",
    ),
    Bad("roles: [producer]", "roles: [produser]", f"{KOUSEI} roles[0]", "producer の誤り", "did you mean producer?"),
    Bad("roles: [producer]", "roles: []", f"{KOUSEI} roles", "リストが空", "the list is empty"),
    Bad("roles: [producer]", "roles: producer", f"{KOUSEI} roles", "[ ] で囲む", "enclose it in [ ]"),
    Bad("action: replace", "action: [replace]", "corrections[0].action", "リスト", "a list"),
    Bad("includes_weeding: false", "includes_weeding: yes", f"{C1} includes_weeding", "true か false", "true or false"),
    Bad(
        "includes_weeding: false",
        'includes_weeding: "false"',
        f"{C1} includes_weeding",
        "引用符なし",
        "without quotation marks",
    ),
    Bad(
        "quantity: {value: 2575, unit: m3, moisture: 0.45}",
        "quantity: 2575",
        f"{C1} quantity",
        "value、unit",
        "value, unit",
    ),
    Bad(
        "sites: [{id: yard-1, party: kousei, class: thinned}]",
        "sites: yard-1",
        "sites",
        "「- 」で始まる行",
        'each item with "- "',
    ),
    Bad(
        "plans: [{plant: plant-8,",
        "plans: [x, {plant: plant-8,",
        "plans[0]",
        "plant、year、class",
        "plant, year, class",
    ),
]

REFERENCES = [
    Bad("seller: kousei", "seller: kosei", f"{C1} seller", "kousei の誤り", "did you mean kousei?"),
    Bad("buyer: plant-8", "buyer: zzz", f"{C1} buyer", "parties に「zzz」を加える", 'add "zzz" to parties'),
    Bad(
        "buyer: plant-8",
        "buyer: c-2",
        f"{C1} buyer",
        "certificates の id です（31行目）",
        "an id of certificates (line 31)",
    ),
    Bad("includes_weeding: false", "issuer_party: zzz", f"{C1} issuer_party", "parties", "parties"),
    Bad(
        "documents: [doc-1]", "documents: [doc-1, doc-11]", f"{C1} documents[1]", "doc-1 の誤り", "did you mean doc-1?"
    ),
    Bad(
        "draws: [{certificate: c-1",
        "draws: [{certificate: c-9",
        f"{C2} draws[0].certificate",
        "certificates のどこにも",
        "nowhere in certificates",
    ),
    Bad(
        "mixed: {plant: plant-8",
        "mixed: {plant: plant-9",
        f"{C1} mixed.plant",
        "plant-8 の誤り",
        "did you mean plant-8?",
    ),
    Bad("at: plant-8", "at: plant-9", f"{D1} at", "plant-8 の誤り", "did you mean plant-8?"),
    Bad("from: kousei", "from: kouse", f"{D1} from", "kousei の誤り", "did you mean kousei?"),
    Bad(
        "certificate: c-2, quantity", "certificate: c-3, quantity", f"{D1} certificate", "certificates", "certificates"
    ),
    Bad(
        "{certificate: c-1, action",
        "{certificate: c-7, action",
        "corrections[0].certificate",
        "certificates",
        "certificates",
    ),
    Bad("by: c-2", "by: c-7", "corrections[0].by", "certificates", "certificates"),
    Bad("body: body-1", "body: body-2", f"{KOUSEI} accreditation.body", "body-1 の誤り", "did you mean body-1?"),
    Bad(
        "trusted_bodies: [body-1]",
        "trusted_bodies: [body-2]",
        "trusted_bodies[0]",
        "body-1 の誤り",
        "did you mean body-1?",
    ),
    Bad("party: kousei", "party: kouse", "sites[0] (id: yard-1) party", "kousei の誤り", "did you mean kousei?"),
    Bad("site: yard-1", "site: yard-2", "stock[0].site", "yard-1 の誤り", "did you mean yard-1?"),
    Bad("consumption: [{plant: plant-8", "consumption: [{plant: plant-9", "consumption[0].plant", "parties", "parties"),
    Bad("plans: [{plant: plant-8", "plans: [{plant: plant-9", "plans[0].plant", "parties", "parties"),
    Bad("id: d-1", "id: c-1", "deliveries[0] (id: c-1) id", "19行目の certificates[0]", "line 19 (certificates[0])"),
]

NAMED = "documents: [doc-1]"
FILES = [
    Bad(NAMED, "files: p.pdf", f"{C1} files", "[ ] で囲む", "enclose it in [ ]"),
    Bad(NAMED, "files: [26]", f"{C1} files[0]", '"26" と引用符', 'quote it: "26"'),
    Bad(NAMED, 'files: [""]', f"{C1} files[0]", "空の文字", "the text is empty"),
    Bad(NAMED, "files: [/etc/p.pdf]", f"{C1} files[0]", "絶対パス", "is absolute"),
    Bad(NAMED, 'files: ["\\\\nas\\\\p.pdf"]', f"{C1} files[0]", "絶対パス", "is absolute"),
    Bad(NAMED, "files: ['C:\\p.pdf']", f"{C1} files[0]", "ドライブ名", "names a drive"),
    Bad(NAMED, "files: ['C:p.pdf']", f"{C1} files[0]", "ドライブ名", "names a drive"),
    Bad(NAMED, "files: [../p.pdf]", f"{C1} files[0]", "外に出ます", "leads out of"),
    Bad(NAMED, "files: ['scans\\..\\..\\p.pdf']", f"{C1} files[0]", "外に出ます", "leads out of"),
    Bad(NAMED, "files: [scans//p.pdf]", f"{C1} files[0]", "scans/p.pdf と書いて", "write scans/p.pdf"),
    Bad(NAMED, "files: [./p.pdf]", f"{C1} files[0]", "p.pdf と書いて", "write p.pdf"),
    Bad(NAMED, "files: [.]", f"{C1} files[0]", "その下に置いて", "or below it"),
    Bad(NAMED, 'files: ["p\\tq.pdf"]', f"{C1} files[0]", "制御文字", "control characters"),
    Bad(NAMED, "files: [a/p.pdf, q.pdf, 'a\\p.pdf']", f"{C1} files[2]", "二度書かれて", "named twice"),
    Bad("    kind: felling_notice", "    files: [{}]\n    kind: felling_notice", f"{DOC1} files[0]", "組", "a group"),
    Bad(
        "plant-8, date: 2014-11-20",
        "plant-8, files: [p.pdf], date: 2014-11-20",
        f"{D1} files",
        "はありません",
        "unknown",
    ),
]

YAML_ONLY = [
    Bad("number: 26-14", "number: &n 26-14", "documents[0].number", "アンカー", "anchors"),
    Bad("number: 26-14", "number: *n", "documents[0].number", "その場に", "the value here itself"),
    Bad("number: 26-14", "number: !!str 26", "documents[0].number", "タグを消して", "remove the tag"),
    Bad("plans: [{plant: plant-8,", "plans: [{<<: 1, plant: plant-8,", "plans[0]", "マージキー", "merge key"),
    Bad(
        "plans: [{plant: plant-8,", "plans: [{[a]: 1, plant: plant-8,", "plans[0]", "文字のキー", "a key of plain text"
    ),
]


@pytest.mark.parametrize(
    "bad", KEYS + TEXTS + NUMBERS + DATES + WORDS + REFERENCES + FILES + YAML_ONLY, ids=lambda b: b.new
)
def test_a_mistake_is_answered_with_line_key_and_remedy(bad: Bad) -> None:
    assert BASE.count(bad.old) >= 1
    start = BASE.index(bad.old)
    text = BASE[:start] + bad.new + BASE[start + len(bad.old) :]
    error = refused(text)
    problem = first_at(error, bad.path)
    line = BASE.count("\n", 0, start) + 1 + bad.further
    assert problem.line == line
    ja, en = (" ".join(problem.lines(lang)) for lang in ("ja", "en"))
    assert ja.startswith(f"soumu.yaml {line}行目 {bad.path}: ")
    assert bad.ja in ja
    assert en.startswith(f"soumu.yaml line {line} {bad.path}: ")
    assert bad.en in en


def first_at(error: CasebookErrors, path: str) -> Problem:
    assert [p.path for p in error.problems] == [path], error.lines("en")
    return error.problems[0]


# fmt: off
SYNTAX = [
    ("a: [1, 2\n", 1, "閉じ括弧", "closing bracket"),
    ("biotrace: casebook/1\ntitle: {a: 1\nb: 2\n", 2, "閉じ括弧", "closing bracket"),
    ("biotrace: casebook/1\ntitle: 'x\n\n\n", 2, "引用符を閉じて", "close the quotation mark"),
    ("biotrace: casebook/1\ntitle: \"x\n---\n", 2, "引用符を閉じて", "close the quotation mark"),
    ("biotrace: casebook/1\ntitle: a: b\n", 2, "「: 」", "quotation marks"),
    ("biotrace: casebook/1\ntitle:a\nparties: []\n", 2, "半角コロン", "colon"),
    ("biotrace: casebook/1\nparties\n", 2, "「キー: 値」の形", '"key: value"'),
    ("biotrace: casebook/1\nparties:\n\t- id: a\n", 3, "タブを半角スペース", "replace the tab"),
    ("biotrace: casebook/1\ntitle: @a\n", 2, "「@」で始める", 'start with "@"'),
    ("biotrace: casebook/1\ntitle: ]\n", 2, "囲んで", "quotation marks"),
    ("biotrace: casebook/1\ntitle: - a\n", 2, "次の行から", "next line"),
    ("biotrace: casebook/1\nparties:\n  - id: a\n title: b\n", 4, "字下げ", "indent"),
    ("- a\nb: 1\n", 2, "字下げ", "indent"),
    ("biotrace: casebook/1\ntitle: 'a' b\n", 2, "引用符や括弧", "closes too early"),
    ('biotrace: casebook/1\ntitle: "C:\\path"\n', 2, "二つ重ねる", "double the"),
    ("biotrace: casebook/1\ntitle: !x!y z\n", 2, "記号を確かめ", "check the signs"),
    ("biotrace: casebook/1\n---\ntitle: a\n", 2, "二つ目の文書", "second document"),
    ("biotrace: casebook/1\ntitle: a\x07b\n", 2, "U+0007", "U+0007"),
    ("", 1, "何も書かれていません", "the file is empty"),
    (" \n\n", 1, "何も書かれていません", "the file is empty"),
    ("# 注だけ\n", 1, "何も書かれていません", "the file is empty"),
    ("---\n", 1, "何も書かれていません", "the file is empty"),
    ("- a\n- b\n", 1, "先頭に「biotrace: casebook/1」", 'write "biotrace: casebook/1"'),
    ("甲成林産", 1, "先頭に「biotrace: casebook/1」", 'write "biotrace: casebook/1"'),
    ("title: 試験\n", 1, "先頭に「biotrace: casebook/1」", 'write "biotrace: casebook/1"'),
    ("name: x\nversion: 3\n", 1, "先頭に「biotrace: casebook/1」", 'write "biotrace: casebook/1"'),
    ("title: 試験\nbiotrace: 1\n", 2, "先頭に「biotrace: casebook/1」", 'write "biotrace: casebook/1"'),
    ("biotrace:\n", 1, "先頭に「biotrace: casebook/1」", 'write "biotrace: casebook/1"'),
    ("[" * 50_000, 1, "入れ子が深すぎます", "nesting is too deep"),
    ("- " * 50_000, 1, "入れ子が深すぎます", "nesting is too deep"),
    ('{"a":' * 50_000, 1, "入れ子が深すぎます", "nesting is too deep"),
    ('{"a": ' * 40 + "1" + "}" * 40, 1, "入れ子が深すぎます", "nesting is too deep"),
    ('{\n"biotrace": "casebook/1",\n}', 3, "最後の項目の後のコンマ", "comma after the last item"),
    ('{\n"biotrace": "casebook/1"\n"title": "a"}', 3, "コンマか閉じ括弧", "a comma or closing bracket"),
    ('{\n"biotrace" "casebook/1"}', 2, "「:」がありません", 'a ":" is missing'),
    ('{\n"biotrace": }', 2, "値がありません", "a value is missing"),
    ('{\nbiotrace: casebook/1}', 2, "キーを \"…\" で囲み", 'put the key in "…"'),
    ('{\n"biotrace": "casebook/1}', 2, "引用符を閉じて", "close the quotation mark"),
    ('{\n"biotrace": "casebook/1",\n"title": "a\nb"}', 3, "改行は \\n", "write \\n"),
    ('{\n"biotrace": "casebook/1",\n"title": "C:\\path"}', 3, "二つ重ねて", "double the"),
    ('{"biotrace": "casebook/1"}\n}', 2, "最後の } の後", "after the last }"),
    ('{"biotrace": "casebook/1",\n"title": "\\ud83d"}', 2, "文字をそのまま", "write the character itself"),
    ('{"biotrace": "casebook/1",\n"title": NaN}', 2, "引用符で囲んで", "quote it"),
    ('{"biotrace": "casebook/1",\n"title": null}', 2, "キーごと消して", "remove the key"),
    ('{"biotrace": "casebook/1",\n"title": "a",\n"title": "b"}', 3, "2行目にもあります", "stands on line 2"),
]
# fmt: on


@pytest.mark.parametrize(("text", "line", "ja", "en"), SYNTAX, ids=lambda v: repr(v)[:50])
@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
def test_a_file_that_is_no_yaml_is_answered_in_plain_words(
    text: str, line: int, ja: str, en: str, loader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(located, "LOADER", getattr(yaml, loader))
    error = refused(text)
    assert error.code == "unreadable"
    assert error.problems[0].line == line
    assert ja in "".join(error.lines("ja"))
    assert en in "".join(error.lines("en"))


@pytest.mark.parametrize(
    ("data", "line", "ja", "en"),
    [
        (FULL.encode("cp932"), 3, "Shift_JIS で保存", "this looks like Shift_JIS"),
        (BASE.encode("euc_jp"), 2, "EUC-JP で保存", "this looks like EUC-JP"),
        (BASE.encode("iso2022_jp"), 1, "ISO-2022-JP", "ISO-2022-JP"),
        (BASE.encode("utf-16"), 1, "UTF-16 で保存", "this looks like UTF-16"),
        (BASE.encode("utf-16-le"), 1, "UTF-16 で保存", "this looks like UTF-16"),
        (BASE.encode("utf-16-be"), 1, "UTF-16 で保存", "this looks like UTF-16"),
    ],
)
def test_another_encoding_is_recognised(data: bytes, line: int, ja: str, en: str) -> None:
    error = refused(data)
    assert error.problems[0].line == line
    assert ja in error.lines("ja")[0]
    assert "UTF-8 を選び" in error.lines("ja")[1]
    assert en in error.lines("en")[0]
    assert "save it as UTF-8" in error.lines("en")[1]


@pytest.mark.parametrize(
    ("data", "ja", "en", "command"),
    [
        (b"%PDF-1.4\n%\xe2\xe3", "PDF です", "no text file but a PDF", "biotrace scan"),
        (b"PK\x03\x04\x14\x00", "Excel のブック", "an Excel workbook", "biotrace workbook import"),
        (b"\x89PNG\r\n\x1a\n\x00", "画像です", "a picture", "biotrace scan"),
        (b"\xff\xd8\xff\xe0\x00", "画像です", "a picture", "biotrace scan"),
    ],
)
def test_another_kind_of_file_is_told_with_the_command_for_it(data: bytes, ja: str, en: str, command: str) -> None:
    error = refused(data)
    assert error.problems[0].line == 1
    assert ja in error.lines("ja")[0]
    assert en in error.lines("en")[0]
    assert all(command in error.lines(lang)[1] for lang in ("ja", "en"))


def test_damaged_utf_8_is_not_mistaken_for_another_encoding() -> None:
    error = refused(BASE.encode().replace("産有".encode(), "産有".encode()[:-1]))
    assert error.problems[0].line == 6
    assert "打ち直し" in error.lines("ja")[1]
    assert "retype this line" in error.lines("en")[1]


def test_a_byte_order_mark_is_accepted() -> None:
    assert read_casebook(b"\xef\xbb\xbf" + BASE.encode(), "bom.yaml") == read(BASE)


def test_windows_line_ends_change_nothing() -> None:
    assert read(BASE.replace("\n", "\r\n")) == read(BASE)


def test_another_version_asks_for_an_update_and_gives_no_verdict() -> None:
    with pytest.raises(UpdateNeededError) as caught:
        read("biotrace: casebook/2\nfuture: [things]\n")
    assert caught.value.code == "update-needed"
    assert "soumu.yaml 1行目 biotrace" in caught.value.message.ja
    assert "update needed" in caught.value.message.en
    assert caught.value.remedy is not None
    assert "更新して" in caught.value.remedy.ja


def test_all_mistakes_are_told_at_once_in_the_order_of_lines() -> None:
    text = BASE.replace("26-14", "26").replace("form: 1-private", "form: x").replace("buyer: plant-8", "buyer: y")
    error = refused(text)
    assert [(p.line, p.path) for p in error.problems] == [
        (14, f"{DOC1} number"),
        (20, f"{C1} form"),
        (24, f"{C1} buyer"),
    ]
    assert isinstance(error, UnreadableError)
    assert error.message.ja == "soumu.yaml に直すところが3件あります"
    assert str(error) == "soumu.yaml: 3 problems"


def test_a_single_mistake_stands_in_the_message() -> None:
    error = refused(BASE.replace("26-14", "26"))
    assert error.message.ja.startswith(f"soumu.yaml 14行目 {DOC1} number: 「26」")
    assert error.remedy is not None
    assert error.lines("ja") == [
        f"soumu.yaml 14行目 {DOC1} number: 「26」は文字でなく数として読まれます。正しい形: 文字",
        '  対処: "26" と引用符で囲んでください',
    ]


def test_after_twenty_problems_only_their_number_is_shown() -> None:
    error = refused("biotrace: casebook/1\ntrusted_bodies: [" + ", ".join("12345") + ", 6" * 20 + "]\n")
    assert len(error.problems) == 25
    assert error.lines("ja")[-1] == "ほかに5件あります"
    assert error.lines("en")[-1] == "and 5 more"
    assert sum("soumu.yaml 2行目" in line for line in error.lines("ja")) == 20


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("- id: kousei", "- id: 26", "parties[0] (id: 26) id"),
        ("- id: c-1", "- id: ", "certificates[0].id"),
        ("documents:\n  - id: doc-1\n    kind", "documents:\n    id: doc-1\n    kind", "documents"),
    ],
)
def test_references_to_an_entry_that_could_not_be_read_are_no_problem_of_their_own(
    old: str, new: str, path: str
) -> None:
    assert [p.path for p in refused(BASE.replace(old, new)).problems] == [path]


def test_control_characters_in_a_message_are_made_visible() -> None:
    line = refused('{"biotrace": "casebook/1", "plans": "\\u001b[2J' + "長" * 100 + '"}').lines("ja")[0]
    assert "‹U+001B›" in line
    assert "\x1b" not in line
    assert "長" * 50 not in line


@pytest.mark.parametrize("old", ["number: 26-14", "id: doc-1", "name: 甲成林産有限会社"])
@pytest.mark.parametrize("escape", ["\\0", "\\u0000", "\\x00"])
def test_a_nul_is_refused_wherever_text_stands(old: str, escape: str) -> None:
    key, value = old.split(": ")
    error = refused(BASE.replace(old, f'{key}: "{value}{escape}x"', 1))
    problem = next(p for p in error.problems if p.path.endswith(key))
    assert "制御文字 U+0000 が混じっています" in problem.message.ja
    assert "U+0000" in problem.message.en
    assert "\0" not in "".join(error.lines("ja") + error.lines("en"))
    assert any("消してください" in line for line in error.lines("ja"))


def test_the_minimal_casebook() -> None:
    assert read("biotrace: casebook/1\n") == Casebook()
    assert read('{"biotrace": "casebook/1"}') == Casebook()
    assert read("biotrace: casebook/1\ntrusted_bodies: []\nparties: []\n") == Casebook(trusted_bodies=())


def test_defaults_of_absent_keys() -> None:
    book = read(BASE)
    document, certificate = book.documents[0], book.certificates[0]
    assert book.parties[0].as_business is True
    assert (document.content, document.copy) == (DocumentContent.FULL, DocumentCopy.KEPT)
    assert (certificate.medium, certificate.includes_weeding, certificate.origins) == (Medium.FORM, False, ())
    assert book.deliveries[0].fuel_class is None


def test_the_full_casebook() -> None:
    book = read(FULL)
    owner, producer, processor, plant = book.parties[:4]
    assert owner.as_business is False
    assert producer.accreditations[0].inspected == (date(2015, 6, 1),)
    assert [a.until for a in processor.accreditations] == [date(2015, 8, 31), date(2020, 8, 31)]
    assert plant.accreditations[0].third_party_audit is not None
    assert book.parties[4].code_from == date(2012, 8, 20)
    felling = book.documents[0].felling
    assert felling is not None
    assert (felling.rate, felling.area, felling.volume) == (3_000, 236_110, 2_575_000_000)
    assert book.documents[0].accepted == date(2014, 5, 8)
    assert book.documents[1].valid == Period(date(2013, 4, 1), date(2023, 3, 31))
    first, second, third, _ = book.certificates
    assert (first.form, first.fuel_class) == (Form.F1_PRIVATE, FuelClass.THINNED)
    assert first.origins == (Origin.PROTECTION_FOREST,)
    assert first.quantity == Quantity(2_575_000_000, Unit.M3)
    assert first.locations[1] == Place(compartments=("12い-3",), annex=True)
    assert second.quantity == Quantity(6_580_000, Unit.T, 4_200)
    assert second.mixed is not None
    assert second.mixed.shares == (Share(FuelClass.THINNED, 7_000), Share(FuelClass.GENERAL, 3_000))
    assert third.origins == (Origin.NATIONAL_FOREST, Origin.THINNING)
    assert third.date == date(2019, 5, 1)
    assert (book.deliveries[0].sender, book.deliveries[0].time) == ("otsu", "08:40")
    assert book.corrections[0].by == "c-11"
    assert book.consumption[0].month == date(2014, 11, 1)
    assert book.consumption[0].ratio == 6_200
    assert book.files == {"doc-1": ("伐採届.pdf", "scans/p2.jpg"), "c-2": ("計量票/26-11-19.png",)}
    assert book.documents[0].files == ()


def test_names_of_files_stand_beside_the_entries_and_an_empty_list_says_nothing() -> None:
    book = read(BASE.replace("documents: [doc-1]", "documents: [doc-1]\n    files: ['走査 1\\許可　証.pdf', b.png]"))
    assert book.files == {"c-1": ("走査 1/許可　証.pdf", "b.png")}
    assert replace(book, files={}) == read(BASE)
    assert read(BASE.replace("documents: [doc-1]", "documents: [doc-1]\n    files: []")) == read(BASE)
    assert read(write_casebook(book)) == book


def test_the_full_casebook_uses_every_key() -> None:
    """Whatever the table knows is shown in the golden file, so that a changed key cannot slip through."""
    used: set[str] = set()

    def collect(value: Any) -> None:
        if isinstance(value, dict):
            used.update(value)
            value = list(value.values())
        if isinstance(value, list):
            for item in value:
                collect(item)

    collect(yaml.safe_load(FULL))
    known = {key.key for record in records() for key in record.keys}
    assert known <= used


def test_the_full_casebook_reads_the_same_from_its_own_writing() -> None:
    book = read(FULL)
    assert read(write_casebook(book)) == book
    assert read(write_casebook_json(book)) == book


def test_written_yaml_is_plain_to_read() -> None:
    text = write_casebook(read(BASE.replace("number: 26-14", 'number: "26"')))
    assert text.startswith("biotrace: casebook/1\ntitle: 試験\n")
    assert '    number: "26"\n' in text
    assert "    quantity: {value: 2575, unit: m3, moisture: 0.45}\n" in text
    assert "    date: 2014-06-27\n" in text
    assert "\\u" not in text


def test_json_may_be_indented_with_tabs_and_escape_everything() -> None:
    book = read(FULL)
    text = json.dumps(json.loads(write_casebook_json(book)), indent="\t", ensure_ascii=True)
    assert read(text) == book
    assert read('{"biotrace": "casebook/1",\t"title": "\\ud842\\udfb7\\/家"}').title == "𠮷/家"


def test_dates_may_be_quoted_and_written_in_eras() -> None:
    for written in ('"2014-06-27"', "平成26年6月27日", "H26.6.27", '"Ｈ２６．６．２７"'):
        assert read(BASE.replace("date: 2014-06-27", f"date: {written}")).certificates[0].date == date(2014, 6, 27)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("until: 2018-03-31", "until: 平成33年3月31日"),
        ("valid: {from: 2013-04-01, until: 2018-03-31}", "valid: {from: 平成32年4月1日, until: 平成33年3月31日}"),
        ("volume_m3: 30", "volume_m3: 30, until: 平成33年3月31日"),
        ("until: 2014-06-20", "until: 平成33年3月31日"),
        ("until: 2017-03-31", "until: 平成33年3月31日, renewal_requested: 平成32年9月1日"),
    ],
)
def test_until_and_valid_are_read_through_the_end_of_an_era(old: str, new: str) -> None:
    assert "2021, 3, 31" in repr(read(BASE.replace(old, new)))


def records() -> list[Record]:
    """Every record of the table, the inner ones too."""
    found: list[Record] = []

    def visit(kind: Any) -> None:
        if isinstance(kind, Record):
            found.append(kind)
            for key in kind.keys:
                visit(key.kind)
        else:
            for inner in ("item", "record"):
                if hasattr(kind, inner):
                    visit(getattr(kind, inner))

    visit(CASEBOOK)
    return found


@pytest.mark.parametrize("record", records(), ids=lambda record: record.model.__name__)
def test_the_table_covers_every_attribute_of_the_model_once(record: Record) -> None:
    beside = {"sealed", "replaces", "follows"}  # what only signed records say
    if record is CASEBOOK:
        beside.add("files")  # gathered from the entries that name them
    attributes = [field.name for field in dataclasses.fields(record.model) if field.name not in beside]
    assert sorted(key.name for key in record.keys) == sorted(attributes)
    assert len({key.key for key in record.keys}) == len(attributes)


@pytest.mark.parametrize(
    ("record", "required"),
    [
        (casebook_fields.PARTIES, "id name roles"),
        (casebook_fields.DOCUMENTS, "id kind"),
        (casebook_fields.CERTIFICATES, "id form class date seller quantity"),
        (casebook_fields.DELIVERIES, "id at date quantity"),
        (casebook_fields.CORRECTIONS, "certificate action date"),
        (casebook_fields.CASEBOOK, ""),
    ],
)
def test_required_keys_are_those_of_the_format(record: Record, required: str) -> None:
    assert {key.key for key in record.required} == set(required.split())
