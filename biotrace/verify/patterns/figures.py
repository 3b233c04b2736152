"""Figures in sentences."""

from __future__ import annotations

from fractions import Fraction


def percent(share: Fraction, decimals: int = 0) -> str:
    """A share as 42%, rounded half up."""
    return f"{decimal(share * 100, decimals)}%"


def decimal(value: Fraction, decimals: int = 2) -> str:
    """A number to so many decimals, rounded half up, thousands separated."""
    step = 10**decimals
    whole = (2 * abs(value.numerator) * step + value.denominator) // (2 * value.denominator)
    sign = "-" if value < 0 and whole else ""
    head, tail = divmod(whole, step)
    return f"{sign}{head:,}" + (f".{tail:0{decimals}d}" if decimals else "")


def m3(cm3: int) -> str:
    """Cubic metres, to a tenth."""
    return decimal(Fraction(cm3, 10**6), 1)
