"""The file of answers for the papers of 別記3: a template that may stay empty, and errors that name the line."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biotrace.documents.accreditation_papers.answers_file import Answers, read_answers, template
from biotrace.documents.accreditation_papers.enterprise import Goods
from biotrace.documents.accreditation_papers.renewal_application import YearHandled
from biotrace.documents.accreditation_papers.values import Handled
from biotrace.errors import UnreadableError, UpdateNeededError

YEARS = (2023, 2024, 2025)
HEAD = "biotrace: accreditation-answers/1\n"
FULL = (
    HEAD
    + """
body: 北信木材産業協会
date: 令和8年1月15日
address: 長野県中野市
representative: 髙﨑 一郎
founded: 1977
employees: 12
goods:
- {name: 切削チップ, yearly: "12,000 t"}
- {name: 樹皮}
premises: |
  別添 配置図
  土場は別図
other: "ISO 14001"
person_in_charge: 山田 太郎
code_date: 2012-08-01
site: 当社チップ工場
handled:
- {year: 2024, thinned: {logs_in: 3412.5, chips_out: 3000}}
- {year: 2025, general: {chips_out: 0}}
"""
)


def test_everything_can_be_answered() -> None:
    assert read_answers(FULL.encode(), "a.yaml") == Answers(
        body="北信木材産業協会",
        day=date(2026, 1, 15),
        address="長野県中野市",
        representative="髙﨑 一郎",
        founded="1977年",
        employees="12名",
        goods=(Goods("切削チップ", "12,000 t"), Goods("樹皮")),
        premises="別添 配置図\n土場は別図",
        other="ISO 14001",
        person_in_charge="山田 太郎",
        code_date=date(2012, 8, 1),
        site="当社チップ工場",
        handled=(
            YearHandled(2024, Handled(3_412_500_000, 3_000_000_000)),
            YearHandled(2025, general=Handled(None, 0)),
        ),
    )


def test_a_template_left_as_it_is_answers_nothing() -> None:
    assert read_answers(template(Answers(), YEARS), "a.yaml") == Answers()


words = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Cn")), min_size=1, max_size=40).map(
    str.strip
)


@given(words.filter(bool), words.filter(bool), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_what_a_template_knows_is_read_back(name: str, address: str, day: date) -> None:
    known = Answers(body=f"会 {name}", address=f"県 {address}", code_date=day)
    assert read_answers(template(known, YEARS), "a.yaml") == known


@pytest.mark.parametrize("line", ["founded: 昭和52年", 'founded: "昭和52年"', "founded: 昭和52年  # 会社登記"])
def test_a_year_may_be_written_in_words(line: str) -> None:
    assert read_answers((HEAD + line).encode(), "a.yaml").founded == "昭和52年"


WRONG: dict[str, tuple[str, str]] = {
    "an unknown key": (HEAD + "founde: 1977", "a.yaml line 2 founde: unknown key"),
    "no date": (HEAD + "date: 2026-13-01", "a.yaml line 2 date"),
    "a comma in a volume": (
        HEAD + "handled:\n- year: 2024\n  thinned:\n    logs_in: 3,412",
        "line 5 handled[0].thinned",
    ),
    "a volume of a year that is not told": (HEAD + "handled:\n- thinned: {logs_in: 1}", "the required key year"),
    "goods without a name": (HEAD + "goods:\n- yearly: 12 t", "the required key name"),
    "four years": (
        HEAD + "handled:" + "".join(f"\n- {{year: {y}, thinned: {{logs_in: 1}}}}" for y in range(4)),
        "year",
    ),
    "more than three years": (
        HEAD + "handled:" + "".join(f"\n- {{year: {y}, thinned: {{logs_in: 1}}}}" for y in range(2020, 2024)),
        "there are 4 years",
    ),
    "a list": ("[]", "a list is written"),
    "no version": ("body: x", '"biotrace:" (the version of the format) is missing'),
    "a casebook": ("biotrace: casebook/1", "casebook/1"),
    "nothing": ("  \n", "is empty"),
    "a group where words belong": (HEAD + "body: {name: x}", "line 2 body"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_with_its_line(case: str) -> None:
    text, words = WRONG[case]
    with pytest.raises(UnreadableError) as caught:
        read_answers(text.encode(), "a.yaml")
    assert words in "\n".join(caught.value.lines("en"))


def test_a_later_version_is_not_guessed_at() -> None:
    with pytest.raises(UpdateNeededError):
        read_answers(b"biotrace: accreditation-answers/2\n", "a.yaml")
