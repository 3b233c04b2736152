"""H317: a notice was filed too short or too long before felling began.

Felling notices are filed 90 to 30 days before (規則9条), thinning and selection notices for protection forests 90 to
20 days. Felling begins on the day that the notice names; where it names none, on the certificate's first. Example:
filed on 10 May for a felling from 27 May, 17 days.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.document import Document, DocumentKind, FellingFacts, Period
from biotrace.model.text import Text, join

from ..effect import Effect
from ..facts import documents_rested_on, is_felling_stage, number_of
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import FELLING
from ..subject import Subject

_FILED = (
    DocumentKind.FELLING_NOTICE,
    DocumentKind.PROTECTION_THINNING_NOTICE,
    DocumentKind.PROTECTION_SELECTION_NOTICE,
)


def _notices(s: Subject) -> list[Document]:
    return [d for d in documents_rested_on(s) if d.kind in _FILED]


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    told: list[Text] = []
    unknown = False
    for notice in _notices(s):
        days = _days_before(s, notice)
        plain = notice.kind is DocumentKind.FELLING_NOTICE
        least = s.profile.notice_days if plain else s.profile.protection_notice_days
        most = s.profile.notice_days_most
        if days is None:
            unknown = True
        elif not least <= days <= most:
            number = number_of(notice)
            told.append(
                Text(
                    f"{number}: 届出 {notice.filed} は伐採の {days} 日前（{least}～{most} 日前）",
                    f"{number}: filed on {notice.filed}, {days} days before felling ({least} to {most})",
                )
            )
    if told:
        yield Fired(join(told))
    elif unknown:
        yield NotChecked(Text("届出日または伐採の始期がない", "no day of filing or of felling"), harmless=True)


def _days_before(s: Subject, notice: Document) -> int | None:
    felled = (s.certificate.felled if s.certificate is not None else None) or Period()
    start = (notice.felling or FellingFacts()).start or felled.start
    return (start - notice.filed).days if start is not None and notice.filed is not None else None


RULE = Rule(
    code="H317",
    name=Text(
        "届出が伐採に近すぎる、または早すぎる",
        "notice filed too short or too long before felling",
    ),
    clause="G2(1), 森林法施行規則9条・68条",
    scope=Scope.RECORD,
    proof=False,
    effect=Effect.NOTICE,
    explanation=Text(
        "伐採届は伐採を開始する日の90日前から30日前まで、保安林の間伐届・択伐届は90日前から20日前までに出す。"
        "外れていても届出は届出なので、注意にとどめる。",
        "A felling notice is filed 90 to 30 days before felling begins, a thinning or selection notice for a "
        "protection forest 90 to 20 days. A notice filed out of time is still a notice, so this is one for a person.",
    ),
    expected=Text(
        "伐採開始の90～30日前（保安林は90～20日前）の届出",
        "filed 90 to 30 days before felling (protection forest: 90 to 20)",
    ),
    remedy=Text(
        "日付の誤記でないか、無届けで伐採していないかを市町村・都道府県に確かめる",
        "look for a slip in the dates, and ask the municipality or prefecture whether it was felled without notice",
    ),
    stages=FELLING,
    applies=lambda s: is_felling_stage(s) and bool(_notices(s)),
    check=_check,
    example=Text(
        "5月27日からの伐採を5月10日に届け出た（17日前。30日前まで）。",
        "A felling from 27 May was notified on 10 May: 17 days before, and 30 are asked for.",
    ),
)
