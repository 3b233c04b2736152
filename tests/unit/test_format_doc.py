"""docs/format.md says what the code does."""

from __future__ import annotations

import re

from biotrace.chain import leaf, qrtext
from biotrace.chain.admit import OF_BODIES, ROOT_ONLY
from biotrace.chain.fields import FIELDS
from biotrace.chain.kinds import RecordKind
from biotrace.chain.record import VERSION
from biotrace.chain.refusals import REFUSALS
from tools import make_format_doc as tool

TEXT = tool.TARGET.read_text(encoding="utf-8")


def test_the_tables_of_the_format_are_up_to_date() -> None:
    assert tool.written(TEXT) == TEXT


def test_every_kind_field_and_code_is_in_it() -> None:
    lines = list(tool.tables())
    assert "| 3 | Certificate | certificate (証明書) |" in lines
    assert "| 3 | moisture | integer from 0 to 10,000 | not stated |" in lines
    assert "| 15 | documents | list of id of a record of kind 4 (document), 32 bytes | empty |" in lines
    assert "| 1 | records | list of id of a record of any kind, 32 bytes | never |" in lines
    assert "| 1 | kid | byte string of 16 bytes | never |" in lines
    assert "| 4 | as_business | 0 or 1 | 1 |" in lines
    assert "| 23 | medium | code of Medium | form |" in lines
    assert "| Unit | 1 m3, 2 m3_loose, 3 m3_stacked, 4 t, 5 kg |" in lines
    for cls, keys in FIELDS.items():
        at = lines.index(f"**{cls.__name__}**") + 4
        listed = [line.split(" | ")[:2] for line in lines[at : at + len(keys)]]
        assert listed == [[f"| {key}", name] for name, key in keys.items()]


def test_it_is_about_this_version() -> None:
    assert TEXT.startswith(f"# Record format, version {VERSION}\n")
    assert f"| 0 | version | {VERSION} |" in TEXT
    assert f"[{leaf.VERSION}, record id, log time]" in TEXT
    assert f"`{qrtext.PREFIX}`" in TEXT


def test_it_says_of_every_kind_who_may_sign_it() -> None:
    table = TEXT.split("**Who may sign what.**")[1].split("\n\n")[1]
    named = {
        int(number): name.strip()
        for row in table.splitlines()[2:]
        for number, name in re.findall(r"(\d+) ([a-z ]+)", row.split("|")[1])
    }
    assert named == {int(kind): kind.label.en for kind in RecordKind}
    alone = {int(kind) for kind in ROOT_ONLY}
    copied = alone | {int(kind) for kind in OF_BODIES}
    for row in table.splitlines()[2:]:
        _, kinds, own, transcribed, _ = (cell.strip() for cell in row.split("|"))
        numbers = {int(number) for number in re.findall(r"\d+", kinds)}
        assert (own == "root keys") == (numbers <= alone), row
        assert (transcribed == "root keys") == (numbers <= copied), row


def test_every_refusal_stands_in_the_rules() -> None:
    rules = TEXT.split("## What a ledger takes")[1].split("## Log")[0]
    for code in REFUSALS:
        assert f"`{code}`" in rules, code
