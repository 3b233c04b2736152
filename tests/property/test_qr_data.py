"""Codewords of QR codes: the same as the qrcode package works out, for every version and length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qrcode.constants import ERROR_CORRECT_M
from qrcode.exceptions import DataOverflowError
from qrcode.main import QRCode
from qrcode.util import QRData, create_data

from biotrace.documents.qr import ALPHABET, CAPACITY
from biotrace.documents.qr_data import codewords, smallest_version

CHARACTERS = st.sampled_from(sorted(ALPHABET))


def expected(text: str, version: int) -> list[int]:
    """What the package says."""
    found: list[int] = create_data(version, ERROR_CORRECT_M, [QRData(text.encode(), mode=2)])
    return found


@given(st.text(CHARACTERS, min_size=1, max_size=300), st.integers(0, 3))
def test_they_are_those_of_the_package(text: str, more: int) -> None:
    smallest = smallest_version(len(text))
    assert smallest is not None
    version = smallest + more
    try:
        by_package = expected(text, version)
    except ValueError:  # it fails where a whole block is zero, as in a long run of "0"
        return
    assert codewords(text, version) == by_package


@pytest.mark.parametrize("version", range(1, 41))
def test_of_every_version_the_fullest_and_the_emptiest(version: int) -> None:
    full = max(n for n in range(1, CAPACITY + 1) if (smallest_version(n) or 99) <= version)
    for text in ("Z", ("A1:$" * 1_000)[:full], ("%Z9" * 2_000)[: full - 1]):
        assert codewords(text, version) == expected(text, version)
    with pytest.raises(ValueError, match="too long"):
        codewords("A" * (full + 1), version)


@given(st.integers(1, CAPACITY + 20))
def test_the_smallest_version_is_the_packages(length: int) -> None:
    code = QRCode(error_correction=ERROR_CORRECT_M)
    code.add_data(QRData(b"A" * length, mode=2), optimize=0)
    try:
        code.best_fit()
    except (DataOverflowError, ValueError):  # it says either
        assert smallest_version(length) is None
        return
    assert smallest_version(length) == code.version
