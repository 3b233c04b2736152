"""F953: the plant's yearly report and the ledger differ.

No record of this version holds such a report, so nothing can be compared: the code is explained and never run. Example:
a report of 35,000 t of thinned wood for a year in which the ledger has 33,800 t.
"""

from __future__ import annotations

from biotrace.model.text import Text

from ..effect import Effect
from ..rule import Scope
from .integrity import Described

F953 = Described(
    code="F953",
    name=Text(
        "定期報告と台帳が違う",
        "the yearly report and the ledger differ",
    ),
    clause="A 図表2-(3)-③",
    scope=Scope.PLANT,
    proof=False,
    effect=Effect.NOTICE,
    explanation=Text(
        "発電事業者は、燃料種ごとの使用量などを毎年度1回報告する（再エネ特措法施行規則第5条第1項第7号）。"
        "報告の数量は、台帳の納入と使用から説明できるものでなければならない。",
        "A plant reports once a year what it burned of each fuel (enforcement regulation of the renewable energy act, "
        "art. 5(1)7). The report must follow from the deliveries and the use that the ledger holds.",
    ),
    expected=Text(
        "台帳と同じ数量の定期報告",
        "a report of the quantities that the ledger holds",
    ),
    remedy=Text(
        "違いの理由を確かめ、報告か台帳の誤りを正す",
        "find out why they differ, and correct the report or the ledger",
    ),
    example=Text(
        "定期報告では間伐材等由来が35,000トン、台帳では33,800トン。",
        "A report of 35,000 t of thinned wood for a year in which the ledger has 33,800 t.",
    ),
)
