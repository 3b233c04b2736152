"""What is written reads back as the same values, and no file, however broken, brings the reader down."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from biotrace.documents import located
from biotrace.documents.casebook import read_casebook, write_casebook, write_casebook_json
from biotrace.errors import BiotraceError
from biotrace.model.casebook import Casebook
from biotrace.model.party import Party, Role
from tests.strategies import TRICKY, casebooks, texts

GOOD = (Path(__file__).parents[1] / "golden" / "casebook_full.yaml").read_bytes()
GOOD_JSON = write_casebook_json(read_casebook(GOOD, "good.yaml")).encode()

slowly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def named(text: str) -> Casebook:
    """A casebook with ``text`` as a whole value, as an id, in a list and inside braces."""
    return Casebook(
        title=text, trusted_bodies=(text, text), parties=(Party(text, text, (Role.OWNER,), address=f"長野県 {text}"),)
    )


@settings(slowly, max_examples=60)
@given(casebooks())
def test_yaml_reads_back_as_the_same_casebook(book: Casebook) -> None:
    assert read_casebook(write_casebook(book).encode(), "written.yaml") == book


@settings(slowly, max_examples=30)
@given(casebooks())
def test_json_reads_back_as_the_same_casebook(book: Casebook) -> None:
    text = write_casebook_json(book)
    assert json.loads(text)["biotrace"] == "casebook/1"
    assert read_casebook(text.encode(), "written.json") == book


@settings(slowly, max_examples=15)
@given(casebooks())
def test_json_with_ascii_escapes_reads_back_as_the_same_casebook(book: Casebook) -> None:
    text = json.dumps(json.loads(write_casebook_json(book)), indent="\t")
    assert read_casebook(text.encode("ascii"), "escaped.json") == book


@pytest.mark.parametrize("text", TRICKY)
def test_tricky_text_survives_both_notations(text: str) -> None:
    book = named(text)
    assert read_casebook(write_casebook(book).encode(), "written.yaml") == book
    assert read_casebook(write_casebook_json(book).encode(), "written.json") == book


@settings(slowly, max_examples=150)
@given(texts())
def test_another_yaml_reader_sees_the_same_text(text: str) -> None:
    assert yaml.load(write_casebook(named(text)), yaml.SafeLoader)["title"] == text


@settings(slowly, max_examples=150)
@given(texts())
def test_the_pure_python_parser_reads_the_same_casebook(text: str) -> None:
    book = named(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(located, "LOADER", yaml.SafeLoader)
        assert read_casebook(write_casebook(book).encode(), "written.yaml") == book


def read_or_refuse(data: bytes) -> None:
    """Read; whatever is refused must be shown in both languages. Anything but a BiotraceError fails the test."""
    try:
        read_casebook(data, "any.yaml")
    except BiotraceError as refused:
        shown = refused.lines("ja") + refused.lines("en")
    else:
        return
    assert all(shown)


@settings(slowly, max_examples=200)
@given(st.binary(max_size=200))
@example(b"[" * 100_000)
@example(b'{"a":' * 100_000)
@example(b"- " * 100_000)
@example(b"a: &a [*a, *a]")
@example(b"biotrace: casebook/1\ncertificates: [{date: " + "九".encode() * 5_000 + b"}]")
def test_random_bytes_are_read_or_refused(data: bytes) -> None:
    read_or_refuse(data)


@settings(slowly, max_examples=200)
@given(st.text("{}[]:,-?&*!|>'\"%@`#~<= \n\tab019.年月日平成\ufeff\u2028𠮷", max_size=60))
def test_random_punctuation_is_read_or_refused(text: str) -> None:
    read_or_refuse(text.encode())
    read_or_refuse(f"biotrace: casebook/1\nparties:\n  - {text}".encode())


@settings(slowly, max_examples=300)
@given(st.sampled_from([GOOD, GOOD_JSON]), st.data())
def test_a_damaged_file_is_read_or_refused(good: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(good)))
    until = data.draw(st.integers(start, min(len(good), start + 12)))
    piece = data.draw(st.binary(max_size=6) | texts().map(str.encode))
    read_or_refuse(good[:start] + piece + good[until:])


@settings(slowly, max_examples=300)
@given(st.sampled_from([GOOD.decode(), GOOD_JSON.decode()]), st.data())
def test_a_miswritten_value_is_read_or_refused(good: str, data: st.DataObject) -> None:
    lines = good.splitlines()
    number = data.draw(st.integers(0, len(lines) - 1))
    head, colon, _ = lines[number].partition(": ")
    lines[number] = head + colon + data.draw(texts() | st.sampled_from(["-5", "1e99", "[]", "{}", "[[]]", "0.00001"]))
    read_or_refuse("\n".join(lines).encode())
