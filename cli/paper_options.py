"""Options of commands that write a paper of 別記3: whether and where, and the answers that it asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from functools import wraps
from pathlib import Path
from typing import Any

import click

from biotrace.documents.accreditation_papers.enterprise import Goods
from biotrace.documents.accreditation_papers.renewal_application import YearHandled
from biotrace.documents.accreditation_papers.values import CM3, Handled
from biotrace.errors import UsageError
from biotrace.model.quantity import to_base
from biotrace.model.text import Text, same
from biotrace.services.accredit_apply import answers_in
from biotrace.services.accredit_paper import Wishes
from biotrace.services.accredit_print import NO_ANSWERS, NO_WISHES, Wanted

from .params import DAY, FILE, LINE, western_option
from .usage import Unfit

Command = Callable[..., int]
_WIDE = str.maketrans("０１２３４５６７８９．，／＝：", "0123456789.,/=:")
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d{1,6})?"
_HANDLED = re.compile(rf"(\d{{4}}):(thinned|general)=({_NUMBER})?/({_NUMBER})?")
Volume = tuple[int, str, Handled]
"""Fiscal year, class, and what was handled of it."""


class GoodsOption(click.ParamType[Goods]):
    """切削チップ=12,000 t: a product and how much of it is handled in a year; or the product alone."""

    name = "NAME=AMOUNT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Goods:
        """The product. Raises Unfit for a text that is empty, long, or cannot be printed."""
        if isinstance(value, Goods):
            return value
        name, _, yearly = str(value).partition("=")
        amount = LINE.convert(yearly, param, ctx) if yearly.strip() else None
        return Goods(LINE.convert(name, param, ctx), amount)


class HandledOption(click.ParamType[Volume]):
    """2023:thinned=3500/3200: in a fiscal year, of a class, m³ of logs in and of chips out."""

    name = "YEAR:CLASS=IN/OUT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Volume:
        """The volumes in cm³. Raises Unfit with what was expected."""
        if isinstance(value, tuple):
            return value
        found = _HANDLED.fullmatch(str(value).translate(_WIDE).strip())
        if found is None or not int(found.group(1)) >= 1900:
            expected = Text(
                "2023:thinned=3500/3200 のように（年度:thinned か general=原木入荷量/チップ等出荷量、㎥）",
                "volumes in m³ such as 2023:thinned=3500/3200 (fiscal year:thinned or general=logs in/chips out)",
            )
            raise Unfit(same(f"{value}: ") + expected, param, ctx)
        year, fuel_class, *amounts = found.groups()
        logs_in, chips_out = (None if a is None else to_base(Decimal(a.replace(",", "")), CM3) for a in amounts)
        return int(year), fuel_class, Handled(logs_in, chips_out)


_REPRESENTATIVE = click.option("--representative", type=LINE, default=None, help="代表者の氏名 / its representative")
_APPLIED = click.option("--applied", type=DAY, default=None, help="申請の日（別記2） / day of the application (別記2)")
_ANSWERS = click.option(
    "--answers",
    "answers_file",
    type=FILE,
    default=None,
    help="記入ファイル（apply --template で作る） / file of answers, see apply --template",
)
_OPTIONS = {
    "body": click.option("--body", type=LINE, default=None, help="団体のIDか名称（既定: 自社の認定の団体） / the body"),
    "day": click.option("--date", "day", type=DAY, default=None, help="書類の日付 / date of the paper"),
    "representative": _REPRESENTATIVE,
    "address": click.option("--address", type=LINE, default=None, help="所在地（既定: 台帳のとおり） / address"),
    "founded": click.option("--founded", type=LINE, default=None, help="創業年 / year of foundation"),
    "employees": click.option("--employees", type=LINE, default=None, help="従業員数 / number of employees"),
    "goods": click.option(
        "--goods",
        type=GoodsOption(),
        multiple=True,
        help="主要品目=年間取扱数量（複数可） / a main product=its yearly quantity, may be given more than once",
    ),
    "premises": click.option("--premises", type=LINE, default=None, help="施設の配置状況 / premises"),
    "other": click.option("--other", type=LINE, default=None, help="その他（ISO、JAS等） / other, such as ISO or JAS"),
    "person_in_charge": click.option(
        "--person", "person_in_charge", type=LINE, default=None, help="分別管理責任者の氏名 / person in charge"
    ),
    "code_date": click.option(
        "--code-date", type=DAY, default=None, help="団体の自主行動規範の日付 / date of the body's code of conduct"
    ),
    "site": click.option(
        "--site", type=LINE, default=None, help="適用する事業所（既定: 当社製材工場） / where the policy applies"
    ),
    "handled": click.option(
        "--handled",
        type=HandledOption(),
        multiple=True,
        help="取扱実績量（年度:区分=入荷/出荷、㎥、複数可） / m³ handled, may be given more than once",
    ),
}
"""By attribute of ``Answers``."""
_WITH_UNIT = {"founded": "年", "employees": "名"}


def answer_options(*names: str) -> Callable[[Command], Command]:
    """Give a command ``--answers`` and the options for these attributes of ``Answers``, which go before the file.

    It is called with them as ``given``. Goes below ``answers``, so that a file that cannot be read is told.
    """

    def decorate(command: Command) -> Command:
        @wraps(command)
        def run(*args: Any, answers_file: Path | None, **options: Any) -> int:
            said = {name: options.pop(name) for name in names}
            known = NO_ANSWERS if answers_file is None else answers_in(answers_file)
            stated = {name: _stated(name, value) for name, value in said.items() if value not in (None, ())}
            return command(*args, given=replace(known, **stated), **options)

        made: Command = run
        for name in reversed(names):
            made = _OPTIONS[name](made)
        return _ANSWERS(made)

    return decorate


def paper_options(ja: str, en: str, *, applied: bool = False, named: bool = True) -> Callable[[Command], Command]:
    """Give a command ``--pdf``, ``--out``, ``--western`` and, where asked for, ``--applied`` and ``--representative``.

    It is called with ``wanted``: None where no paper is asked for. Goes below ``answers``.
    """

    def decorate(command: Command) -> Command:
        @wraps(command)
        def run(*args: Any, pdf: bool, out: Path | None, western: bool | None, **options: Any) -> int:
            wishes = Wishes(western, options.pop("representative", None), options.pop("applied", None))
            asked = pdf or out is not None
            if not asked and wishes != NO_WISHES:
                raise without_pdf(
                    option
                    for option, value in (
                        ("--western", western),
                        ("--representative", wishes.representative),
                        ("--applied", wishes.applied),
                    )
                    if value is not None
                )
            return command(*args, wanted=Wanted(out, wishes) if asked else None, **options)

        made: Command = western_option(run)
        made = _APPLIED(made) if applied else made
        made = _REPRESENTATIVE(made) if named else made
        made = click.option("--out", "-o", type=FILE, default=None, help="そのPDFの名前 / name of that PDF")(made)
        return click.option("--pdf", is_flag=True, help=f"{ja}をPDFにする / write {en} as PDF")(made)

    return decorate


def without_pdf(options: Iterable[str]) -> UsageError:
    """Options that say what is on a paper, where none is written."""
    named = "、".join(options)
    return UsageError(
        Text(f"{named} は --pdf と一緒に使います", f"{named.replace('、', ', ')}: only with --pdf"),
        Text("--pdf を付けるか、省いてください", "give --pdf too, or leave it out"),
    )


def _stated(name: str, value: Any) -> Any:
    if name == "handled":
        years: dict[int, YearHandled] = {}
        for year, fuel_class, amounts in value:
            years[year] = replace(years.get(year, YearHandled(year)), **{fuel_class: amounts})
        return tuple(years.values())
    return value + _WITH_UNIT[name] if name in _WITH_UNIT and value.isdecimal() else value
