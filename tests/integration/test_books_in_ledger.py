"""The books of yards and plants: what ``check`` says of a casebook, a ledger made of it says too; how it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from biotrace.documents.casebook import read_casebook
from biotrace.services.check import check_casebook
from biotrace.services.ledger_case import case_of_ledger, read_ledger
from biotrace.services.sign import sign_casebook
from biotrace.services.workspace import init_workspace
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules import RULES
from biotrace.verify.verdict import judge
from biotrace.verify.verdict_json import verdict_data
from tests.books import BUNKER, burned, opening, planned, with_books
from tests.casebooks import OTSU, clean, tonnes
from tests.workspaces import TODAY, data, password

Run = Callable[..., Result]
Write = Callable[..., Path]

A_YEAR_LATER = TODAY + 31_536_000
EXAMPLES = Path(__file__).parents[2] / "data/rules"
OF_THE_BOOKS = {rule.code for rule in RULES if rule.code in ("Q607", "G703", "F951", "F952", "F954", "F955")}


def told(verdict: dict[str, Any], names: dict[str, str]) -> list[tuple[str, str, str]]:
    """What the rules of the books said, with names for records; bookings have other names in a ledger."""
    findings = [f for part in ("lots", "records") for entry in verdict[part] for f in entry["findings"]]
    said = [(f["code"], names.get(f["record"], f["record"]), f["effect"]) for f in findings]
    return sorted((code, record.split(":")[0], effect) for code, record, effect in said if code in OF_THE_BOOKS)


@pytest.mark.parametrize("demo", [False, True], ids=["transcribed", "signed by all"])
@pytest.mark.parametrize("code", sorted(OF_THE_BOOKS))
def test_a_ledger_says_what_the_casebook_says(code: str, demo: bool, tmp_path: Path) -> None:
    file = EXAMPLES / f"{code}.bad.yaml"
    checked = check_casebook(file).verdict
    unsigned = told(verdict_data(checked, "", "en"), {})
    assert code in {c for c, _, _ in unsigned}
    book = read_casebook(file.read_bytes(), file.name)
    with init_workspace(tmp_path / "workspace", (OTSU,), lambda: A_YEAR_LATER, password) as workspace:
        sign_casebook(workspace, book, demo_keys=demo)
        signed_again = sign_casebook(workspace, book, demo_keys=demo)
        reading = read_ledger(workspace.ledger)
    assert signed_again.added == 0
    verdict = judge(case_of_ledger(reading.logged, checked.as_of), RINYA_2012)
    assert told(verdict_data(verdict, "", "en"), reading.subjects()) == unsigned


def test_what_the_books_say_is_shown_notices_too(run: Run, write: Write) -> None:
    book = with_books(clean(), burned(tonnes(40)), burned(tonnes(1), ratio=None), planned(tonnes(1)))
    file = write(book)
    shown = run("check", file, lang="en")
    assert shown.exit_code == 1
    assert "[findings] burned:plant-8:2014-11:thinned\n" in shown.stdout
    assert "F951 burned:plant-8:2014-11:thinned: more burned than was brought in" in shown.stdout
    assert "[notice] plan:plant-8:2014:thinned\n" in shown.stdout
    assert "4 entries in the books of yards, plants and bodies: 2 in order, 2 not" in shown.stdout
    assert "reach no lot" not in shown.stdout
    assert "F953 (no yearly report in the records)" in shown.stdout


def test_notices_of_the_books_leave_the_verdict_clean(run: Run, write: Write) -> None:
    file = write(with_books(clean(), burned(tonnes(30), ratio=None)))
    shown = run("check", file)
    assert shown.exit_code == 0
    assert "[注意] burned:plant-8:2014-11:thinned" in shown.stdout
    assert "置場・発電所の帳簿、認定団体 2 件: 適合 2、指摘・未完 0" in shown.stdout


def test_books_alone_can_be_checked(run: Run, write: Write) -> None:
    stock = replace(opening(tonnes(1)), site=BUNKER.id)
    book = with_books(replace(clean(), certificates=(), deliveries=(), documents=()), BUNKER, stock, burned(tonnes(2)))
    shown = data(run("check", write(book), "--format", "json"))
    assert shown["lots"] == []
    assert [f["code"] for record in shown["records"] for f in record["findings"]] == ["F951"]
