"""The formats of a graph: each opens again elsewhere, holds everything, and takes no name for markup."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pypdf
import pytest
from hypothesis import given, settings

from biotrace.documents.graph_papers.as_data import graph_data
from biotrace.documents.graph_papers.as_pdf import pdf
from biotrace.documents.graph_papers.graph import Column, Flow, Graph, Standing
from biotrace.documents.graph_papers.graphml import graphml
from biotrace.documents.graph_papers.html import html
from biotrace.documents.graph_papers.markup import element, empty
from biotrace.documents.graph_papers.page_script import HASH, SCRIPT
from biotrace.documents.graph_papers.paints import PAINTS
from biotrace.documents.graph_papers.svg import svg
from biotrace.documents.graph_papers.tables import flows_csv, stops_csv
from biotrace.model.text import Lang, same
from tests.graphs import HOSTILE, T, crowded, demo, example, graphs, stop

SVG = "{http://www.w3.org/2000/svg}"
LANGS: tuple[Lang, Lang] = ("ja", "en")


def texts(picture: str) -> list[str]:
    return [node.text or "" for node in ElementTree.fromstring(picture).iter(f"{SVG}text")]


@given(graphs(most=12, circles=True))
@settings(max_examples=40)
def test_a_picture_of_anything_is_well_formed_and_refers_to_nothing_outside(graph: Graph) -> None:
    for lang in LANGS:
        root = ElementTree.fromstring(svg(graph, lang))
        assert {node.tag for node in root.iter()} <= {
            SVG + name for name in ("svg", "g", "defs", "pattern", "rect", "circle", "path", "text", "title")
        }
        for node in root.iter():
            assert not any(name.startswith("on") or name.endswith("href") for name in node.attrib)
            assert all(value.startswith("url(#") for value in node.attrib.values() if "url(" in value)


@pytest.mark.parametrize("lang", LANGS)
def test_a_picture_tells_what_it_shows(lang: Lang) -> None:
    graph = example()
    said = texts(svg(graph, lang))
    assert graph.title.get(lang) in said
    assert "2026/11/22" in " ".join(said)
    for wanted in ("41.250 t", "96.000 t", "37.520 t", "13.600 t"):
        assert wanted in said
    both = {
        "ja": ("◆ t-2", "指摘あり", "間伐材等 → 一般木質", "量不明", "数量は全乾トン（水分0％）", "帯の幅 = 10 t"),
        "en": ("◆ t-2", "findings (指摘)", "thinned → general", "unknown", "width of a band = 10 t"),
    }
    assert set(both[lang]) <= set(said)


def test_a_legend_explains_only_what_is_there() -> None:
    graph = example()
    plain = replace(graph, flows=(Flow("f-1", "t-1", 88_400_000),), stops=(graph.stops[0], graph.stops[4]))
    said = texts(svg(plain, "ja"))
    assert "適合" in said
    assert not {"指摘あり", "量不明", "この図の対象", "置場で混ざり得たもの（由来の可能性）"} & set(said)


def test_every_verdict_has_a_sign_and_a_colour_that_stands_out() -> None:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    assert len({paint.pattern for paint in PAINTS.values()}) == len(Standing) == len(PAINTS)
    for paint in PAINTS.values():
        for ground in (paint.tint, "#ffffff"):
            assert (light(ground) + 0.05) / (light(paint.strong) + 0.05) >= 4.5


def test_a_name_that_means_harm_stays_text() -> None:
    page = html(example(), "ja")
    assert "<script>fetch" not in page
    assert "<img" not in page
    assert page.count("<script") == 1
    assert "&lt;script&gt;fetch" in page
    assert element("a", HOSTILE, title=HOSTILE).count("<") == 2
    assert 'x="a &lt;b&gt; &quot;c&quot; &amp;"' in empty("rect", x='a <b> "c" &')


def test_a_page_forbids_every_connection_and_runs_one_script() -> None:
    page = html(example(), "ja")
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert f"default-src &#x27;none&#x27;; style-src &#x27;unsafe-inline&#x27;; script-src &#x27;{HASH}&#x27;" in policy
    assert f"<script>{SCRIPT}</script>" in page
    assert not re.findall(r'(?:src|href|action|data)="(?!#)', page)
    assert not re.findall(r"@import|url\((?!#)", page)
    assert "innerHTML" not in SCRIPT


@pytest.mark.parametrize("lang", LANGS)
def test_a_page_tells_everything_without_a_script(lang: Lang) -> None:
    graph = example()
    page = html(graph, lang)
    assert f'<html lang="{lang}">' in page
    for number in range(len(graph.stops)):
        assert f'<article id="record-{number}">' in page
        assert page.count(f'href="#record-{number}"') >= 2
    assert {"ja": "伐採届の箇所（木島平村 12い-3）", "en": "the notice names 木島平村 12い-3"}[lang] in page
    assert {"ja": "検査していないもの", "en": "not checked"}[lang] in page


def test_boxes_that_stand_for_many_lead_to_their_list() -> None:
    graph = crowded(100)
    page = html(graph, "ja")
    (first, *_) = re.findall(r'<article id="(group-\d+)">', page)
    assert f'href="#{first}"' in page
    assert all(f'<article id="record-{n}">' in page for n in range(len(graph.stops)))
    assert "にまとめて描いています" in page


def test_graphml_opens_again_with_all_that_was_in_it() -> None:
    graph = example()
    for lang in LANGS:
        back = nx.read_graphml(io.BytesIO(graphml(graph, lang)))
        assert set(back.nodes) == {s.id for s in graph.stops}
        assert {(a, b): (d.get("grams"), d["pooled"], d.get("note")) for a, b, d in back.edges(data=True)} == {
            (f.source, f.target): (f.grams, f.pooled, f.note and f.note.get(lang)) for f in graph.flows
        }
        for one in graph.stops:
            kept = back.nodes[one.id]
            assert kept["title"] == one.title.get(lang)
            assert (kept["party"], kept["place"], kept.get("grams")) == (one.party, one.place, one.grams)
            assert (kept["standing"], kept["column"], kept["marked"]) == (one.standing, one.column, one.marked)
            assert kept.get("day") == (one.day and one.day.isoformat())
            assert (kept.get("declared"), kept.get("confirmed")) == (one.declared, one.confirmed)
            assert all(kept[f"fact: {name.get(lang)}"] == said.get(lang) for name, said in one.facts)
        assert back.graph["title"] == graph.title.get(lang)


@given(graphs(most=10, circles=True))
@settings(max_examples=40)
def test_graphml_of_anything_opens_again(graph: Graph) -> None:
    back = nx.read_graphml(io.BytesIO(graphml(graph, "ja")), force_multigraph=True)
    assert back.number_of_nodes() == len(graph.stops)
    assert sorted(d.get("grams", -1) for *_, d in back.edges(data=True)) == sorted(
        -1 if f.grams is None else f.grams for f in graph.flows
    )


def test_graphml_holds_ids_that_xml_cannot() -> None:
    graph = Graph("g", same("g"), (), tuple(stop(i, Column.TRADE, 1) for i in ("a\x00", "a\x01")), ())
    assert nx.read_graphml(io.BytesIO(graphml(graph, "ja"))).number_of_nodes() == 2


def test_csv_opens_in_excel_and_holds_tonnes_to_the_gram() -> None:
    graph = example()
    data = stops_csv(graph, "ja")
    assert data.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    assert head[0] == "記録ID"
    assert len(rows) == len(graph.stops)
    by_id = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert by_id["d-2"]["全乾t"] == "44.0004"
    assert by_id["f-3"]["全乾t"] == ""
    assert by_id["f-2"]["確認した区分"] == "一般木質バイオマス"
    assert by_id["f-2"]["内容"].startswith("指摘 L402: ")
    assert by_id["t-2"]["対象"] == "◆"
    head, *rows = csv.reader(io.StringIO(flows_csv(graph, "ja").decode("utf-8-sig")))
    assert [row[0] + row[2] for row in rows] == [f.source + f.target for f in graph.flows]
    assert rows[1][head.index("つながり")] == "置場で混ざり得たもの（由来の可能性）"


def test_a_name_that_excel_would_take_for_a_formula_is_text() -> None:
    graph = Graph("g", same("g"), (), (stop("a", Column.TRADE, 1, party="=1+1"),), ())
    assert "'=1+1" in stops_csv(graph, "ja").decode("utf-8-sig")


def test_data_has_everything_in_base_units() -> None:
    graph = example()
    data = graph_data(graph, "en")
    assert [s["grams"] for s in data["stops"]] == [s.grams for s in graph.stops]
    assert data["stops"][1]["confirmed"] == "general"
    assert data["flows"][1] == {"source": "f-1", "target": "t-2", "grams": 7_600_000, "pooled": True, "note": None}
    assert data["facts"][1] == {"name": "as of", "value": "2026/11/22"}
    assert data["stops"][1]["facts"][0]["name"] == "finding L402"


@pytest.mark.parametrize("lang", LANGS)
def test_a_pdf_has_the_picture_on_landscape_sheets_with_its_words(lang: Lang) -> None:
    graph = example()
    data = pdf(graph, lang)
    assert data == pdf(graph, lang)
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    assert len(pages) == 1
    assert pages[0].mediabox.width > pages[0].mediabox.height
    said = pages[0].extract_text()
    for wanted in (graph.title.get(lang), "41.250 t", "37.520 t", "北信濃森林組合", "236-2", "10 t", "1 / 1"):
        assert wanted in said
    embedded = [font["/FontDescriptor"] for font in fonts(pages[0])]
    assert embedded
    assert all("/FontFile2" in descriptor for descriptor in embedded)


def fonts(page: Any) -> list[Any]:
    return [font.get_object() for font in page["/Resources"]["/Font"].values()]


def test_a_large_picture_goes_on_over_several_sheets() -> None:
    graph = demo("plant-3")
    pages = pypdf.PdfReader(io.BytesIO(pdf(graph, "ja"))).pages
    said = [page.extract_text() for page in pages]
    assert len(pages) > 1
    for one in graph.stops:
        assert any(one.title.ja in page for page in said)
    assert f"1 / {len(pages)}" in said[0]


def test_a_long_chain_goes_on_below_itself() -> None:
    names = [f"t-{number}" for number in range(10)]
    stops = tuple(stop(name, Column.TRADE, 1_000_000) for name in names)
    flows = tuple(Flow(a, b, 1_000_000) for a, b in pairwise(names))
    (page,) = pypdf.PdfReader(io.BytesIO(pdf(Graph("g", same("g"), (), stops, flows), "ja"))).pages
    assert set(names) <= set(page.extract_text().split())


@given(graphs(most=10, circles=True))
@settings(max_examples=15)
def test_a_pdf_of_anything_is_made(graph: Graph) -> None:
    assert pypdf.PdfReader(io.BytesIO(pdf(graph, "ja"))).pages


def test_a_pdf_shows_what_it_cannot_print_as_a_sign_and_says_so() -> None:
    """A partner's odd name must not keep a disputed lot from being drawn."""
    graph = Graph("g", same("g"), (), (stop("a", Column.TRADE, 1, party="🌲林業"),), ())
    (page,) = pypdf.PdfReader(io.BytesIO(pdf(graph, "ja"))).pages
    assert "〓林業" in page.extract_text()
    assert "印刷できない文字は 〓 で示した" in page.extract_text()
    (page, *_) = pypdf.PdfReader(io.BytesIO(pdf(example(), "ja"))).pages
    assert "印刷できない文字" not in page.extract_text()


