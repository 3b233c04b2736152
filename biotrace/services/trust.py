"""A trust file: keys and the parties behind them, for checking a QR code without ledger or network."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from biotrace.chain.binding import binding_of
from biotrace.chain.keys import PublicKey
from biotrace.chain.kinds import KeyBinding, KeyEnd, KeyEndReason, TrustedBodies
from biotrace.chain.trust_update import SKEW, TrustSettings
from biotrace.documents.casebook import read_casebook, write_casebook_json
from biotrace.errors import BiotraceError, UnreadableError, UpdateNeededError
from biotrace.model.casebook import Casebook
from biotrace.model.party import Party
from biotrace.model.text import Text, same

from .files import read_file
from .logged import Logged, parties_of
from .private_fields import is_personal
from .times import from_local, local_time

FORMAT = "trust/1"
FILE = "trust.json"
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A public key and the party (id and name) that it signs for."""

    public: PublicKey
    party: str
    name: str


@dataclass(frozen=True, slots=True)
class Trust:
    """What a verifier goes by. ``trusted_bodies`` None: the file names none.

    ``made_at``: when it was written, seconds since 1970-01-01 UTC; None for what is known now.
    """

    keys: Mapping[bytes, TrustedKey]
    parties: Mapping[str, Party]
    trusted_bodies: frozenset[str] | None
    made_at: int | None = None


@dataclass(frozen=True, slots=True)
class Age:
    """How old a trust file is. ``remark``: what to say of it; ``old``: it should be replaced soon."""

    days: int
    remark: Text
    old: bool


def age_of(trust: Trust, now: int, settings: TrustSettings) -> Age | None:
    """How old the trust is; None for what is known now.

    Raises UnreadableError beyond the limit (``trust-old``), and where it would never grow old (``trust-future``).
    """
    if trust.made_at is None:
        return None
    if trust.made_at > now + SKEW:
        raise UnreadableError(
            Text(
                f"鍵と認定が未来の日時（{local_time(trust.made_at)}）のものになっています",
                f"keys and accreditations are said to be as of {local_time(trust.made_at)}, in the future",
            ),
            Text(
                "この端末の時計を確かめ、正しければ発行者から新しい trust.json をもらってください",
                "see whether this machine's clock is right; if so, get a new trust.json from the issuer",
            ),
            code="trust-future",
        )
    days = max(0, now - trust.made_at) // _DAY
    said = Text(
        f"鍵と認定は {local_time(trust.made_at)} 時点のもの（{days}日前）",
        f"keys and accreditations as of {local_time(trust.made_at)} ({days} days ago)",
    )
    if days >= settings.refuse_days:
        raise UnreadableError(
            said + Text(f"。{settings.refuse_days}日以上たったので使えません", "; too old to be used"),
            Text(
                "発行者から新しい trust.json をもらってください（限度は --refuse-days で変えられます）",
                "get a new trust.json from the issuer (the limit can be changed with --refuse-days)",
            ),
            code="trust-old",
        )
    old = days >= settings.warn_days
    if old:
        said += Text("。新しい trust.json をもらってください", "; get a new trust.json")
    return Age(days, said, old)


def trust_of(logged: Iterable[Logged]) -> Trust:
    """The keys, parties and trusted bodies that the sound records of one log establish.

    A paper does not tell when it was logged, so a key that was lost or leaked is not among them.
    """
    keys: dict[bytes, TrustedKey] = {}
    bodies: frozenset[str] | None = None
    logged = tuple(logged)
    # The file goes to whoever checks a QR code: nobody's private address with it.
    parties = {i: replace(p, address=None) if is_personal(p) else p for i, p in parties_of(logged).items()}
    for entry in logged:
        body = entry.record.body
        if not entry.sound:
            continue
        if (binding := binding_of(entry.record, entry.position)) is not None:
            kid, key = binding
            known = parties.get(key.party)
            name = body.name if isinstance(body, KeyBinding) else known.name if known else key.party
            keys[kid] = TrustedKey(PublicKey(key.public), key.party, name)
        elif isinstance(body, TrustedBodies):
            bodies = frozenset(body.bodies)
        elif isinstance(body, KeyEnd) and body.reason is not KeyEndReason.REPLACED:
            keys.pop(body.kid, None)
    return Trust(keys, parties, bodies)


def trust_bytes(trust: Trust, made_at: int) -> bytes:
    """What a trust file holds that is written at ``made_at``; the same gives the same bytes."""
    bodies = None if trust.trusted_bodies is None else tuple(sorted(trust.trusted_bodies))
    book = json.loads(write_casebook_json(Casebook(parties=tuple(trust.parties.values()), trusted_bodies=bodies)))
    data = {
        "biotrace": FORMAT,
        "made_at": local_time(made_at),
        "keys": [
            {"kid": kid.hex(), "public": _text(key.public), "party": key.party, "name": key.name}
            for kid, key in sorted(trust.keys.items())
        ],
        "parties": book,
    }
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def read_trust(path: Path) -> Trust:
    """The trust file at ``path``. Raises UnreadableError, or UpdateNeededError for another version of the format."""
    data = _json(path)
    version = data.get("biotrace")
    if isinstance(version, str) and version.startswith("trust/") and version != FORMAT:
        raise UpdateNeededError(
            same(f"{path}: ") + Text(f"版 {version} を読めません", f"cannot read version {version}"),
            Text("biotrace を更新してください", "update biotrace"),
        )
    try:
        if version != FORMAT:
            raise ValueError
        made_at = from_local(data["made_at"])
        keys = [_key(entry) for entry in data["keys"]]
        book = read_casebook(json.dumps(data["parties"], ensure_ascii=False).encode(), path.name)
    except (KeyError, TypeError, ValueError, BiotraceError) as error:
        raise _not_trust(path) from error
    bodies = None if book.trusted_bodies is None else frozenset(book.trusted_bodies)
    return Trust({k.public.kid: k for k in keys}, {p.id: p for p in book.parties}, bodies, made_at)


def read_key(path: Path) -> PublicKey:
    """The public key in a file: 64 hex digits or base64 of its 32 bytes."""
    text = read_file(path).decode("ascii", errors="replace").strip()
    try:
        return PublicKey(bytes.fromhex(text) if len(text) == 64 else base64.b64decode(text, validate=True))
    except (ValueError, BiotraceError) as error:
        raise UnreadableError(
            same(f"{path}: ") + Text("公開鍵として読めません", "is no public key"),
            Text(
                "発行者のワークスペースの keys/device.pub を指定してください",
                "name the file keys/device.pub of the issuer's workspace",
            ),
            code="no-key",
        ) from error


def key_text(key: PublicKey) -> bytes:
    """What a public key file holds."""
    return (_text(key) + "\n").encode()


def _text(key: PublicKey) -> str:
    return base64.b64encode(key.raw).decode()


def _key(entry: Any) -> TrustedKey:
    return TrustedKey(
        PublicKey(base64.b64decode(entry["public"], validate=True)), str(entry["party"]), str(entry["name"])
    )


def _json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(read_file(path))
    except (ValueError, RecursionError) as error:
        raise _not_trust(path) from error
    if not isinstance(data, dict):
        raise _not_trust(path)
    return data


def _not_trust(path: Path) -> UnreadableError:
    return UnreadableError(
        same(f"{path}: ") + Text(f"信頼ファイル（{FORMAT}）として読めません", f"is no trust file ({FORMAT})"),
        Text("ワークスペースの trust.json を指定してください", "name the trust.json of a workspace"),
        code="no-trust",
    )
