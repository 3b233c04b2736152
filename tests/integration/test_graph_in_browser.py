"""The page of a graph as a reviewer opens it: in Chromium, from a file, without a network."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import threading
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pypdf
import pytest

from biotrace.documents.graph_papers.graph import Graph
from biotrace.documents.graph_papers.layout import laid
from biotrace.model.text import Lang
from biotrace.services.graph_write import write_graph
from tests.graphs import HOSTILE, crowded, demo, example

BROWSER = os.environ.get("BIOTRACE_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
if BROWSER is None:
    pytest.skip("no Chromium: apt-get install chromium, or name it in BIOTRACE_TEST_CHROMIUM", allow_module_level=True)
if shutil.which("fc-list") is None or not subprocess.check_output(["fc-list", ":lang=ja"]):
    pytest.skip("no Japanese typeface for Chromium: apt-get install fonts-noto-cjk", allow_module_level=True)
playwright = pytest.importorskip("playwright.sync_api", reason="playwright, which drives the browser, is not installed")

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
LEAST_TEXT = 14
PICTURES = pytest.mark.parametrize("graph", [example(), demo("plant-3"), crowded(490)], ids=lambda graph: graph.name)


@dataclass
class Seen:
    """A page that was opened, and what it did beside showing itself."""

    page: Any
    requests: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


Open = Callable[..., Seen]


@dataclass
class Asked:
    """A server that somebody might ask for something, and how often they did."""

    url: str
    times: int = 0


@pytest.fixture
def asked() -> Iterator[Asked]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.times += 1
            self.send_error(404)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        found = Asked(f"http://127.0.0.1:{server.server_port}/y")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield found
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=BROWSER)
        yield chromium
        chromium.close()


@pytest.fixture
def show(browser: Any, tmp_path: Path) -> Iterator[Open]:
    """Open a graph's page; every request, message and failure is kept."""
    contexts: list[Any] = []

    def opened(graph: Graph | str, lang: Lang = "ja", viewport: dict[str, int] = DESK, **more: Any) -> Seen:
        path = tmp_path / f"{len(contexts)}.html"
        if isinstance(graph, str):
            path.write_text(graph, encoding="utf-8")
        else:
            write_graph(graph, [path], lang)
        contexts.append(browser.new_context(viewport=viewport, **more))
        seen = Seen(contexts[-1].new_page())
        seen.page.on("request", lambda request: seen.requests.append(request.url))
        seen.page.on("console", lambda message: seen.said.append(message.text))
        seen.page.on("pageerror", lambda error: seen.said.append(str(error)))
        seen.page.on("dialog", lambda dialog: seen.said.append(dialog.message))
        seen.page.goto(path.as_uri())
        return seen

    yield opened
    for context in contexts:
        context.close()


def boxes(page: Any) -> list[dict[str, float]]:
    return [stop.bounding_box() for stop in page.locator("#graph a.stop").all()]


def quiet(seen: Seen) -> bool:
    """Nothing but the file itself was asked for, and nothing was complained of."""
    return [url.split("/")[-1] for url in seen.requests] == ["0.html"] and not seen.said


@PICTURES
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_graph_is_drawn_box_by_box(show: Open, graph: Graph, lang: Lang) -> None:
    picture = laid(graph)
    seen = show(graph, lang)
    drawn = boxes(seen.page)
    assert len(drawn) == len(picture.boxes)
    assert all(box["width"] > 100 and box["height"] > 40 for box in drawn)
    assert len({(round(box["x"]), round(box["y"])) for box in drawn}) == len(drawn)
    assert seen.page.locator("#graph path.band").count() == len(picture.bands)
    assert seen.page.title() == graph.title.get(lang)
    assert quiet(seen)


def test_a_click_shows_the_record_and_the_way_of_its_wood(show: Open) -> None:
    page = (seen := show(example())).page
    assert page.locator("#hint").is_visible()
    page.locator("a.stop", has_text="有限会社山里林業").click()
    said = page.locator("#panel").inner_text()
    for wanted in (
        "指摘 L402",
        "伐採届の箇所（木島平村 12い-3）",
        "長野県下高井郡木島平村 12い-3",
        "41.250 t",
        "t-2",
        "37.520 t",
    ):
        assert wanted in said
    dimmed = {stop.get_attribute("aria-label").split("、")[0] for stop in page.locator("a.stop.dim").all()}
    assert dimmed == {"f-1", "f-3", "f-4", "t-1", "d-1", "s-1"}
    page.keyboard.press("Escape")
    assert page.locator("#hint").is_visible()
    assert page.locator(".dim").count() == 0
    assert quiet(seen)


def test_the_keyboard_does_what_a_click_does(show: Open) -> None:
    page = (seen := show(example())).page
    page.locator("#graph").focus()
    shown = []
    for _ in range(3):
        page.keyboard.press("Tab")
        shown.append(page.locator("#shown h3").inner_text())
    assert shown == ["f-1", "f-2", "f-3"]
    page.keyboard.press("Escape")
    assert page.locator("#shown h3").count() == 0
    page.keyboard.press("Enter")
    assert page.locator("#shown h3").inner_text() == "f-3"
    assert page.locator("a.stop[aria-current]").count() == 1
    assert quiet(seen)


def test_links_in_panel_and_table_lead_to_the_box(show: Open) -> None:
    page = show(example()).page
    page.locator("a.stop").first.click()
    page.locator("#shown a", has_text="t-1").click()
    assert page.locator("#shown h3").inner_text() == "t-1"
    page.locator("table a", has_text="s-1").first.click()
    assert page.locator("#shown h3").inner_text() == "s-1"
    assert page.locator("a.stop.chosen").get_attribute("aria-label").startswith("s-1")
    assert page.locator("a.stop.chosen").bounding_box()["y"] < DESK["height"]


