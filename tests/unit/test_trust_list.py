"""Trust lists: one byte form, signed by the authority, and never a step back."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import cbor2
import pytest

from biotrace.chain import cose, trust_list, trust_update
from biotrace.chain.cbor import CborError
from biotrace.chain.ed25519 import SignatureError
from biotrace.chain.keys import DeviceKey
from biotrace.chain.kinds import RecordKind, TrustedBodies
from biotrace.chain.note import COSIGNATURE, ED25519, VerifierKey
from biotrace.chain.record import Signer
from biotrace.chain.trust_content import (
    MAX_AUTHORITY,
    MAX_BODIES,
    MAX_KEYS,
    MAX_NOTES,
    MAX_TIME,
    BodyKey,
    TrustedBody,
    TrustListError,
)
from biotrace.chain.trust_list import TrustList
from biotrace.chain.trust_update import Freshness, TrustSettings, TrustUpdateError
from biotrace.errors import BiotraceError, IntegrityError, UpdateNeededError
from tests.builders import NOW, device_key
from tests.trust_lists import AUTHORITY, CONTENTS, CUT_OFF, DAY, ISSUER, NEXT, STRANGER, body, log, made, witness

MADE = made()
PARTS: dict[int, Any] = cbor2.loads(cose.parse(MADE.data).payload)


def built(changes: dict[int, Any] | None = None, key: DeviceKey = AUTHORITY, **claims: Any) -> bytes:
    """A list of any shape, properly signed, its payload made by another encoder. None: that part is left out."""
    parts = {k: v for k, v in sorted((PARTS | (changes or {})).items()) if v is not None}
    claim: dict[str, Any] = {"issuer": ISSUER, "subject": trust_list.SUBJECT, "issued_at": NOW} | claims
    return cose.sign(key, payload=cbor2.dumps(parts), **claim).envelope


# what a list says


def test_what_was_said_is_read_back() -> None:
    assert (MADE.issuer, MADE.issued_at, MADE.kid, MADE.number) == (ISSUER, NOW, AUTHORITY.kid, 3)
    found = MADE.contents
    assert found.expires == CONTENTS.expires
    assert [b.party for b in found.bodies] == ["gifu-body", "nagano-body"]
    assert found.bodies[1].code_from == date(2012, 10, 1)
    assert CUT_OFF in found.bodies[1].keys
    assert (found.logs, found.witnesses, found.quorum) == (CONTENTS.logs, CONTENTS.witnesses, 2)
    assert {key.raw for key in found.authority} == {AUTHORITY.public.raw, NEXT.public.raw}
    assert trust_list.parse(MADE.data) == MADE
    trust_list.verify(MADE, [AUTHORITY.public])


def test_the_bytes_of_version_1_stay_as_they_are() -> None:
    assert hashlib.sha256(MADE.data).hexdigest() == "1ba9408cd1fcadc9535e8f59408fccb177be63190af5c875d6e4fefeb8920d31"


def test_another_encoder_makes_the_same_bytes() -> None:
    assert built() == MADE.data


def test_another_reader_finds_what_the_format_says() -> None:
    keys = sorted([device_key("nagano-body").public.raw, CUT_OFF.public.raw])
    until = [{1: key} | ({2: NOW + DAY} if key == CUT_OFF.public.raw else {}) for key in keys]
    expected = {
        0: 1,
        1: 3,
        2: NOW + 180 * DAY,
        3: [
            {1: "gifu-body", 2: "gifu-body連合会", 3: [{1: device_key("gifu-body").public.raw}]},
            {1: "nagano-body", 2: "nagano-body連合会", 3: until, 4: 15_614},
        ],
        4: [str(log("log.example/gifu")), str(log("log.example/nagano"))],
        5: [str(witness(name)) for name in ("w-1", "w-2", "w-3")],
        6: 2,
        7: sorted([AUTHORITY.public.raw, NEXT.public.raw]),
    }
    assert expected == PARTS


def test_the_order_in_which_it_is_given_does_not_matter() -> None:
    names = ("authority", "bodies", "logs", "witnesses")
    turned: dict[str, Any] = {name: getattr(CONTENTS, name)[::-1] for name in names}
    turned["bodies"] = tuple(replace(b, keys=b.keys[::-1]) for b in turned["bodies"])
    assert made(**turned).data == MADE.data


def test_a_list_of_nothing_but_its_authority() -> None:
    bare = made(bodies=(), logs=(), witnesses=(), quorum=None, authority=(AUTHORITY.public,))
    assert cbor2.loads(cose.parse(bare.data).payload).keys() == {0, 1, 2, 7}
    assert (bare.contents.bodies, bare.contents.logs, bare.contents.witnesses) == ((), (), ())
    assert made(bodies=(TrustedBody("a", "甲"),)).contents.bodies[0].keys == ()


def test_a_whole_country_fits() -> None:
    many = tuple(body(f"body-{i:03}", code_from=date(2012, 10, 1)) for i in range(200))
    assert len(made(bodies=many).data) < trust_list.MAX_BYTES // 8


# what is no list


def one_body(**changes: Any) -> list[dict[int, Any]]:
    parts = {"party": 1, "name": 2, "keys": 3, "code_from": 4, "other": 5}
    changed = PARTS[3][0] | {parts[name]: value for name, value in changes.items()}
    return [{k: v for k, v in changed.items() if v is not None}]


def one_key(**changes: Any) -> list[dict[int, Any]]:
    parts = {"public": 1, "until": 2, "other": 3}
    changed = PARTS[3][0][3][0] | {parts[name]: value for name, value in changes.items()}
    return one_body(keys=[{k: v for k, v in changed.items() if v is not None}])


RAW = device_key("gifu-body").public.raw
OTHER_ROLE = str(VerifierKey("w-1", ED25519, device_key("witness w-1").public))
SAME_KEY = str(VerifierKey("w-2", COSIGNATURE, device_key("witness w-1").public))
SAME_LOG_KEY = str(VerifierKey("log.example/x", ED25519, device_key("log log.example/gifu").public))
LOG_AS_WITNESS = str(VerifierKey("w-9", COSIGNATURE, device_key("log log.example/gifu").public))
LOGS_NAME = str(witness("log.example/gifu"))

REFUSED: list[tuple[str, dict[int, Any], str]] = [
    ("no version", {0: None}, "states no version"),
    ("version that is text", {0: "1"}, "states no version"),
    ("no number", {1: None}, "missing or unknown"),
    ("no expiry", {2: None}, "missing or unknown"),
    ("no authority", {7: None}, "missing or unknown"),
    ("an unknown part", {8: 1}, "missing or unknown"),
    ("number 0", {1: 0}, "begin with 1"),
    ("negative number", {1: -1}, "begin with 1"),
    ("number that is text", {1: "3"}, "part 1 is an integer"),
    ("expiry that is text", {2: "2027"}, "part 2 is an integer"),
    ("expires when signed", {2: NOW}, "no time after its signature"),
    ("expires before 1970", {2: -1}, "no time"),
    ("expires after the calendar", {2: MAX_TIME + 1}, "no time"),
    ("empty authority", {7: []}, "no key that may sign"),
    ("authority without the signer", {7: [NEXT.public.raw]}, "not among"),
    ("authority twice", {7: [AUTHORITY.public.raw] * 2}, "authority keys are out of order, or one is listed twice"),
    ("authority unsorted", {7: PARTS[7][::-1]}, "out of order"),
    ("too many authority keys", {7: [bytes([i]) * 32 for i in range(MAX_AUTHORITY + 1)]}, "at most 16"),
    ("authority that is no list", {7: AUTHORITY.public.raw}, "part 7 is a list"),
    ("authority key too short", {7: [b"short"]}, "has 32 bytes"),
    ("authority key of small order", {7: [bytes(32)]}, "small order"),
    ("authority key that is text", {7: ["x" * 32]}, "no byte string"),
    ("bodies that are a map", {3: {}}, "part 3 is a list"),
    ("bodies stated but empty", {3: []}, "canonical"),
    ("bodies unsorted", {3: PARTS[3][::-1]}, "bodies are out of order"),
    ("a body twice", {3: [PARTS[3][0], PARTS[3][0]]}, "bodies are out of order, or one is listed twice"),
    ("too many bodies", {3: one_body() * (MAX_BODIES + 1)}, "at most 1000"),
    ("body that is text", {3: ["gifu-body"]}, "part missing or unknown"),
    ("body without id", {3: one_body(party=None)}, "part missing or unknown"),
    ("body without name", {3: one_body(name=None)}, "part missing or unknown"),
    ("body with an unknown part", {3: one_body(other=1)}, "part missing or unknown"),
    ("body with an empty name", {3: one_body(name="")}, "one line"),
    ("body with two lines of name", {3: one_body(name="甲\n乙")}, "one line"),
    ("body whose name turns round", {3: one_body(name="a\u202eb")}, "one line"),
    ("body whose id clears the screen", {3: one_body(party="\x9b2J")}, "one line"),
    ("body with a long name", {3: one_body(name="木" * 86)}, "256 bytes"),
    ("code_from that is text", {3: one_body(code_from="2012-10-01")}, "part 4 is an integer"),
    ("code_from before all calendars", {3: one_body(code_from=-(10**7))}, "no date"),
    ("code_from beyond all integers", {3: one_body(code_from=2**62)}, "no date"),
    ("keys stated but empty", {3: one_body(keys=[])}, "canonical"),
    ("too many keys of a body", {3: one_body(keys=[{1: RAW}] * (MAX_KEYS + 1))}, "at most 16"),
    ("a body's key twice", {3: one_body(keys=[{1: RAW}, {1: RAW, 2: NOW}])}, "keys of a body"),
    ("one key of two bodies", {3: [PARTS[3][0], PARTS[3][0] | {1: "z"}]}, "a key is listed twice"),
    ("body key without bytes", {3: one_key(public=None)}, "key has a part missing"),
    ("body key with an unknown part", {3: one_key(other=1)}, "key has a part missing"),
    ("body key that is text", {3: one_body(keys=["k"])}, "key has a part missing"),
    ("body key of small order", {3: one_key(public=b"\1" + bytes(31))}, "small order"),
    ("body key until a text", {3: one_key(until="2026")}, "part 2 is an integer"),
    ("body key until before 1970", {3: one_key(until=-1)}, "no time"),
    ("body key until after the calendar", {3: one_key(until=MAX_TIME + 1)}, "no time"),
    ("log that is bytes", {4: [b"log"]}, "is text"),
    ("log that is no vkey", {4: ["log.example/gifu"]}, "not canonical base64"),
    ("log with a witness's key", {4: [str(witness("w-9"))]}, "one that signs text"),
    ("logs unsorted", {4: PARTS[4][::-1]}, "logs are out of order"),
    ("an origin twice", {4: [PARTS[4][0], PARTS[4][0]]}, "logs are out of order, or one is listed twice"),
    ("one key of two logs", {4: [PARTS[4][0], SAME_LOG_KEY]}, "a key is listed twice"),
    ("too many logs", {4: PARTS[4] * 51}, f"at most {MAX_NOTES}"),
    ("witness that signs text", {5: [OTHER_ROLE, *PARTS[5][1:]]}, "for cosignatures"),
    ("witnesses unsorted", {5: PARTS[5][::-1]}, "witnesses are out of order"),
    ("a witness twice", {5: [PARTS[5][0], PARTS[5][0]]}, "listed twice"),
    ("one key under two witnesses' names", {5: [PARTS[5][0], SAME_KEY]}, "a witness is listed twice"),
    ("a log's key as a witness", {5: [PARTS[5][0], LOG_AS_WITNESS]}, "its own witness"),
    ("a log's name as a witness", {5: [LOGS_NAME, PARTS[5][0]]}, "its own witness"),
    ("quorum out of reach", {6: 4}, "a quorum of 4 of 3"),
    ("quorum of none", {6: 0}, "a quorum of 0 of 3"),
    ("negative quorum", {6: -1}, "a quorum of -1 of 3"),
    ("witnesses without quorum", {6: None}, "a quorum of 0 of 3"),
    ("quorum without witnesses", {5: None}, "a quorum of no witnesses"),
    ("quorum that is text", {6: "2"}, "part 6 is an integer"),
]


@pytest.mark.parametrize(("changes", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_other_lists_are_refused_however_well_signed(changes: dict[int, Any], words: str) -> None:
    with pytest.raises(TrustListError) as refused:
        trust_list.parse(built(changes))
    assert words in refused.value.message.en
    assert refused.value.message.ja.startswith("信頼リスト: ")
    assert refused.value.code == "trust-list"


def test_what_cannot_be_read_cannot_be_made() -> None:
    changes: list[dict[str, Any]] = [
        {"number": 0},
        {"expires": NOW},
        {"authority": ()},
        {"authority": (NEXT.public,)},
        {"quorum": 4},
        {"logs": (witness("w-9"),)},
        {"bodies": (body("a"), body("a"))},
        {"bodies": (TrustedBody("a", "\ud800"),)},
        {"bodies": (body("a", BodyKey(device_key("a").public, -1)),)},
    ]
    for change in changes:
        with pytest.raises(IntegrityError):
            made(**change)


def test_envelopes_that_hold_no_list() -> None:
    record = Signer(AUTHORITY, ISSUER).sign(
        RecordKind.TRUSTED_BODIES, trust_list.SUBJECT, TrustedBodies(("gifu-body",)), NOW
    )
    with pytest.raises(TrustListError, match="missing or unknown"):
        trust_list.parse(record.envelope)
    with pytest.raises(TrustListError, match="about trusted"):
        trust_list.parse(built(subject="trusted"))
    with pytest.raises(TrustListError, match="one line"):
        trust_list.parse(built(issuer="a\u2028b"))
    with pytest.raises(CborError):
        trust_list.parse(cose.sign(AUTHORITY, ISSUER, trust_list.SUBJECT, NOW, cbor2.dumps({"number": 3})).envelope)
    with pytest.raises(TrustListError, match="larger"):
        trust_list.parse(MADE.data + bytes(trust_list.MAX_BYTES))


def test_a_later_version_asks_for_an_update() -> None:
    with pytest.raises(UpdateNeededError, match="does not know trust list version 2"):
        trust_list.parse(built({0: 2, 9: "what came later"}))


def verified_by_its_own(data: bytes) -> None:
    found = trust_list.parse(data)
    trust_list.verify(found, found.contents.authority)


def test_every_changed_byte_and_every_cut_is_refused() -> None:
    """By the pinned key, and by the list's own, which is how a stored list is found damaged."""
    data = MADE.data
    spoiled = [data[:at] for at in range(0, len(data), 7)]
    spoiled += [
        data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :] for at in range(len(data)) for mask in (1, 0x20, 0x80)
    ]
    for other in spoiled:
        with pytest.raises(BiotraceError):
            trust_list.verify(trust_list.parse(other), [AUTHORITY.public])
        with pytest.raises(BiotraceError):
            verified_by_its_own(other)


