"""The catalogue of rules for people: a code explained, and the casebooks that show it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from biotrace.documents.casebook import read_casebook
from biotrace.documents.problems import nearest
from biotrace.errors import UsageError
from biotrace.model.text import Text, same
from biotrace.verify.booking import BookJudged
from biotrace.verify.case import case_of_casebook
from biotrace.verify.catalogue import CATALOGUE, FAMILIES, RETIRED, Entry
from biotrace.verify.fold import Judged, fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rule import Finding
from biotrace.verify.rules import RULES

from .shipped import municipalities, rule_example

BAD, GOOD = "bad", "good"
_LOOK_ALIKE = str.maketrans("OILS", "0115")


@dataclass(frozen=True, slots=True)
class Example:
    """A shipped casebook that shows a rule, judged. ``findings``: this rule's, then others worse than a notice.

    ``passed``: whether some record, booking, plant or body passed the rule.
    """

    place: Path
    title: str
    text: str
    findings: tuple[Finding, ...]
    passed: bool


def entry_named(code: str) -> Entry:
    """What the code means; full-width and small letters will do. Raises UsageError for one that is not explained."""
    known = unicodedata.normalize("NFKC", code).strip().upper()
    if known in CATALOGUE:
        return CATALOGUE[known]
    see_all = Text("biotrace rules で一覧を見られます", "biotrace rules lists them all")
    if known in RETIRED:
        gone = Text("今の版では使われていません: ", "is not used any more: ") + RETIRED[known]
        raise UsageError(same(f"{known} ") + gone, see_all, code="rule-retired")
    near = _near(known)
    remedy = Text(f"{near} の誤りではありませんか。", f"did you mean {near}? ") + see_all if near else see_all
    raise UsageError(Text(f"「{code}」という規則はありません", f"there is no rule {code}"), remedy, code="unknown-rule")


def _near(code: str) -> str | None:
    """The code that was probably meant: the family's nearest number, letters taken for digits, or what looks alike."""
    digits = code[1:].translate(_LOOK_ALIKE)
    if code[:1] in FAMILIES and digits.isdecimal():
        family = [known for known in CATALOGUE if known[0] == code[0]]
        return min(family, key=lambda known: abs(int(known[1:]) - int(digits)), default=None)
    return nearest(code, CATALOGUE)


def example_of(code: str, kind: str) -> Example | None:
    """The casebook that shows the rule firing (``bad``) or passing (``good``); None where a casebook cannot."""
    found = rule_example(code, kind)
    if found is None:
        return None
    place, data = found
    book = read_casebook(data, place.name)
    folded = fold(case_of_casebook(book, municipalities=municipalities()), RULES, RINYA_2012)
    judged: tuple[Judged | BookJudged, ...] = (*folded.judged.values(), *folded.books.values())
    findings = (f for j in judged for f in j.findings if f.code == code or not f.is_notice)
    return Example(
        place=place,
        title=book.title or place.name,
        text=data.decode(),
        findings=tuple(sorted(findings, key=lambda f: f.code != code)),
        passed=any(code in j.passed for j in judged),
    )
