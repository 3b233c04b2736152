"""What reports are asked for on the command line: fiscal years, months, kWh, and where to write."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import wraps
from pathlib import Path
from typing import Any

import click

from biotrace.model.dates import parse_date
from biotrace.model.fuel_class import FuelClass
from biotrace.model.text import Text, same
from biotrace.services.report_material import Material, material_of_casebook, material_of_ledger
from biotrace.services.settings import western_dates

from .opening import opened
from .params import DAY, FILE, LINE, workspace_option
from .usage import Unfit

_WIDE = str.maketrans("０１２３４５６７８９．，：＝", "0123456789.,:=")
_CLASSES = "|".join(FuelClass)
_PER_TONNE = re.compile(rf"({_CLASSES})=(\d+(?:\.\d{{1,3}})?)")
_KWH = re.compile(rf"(\d{{4}}-\d{{2}}):({_CLASSES})=(\d+(?:,\d{{3}})*)")
Command = Callable[..., int]


class FiscalYear(click.ParamType[int]):
    """2025, 令和7, R7 or 平成26年度."""

    name = "YEAR"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The year in which it begins. Raises Unfit with what was expected."""
        if isinstance(value, int):
            return value
        text = str(value).translate(_WIDE).strip().removesuffix("度").removesuffix("年")
        try:
            return parse_date(f"{text}-04-01" if text.isascii() and text.isdigit() else f"{text}年4月1日").year
        except ValueError:
            expected = Text("年度は 2025、令和7、R7 のように", "a fiscal year such as 2025 (April 2025 to March 2026)")
            raise Unfit(same(f"{value}: ") + expected, param, ctx) from None


class Month(click.ParamType[date]):
    """2014-11, 平成26年11月."""

    name = "MONTH"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Its first day. Raises Unfit with what was expected."""
        if isinstance(value, date):
            return value
        text = str(value).translate(_WIDE).strip()
        try:
            return parse_date(f"{text}-01" if text[:1].isdigit() else f"{text}1日")
        except ValueError:
            expected = Text("月は 2014-11、平成26年11月 のように", "a month such as 2014-11 is expected")
            raise Unfit(same(f"{value}: ") + expected, param, ctx) from None


class PerTonne(click.ParamType[tuple[FuelClass, Decimal]]):
    """thinned=1850: kWh from a bone-dry tonne."""

    name = "CLASS=KWH"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[FuelClass, Decimal]:
        """Class and kWh. Raises Unfit with what was expected."""
        if isinstance(value, tuple):
            return value
        found = _PER_TONNE.fullmatch(str(value).translate(_WIDE).strip())
        if found is None or not Decimal(found.group(2)):
            expected = Text(
                f"thinned=1850 のように（区分: {_CLASSES.replace('|', '、')}。全乾1トン当たりのkWh、0より大きく）",
                f"such as thinned=1850: kWh per bone-dry tonne of {_CLASSES.replace('|', ', ')}, above 0",
            )
            raise Unfit(same(f"{value}: ") + expected, param, ctx)
        return FuelClass(found.group(1)), Decimal(found.group(2))


class Kwh(click.ParamType[tuple[date, FuelClass, int]]):
    """2014-11:thinned=1200000: kWh of a class in a month."""

    name = "MONTH:CLASS=KWH"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[date, FuelClass, int]:
        """Month, class and kWh. Raises Unfit with what was expected."""
        if isinstance(value, tuple):
            return value
        found = _KWH.fullmatch(str(value).translate(_WIDE).strip())
        if found is None:
            expected = Text(
                f"2014-11:thinned=1200000 のように（月:区分=kWh、区分: {_CLASSES.replace('|', '、')}）",
                "such as 2014-11:thinned=1200000 (month:class=kWh)",
            )
            raise Unfit(same(f"{value}: ") + expected, param, ctx)
        month = MONTH.convert(found.group(1), param, ctx)
        return month, FuelClass(found.group(2)), int(found.group(3).replace(",", ""))


YEAR, MONTH = FiscalYear(), Month()
YEAR_OPTION = click.option("--year", type=YEAR, default=None, help="年度（2025、令和7） / fiscal year, April to March")
OUT_OPTION = click.option(
    "--out",
    "-o",
    "out",
    type=FILE,
    multiple=True,
    help="ファイルに書く: 名前の終わり .pdf .xlsx .csv .json で形式が決まる。複数可 / write it; may be repeated",
)
PER_TONNE_OPTION = click.option(
    "--kwh-per-t",
    "per_tonne",
    type=PerTonne(),
    multiple=True,
    help="区分ごとの全乾1トン当たりkWh。複数可 / kWh per bone-dry tonne of a class",
)
KWH_OPTION = click.option(
    "--kwh", type=Kwh(), multiple=True, help="月ごと・区分ごとの発電量。複数可 / kWh of a class in a month"
)


def span_options(command: Command) -> Command:
    """Give a command ``--year``, ``--month``, ``--from`` and ``--to``."""
    for option in (
        click.option("--to", "until", type=DAY, default=None, help="最後の日 / last day"),
        click.option("--from", "start", type=DAY, default=None, help="最初の日 / first day"),
        click.option("--month", type=MONTH, default=None, help="その月 / a month, such as 2014-11"),
        YEAR_OPTION,
    ):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose report, and from what."""

    folder: Path
    casebook: Path | None
    party: str | None

    def material(self) -> Material:
        """The ledger, or the casebook where one is named. Raises BiotraceError as either does."""
        if self.casebook is not None:
            return material_of_casebook(self.casebook, self.party)
        with opened(self.folder) as workspace:
            return material_of_ledger(workspace, self.party)

    def western(self, said: bool | None) -> bool:
        """Whether papers bear western dates: as asked for, or as the workspace's settings say; of a casebook, eras."""
        return bool(said) if self.casebook is not None else western_dates(self.folder, said)


def source_options(command: Command) -> Command:
    """Give a command ``--casebook``, ``--party`` and ``--workspace``; it is called with them as ``asked``."""

    @wraps(command)
    def run(*args: Any, folder: Path, casebook: Path | None, party: str | None, **options: Any) -> int:
        return command(*args, asked=Asked(folder, casebook, party), **options)

    made: Command = run
    for option in (
        workspace_option,
        click.option(
            "--party", type=LINE, default=None, help="だれの報告か（既定: 自社） / whose report (default: own)"
        ),
        click.option("--casebook", type=FILE, default=None, help="台帳の代わりに casebook から / of a casebook"),
    ):
        made = option(made)
    return made
