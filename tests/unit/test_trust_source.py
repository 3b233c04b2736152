"""What an authority writes before it signs: every slip is named with its line."""

from __future__ import annotations

import base64
import re
from datetime import date
from pathlib import Path

import pytest

from biotrace.chain.trust_content import BodyKey
from biotrace.documents.casebook_text import json_text, yaml_text
from biotrace.documents.problems import CasebookErrors
from biotrace.errors import BiotraceError, UnreadableError, UpdateNeededError
from biotrace.model.text import Lang
from biotrace.services.times import from_local
from biotrace.services.trust_source import SOURCE, VERSION, Source, public_key, read_source
from tests.builders import NOW, device_key
from tests.trust_lists import AUTHORITY, CONTENTS, DAY, NEXT, log, witness

FORMAT = Path(__file__).resolve().parents[2] / "docs" / "format.md"
KEY = device_key("nagano-body").public
TEXT = f"""\
biotrace: trust-source/1
authority: 〇〇県木質バイオマス協議会
number: 3
expires: 2015-03-31
bodies:
  - id: nagano-body
    name: 長野県木材協同組合連合会
    code_from: 平成24年10月1日
    keys:
      - key: {base64.b64encode(KEY.raw).decode()}
      - key: {device_key("leaked").public.raw.hex().upper()}
        until: 2014-11-20 15:00:00
  - id: gifu-body
    name: 岐阜県木材協同組合連合会
logs: ["{log("log.example/nagano")}"]
witnesses:
  - {witness("w-1")}
quorum: 1
authority_keys:
  - {base64.b64encode(AUTHORITY.public.raw).decode()}
  - {base64.b64encode(NEXT.public.raw).decode()}
"""


def read(text: str) -> Source:
    return read_source(text.encode(), "trust.yaml")


def lines(text: str, lang: Lang = "en") -> list[str]:
    with pytest.raises(UnreadableError) as refused:
        read(text)
    return refused.value.lines(lang)


def test_a_source_says_what_the_list_will_say() -> None:
    source = read(TEXT)
    assert (source.authority, source.number) == ("〇〇県木質バイオマス協議会", 3)
    assert source.expires == NOW + 133 * DAY - 9 * 3_600 - 1, "the last second of 31 March in Japan"
    nagano, gifu = source.bodies
    assert (nagano.party, nagano.code_from) == ("nagano-body", date(2012, 10, 1))
    assert [(k.public, k.until) for k in nagano.keys] == [(KEY, None), (device_key("leaked").public, NOW + 30 * 3_600)]
    assert (gifu.party, gifu.keys, gifu.code_from) == ("gifu-body", (), None)
    assert (source.logs, source.witnesses, source.quorum) == ((log("log.example/nagano"),), (witness("w-1"),), 1)
    assert source.authority_keys == (AUTHORITY.public, NEXT.public)


def test_the_example_in_the_format_can_be_read() -> None:
    (example,) = re.findall(
        "```yaml\n(biotrace: trust-source/1\n.*?)```", FORMAT.read_text(encoding="utf-8"), re.DOTALL
    )
    source = read(example)
    assert (source.number, source.quorum) == (4, 1)
    assert source.bodies[0].keys == (
        BodyKey(KEY),
        BodyKey(device_key("leaked").public, from_local("2026-11-20 15:00:00")),
    )
    assert (source.logs, source.witnesses) == ((log("log.example/nagano"),), (witness("w-1"),))
    assert source.authority_keys == (AUTHORITY.public, NEXT.public)


def test_little_is_enough() -> None:
    source = read("biotrace: trust-source/1\nauthority: 協議会\nnumber: 1\nvalid_days: 180\n")
    assert source == Source("協議会", 1, valid_days=180)


def test_what_is_read_can_be_written_as_yaml_and_json() -> None:
    source = read(TEXT)
    whole = Source("協議会", 3, CONTENTS.expires, None, CONTENTS.bodies, CONTENTS.logs, CONTENTS.witnesses, 2)
    for said in (source, whole):
        for writer in (yaml_text, json_text):
            text = writer({"biotrace": VERSION, **SOURCE.write(said)})
            assert read(text) == said


