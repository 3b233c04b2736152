"""Days, quantities, shares and draws as people type them."""

from __future__ import annotations

from datetime import date

import click
import pytest

from biotrace.model.quantity import Quantity, Unit
from cli.params import AMOUNT, DAY, DRAW_ON, PART
from cli.usage import Unfit, explained

T, KG, M3 = Unit.T, Unit.KG, Unit.M3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6.58t", Quantity(6_580_000, T)),
        (" 6.58 T ", Quantity(6_580_000, T)),
        ("６．５８ｔ", Quantity(6_580_000, T)),
        ("6.58トン", Quantity(6_580_000, T)),
        ("28,500kg", Quantity(28_500_000, KG)),
        ("10.8㎥", Quantity(10_800_000, M3)),
        ("10.8m³", Quantity(10_800_000, M3)),
        (".5m3", Quantity(500_000, M3)),
        ("3m3_loose", Quantity(3_000_000, Unit.M3_LOOSE)),
        ("3m3_stacked", Quantity(3_000_000, Unit.M3_STACKED)),
        ("0.000001t", Quantity(1, T)),
        ("10000000t", Quantity(10**13, T)),
    ],
)
def test_quantities(text: str, expected: Quantity) -> None:
    assert AMOUNT.convert(text, None, None) == expected


@pytest.mark.parametrize(
    "text", ["", "t", "6.58", "6,58t", "1,00t", "-1t", "0t", "1e3t", "10000000.1t", "0.0000001t", "1g"]
)
def test_what_is_no_quantity(text: str) -> None:
    with pytest.raises(Unfit) as refused:
        AMOUNT.convert(text, None, None)
    assert refused.value.text.ja != refused.value.text.en


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0.42", 4_200), ("42%", 4_200), ("４２％", 4_200), ("0", 0), ("0.0001", 1), ("99.99%", 9_999), (4_200, 4_200)],
)
def test_shares(text: object, expected: int) -> None:
    assert PART.convert(text, None, None) == expected


@pytest.mark.parametrize("text", ["42", "1", "100%", "-0.1", "0.00001", "nan", "inf", "wet", ""])
def test_what_is_no_share(text: str) -> None:
    with pytest.raises(Unfit, match=r"such as 0\.42 or 42%"):
        PART.convert(text, None, None)


@pytest.mark.parametrize("text", ["2014-11-19", "平成26年11月19日", "H26.11.19", date(2014, 11, 19)])
def test_days(text: object) -> None:
    assert DAY.convert(text, None, None) == date(2014, 11, 19)


@pytest.mark.parametrize("text", ["19/11/2014", "2014-13-01", "yesterday", "", "平成26年", "平成32年1月1日"])
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(Unfit):
        DAY.convert(text, None, None)


def test_draws() -> None:
    assert DRAW_ON.convert("c-1=10.8m3", None, None) == ("c-1", Quantity(10_800_000, M3))
    assert DRAW_ON.convert("a=b=1t", None, None) == ("a=b", Quantity(1_000_000, T))
    for text in ("c-1", "=1t", "c-1=", "c-1=much"):
        with pytest.raises(Unfit):
            DRAW_ON.convert(text, None, None)


@pytest.mark.parametrize(
    ("numbers", "given", "said"),
    [
        (click.IntRange(1, 1_000), "0", "--most は1以上1,000以下の整数です"),
        (click.IntRange(1, 1_000), "many", "--most は1以上1,000以下の整数です"),
        (click.IntRange(min=1), "0", "--most は1以上の整数です"),
    ],
)
def test_a_number_out_of_its_range_is_told_in_japanese_too(numbers: click.IntRange, given: str, said: str) -> None:
    command = click.Command("any", params=[click.Option(["--most"], type=numbers)])
    with pytest.raises(click.BadParameter) as refused:
        command.main(["--most", given], standalone_mode=False)
    assert explained(refused.value).message.ja == said
