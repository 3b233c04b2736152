"""More wood per hectare than the stand can hold: what is certified on a felling against its area."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from biotrace.model.certificate import Certificate
from biotrace.model.quantity import PARTS
from biotrace.model.text import Text, same

from ..case import Entry
from ..document_identity import number_key, office_key
from ..origins import is_imported
from . import chance
from .around import Around
from .figures import decimal, m3, percent
from .pools import Key, Pool, Pools
from .sighting import Kind, Sighting

MEAN_STOCK = Fraction(3_308_000_000, 10_200_000)
"""m³ on a hectare of planted forest in Japan: 3,308 million m³ on 10.20 million ha."""
SOURCE = "林野庁「森林資源の現況」平成29年3月31日現在、nippon.com h00737 の引用"
MOST_STOCK = 2 * MEAN_STOCK
"""What a good old stand may hold: twice the mean, our working bound until a yield table by site is at hand."""
STEP = Fraction(1, 10)
"""So much further beyond the bound counts as one halving."""
_M2_PER_HA, _CM3_PER_M3 = 10_000, 10**6


class PerHectare:
    """Adds up what is certified on each felling, and compares it with what its area can have borne."""

    kind = Kind(
        code="per-hectare",
        name=Text("面積当たりの量が林分の蓄積を超える", "more wood per hectare than the stand can hold"),
        why=Text(
            "別の山の木材を、根拠書類のある山のものとして証明すると、面積の割に量が多くなる。",
            "Wood from elsewhere that is certified as if from a documented felling shows as too much for its area.",
        ),
        scored=Text(f"上限を{percent(STEP)}超えるごとに1段", f"one halving for each {percent(STEP)} beyond the bound"),
        usual=Text(
            f"人工林の平均蓄積 {decimal(MEAN_STOCK, 0)} ㎥/ha（{SOURCE}）の2倍 {decimal(MOST_STOCK, 0)} ㎥/ha"
            "（当方の目安）× 伐採率（間伐で記載がなければ35％）× 面積",
            f"the bound is {decimal(MOST_STOCK, 0)} m³/ha (our working bound: twice the mean of planted forest, "
            f"{decimal(MEAN_STOCK, 0)} m³/ha, {SOURCE}) × felling rate (a thinning's 35 % where none is "
            "stated) × area",
        ),
        innocent=(
            Text("高齢・高地位の林分（100年を超えるスギなど）", "an old stand on a good site (sugi above 100 years)"),
            Text("面積の単位や小数点の書き誤り（㎡とha、aとha）", "a slip in the area's unit or decimal point"),
            Text(
                "証明書の面積がその回の分だけで、書類の面積が写されていない",
                "the certificate states the area of one load, and the document's was not copied",
            ),
        ),
        ask=Text(
            "伐採届・計画の面積と図面、森林簿（林齢・蓄積）、出材の検知野帳、写真",
            "area and map of the notice or plan, the forest register (age, stock), the tally, photographs",
        ),
    )

    def __init__(self, around: Around) -> None:
        self._around = around
        self._pools = Pools(around)
        self._nowhere = 0

    def take(self, entry: Entry) -> None:
        """Count a felling-stage certificate of domestic wood."""
        c = entry.value
        if not isinstance(c, Certificate) or not c.form.is_felling or is_imported(c) or not self._around.counts(c):
            return
        key, name = _as_certified(c)
        self._nowhere += not self._pools.add(c, key, name)

    def sightings(self) -> Iterator[Sighting]:
        """The fellings with more than their area can have borne."""
        for pool in self._pools:
            area, most = _room(pool)
            if area and pool.cm3 > most:
                yield self._sighting(pool, area, most)

    def _sighting(self, pool: Pool, area: int, most: Fraction) -> Sighting:
        hectares = Fraction(area, _M2_PER_HA)
        held = Fraction(pool.cm3, _CM3_PER_M3) / hectares
        bound = most / _CM3_PER_M3 / hectares
        return Sighting(
            kind=self.kind,
            about=pool.about or tuple(sorted(pool.sellers)),
            subject=pool.name,
            parties=pool.parties,
            score=chance.score((pool.cm3 / most - 1) / STEP),
            seen=Text(
                f"{decimal(hectares)} haから {m3(pool.cm3)} ㎥（{decimal(held, 0)} ㎥/ha、証明書 "
                f"{pool.sample.count} 通）",
                f"{m3(pool.cm3)} m³ from {decimal(hectares)} ha: {decimal(held, 0)} m³/ha (certificates: "
                f"{pool.sample.count})",
            ),
            usual=Text(
                f"この伐採では多くても {decimal(bound, 0)} ㎥/ha（平均蓄積の2倍×伐採率）",
                f"at most {decimal(bound, 0)} m³/ha of this felling (twice the mean stock × the felling rate)",
            ),
            sample=pool.sample,
        )

    def unchecked(self) -> Iterator[Text]:
        """Fellings without an area, and certificates that name none."""
        silent = sum(not _room(pool)[0] for pool in self._pools)
        if silent:
            yield Text(f"面積の記載がない伐採 {silent:,} 件", f"{silent:,} fellings without an area")
        if self._nowhere:
            yield Text(
                f"書類も許可の番号も箇所もない証明書 {self._nowhere:,} 通",
                f"{self._nowhere:,} certificates with neither document, permit number nor place",
            )


def _as_certified(c: Certificate) -> tuple[Key | None, Text]:
    """What a felling is told by where no document is at hand: the permit as certified, or seller and places."""
    permit = c.permit
    if permit is not None and permit.number is not None and permit.issuer is not None:
        office, number = office_key(permit.issuer), number_key(permit.number)
        return ("permit", office, number), same(f"{permit.issuer} {permit.number}")
    if c.locations:
        places = "、".join(sorted(map(str, c.locations)))
        return ("place", c.seller, places), same(places)
    return None, same("")


def _room(pool: Pool) -> tuple[int, Fraction]:
    """The area (m²; 0 where it is not known) and the most (cm³) that may have come off it.

    The areas of the documents; a larger one on a certificate counts, and where a document states none, all different
    ones that certificates state.
    """
    sheets = pool.sheets.values()
    density = MOST_STOCK * _CM3_PER_M3 / _M2_PER_HA
    rate = Fraction(max(sheet.rate or PARTS for sheet in sheets), PARTS)
    known = [(sheet.area, sheet.rate or PARTS) for sheet in sheets if sheet.area is not None]
    if len(known) < len(sheets):
        area = max(sum(pool.areas), sum(area for area, _ in known))
        return area, area * rate * density
    area, largest = sum(area for area, _ in known), max(pool.areas, default=0)
    most = sum((area * Fraction(rate, PARTS) for area, rate in known), Fraction(0)) * density
    return max(area, largest), max(most, largest * rate * density)