@pytest.mark.parametrize(
    ("old", "new", "line", "ja", "en"),
    [
        ("authority:", "autority:", 2, "authority の誤りではありませんか", "did you mean authority?"),
        ("witnesses:", "witnessess:", 16, "witnesses の誤り", "did you mean witnesses?"),
        ("    code_from:", "    code_form:", 8, "code_from の誤り", "did you mean code_from?"),
        ("until:", "untill:", 12, "until の誤り", "did you mean until?"),
        ("number: 3\n", "", 1, "必須のキー number", "the required key number is missing"),
        ("number: 3", "number: 0", 3, "1以上", "from 1 to"),
        ("number: 3", "number: three", 3, "three", "three"),
        ("number: 3", "number: 3\nnumber: 4", 4, "number", "number"),
        ("expires: 2015-03-31\n", "", 1, "どちらか一方", "one of expires and valid_days"),
        (
            "expires: 2015-03-31",
            "expires: 2015-03-31\nvalid_days: 9",
            1,
            "どちらか一方",
            "one of expires and valid_days",
        ),
        ("expires: 2015-03-31", "expires: 2015-02-31", 4, "2015-02-31", "2015-02-31"),
        ("expires: 2015-03-31", "expires: 2015-03-31 25:00:00", 4, "25:00:00", "a time in Japan"),
        ("expires: 2015-03-31", "expires: [2015-03-31]", 4, "リスト", "a list is written"),
        ("expires: 2015-03-31", "valid_days: 4000", 4, "3,650", "3,650"),
        ("id: gifu-body", "id: nagano-body", 13, "6行目", "already used on line 6"),
        ("    name: 岐阜県木材協同組合連合会\n", "", 13, "必須のキー name", "the required key name"),
        (base64.b64encode(KEY.raw).decode(), "aGVsbG8=", 10, "32バイト", "32 bytes"),
        (base64.b64encode(KEY.raw).decode(), "鍵", 10, "鍵として読めません", "no such key"),
        (base64.b64encode(KEY.raw).decode(), "00" * 32, 10, "位数", "small order"),
        (base64.b64encode(KEY.raw).decode(), "{}", 10, "組", "a group"),
        (str(log("log.example/nagano")), "log.example/nagano", 15, "鍵として読めません", "no such key"),
        (str(log("log.example/nagano")), str(witness("w-9")), 15, "種類が違います", "of another type"),
        (str(witness("w-1")), str(log("w-1")), 17, "種類が違います", "of another type"),
        ("quorum: 1", "quorum: 0.5", 18, "1以上", "from 1 to 100"),
        ("biotrace: trust-source/1", "biotrace: casebook/1", 1, "trust-source/1", "trust-source/1"),
        ("biotrace: trust-source/1\n", "", 1, "「biotrace:」", '"biotrace:"'),
    ],
)
def test_every_slip_is_named_with_its_line(old: str, new: str, line: int, ja: str, en: str) -> None:
    text = TEXT.replace(old, new, 1)
    assert text != TEXT
    with pytest.raises(CasebookErrors) as refused:
        read(text)
    assert line in {problem.line for problem in refused.value.problems}
    assert ja in "\n".join(lines(text, "ja"))
    assert en in "\n".join(lines(text))


@pytest.mark.parametrize("text", ["", "  \n", "[]", "協議会", "biotrace: trust-source/1\n", "a: [", "\x00", "- a\n- b"])
def test_what_is_no_source(text: str) -> None:
    assert "trust.yaml" in lines(text, "ja")[0]


def test_a_later_source_asks_for_an_update() -> None:
    with pytest.raises(UpdateNeededError):
        read(TEXT.replace("source/1", "source/2"))


@pytest.mark.parametrize("text", ["", "x", "00" * 32, "00" * 31, base64.b64encode(KEY.raw).decode().rstrip("=")])
def test_what_is_no_key(text: str) -> None:
    with pytest.raises(BiotraceError):
        public_key(text)
