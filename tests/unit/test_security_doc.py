"""docs/security.md names no test that does not exist, and leaves out no attack."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.integration.test_attacks import ATTACKS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/security.md").read_text(encoding="utf-8")
PROMISES, TABLE = TEXT.split("## Attacks / 攻撃とその試験\n")
TESTS = sorted(set(re.findall(r"`(tests/[\w/]+\.py(?:::\w+)*)`", TEXT)))


@cache
def body(path: str) -> list[ast.stmt]:
    return ast.parse((ROOT / path).read_text(encoding="utf-8")).body


def exists(test: str) -> bool:
    path, *names = test.split("::")
    if not (ROOT / path).is_file():
        return False
    scope = body(path)
    for name in names:
        found = [node for node in scope if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name]
        if len(found) != 1:
            return False
        scope = found[0].body
    return True


def test_a_test_that_is_not_there_would_be_missed() -> None:
    assert len(TESTS) > 50
    assert not exists("tests/unit/test_security_doc.py::test_nothing")
    assert not exists("tests/unit/test_nothing.py")


@pytest.mark.parametrize("test", TESTS)
def test_every_test_that_is_named_exists(test: str) -> None:
    assert exists(test)


def test_the_table_of_attacks_is_the_one_that_is_tested() -> None:
    rows = re.findall(r"^\| (.+?) \| `(.+?)` \|$", TABLE, re.MULTILINE)
    assert dict(rows) == ATTACKS
    assert len(rows) == len(ATTACKS)


def test_every_attack_stands_at_a_promise() -> None:
    """And every attack at a promise is one that is tested."""
    named = set(re.findall(r"(?<![*\w])\*([^*\n]+)\*(?!\*)", PROMISES)) - {"italics", "replaced"}
    assert named == set(ATTACKS)


@pytest.mark.parametrize("link", re.findall(r"\]\(([\w./-]+?\.md)(?:#[^)]*)?\)", TEXT))
def test_links_lead_somewhere(link: str) -> None:
    assert (ROOT / "docs" / link).is_file()
