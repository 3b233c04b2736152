"""What a scanner reads: the whole text, a part of it, something else, something newer."""

from __future__ import annotations

import pytest

from biotrace.chain import base45, qrtext
from biotrace.errors import BiotraceError, IntegrityError, UnreadableError, UpdateNeededError
from tests.builders import ChainBuilder

ENVELOPE = ChainBuilder().story()["c-1"].envelope
TEXT = qrtext.to_text(ENVELOPE)


def test_there_and_back() -> None:
    assert TEXT.startswith("BT1:")
    assert qrtext.from_text(TEXT) == ENVELOPE


def test_a_felling_certificate_in_japanese_fits_a_code_of_45_mm() -> None:
    assert len(TEXT) <= 900


def test_spaces_inside_count() -> None:
    chain = ChainBuilder()
    texts = (qrtext.to_text(chain.document(f"doc-{i}").envelope) for i in range(100))
    spaced = next(text for text in texts if "  " in text)
    assert qrtext.from_text(spaced)
    with pytest.raises(BiotraceError):
        qrtext.from_text(spaced.replace("  ", " "))


def test_every_truncated_text_is_refused_and_said_to_be_cut() -> None:
    for length in range(len(qrtext.PREFIX), len(TEXT)):
        with pytest.raises(UnreadableError) as refused:
            qrtext.from_text(TEXT[:length])
        assert refused.value.code in ("qr-truncated", "base45")


@pytest.mark.parametrize(
    "text",
    ["", "B", "BT", "BT1", "BTX:", "BT:", "BT0:BB8", "BT01:BB8", "bt1:BB8", " BT1:BB8", "https://example.jp/", "BT２:"],
)
def test_other_codes_are_no_biotrace_codes(text: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        qrtext.from_text(text)
    assert refused.value.code == "qr-foreign"
    assert refused.value.message.en == "not a biotrace QR code"


@pytest.mark.parametrize("text", ["BT2:anything at all", "BT12:"])
def test_a_later_version_asks_for_an_update(text: str) -> None:
    with pytest.raises(UpdateNeededError) as refused:
        qrtext.from_text(text)
    assert refused.value.remedy is not None


def test_bytes_that_are_no_envelope_are_refused() -> None:
    with pytest.raises(IntegrityError):
        qrtext.from_text("BT1:" + base45.encode(b"hello"))


@pytest.mark.parametrize("ending", [" ", "\n", "\r\n", "  ", "   "])
def test_what_a_scanner_adds_at_the_end_is_not_swallowed(ending: str) -> None:
    with pytest.raises(BiotraceError):
        qrtext.from_text(TEXT + ending)
