"""Values on the command line: days, quantities, and names of things."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import click

from biotrace.model.dates import parse_date
from biotrace.model.quantity import PARTS, Quantity, Unit, to_base

_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)\s*(m3|m3_loose|m3_stacked|t|kg|㎥|トン|立方メートル)")
_UNIT = {"㎥": "m3", "立方メートル": "m3", "トン": "t"}


class Day(click.ParamType[date]):
    """2014-11-19, or an era date."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day. Fails with what was expected."""
        if isinstance(value, date):
            return value
        try:
            return parse_date(str(value))
        except ValueError:
            self.fail(f"{value}: 日付は 2014-11-19 または 平成26年11月19日 / a date such as 2014-11-19", param, ctx)


class Amount(click.ParamType[Quantity]):
    """6.58t, 28500kg or 10.8m3."""

    name = "QUANTITY"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Quantity:
        """The quantity, without moisture. Fails with what was expected."""
        if isinstance(value, Quantity):
            return value
        found = _QUANTITY.fullmatch(str(value).strip())
        if found is None:
            self.fail(
                f"{value}: 数量は 6.58t、28500kg、10.8m3 のように / a quantity such as 6.58t or 10.8m3", param, ctx
            )
        unit = Unit(_UNIT.get(found.group(2), found.group(2)))
        try:
            amount = to_base(Decimal(found.group(1)), unit.scale)
        except ValueError:
            self.fail(f"{value}: 1 g・1 cm3 より細かい / finer than 1 g or 1 cm³", param, ctx)
        if amount <= 0:
            self.fail(f"{value}: 0 より大きい数量を / a quantity above 0", param, ctx)
        return Quantity(amount, unit)


class Part(click.ParamType[int]):
    """A share from 0 to 1, such as a moisture of 0.42; kept in 1/10,000."""

    name = "SHARE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The share in 1/10,000. Fails with what was expected."""
        if isinstance(value, int):
            return value
        try:
            parts = to_base(Decimal(str(value)), PARTS)
        except (ValueError, ArithmeticError):
            parts = -1
        if not 0 <= parts < PARTS:
            self.fail(f"{value}: 0 以上 1 未満（小数4桁まで）/ from 0 to below 1, 4 decimals at most", param, ctx)
        return parts


DAY, AMOUNT, PART = Day(), Amount(), Part()
