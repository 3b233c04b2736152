"""Writing a graph as files: page, picture, sheets, or data for other tools by their names, all of them or none."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from biotrace.documents.graph_papers import as_pdf, tables
from biotrace.documents.graph_papers.as_data import graph_data
from biotrace.documents.graph_papers.condensed import condensed
from biotrace.documents.graph_papers.graph import Graph
from biotrace.documents.graph_papers.graphml import graphml
from biotrace.documents.graph_papers.html import html
from biotrace.documents.graph_papers.svg import svg
from biotrace.errors import UsageError
from biotrace.model.text import Lang, Text, same

from .files import require_new, staged

SUFFIXES = (".html", ".svg", ".pdf", ".graphml", ".csv", ".json")


def require_graph_names(paths: Sequence[Path]) -> None:
    """Raise UsageError, before anything is worked out, for a name whose end says no format, or that is taken."""
    wanted = [own for path in paths for own in _names(path)]
    for path in paths:
        if path.suffix.lower() not in SUFFIXES:
            raise UsageError(
                same(f"{path}: ") + Text("どの形式で書くか分かりません", "which format should it have?"),
                Text(
                    f"名前を {'、'.join(SUFFIXES)} のどれかで終えてください", f"end its name in {', '.join(SUFFIXES)}"
                ),
                code="format",
            )
    for path in wanted:
        require_new(path)
        if wanted.count(path) > 1:
            raise UsageError(
                same(f"{path}: ") + Text("同じ名前が二度あります", "the name stands twice"),
                Text("別の名前にしてください", "choose another name"),
                code="file-twice",
            )


def write_graph(graph: Graph, paths: Sequence[Path], lang: Lang) -> tuple[Path, ...]:
    """Write the graph under each of the names. Returns the files: beside stops as csv stands a csv file of the flows.

    Everything is made before anything is put in place. Raises UsageError as ``require_graph_names`` does, and where the
    disk refuses.
    """
    require_graph_names(paths)
    made = [found for path in paths for found in zip(_names(path), _bytes(graph, path, lang), strict=True)]
    with ExitStack() as files:
        for path, data in made:
            files.enter_context(staged(path, data))
    return tuple(path for path, _ in made)


def _names(path: Path) -> tuple[Path, ...]:
    if path.suffix.lower() == ".csv":
        return path, path.with_name(f"{path.stem}-flows{path.suffix}")
    return (path,)


def _bytes(graph: Graph, path: Path, lang: Lang) -> tuple[bytes, ...]:
    match path.suffix.lower():
        case ".html":
            return (html(condensed(graph), lang).encode(),)
        case ".svg":
            return (svg(condensed(graph), lang).encode(),)
        case ".pdf":
            return (as_pdf.pdf(condensed(graph), lang),)
        case ".graphml":
            return (graphml(graph, lang),)
        case ".csv":
            return tables.stops_csv(graph, lang), tables.flows_csv(graph, lang)
        case _:
            return ((json.dumps(graph_data(graph, lang), ensure_ascii=False, indent=1) + "\n").encode(),)
