"""Codes as they come back from paper: a seeded sample of ``bench/qr_matrix.py``, which prints the whole."""

from __future__ import annotations

import contextlib
import random
import shutil
from pathlib import Path

import pytest

from bench.qr_matrix import zbar_texts
from biotrace.documents.scan import read_qr
from biotrace.errors import UnreadableError
from tests.qr_scenes import FORMS, SCENES, box_of_code, form_page, form_texts, saved

ZBAR = pytest.mark.skipif(shutil.which("zbarimg") is None, reason="zbarimg (zbar-tools) is not installed")
SAMPLE = random.Random(20141119).sample([(f, d, s) for f in FORMS for d in (100, 150, 200) for s in SCENES], 48)
HARD = [
    *[("2-1", 150, scene) for scene in ("blur 1.5 px", "coffee, dark", "deep shadow", "telephone", "crumpled")],
    *[("2-1", 200, scene) for scene in ("ink blot", "heavy grain", "JPEG 5", "from far below", "very faded")],
    *[("1-private", 150, f"turned {angle}") for angle in (3, 15, 45, 90, 180)],
]
"""What has to be read, though the page was treated badly."""


def spoiled(form: str, dpi: int, scene: str) -> bytes:
    return saved(SCENES[scene](form_page(form, dpi), box_of_code(form, dpi)))


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_read_at_150_dpi(form: str) -> None:
    assert set(read_qr(saved(form_page(form, 150)), form)) == set(form_texts(form))


@ZBAR
@pytest.mark.parametrize("form", FORMS)
def test_another_reader_reads_every_form_at_150_dpi(form: str, tmp_path: Path) -> None:
    page = tmp_path / "page.png"
    page.write_bytes(saved(form_page(form, 150)))
    assert set(zbar_texts(page)) == set(form_texts(form))


@pytest.mark.parametrize(("form", "dpi", "scene"), HARD)
def test_a_page_that_was_treated_badly_is_read(form: str, dpi: int, scene: str) -> None:
    assert set(read_qr(spoiled(form, dpi, scene), "photo.png")) == set(form_texts(form))


@pytest.mark.parametrize(("form", "dpi", "scene"), SAMPLE)
def test_nothing_is_read_as_something_else(form: str, dpi: int, scene: str, tmp_path: Path) -> None:
    page = tmp_path / "page.png"
    page.write_bytes(spoiled(form, dpi, scene))
    found: set[str] = set()
    with contextlib.suppress(UnreadableError):
        found |= set(read_qr(page.read_bytes(), page.name))
    if shutil.which("zbarimg"):
        found |= set(zbar_texts(page))
    assert found <= set(form_texts(form))