def test_it_is_signed_by_one_of_the_keys_that_are_asked_for() -> None:
    trust_list.verify(MADE, [STRANGER.public, AUTHORITY.public])
    for keys in ([], [STRANGER.public], [NEXT.public]):
        with pytest.raises(SignatureError) as refused:
            trust_list.verify(MADE, keys)
        assert refused.value.code == "trust-stranger"
    impostor = trust_list.parse(MADE.data[:-1] + bytes([MADE.data[-1] ^ 1]))
    with pytest.raises(SignatureError) as refused:
        trust_list.verify(impostor, [AUTHORITY.public])
    assert refused.value.code == "signature"


# the first list, and the next


def offer(current: TrustList, offered: TrustList, now: int = NOW + 2 * DAY) -> TrustUpdateError:
    with pytest.raises(TrustUpdateError) as refused:
        trust_update.update(current, offered.data, now)
    assert (refused.value.current, refused.value.offered) == (current, offered)
    assert refused.value.message.ja != refused.value.message.en
    return refused.value


def test_the_first_list_is_taken_by_the_pinned_key() -> None:
    assert trust_update.first(MADE.data, AUTHORITY.public, NOW) == MADE
    with pytest.raises(SignatureError) as refused:
        trust_update.first(MADE.data, NEXT.public, NOW)
    assert refused.value.code == "trust-stranger"


