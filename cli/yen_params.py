"""What yen are reckoned from, on the command line: a plant's approval, its output, and its kWh per bone-dry tonne."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import click

from biotrace.errors import UsageError
from biotrace.model.dates import parse_date
from biotrace.model.fuel_class import FuelClass
from biotrace.model.text import Text, same
from biotrace.services.report_overpayment import terms_of
from biotrace.verify.overpayment import Kwh, Terms
from biotrace.verify.prices import Approval

from .report_params import YEAR
from .usage import Unfit

_WIDE = str.maketrans("０１２３４５６７８９．，＝〜～–", "0123456789.,=---")
_CLASSES = "|".join(FuelClass)
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d{1,3})?"
_STATED = re.compile(rf"(?:({_CLASSES})=)?({_NUMBER})(?:-({_NUMBER}))?")
_KW = re.compile(rf"({_NUMBER})\s*(?:kw)?")
_MOST_KW = 10_000_000
_MOST_KWH = 6_000
"""More than is in wood: 18 to 20 GJ a bone-dry tonne are 5,000 to 5,600 kWh of heat."""


class Approved(click.ParamType[Approval]):
    """2015, 平成27年度, or a day such as 2017-10-05."""

    name = "YEAR|DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Approval:
        """The approval. Raises Unfit with what was expected."""
        if isinstance(value, Approval):
            return value
        try:
            return Approval.on(parse_date(str(value)))
        except ValueError:
            pass
        try:
            return Approval(YEAR.convert(value, param, ctx))
        except Unfit:
            expected = Text(
                "年度（2015、平成27年度）か、認定の日（2017-10-05）を",
                "a fiscal year (2015) or a day (2017-10-05) is expected",
            )
            raise Unfit(same(f"{value}: ") + expected, param, ctx) from None


class Kw(click.ParamType[Decimal]):
    """1990, 1,999.9 or 5000kW."""

    name = "KW"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """The output in kW. Raises Unfit with what was expected."""
        if isinstance(value, Decimal):
            return value
        found = _KW.fullmatch(str(value).translate(_WIDE).strip().lower())
        output = Decimal(0) if found is None else Decimal(found.group(1).replace(",", ""))
        if not 0 < output <= _MOST_KW:
            expected = Text(
                f"出力は kW で、1990 のように（0より大きく{_MOST_KW:,}以下）",
                f"an output in kW, above 0 and up to {_MOST_KW:,}, such as 1990",
            )
            raise Unfit(same(f"{value}: ") + expected, param, ctx)
        return output


class PlantKw(click.ParamType[tuple[str, Decimal]]):
    """plant-8=5000: a plant, by name or id, and its output."""

    name = "PLANT=KW"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Decimal]:
        """Whose output, and how many kW. Raises Unfit with what was expected."""
        if isinstance(value, tuple):
            return value
        plant, given, output = str(value).replace("＝", "=").rpartition("=")
        if not given or not plant.strip():
            expected = Text("発電設備=kW を、plant-8=5000 のように", "a plant and its kW, such as plant-8=5000")
            raise Unfit(same(f"{value}: ") + expected, param, ctx)
        return plant.strip(), KW.convert(output, param, ctx)


@dataclass(frozen=True, slots=True)
class Stated:
    """kWh per bone-dry tonne as a plant states it, of one class or, None, of all."""

    fuel_class: FuelClass | None
    kwh: Kwh


class KwhPerTonne(click.ParamType[Stated]):
    """1150, thinned=1150, or a range: 1100-1200."""

    name = "[CLASS=]KWH"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Stated:
        """Class and kWh. Raises Unfit with what was expected."""
        if isinstance(value, Stated):
            return value
        found = _STATED.fullmatch(str(value).translate(_WIDE).strip())
        if found is not None:
            low, high = (Decimal((found.group(n) or found.group(2)).replace(",", "")) for n in (2, 3))
            if 0 < low <= high <= _MOST_KWH:
                return Stated(FuelClass(found.group(1)) if found.group(1) else None, Kwh.by_plant(low, high))
        names = "、".join(FuelClass), ", ".join(FuelClass)
        expected = Text(
            f"1150、thinned=1150、幅なら 1100-1200 のように（全乾1トン当たりのkWh、0より大きく{_MOST_KWH:,}以下。"
            f"区分: {names[0]}）",
            f"kWh per bone-dry tonne, above 0 and up to {_MOST_KWH:,}, such as 1150, 1100-1200 or thinned=1150"
            f" (classes: {names[1]})",
        )
        raise Unfit(same(f"{value}: ") + expected, param, ctx)


def terms_asked(approved: Approval | None, kw: Decimal | None, stated: Sequence[Stated]) -> Terms | None:
    """A plant's terms; None where none of the options is given. Raises UsageError where some are, and not enough."""
    if approved is None and kw is None and not stated:
        return None
    if approved is None or kw is None:
        raise UsageError(
            Text("金額には --approved と --kw の両方が要ります", "for yen give both --approved and --kw"),
            Text("金額が要らなければ、どちらも省いてください", "leave out both where no yen are wanted"),
        )
    return terms_of(approved, kw, stated_kwh(stated))


APPROVED, KW, PLANT_KW, KWH_PER_T = Approved(), Kw(), PlantKw(), KwhPerTonne()


def stated_kwh(stated: Sequence[Stated]) -> Mapping[FuelClass, Kwh]:
    """By class: its own figure, else the one for all. Raises UsageError where two are given for the same."""
    given = [one.fuel_class for one in stated]
    twice = next((c for c in given if given.count(c) > 1), "")
    if twice != "":
        which = Text("すべての区分", "all classes") if twice is None else same(twice)
        raise UsageError(
            Text("--kwh-per-t が二つあります: ", "--kwh-per-t is given twice: ") + which,
            Text("一つにしてください（幅は 1100-1200 のように）", "give it once (a range as 1100-1200)"),
        )
    of = {one.fuel_class: one.kwh for one in stated}
    return {c: of[c] if c in of else of[None] for c in FuelClass if c in of or None in of}