def test_a_box_for_many_lists_them_and_each_can_be_seen(show: Open) -> None:
    page = show(crowded(490)).page
    page.locator("a.stop[href^='#group-']").first.click()
    assert page.locator("#shown h3").inner_text().startswith("ほか ")
    link = page.locator("#shown li a").nth(1)
    name = link.inner_text()
    link.click()
    assert page.locator("#shown h3").inner_text() == name


def test_a_name_that_means_harm_is_shown_and_does_none(show: Open) -> None:
    page = (seen := show(example())).page
    page.locator("a.stop").nth(2).click()
    assert HOSTILE in page.locator("#panel").inner_text()
    page.wait_for_timeout(200)
    assert quiet(seen)
    assert page.evaluate("[document.scripts.length, document.images.length]") == [1, 0]


def test_the_policy_stops_even_markup_that_got_in(show: Open, tmp_path: Path, asked: Asked) -> None:
    """Without the policy the same page asks and runs: so these tests would see it."""
    (write,) = write_graph(example(), [tmp_path / "made.html"], "ja")
    made = write.read_text(encoding="utf-8")
    harm = f"<img src='{asked.url}'><script>document.title='harm'</script>"
    policy = made[made.index('<meta http-equiv="Content') : made.index('<meta name="viewport"')]
    harmed = made.replace("</main>", harm + "</main>")
    open_to_all = show(harmed.replace(policy, ""))
    assert open_to_all.page.title() == "harm"
    assert asked.times == 1
    assert not quiet(open_to_all)
    closed = show(harmed)
    assert closed.page.title() == example().title.ja
    assert asked.times == 1
    assert any("Content Security Policy" in said for said in closed.said)


@PICTURES
def test_a_phone_shows_it_in_its_width_and_legibly(show: Open, graph: Graph) -> None:
    page = (seen := show(graph, viewport=PHONE, is_mobile=True, has_touch=True)).page
    page.locator("a.stop").nth(1).tap()
    assert page.locator("#shown h3").is_visible()
    assert page.evaluate("[innerWidth, document.documentElement.scrollWidth]") == [PHONE["width"]] * 2
    assert page.evaluate(BEYOND) == []
    assert page.evaluate(SMALLEST) >= LEAST_TEXT
    assert page.locator("#graph").evaluate("graph => graph.scrollWidth > graph.clientWidth")
    panel, whole = page.locator("#panel").bounding_box(), page.locator("#graph").bounding_box()
    assert panel["y"] >= whole["y"] + whole["height"]
    assert quiet(seen)


BEYOND = """() => [...document.querySelectorAll('body *')]
  .filter(node => !node.closest('#graph') || node.id === 'graph')
  .filter(node => node.getClientRects().length && !node.closest('svg'))
  .filter(node => node.getBoundingClientRect().right > innerWidth + 1)
  .map(node => node.tagName + ' ' + node.className)"""
"""Elements beyond the right edge, but in the graph, which scrolls on its own."""
SMALLEST = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let least = 99;
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    const seen = walker.currentNode.data.trim() && node.getClientRects().length;
    if (!seen || node.closest('title, script, .pieces')) continue;
    const scale = node.ownerSVGElement ? node.getScreenCTM().a : 1;
    least = Math.min(least, parseFloat(getComputedStyle(node).fontSize) * scale);
  }
  return Math.round(100 * least) / 100;
}"""
"""The size of the smallest letters that are seen, in pixels as they stand on the screen."""


def test_without_a_script_a_click_leads_to_the_record(show: Open) -> None:
    page = (seen := show(example(), java_script_enabled=False)).page
    assert page.locator("button").count() == 3
    assert not page.locator("button").first.is_visible()
    page.locator("a.stop").nth(1).click()
    record = page.locator("#record-1")
    assert page.url.endswith("#record-1")
    assert "伐採届の箇所（木島平村 12い-3）" in record.inner_text()
    assert -1 <= record.bounding_box()["y"] < DESK["height"]
    assert quiet(seen)


@PICTURES
def test_it_prints(show: Open, graph: Graph) -> None:
    page = show(graph).page
    sheets = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    sides = sorted(float(side) for side in (sheets[0].mediabox.width, sheets[0].mediabox.height))
    assert [round(side / 72 * 25.4) for side in sides] == [210, 297]
    first = words_of(sheets[0])
    assert graph.title.ja in first
    assert graph.stops[0].title.ja in "".join(words_of(sheet) for sheet in sheets[:4])
    assert any(box.stop.title.ja in first for box in laid(graph).boxes), "the picture starts on the first sheet"


def words_of(sheet: Any) -> str:
    """A printed sheet's words; Chromium writes 木 as the radical U+2F4A of its typeface."""
    return unicodedata.normalize("NFKC", sheet.extract_text())


def test_what_each_record_says_is_printed_when_asked(show: Open) -> None:
    page = show(example()).page
    assert "伐採届の箇所" in printed(page)
    page.locator("#with-records").uncheck()
    assert "伐採届の箇所" not in printed(page)


def printed(page: Any) -> str:
    return "".join(words_of(sheet) for sheet in pypdf.PdfReader(io.BytesIO(page.pdf())).pages)


def test_fit_to_width_takes_the_scroll_bar_away(show: Open) -> None:
    page = show(example(), viewport={"width": 900, "height": 800}).page
    scrolls = "graph => graph.scrollWidth > graph.clientWidth"
    assert page.locator("#graph").evaluate(scrolls)
    page.locator("#fit").click()
    assert not page.locator("#graph").evaluate(scrolls)
    assert page.locator("#fit").get_attribute("aria-pressed") == "true"
