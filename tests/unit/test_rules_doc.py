"""The catalogue as people read it: every code explained, every threshold with its source, the pages up to date."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from fractions import Fraction
from pathlib import Path

import pytest

from biotrace.chain.integrity import IntegrityFinding
from biotrace.model.text import same
from biotrace.services.ledger_case import integrity_finding
from biotrace.verify.catalogue import CATALOGUE, EFFECT_WORDS, EFFECTS, FAMILIES, NEVER_RUN, RETIRED, SCOPES, SOURCES
from biotrace.verify.effect import Effect
from biotrace.verify.profile import PROFILES, RINYA_2012
from biotrace.verify.rule import Scope
from biotrace.verify.rules import INTEGRITY_CODES, NOT_RUN, RULES
from biotrace.verify.rules.integrity import BY_CODE, INTEGRITY
from biotrace.verify.thresholds import thresholds
from tools import generated
from tools import make_rules_doc as tool

PAGES = tool.pages()


def test_the_pages_are_up_to_date_and_none_is_left_over() -> None:
    assert {path: path.read_text(encoding="utf-8") for path in tool.FOLDER.glob("*.md")} == PAGES


def test_a_stale_page_and_one_left_over_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = {tmp_path / "A.md": "a\n", tmp_path / "B.md": "b\n"}
    monkeypatch.setattr("sys.argv", ["tool"])
    assert generated.run_all(tmp_path, lambda: wanted, "tool", None) == 0
    monkeypatch.setattr("sys.argv", ["tool", "--check"])
    assert generated.run_all(tmp_path, lambda: wanted, "tool", None) == 0
    (tmp_path / "A.md").write_text("z\n", encoding="utf-8")
    (tmp_path / "C.md").write_text("c\n", encoding="utf-8")
    assert generated.run_all(tmp_path, lambda: wanted, "tool", None) == 1
    told = capsys.readouterr().err
    assert "A.md is stale" in told
    assert "C.md is stale" in told
    assert "B.md" not in told
    monkeypatch.setattr("sys.argv", ["tool"])
    generated.run_all(tmp_path, lambda: wanted, "tool", None)
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {
        "A.md": "a\n",
        "B.md": "b\n",
    }


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_page_says_all_in_both_languages_and_shows_the_casebooks(code: str) -> None:
    entry, text = CATALOGUE[code], PAGES[tool.FOLDER / f"{code}.md"]
    for told in (entry.name, entry.explanation, entry.expected, entry.remedy, entry.example):
        assert told.ja in text
        assert told.en in text
    for kind in ("bad", "good"):
        book = tool.ROOT / "data" / "rules" / f"{code}.{kind}.yaml"
        assert (f"biotrace check data/rules/{book.name}" in text) == book.exists()
        assert not book.exists() or book.read_text(encoding="utf-8").rstrip("\n") in text
    assert ("no casebook can show it" in text) + ("```yaml" in text) + ("not run by this version" in text) == 1


def test_the_index_names_every_code_once() -> None:
    index = PAGES[tool.FOLDER / "README.md"]
    assert re.findall(r"^\| \[(\w+)\]\(\1\.md\) \|", index, re.MULTILINE) == list(CATALOGUE)
    (line,) = (line for line in index.splitlines() if "not run by this version" in line)
    assert line.startswith("| [F953](F953.md) |")
    links = {target for text in PAGES.values() for target in re.findall(r"\]\(([^)]+)\)", text)}
    assert all((tool.FOLDER / link).resolve().exists() for link in links)


def test_the_catalogue_holds_every_code_that_a_verdict_can_name() -> None:
    assert set(CATALOGUE) == {*(rule.code for rule in RULES), *(told.code for told in INTEGRITY), *NEVER_RUN}
    assert {*INTEGRITY_CODES, "S105"} == set(BY_CODE)
    assert set(NEVER_RUN) == set(NOT_RUN) - set(BY_CODE)
    assert not set(RETIRED) & set(CATALOGUE)
    assert [code[0] for code in CATALOGUE] == sorted((code[0] for code in CATALOGUE), key=list(FAMILIES).index)


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_code_is_told_in_both_languages_with_an_example_in_figures(code: str) -> None:
    entry = CATALOGUE[code]
    for text in (entry.name, entry.explanation, entry.expected, entry.remedy, entry.example):
        assert text.ja.strip()
        assert text.en.strip()
        assert text.ja != text.en
    assert re.search("[0-9]", entry.example.ja)
    for clause in entry.clause.split(", "):
        assert clause.startswith(tuple(SOURCES))


def test_every_scope_and_effect_has_its_words() -> None:
    assert set(SCOPES) == set(Scope)
    assert set(EFFECTS) == set(EFFECT_WORDS) == set(Effect)


@pytest.mark.parametrize("code", BY_CODE)
def test_what_is_wrong_with_bytes_is_said_in_the_words_of_the_catalogue(code: str) -> None:
    told = BY_CODE[code]
    on_a_record = integrity_finding(IntegrityFinding(code, "signature", 7, b"\x01" * 32, same("seen")))
    of_the_ledger = integrity_finding(IntegrityFinding(code, "log-tree", 7, b"", same("seen")))
    for finding in (on_a_record, of_the_ledger):
        assert (finding.code, finding.message, finding.clause) == (code, told.name, told.clause)
        assert (finding.effect, finding.remedy) == (Effect.VOID, told.remedy)
    assert on_a_record.expected == told.expected
    assert on_a_record.found.en == "entry 7: seen"
    assert of_the_ledger.expected.en == "the ledger as its log signed it"
    assert of_the_ledger.found.en == "seen"


def test_every_threshold_has_its_name_value_and_source() -> None:
    for profile in PROFILES.values():
        rows = thresholds(profile)
        assert [row.key for row in rows] == [f.name for f in fields(profile) if f.name not in ("name", "sources")]
        for row in rows:
            assert all(text.ja and text.en for text in (row.name, row.value, row.source))
        assert set(profile.sources) <= {row.key for row in rows}


def test_thresholds_are_written_as_people_read_them() -> None:
    rows = {row.key: row for row in thresholds(RINYA_2012)}
    assert rows["thinning_rate_limit"].value.ja == "35 %"
    assert rows["delivery_tolerance"].value.en == "5 %"
    assert rows["starts"].value.ja == "2012-06-18"
    assert rows["allowed_delay_days"].value.ja == "30 日"
    factor = rows["m3_per_bone_dry_t_softwood"]
    assert (factor.value.en, factor.low, factor.high, factor.best) == ("2.2", "2.2", "3.5", "2.2")
    finer = replace(RINYA_2012, delivery_tolerance=Fraction(25, 1000))
    assert {row.key: row for row in thresholds(finer)}["delivery_tolerance"].value.en == "2.5 %"


def test_a_threshold_without_a_source_is_not_shown_as_if_it_had_one() -> None:
    bare = {key: text for key, text in RINYA_2012.sources.items() if key != "retention_years"}
    with pytest.raises(KeyError):
        thresholds(replace(RINYA_2012, sources=bare))