@pytest.mark.parametrize(
    ("now", "code"), [(NOW - 301, "trust-future"), (NOW + 180 * DAY + 1, "trust-expired")], ids=["future", "expired"]
)
def test_the_first_list_is_of_today(now: int, code: str) -> None:
    with pytest.raises(TrustUpdateError) as refused:
        trust_update.first(MADE.data, AUTHORITY.public, now)
    assert (refused.value.code, refused.value.current, refused.value.offered) == (code, None, MADE)


def test_the_next_list_is_taken_and_numbers_may_be_left_out() -> None:
    for number in (4, 9):
        following = made(at=NOW + DAY, number=number)
        assert trust_update.update(MADE, following.data, NOW + DAY) == following


def test_the_same_list_again_changes_nothing_even_when_it_is_old() -> None:
    assert trust_update.update(MADE, MADE.data, NOW + 999 * DAY) is MADE


def test_an_authority_changes_its_key_in_two_steps() -> None:
    handed_over = made(key=NEXT, at=NOW + 2 * DAY, number=4, authority=(NEXT.public,))
    current = trust_update.update(MADE, handed_over.data, NOW + 2 * DAY)
    assert current == handed_over
    with pytest.raises(SignatureError):
        trust_update.update(current, made(at=NOW + 3 * DAY, number=5).data, NOW + 3 * DAY)