def test_wood_that_may_have_come_from_a_yard_is_dashed_though_nobody_knows_how_much() -> None:
    stops = (stop("t-1", Column.TRADE, 5 * T), stop("t-2", Column.TRADE, 3 * T), stop("t-3", Column.TRADE, 3 * T))
    pooled = Flow("t-2", "t-3", None, pooled=True)
    graph = replace(example(), stops=stops, flows=(Flow("t-1", "t-3", 3 * T), pooled))
    picture = svg(graph, "ja")
    (line,) = re.findall(r'<path d="[^"]*" fill="none"[^>]*class="band"[^>]*>', picture)
    assert 'stroke-dasharray="6 4"' in line
    assert "置場で混ざり得たもの（由来の可能性）" in texts(picture)
    assert "量不明" not in texts(picture)
    dotted = svg(replace(graph, flows=(graph.flows[0], replace(pooled, pooled=False))), "ja")
    assert {"量不明"} <= set(texts(dotted))
    assert "置場で混ざり得たもの（由来の可能性）" not in texts(dotted)


def test_every_mark_that_turns_the_direction_of_text_is_shown_as_its_code_point() -> None:
    turned = "a\u061cb\u200ec\u200fd\u202ae\u202ef\u2066g\u2069"
    shown = "a‹U+061C›b‹U+200E›c‹U+200F›d‹U+202A›e‹U+202E›f‹U+2066›g‹U+2069›"
    assert element("p", turned) == f"<p>{shown}</p>"
