"""Signs that a Japanese console lacks: each that a message, a table or a help text writes has a near word."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.console import NEAR_WORDS

ROOT = Path(__file__).parents[2]
SAID = ("Text", "same", "option", "argument", "say", "t")
"""Calls of which the words are for people; the words of commands are in their docstrings."""

UNSAID = "\ufeff"
"""The mark before a csv file, which goes out as bytes."""


def literals(tree: ast.AST) -> Iterator[str]:
    """All text in the code, with that in f-strings."""
    return (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str))


def called(node: ast.Call) -> str:
    """The last word of what is called."""
    function = node.func
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def said(path: Path) -> Iterator[str]:
    """What a module says to people: all text of a command's module; elsewhere what a message is made of."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if path.is_relative_to(ROOT / "cli"):
        yield from literals(tree)
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in SAID:
            yield from literals(node)


def lacking(text: str) -> set[str]:
    """The signs in it that cp932 lacks."""
    return {sign for sign in text if not sign.encode("cp932", "ignore")}


def test_every_sign_that_is_said_has_a_near_word() -> None:
    modules = [*(ROOT / "cli").rglob("*.py"), *(ROOT / "biotrace").rglob("*.py")]
    found = {(path.name, sign) for path in modules for text in said(path) for sign in lacking(text)}
    assert {sign for _, sign in found} >= set("㎥–³"), "messages are looked at"
    assert {f for f in found if f[1] not in NEAR_WORDS and f[1] not in UNSAID} == set()


@pytest.mark.parametrize("path", sorted((ROOT / "data").rglob("*.csv")), ids=lambda p: p.stem)
def test_the_tables_that_are_quoted_too(path: Path) -> None:
    assert lacking(path.read_text(encoding="utf-8")) <= NEAR_WORDS.keys()


def test_near_words_are_there_on_such_a_console() -> None:
    assert [word for word in NEAR_WORDS.values() if lacking(word)] == []