def test_attack_expired_trust_list() -> None:
    """An authority's last word from long ago, held back so that a key cut off since then still counts."""
    old = made(at=NOW + DAY, number=4, expires=NOW + 2 * DAY)
    assert offer(MADE, old, NOW + 2 * DAY + 1).code == "trust-expired"
    assert trust_update.update(MADE, old.data, NOW + 2 * DAY) == old


def test_attack_rolled_back_trust_list() -> None:
    """An earlier list, properly signed, brings back a leaked key."""
    leaked = body("nagano-body", BodyKey(CUT_OFF.public))
    earlier = made(at=NOW - DAY, number=2, bodies=(leaked,))
    error = offer(MADE, earlier)
    assert error.code == "trust-rollback"
    assert "第2号" in error.message.ja
    assert "第3号" in error.message.ja
    assert "no. 2 is older than no. 3" in error.message.en


def test_attack_trust_list_by_a_stranger() -> None:
    """Whatever its number: what nobody signed whom we know is neither new, nor old, nor a second list."""
    for number in (2, 3, 4):
        own = made(key=STRANGER, at=NOW + DAY, number=number, authority=(STRANGER.public,))
        with pytest.raises(SignatureError) as refused:
            trust_update.update(MADE, own.data, NOW + DAY)
        assert refused.value.code == "trust-stranger"
        assert STRANGER.kid.hex() in refused.value.message.ja
    impostor = trust_list.parse(built({1: 4})[:-1] + b"\0")
    with pytest.raises(SignatureError):
        trust_update.update(MADE, impostor.data, NOW + DAY)


