"""Trust lists for tests: an authority, and a list with one of everything, to be spoiled one thing at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from biotrace.chain import trust_list
from biotrace.chain.keys import DeviceKey
from biotrace.chain.note import COSIGNATURE, ED25519, VerifierKey
from biotrace.chain.trust_content import BodyKey, Contents, TrustedBody
from biotrace.chain.trust_list import TrustList
from tests.builders import NOW, device_key

DAY = 86_400
AUTHORITY = device_key("authority")
NEXT = device_key("next authority")
STRANGER = device_key("stranger")
ISSUER = "〇〇県木質バイオマス協議会"


def log(name: str) -> VerifierKey:
    """The key of the log with that origin."""
    return VerifierKey(name, ED25519, device_key(f"log {name}").public)


def witness(name: str) -> VerifierKey:
    """The key of that witness."""
    return VerifierKey(name, COSIGNATURE, device_key(f"witness {name}").public)


def body(party: str, *keys: BodyKey, **more: Any) -> TrustedBody:
    """An accrediting body with one key, or those given."""
    return TrustedBody(party, f"{party}連合会", keys or (BodyKey(device_key(party).public),), **more)


CUT_OFF = BodyKey(device_key("leaked").public, NOW + DAY)
CONTENTS = Contents(
    number=3,
    expires=NOW + 180 * DAY,
    authority=(AUTHORITY.public, NEXT.public),
    bodies=(
        body("gifu-body"),
        body("nagano-body", BodyKey(device_key("nagano-body").public), CUT_OFF, code_from=date(2012, 10, 1)),
    ),
    logs=(log("log.example/gifu"), log("log.example/nagano")),
    witnesses=(witness("w-1"), witness("w-2"), witness("w-3")),
    quorum=2,
)


def made(key: DeviceKey = AUTHORITY, at: int = NOW, **changes: Any) -> TrustList:
    """The list with some of it changed, signed by ``key``."""
    return trust_list.make(key, ISSUER, at, replace(CONTENTS, **changes))
