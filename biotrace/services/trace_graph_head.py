"""What stands above and below the picture of a trace: what it rests on, what changes, and what nobody looked at."""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.fuel_class import FuelClass
from biotrace.model.rounding import rounded
from biotrace.model.text import Text, join, same
from biotrace.verify.verdict import LotVerdict

from .lot_check import Seen
from .report_parts import CLASS_NAMES, numbered
from .trace import FoundForward, WhatIf
from .trace_facts import Fact
from .trace_open import Opened
from .trace_start import called

_KG = 1_000
_DRY = Text("重さは標準の換算係数による全乾", "weights are bone-dry, by default factors")
_CERTIFIED = Text(
    "重さは、はじめの証明書の重さのまま数えた行き先（ゲートの計量値ではない）",
    "weights are those of the first certificates all the way, not what a gate weighed",
)
_PARTLY = Text(
    "関わりのある記録だけを読んだ。発行者・置場・発電所の規則は見ていない（biotrace audit が確かめる）",
    "only what bears on this was read; rules about issuers, yards and plants were not looked at (biotrace audit does)",
)
_NOT_JUDGED = Text(
    "判定はしていない（判定した図は biotrace trace forward --verdicts、または what-if）",
    "nothing was judged (biotrace trace forward --verdicts does, and what-if)",
)
_SUPPOSED = Text(
    "判定は、仮定を加えたもの。台帳には何も書いていない",
    "verdicts are those under the supposition; nothing was written",
)


def head(desk: Opened, seen: Seen) -> Iterator[Fact]:
    """Which ledger, by which day, of which log; and that it is not sound, where it is not."""
    yield Text("台帳", "ledger"), same(desk.name)
    yield Text("基準日", "as of"), same(desk.today)
    for log in desk.logs:
        size, root = log.checkpoint.size, log.checkpoint.root.hex()[:16]
        yield (
            Text("ログ", "log"),
            Text(
                f"{log.checkpoint.origin}  {size:,} 件  根 {root}",
                f"{log.checkpoint.origin}  {size:,} entries  root {root}",
            ),
        )
    damage = len(desk.findings) + len(seen.damage)
    if damage:
        yield (
            Text("台帳の問題", "ledger not sound"),
            Text(f"{damage} 件（biotrace verify で確かめてください）", f"{damage} findings: see biotrace verify"),
        )


def of_lot(lot: LotVerdict) -> Fact:
    """The class that a lot was declared as, and what is confirmed."""
    declared, confirmed = CLASS_NAMES[lot.declared], CLASS_NAMES[lot.confirmed]
    same_class = lot.declared is lot.confirmed
    return Text("区分", "class"), declared if same_class else declared + same(" → ") + confirmed


def of_forward(found: FoundForward) -> Fact:
    """How many certificates a trace starts from."""
    count = len(found.forward.starts)
    return Text("証明書", "certificates"), Text(f"{count:,} 件", f"{count:,}")


def of_what_if(what: WhatIf) -> Iterator[Fact]:
    """How many lots would change, and by how much each class."""
    changed = len(what.changed)
    yield (
        Text("判定の変わるロット", "lots that change"),
        Text(f"{len(what.lots):,} 件のうち {changed:,} 件", f"{changed:,} of {len(what.lots):,}"),
    )
    change, untold = what.change()
    said = [CLASS_NAMES[c] + same(f" {_signed(change[c])} kg") for c in FuelClass if change.get(c)]
    if untold:
        said.append(Text(f"重さの分からないロット {untold} 件を除く", f"without {untold} lots of unknown weight"))
    if said:
        yield Text("変わる重さ（納入時、全乾）", "what changes, as delivered, bone-dry"), join(said)


def notes_of_back(desk: Opened) -> Iterator[Text]:
    """By what factors, and what was not looked at."""
    yield _DRY
    if not desk.whole:
        yield _PARTLY


def notes_of_forward(found: FoundForward, desk: Opened, what: WhatIf | None) -> Iterator[Text]:
    """Likewise; and of which certificates the weight cannot be told."""
    yield from (_DRY, _CERTIFIED)
    unweighed = found.forward.unweighed
    if unweighed:
        at = {entry.value.id: entry.value for entry in found.seen.case.entries}
        names = [called(at[i], found.seen.subjects) for i in unweighed]
        yield Text("重さを換算できない証明書（重さに入れていない）: ", "no factor tells the weight of ") + numbered(
            names
        )
    if what is not None:
        yield _SUPPOSED
    elif not found.lots:
        yield _NOT_JUDGED
    if not desk.whole:
        yield _PARTLY


def _signed(grams: int) -> str:
    return f"{'+' if grams > 0 else '−'}{rounded(abs(grams), _KG) // _KG:,}"