def test_attack_two_lists_of_one_number() -> None:
    """One list for most, another for some: both are kept as evidence against the authority."""
    error = offer(MADE, made(bodies=(body("x"),)))
    assert error.code == "trust-fork"
    assert "二つあります" in error.message.ja
    assert offer(MADE, made(at=NOW + 1)).code == "trust-fork"


def test_attack_trust_list_from_the_future() -> None:
    """It would count as fresh for longer than it is."""
    ahead = made(at=NOW + DAY + 301, number=4)
    assert offer(MADE, ahead, NOW + DAY).code == "trust-future"
    assert trust_update.update(MADE, ahead.data, NOW + DAY + 1) == ahead


def test_a_later_number_with_an_earlier_time_is_refused() -> None:
    assert offer(MADE, made(at=NOW - 1, number=4)).code == "trust-backdated"
    assert trust_update.update(MADE, made(number=4).data, NOW).number == 4


# age


@pytest.mark.parametrize(
    ("now", "outcome", "days", "code", "ja", "en"),
    [
        (NOW, "FRESH", 0, None, "信頼リスト第3号、署名から1日未満", "trust list no. 3, signed less than a day ago"),
        (
            NOW - 300,
            "FRESH",
            0,
            None,
            "信頼リスト第3号、署名から1日未満",
            "trust list no. 3, signed less than a day ago",
        ),
        (NOW + DAY, "FRESH", 1, None, "信頼リスト第3号、1日前", "trust list no. 3, 1 day old"),
        (NOW + 30 * DAY - 1, "FRESH", 29, None, "信頼リスト第3号、29日前", "trust list no. 3, 29 days old"),
        (NOW + 30 * DAY, "WARN", 30, None, "あと60日以内に使えなくなります", "in 60 days or less"),
        (NOW + 90 * DAY - 1, "WARN", 89, None, "あと1日以内に使えなくなります", "in 1 day or less"),
        (NOW + 90 * DAY, "REFUSE", 90, "trust-old", "90日以上たったので使えません", "from 90 days on"),
        (NOW + 180 * DAY + 1, "REFUSE", 180, "trust-expired", "有効期限を過ぎた", "has expired"),
        (NOW - 301, "REFUSE", 0, "trust-future", "時計が署名より前", "a time before its signature"),
    ],
)
def test_age(now: int, outcome: str, days: int, code: str | None, ja: str, en: str) -> None:
    age = trust_update.age(MADE, now)
    assert (age.outcome.name, age.days, age.code) == (outcome, days, code)
    assert ja in age.message.ja
    assert en in age.message.en
    assert "信頼リスト第3号" in age.message.ja
    assert (age.remedy is None) == (outcome == "FRESH")


