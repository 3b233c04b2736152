"""One permit, notice or plan certified beyond its volume, across several buyers: none of them alone can see it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from biotrace.model.certificate import Certificate
from biotrace.model.text import Text

from ..case import Entry
from . import chance
from .around import Around
from .figures import m3, percent
from .pools import Pool, Pools
from .sighting import Kind, Sighting

STEP = Fraction(1, 20)
"""So much further beyond the tolerance counts as one halving."""
BY_BUYER = 4
"""Halvings for each further buyer, no more than the excess itself gives: a slip of the pen seldom divides itself among
several, but a producer who sorts logs for four buyers is none the stranger for a cubic metre too many."""


class PermitVolume:
    """Adds up what is certified on each document, over all certificates and buyers."""

    kind = Kind(
        code="permit-volume",
        name=Text("一つの許可・届出の材積を超える証明", "one permit certified beyond its volume"),
        why=Text(
            "買い手はそれぞれ自社あての証明書しか見ないため、一つの許可・届出を何社にも使えば、合計が材積を超えても"
            "だれも気付かない。",
            "Each buyer sees its own certificates only: where one permit serves several of them, nobody sees "
            "that the sum "
            "exceeds its volume.",
        ),
        scored=Text(
            f"許容幅（材積の1割）を超えた分が材積の{percent(STEP)}増すごとに1段、買い手が1社増すごとに{BY_BUYER}段"
            "（超えた分の段数まで）",
            f"one halving for each {percent(STEP)} of the volume beyond the tolerance of 10 %, {BY_BUYER} for each"
            " buyer after the first, up to as many as for the volume",
        ),
        usual=Text("書類の材積の1割増しまで（H314の許容幅）", "up to the document's volume and a tenth (as H314)"),
        innocent=(
            Text(
                "伐採量が届出より多くなり、変更届がまだ写されていない",
                "more came off than was filed, and the amended notice is not copied yet",
            ),
            Text(
                "立木材積と丸太の材積の測り方の違い、枝葉・末木を含む数量",
                "standing and log volumes measured differently, or tops and branches included",
            ),
            Text(
                "差し替えた証明書の取消しが記録されていない",
                "a replaced certificate whose cancellation is not recorded",
            ),
        ),
        ask=Text(
            "許可・届出の原本と変更届、買い手ごとの証明書の控え、伐採後の造林届・出材の検知野帳",
            "the permit or notice with its amendments, copies of the certificates to each buyer, the tally of what was "
            "felled",
        ),
    )

    def __init__(self, around: Around) -> None:
        self._around = around
        self._pools = Pools(around)

    def take(self, entry: Entry) -> None:
        """Count a felling-stage certificate."""
        c = entry.value
        if isinstance(c, Certificate) and c.form.is_felling and self._around.counts(c):
            self._pools.add(c)

    def sightings(self) -> Iterator[Sighting]:
        """The documents beyond their volume."""
        for pool in self._pools:
            volume = pool.volume
            if not volume:
                continue
            beyond = Fraction(pool.cm3, volume) - 1 - self._around.profile.document_tolerance
            if beyond > 0:
                yield self._sighting(pool, volume, beyond)

    def _sighting(self, pool: Pool, volume: int, beyond: Fraction) -> Sighting:
        buyers = max(1, len(pool.buyers))
        least = Text("少なくとも ", "at least ") if pool.converted else Text("", "")
        over = percent(Fraction(pool.cm3, volume) - 1)
        steps = beyond / STEP
        return Sighting(
            kind=self.kind,
            about=pool.about,
            subject=pool.name,
            parties=pool.parties,
            score=chance.score(steps + min(steps, Fraction(BY_BUYER * (buyers - 1)))),
            seen=Text("証明の合計 ", "certified in all ")
            + least
            + Text(
                f"{m3(pool.cm3)} ㎥（材積を{over}超える、買い手 {buyers} 社、証明書 {pool.sample.count} 通）",
                f"{m3(pool.cm3)} m³, {over} beyond (buyers: {buyers}, certificates: {pool.sample.count})",
            ),
            usual=Text(f"書類の材積 {m3(volume)} ㎥まで", f"the documents allow {m3(volume)} m³"),
            sample=pool.sample,
        )

    def unchecked(self) -> Iterator[Text]:
        """Documents without a volume."""
        silent = sum(pool.volume is None for pool in self._pools)
        if silent:
            yield Text(
                f"材積の記載がない書類（または一緒に使われたもの） {silent:,} 組",
                f"{silent:,} documents (or sets cited together) of which one states no volume",
            )
