"""Graphs as files: by their names, all or none, and nothing is overwritten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from biotrace.errors import UsageError
from biotrace.services.graph_write import write_graph
from tests.graphs import example


def test_every_format_is_written_by_its_name(tmp_path: Path) -> None:
    names = ("g.html", "g.svg", "g.PDF", "g.graphml", "g.csv", "g.json")
    written = write_graph(example(), [tmp_path / name for name in names], "ja")
    assert sorted(path.name for path in written) == sorted([*names, "g-flows.csv"])
    starts = {path.name: path.read_bytes()[:60] for path in tmp_path.iterdir()}
    assert starts["g.html"].startswith(b"<!DOCTYPE html>")
    assert starts["g.svg"].startswith(b"<?xml")
    assert starts["g.PDF"].startswith(b"%PDF-")
    assert b"<?xml" in starts["g.graphml"]
    assert starts["g.csv"].startswith(b"\xef\xbb\xbf")
    assert starts["g-flows.csv"].startswith(b"\xef\xbb\xbf")
    assert json.loads((tmp_path / "g.json").read_text(encoding="utf-8"))["graph"] == "trace-26-001"


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["g.html", "g.doc"], "format"),
        (["g.svg", "there.html"], "file-exists"),
        (["g.svg", "there.csv"], "file-exists"),
        (["g.svg", "g.svg"], "file-twice"),
        (["g.csv", "g-flows.csv"], "file-twice"),
    ],
)
def test_a_name_that_cannot_be_leaves_nothing(tmp_path: Path, names: list[str], code: str) -> None:
    for name in ("there.html", "there-flows.csv"):
        (tmp_path / name).write_text("mine")
    with pytest.raises(UsageError) as error:
        write_graph(example(), [tmp_path / name for name in names], "ja")
    assert error.value.code == code
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "there.html": "mine",
        "there-flows.csv": "mine",
    }


def test_where_one_cannot_be_written_none_is_left(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError):
        write_graph(example(), [tmp_path / "g.html", tmp_path / "file" / "g.svg"], "ja")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
