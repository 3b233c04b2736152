"""Base45 against RFC 9285's own examples, and strict decoding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biotrace.chain import base45
from biotrace.chain.base45 import Base45Error

# RFC 9285 §4.3 and §4.4
EXAMPLES = [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"ietf!", "QED8WEX0"), (b"", "")]


@pytest.mark.parametrize(("data", "text"), EXAMPLES)
def test_the_rfcs_examples(data: bytes, text: str) -> None:
    assert base45.encode(data) == text
    assert base45.decode(text) == data


@given(st.binary(max_size=80))
def test_there_and_back(data: bytes) -> None:
    assert base45.decode(base45.encode(data)) == data


@given(st.text(base45.ALPHABET, max_size=12))
def test_no_two_texts_mean_the_same_bytes(text: str) -> None:
    try:
        data = base45.decode(text)
    except Base45Error:
        return
    assert base45.encode(data) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A", "a character is missing"),
        ("BB8A", "a character is missing"),
        ("GGW", "too large"),  # 65,536: the RFC's own example of overflow, §6
        (":::", "too large"),
        ("::", "too large"),
        ("bb8", "character 1, 'b', is not in base45"),
        ("BB8\n\n", "character 4"),
        ("BB_", "character 3"),
        ("ＢＢ８", "character 1"),
    ],
)
def test_what_no_encoder_writes_is_refused(text: str, message: str) -> None:
    with pytest.raises(Base45Error, match=message):
        base45.decode(text)