def test_age_goes_by_the_settings_and_expiry_by_nothing() -> None:
    settings = TrustSettings(warn_days=2, refuse_days=3_650)
    assert trust_update.age(MADE, NOW + DAY, settings).outcome is Freshness.FRESH
    aging = trust_update.age(MADE, NOW + 179 * DAY, settings)
    assert aging.outcome is Freshness.WARN
    assert "in 2 days or less" in aging.message.en, "it expires before the settings refuse it"
    assert trust_update.age(MADE, MADE.contents.expires, settings).outcome is Freshness.WARN
    assert trust_update.age(MADE, MADE.contents.expires + 1, settings).outcome is Freshness.REFUSE
    early = TrustSettings(warn_days=30, refuse_days=7)
    outcomes = [trust_update.age(MADE, NOW + day * DAY, early).outcome for day in (6, 7)]
    assert outcomes == [Freshness.FRESH, Freshness.REFUSE]


def test_a_list_never_grows_younger() -> None:
    outcomes = [trust_update.age(MADE, NOW + day * DAY).outcome for day in range(200)]
    order = list(Freshness)
    assert all(order.index(a) <= order.index(b) for a, b in pairwise(outcomes))


@pytest.mark.parametrize(("warn", "refuse"), [(0, 90), (30, 0), (-1, 90), (30, 3_651), (3_651, 90)])
def test_settings_that_mean_nothing(warn: int, refuse: int) -> None:
    with pytest.raises(ValueError, match="out of bounds"):
        TrustSettings(warn, refuse)
