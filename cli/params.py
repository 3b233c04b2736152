"""Values on the command line: days, quantities, shares, and the workspace."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import click

from biotrace.model.dates import PastEraError, parse_date
from biotrace.model.quantity import PARTS, Quantity, Unit, to_base
from biotrace.model.text import Text, same

from .usage import Unfit

_MOST = 10_000_000
"""In the unit written, as in casebooks."""
_LONGEST = 80
_QUANTITY = re.compile(r"(\d+(?:,\d{3})*(?:\.\d+)?|\.\d+)\s*(m3|m3_loose|m3_stacked|t|kg|㎥|m³|トン|立方メートル)")
_UNIT = {"㎥": "m3", "m³": "m3", "立方メートル": "m3", "トン": "t"}
_WIDE = str.maketrans("０１２３４５６７８９．，ｔ％", "0123456789.,t%")
F = TypeVar("F", bound=Callable[..., Any])


class Day(click.ParamType[date]):
    """2014-11-19, or an era date."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day. Raises Unfit with what was expected."""
        if isinstance(value, date):
            return value
        try:
            return parse_date(str(value))
        except PastEraError:
            raise _unfit(
                value, Text("元号が終わった後の日付", "that day lies after its era ended"), param, ctx
            ) from None
        except ValueError:
            expected = Text("日付は 2014-11-19、平成26年11月19日 のように", "a date such as 2014-11-19 is expected")
            raise _unfit(value, expected, param, ctx) from None


class Amount(click.ParamType[Quantity]):
    """6.58t, 28500kg or 10.8m3."""

    name = "QUANTITY"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Quantity:
        """The quantity, without moisture. Raises Unfit with what was expected."""
        if isinstance(value, Quantity):
            return value
        found = _QUANTITY.fullmatch(str(value).translate(_WIDE).strip().lower())
        if found is None:
            expected = Text(
                "数量は 6.58t、28500kg、10.8m3 のように単位を付けて",
                "a quantity with its unit, such as 6.58t or 10.8m3",
            )
            raise _unfit(value, expected, param, ctx)
        unit, number = Unit(_UNIT.get(found.group(2), found.group(2))), Decimal(found.group(1).replace(",", ""))
        if not 0 < number <= _MOST:
            raise _unfit(
                value, Text(f"0より大きく{_MOST:,}以下で", f"above 0 and up to {_MOST:,} is expected"), param, ctx
            )
        try:
            return Quantity(to_base(number, unit.scale), unit)
        except ValueError:
            raise _unfit(value, Text("1 g・1 cm3 より細かい", "finer than 1 g or 1 cm3"), param, ctx) from None


class Part(click.ParamType[int]):
    """A share from 0 to 1, such as a moisture of 0.42 or 42%; kept in 1/10,000."""

    name = "SHARE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The share in 1/10,000. Raises Unfit with what was expected."""
        if isinstance(value, int):
            return value
        text = str(value).translate(_WIDE).strip()
        try:
            number = Decimal(text.removesuffix("%"))
            parts = to_base(number / 100 if text.endswith("%") else number, PARTS)
        except (ValueError, ArithmeticError):
            parts = -1
        if not 0 <= parts < PARTS:
            expected = Text("0.42 か 42% のように、0以上1未満で", "from 0 to below 1 is expected, such as 0.42 or 42%")
            raise _unfit(value, expected, param, ctx)
        return parts


class DrawOn(click.ParamType[tuple[str, Quantity]]):
    """c-1=10.8m3: a certificate and how much of it."""

    name = "ID=QUANTITY"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Quantity]:
        """The certificate's name and the quantity. Raises Unfit with what was expected."""
        if isinstance(value, tuple):
            return value
        certificate, _, amount = str(value).rpartition("=")
        if not certificate:
            raise _unfit(value, Text("c-1=10.8m3 のように", "a draw such as c-1=10.8m3 is expected"), param, ctx)
        return certificate, AMOUNT.convert(amount, param, ctx)


class Line(click.ParamType[str]):
    """A name or number, on one line."""

    name = "TEXT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text without spaces around it. Raises Unfit for one that is empty, long, or cannot be printed."""
        text = str(value).strip()
        if not text or len(text) > _LONGEST or not text.isprintable():
            shown = "".join(c if c.isprintable() else "?" for c in text[:20])
            expected = Text(f"1〜{_LONGEST}文字の1行で", f"one line of 1 to {_LONGEST} characters is expected")
            raise _unfit(shown, expected, param, ctx)
        return text


def _unfit(value: object, expected: Text, param: click.Parameter | None, ctx: click.Context | None) -> Unfit:
    return Unfit(same(f"{value}: " if value else "") + expected, param, ctx)


DAY, AMOUNT, PART, DRAW_ON, LINE = Day(), Amount(), Part(), DrawOn(), Line()
FILE = click.Path(path_type=Path)


def workspace_option(command: F) -> F:
    """Give a command ``--workspace``."""
    return click.option(
        "--workspace",
        "-w",
        "folder",
        type=FILE,
        default=Path(),
        envvar="BIOTRACE_WORKSPACE",
        help="ワークスペースのフォルダー（既定: 今いるフォルダー、または環境変数 BIOTRACE_WORKSPACE）"
        " / the workspace's folder (default: this one, or BIOTRACE_WORKSPACE)",
    )(command)


def western_option(command: F) -> F:
    """Give a command ``--western`` and ``--era``."""
    return click.option(
        "--western/--era",
        "western",
        default=None,
        help="日付を西暦で／元号で印字（既定: biotrace settings のとおり、初めは元号）"
        " / print western or era dates (default: as biotrace settings says, eras at first)",
    )(command)


def root_key_option(command: F) -> F:
    """Give a command ``--root-key``."""
    return click.option(
        "--root-key",
        type=FILE,
        default=None,
        help="管理鍵のファイル（別の場所に保管しているとき） / the root key's file, if kept elsewhere",
    )(command)
