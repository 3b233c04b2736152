"""D903: a paper was deleted before its five years were over, or while it was on hold.

After lawful deletion the tombstone stands, and proof that was checked stays good. Example: a certificate of 2014-06-27
whose scan its recipient deleted on 2018-03-01. Only who keeps a paper can delete it: a stranger's word is none.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.labels import label
from biotrace.model.text import Text, join

from ..effect import Effect
from ..retention import Paper, deletions, ends, on_hold, paper_ids, papers
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import EVERY
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    for paper in papers(s):
        yield from _broken(s, paper)


def _broken(s: Subject, paper: Paper) -> Iterator[Fired]:
    until = ends(s)
    for deletion in deletions(s, paper):
        what = join([label(part) for part in deletion.deleted])
        by, day = s.name(deletion.by.party), deletion.day
        told = Text(f"{paper.name}: {by} が {day} に削除（", f"{paper.name}: deleted by {by} on {day} (") + what
        if day <= until:
            yield Fired(told + Text(f"）、保存は {until} まで", f"), to be kept until {until}"))
        elif (hold := on_hold(s, paper, deletion)) is not None:
            holder = s.name(hold.by.party)
            yield Fired(told + Text(f"）、{holder} が保存を求めている間", f"), while {holder} had it on hold"))


RULE = Rule(
    code="D903",
    name=Text(
        "保存期間内または保全中に削除された",
        "deleted before time, or while on hold",
    ),
    clause="G3, 別記3 第五④",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "証明書と関係書類は、発行した者も受け取った者も5年以上保存し、保全を求められたものはその間も消さない。"
        "期間が過ぎて適法に削除したものは、削除の記録が残り、それまでに確かめた証明は有効なままである。",
        "Who issued and who received them keeps certificates and papers for five years, and longer while on hold. "
        "After lawful deletion its record stands, and proof that was checked stays good.",
    ),
    expected=Text(
        "5年間、保全中はその終わりまでの保存",
        "kept for five years, and until the end of a hold",
    ),
    remedy=Text(
        "発行元か相手方から写しを取り直して示す",
        "get another copy from the issuer or the other side, and show it",
    ),
    stages=EVERY,
    applies=lambda s: not s.case.kept.deletions.keys().isdisjoint(paper_ids(s)) and bool(deletions(s)),
    check=_check,
    example=Text(
        "2014年6月27日の証明書のスキャンを、受け取った会社が2018年3月1日に削除した。",
        "The scan of a certificate of 2014-06-27 was deleted by its recipient on 2018-03-01.",
    ),
)
