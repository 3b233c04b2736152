"""Pictures of graphs: whatever the graph, every box and band has a place of its own, always the same."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given

from biotrace.documents.graph_papers import words
from biotrace.documents.graph_papers.graph import Column, Flow, Graph, Standing, Stop
from biotrace.documents.graph_papers.grouping import MOST_IN_LAYER, drawn
from biotrace.documents.graph_papers.layout import BOX_WIDE, ROOM, WIDEST, Laid, laid
from biotrace.documents.graph_papers.legend import bar
from biotrace.documents.graph_papers.sheets import pieces
from biotrace.model.text import Text, same
from tests.graphs import HOSTILE, T, crowded, demo, example, graphs, stop


def graph_of(stops: list[Stop], *flows: Flow) -> Graph:
    return Graph("g", same("g"), (), tuple(stops), flows)


def layers(picture: Laid) -> dict[str, int]:
    return {box.stop.id: box.layer for box in picture.boxes}


@given(graphs())
def test_no_two_boxes_overlap_and_all_lie_in_the_picture(graph: Graph) -> None:
    picture = laid(graph)
    for a, b in combinations(picture.boxes, 2):
        assert a.right <= b.x or b.right <= a.x or a.bottom <= b.y or b.bottom <= a.y
    assert all(b.x >= 0 and b.right <= picture.wide and b.y >= 0 and b.bottom <= picture.high for b in picture.boxes)


@given(graphs())
def test_every_flow_goes_left_to_right_from_box_to_box(graph: Graph) -> None:
    picture = laid(graph)
    for band in picture.bands:
        source, target = picture.boxes[band.source], picture.boxes[band.target]
        xs = [x for x, _ in band.way]
        assert xs == sorted(xs)
        assert source.layer < target.layer
        assert (xs[0], xs[-1]) == (source.right, target.x)
        assert not band.back


@given(graphs())
def test_bands_at_a_box_lie_beside_each_other_within_its_height(graph: Graph) -> None:
    picture = laid(graph)
    for position, box in enumerate(picture.boxes):
        for ends in (
            [(b.way[0][1], b.wide) for b in picture.bands if b.source == position],
            [(b.way[-1][1], b.wide) for b in picture.bands if b.target == position],
        ):
            edge = box.y
            for top, wide in sorted(ends):
                assert edge <= top
                edge = top + wide
            assert edge <= box.bottom


@given(graphs())
def test_a_band_passes_a_layer_where_no_box_stands(graph: Graph) -> None:
    picture = laid(graph)
    for band in picture.bands:
        for x, y in band.way[1:-1]:
            for box in picture.boxes:
                beside = x < box.x or box.right < x or y + band.wide <= box.y or box.bottom <= y
                assert beside, (band, box)


@given(graphs())
def test_widths_are_in_proportion(graph: Graph) -> None:
    picture = laid(graph)
    for band in picture.bands:
        grams = band.flow.grams
        exact = 0 if grams is None or not picture.largest else grams * WIDEST // picture.largest
        assert band.wide == (1 if grams is None else max(2, exact))


@given(graphs(circles=True))
def test_circles_are_drawn_too_and_break_no_rule(graph: Graph) -> None:
    picture = laid(graph)
    assert sum(len(box.members) for box in picture.boxes) == len(graph.stops)
    assert laid(graph) == picture
    for band in picture.bands:
        source, target = picture.boxes[band.source], picture.boxes[band.target]
        assert band.back or source.layer < target.layer
        assert all(0 <= x <= picture.wide and 0 <= y <= picture.high for x, y in band.way)


@given(graphs())
def test_the_same_graph_is_laid_out_alike(graph: Graph) -> None:
    again = replace(graph, stops=tuple(replace(s) for s in graph.stops))
    assert laid(graph) == laid(again)


@given(graphs(most=30))
def test_grouping_keeps_every_stop_and_every_gram(graph: Graph) -> None:
    shown = drawn(graph, most=5)
    assert sorted(m for node in shown.nodes for m in node.members) == list(range(len(graph.stops)))
    assert sum(f.grams or 0 for f in graph.flows) == sum(link.flow.grams or 0 for link in shown.links)
    for node in shown.nodes:
        assert {graph.stops[m].standing for m in node.members} == {node.stop.standing}
        assert sum(graph.stops[m].grams or 0 for m in node.members) == (node.stop.grams or 0)


def test_forests_lead_and_plants_and_stock_come_last() -> None:
    found = layers(laid(example()))
    assert {found[i] for i in ("f-1", "f-2", "f-3", "f-4")} == {0}
    assert (found["t-1"], found["t-2"], found["t-3"]) == (1, 1, 2)
    assert {found[i] for i in ("d-1", "d-2", "s-1")} == {3}


def test_trade_without_a_source_stands_by_what_draws_on_it() -> None:
    stops = [stop("f", Column.FOREST, T), stop("a", Column.TRADE, T), stop("b", Column.TRADE, T)]
    stops += [stop("late", Column.TRADE, T), stop("d", Column.PLANT, T)]
    flows = [Flow("f", "a", T), Flow("a", "b", T), Flow("b", "d", T), Flow("late", "d", T)]
    assert layers(laid(graph_of(stops, *flows))) == {"f": 0, "a": 1, "b": 2, "late": 2, "d": 3}


def test_stock_that_is_drawn_on_stands_before_what_draws_on_it() -> None:
    stops = [stop("s", Column.STOCK, T), stop("a", Column.TRADE, T), stop("d", Column.PLANT, T)]
    assert layers(laid(graph_of(stops, Flow("s", "a", T), Flow("a", "d", T)))) == {"s": 0, "a": 1, "d": 2}


def test_the_example_has_few_crossings() -> None:
    """f-4 stands above f-3, whose wood passes below t-2: by their order in the graph they would cross."""
    boxes = {box.stop.id: box for box in laid(example()).boxes}
    assert boxes["f-4"].y < boxes["f-3"].y


def test_two_stops_and_one_alone_are_drawn() -> None:
    alone = laid(graph_of([stop("d", Column.PLANT, T)]))
    assert [box.layer for box in alone.boxes] == [0]
    two = laid(graph_of([stop("f", Column.FOREST, T), stop("d", Column.PLANT, T)], Flow("f", "d", T)))
    assert [band.wide for band in two.bands] == [WIDEST]
    assert laid(graph_of([])).boxes == ()


def test_a_crowded_layer_is_drawn_as_groups_and_says_so() -> None:
    graph = crowded(490)
    picture = laid(graph)
    assert len(graph.stops) == 499
    assert max(list(layers(picture).values()).count(n) for n in range(3)) <= MOST_IN_LAYER + 8
    groups = [box for box in picture.boxes if len(box.members) > 1]
    assert groups
    assert groups[0].stop.title.ja.startswith("ほか ")
    count = sum(len(box.members) for box in groups)
    assert f"{count:,} 件" in picture.notes[0].ja
    assert picture.high < 3_000


def test_what_is_small_is_grouped_and_what_is_marked_is_not() -> None:
    graph = crowded(60)
    stops = tuple(replace(s, marked=s.id == "f-0") for s in graph.stops)
    by_id = {box.stop.id: box for box in laid(replace(graph, stops=stops)).boxes}
    assert by_id["f-0"].members == (0,)
    assert by_id["f-59"].members == (59,)


def test_a_group_says_which_amounts_it_lacks() -> None:
    stops = [stop(f"f-{i}", Column.FOREST, None if i < 3 else i, party="甲") for i in range(40)]
    flows = [Flow(s.id, "d", s.grams) for s in stops]
    shown = drawn(graph_of([*stops, stop("d", Column.PLANT, T)], *flows))
    (group,) = [node.stop for node in shown.nodes if len(node.members) > 1]
    assert group.facts[0][1].ja == "量不明 3 件"
    (link,) = [x for x in shown.links if x.flow.source == group.id]
    assert link.flow.note is not None
    assert "量不明 3 件を除く" in link.flow.note.ja


def test_a_plant_of_the_demo_fits_a_screen() -> None:
    picture = laid(demo("plant-18"))
    assert picture.wide < 1_000
    assert {box.stop.standing for box in picture.boxes} >= {Standing.OK, Standing.NOTICE, Standing.FLAWED}


@given(graphs())
def test_pieces_for_paper_make_up_the_picture(graph: Graph) -> None:
    picture = laid(graph)
    found = pieces(picture, 700, 500, 300)
    assert sum(piece.wide * piece.high for piece in found) == picture.wide * picture.high
    assert all(piece.wide <= 700 and piece.high <= (300 if piece.y == 0 else 500) for piece in found)


def test_pieces_spare_boxes_where_they_can() -> None:
    picture = laid(demo("plant-3"))
    for piece in pieces(picture, picture.wide, 900, 900)[:-1]:
        assert not any(box.y < piece.y + piece.high < box.bottom for box in picture.boxes)


@pytest.mark.parametrize(
    ("grams", "ja", "en"),
    [
        (5_220_000_000, "5,220.000 t", "5,220.000 t"),
        (3_720_499, "3.720 t", "3.720 t"),
        (3_720_500, "3.721 t", "3.721 t"),
        (499, "0.001 t 未満", "< 0.001 t"),
        (0, "0.000 t", "0.000 t"),
        (None, "量不明", "unknown"),
    ],
)
def test_tonnes_as_people_read_them(grams: int | None, ja: str, en: str) -> None:
    assert (words.tonnes(grams, "ja"), words.tonnes(grams, "en")) == (ja, en)


@pytest.mark.parametrize(
    ("largest", "said"), [(96_000_000, "10 t"), (8_285_000, "1 t"), (400_000, "0.05 t"), (1, None), (0, None)]
)
def test_the_scale_is_a_round_amount(largest: int, said: str | None) -> None:
    found = bar(largest)
    assert (found and words.round_tonnes(found[1])) == said


def test_a_box_shows_the_place_on_two_lines_and_the_class_as_confirmed() -> None:
    here = "長野県飯山市大字瑞穂 236-2、237-1、238、239、240、241、242、243、244"
    said = words.lines(replace(example().stops[1], place=here), "ja", ROOM)
    texts = [line.text for line in said]
    assert texts[0] == "f-2"
    assert texts[2] == "長野県飯山市大字瑞穂"
    assert texts[3].startswith("236-2、")
    assert texts[3].endswith("…")
    assert texts[4] == "間伐材等 → 一般木質"
    assert said[-1].end == "41.250 t"


@given(graphs(most=3))
def test_lines_fit_their_box(graph: Graph) -> None:
    for one in graph.stops:
        for lang in ("ja", "en"):
            found = words.lines(one, lang, ROOM)
            assert len(found) == words.count_lines(one, ROOM)
            assert all(words.wide(line.text, bold=line.bold) <= BOX_WIDE for line in found)
            assert not any("\u202e" in line.text or "\x00" in line.text for line in found)


def test_a_graph_refuses_what_cannot_be() -> None:
    one = stop("a", Column.TRADE, T)
    with pytest.raises(ValueError, match="twice"):
        graph_of([one, one])
    with pytest.raises(ValueError, match="not in the graph"):
        graph_of([one], Flow("a", "b", T))
    with pytest.raises(ValueError, match="below 0"):
        graph_of([replace(one, grams=-1)])


def test_a_stop_is_told_in_one_line_for_who_cannot_see() -> None:
    said = words.spoken(example().stops[2], "ja")
    assert said == f"f-3、{HOSTILE}、層積 30 ㎥、2016/01/05、間伐材等、量不明、？ 未完"
    assert words.classes(replace(example().stops[0], declared=None, confirmed=None)) is None
    assert words.classes(example().stops[1]) == Text("間伐材等 → 一般木質", "thinned → general")
