"""Trust lists: who the accrediting bodies, logs and witnesses are, as an authority has signed it. Format version 1.

A list is an envelope (``biotrace.chain.cose``) whose iss names the authority, whose sub is "trust-list", whose iat is
when it was signed, and whose payload is that of ``biotrace.chain.trust_content``.

The key that signed it stands among the authority's own. So nobody locks themselves out by a slip of the pen, a new key
has shown that it can sign before the old one goes, and damage shows without any other file. Which list may follow
which is for ``biotrace.chain.trust_update`` to say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from biotrace.model.text import Text

from . import cose, ed25519, trust_content
from .keys import DeviceKey, PublicKey
from .trust_content import Contents, wrong

SUBJECT = "trust-list"
MAX_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class TrustList:
    """A list as parsed: it counts only after ``verify``.

    ``issuer``: the authority, by its own word. ``issued_at``: seconds since 1970-01-01 UTC, as it states. ``kid``: the
    key that signed. ``data``: the exact bytes.
    """

    issuer: str
    issued_at: int
    kid: bytes
    contents: Contents
    data: bytes

    @property
    def number(self) -> int:
        """Its place among the authority's lists: a client never goes back to a lower one."""
        return self.contents.number


def make(key: DeviceKey, issuer: str, issued_at: int, contents: Contents) -> TrustList:
    """The list that says ``contents``, in whatever order they come, signed by ``key`` at ``issued_at``.

    Raises IntegrityError for what ``parse`` would refuse.
    """
    return parse(cose.sign(key, issuer, SUBJECT, issued_at, trust_content.encode(contents)).envelope)


def parse(data: bytes) -> TrustList:
    """The list that ``data``, all of it, is.

    Raises IntegrityError, most often a TrustListError, for any other form, and UpdateNeededError for another version.
    """
    if len(data) > MAX_BYTES:
        raise wrong(Text("大きすぎます", f"it is larger than {MAX_BYTES} bytes"))
    signed = cose.parse(data)
    if signed.subject != SUBJECT:
        raise wrong(Text("信頼リストではない記録です", f"it is another record, about {signed.subject}"))
    trust_content.check_name(signed.issuer)
    contents = trust_content.decode(signed.payload)
    if signed.issued_at >= contents.expires:
        raise wrong(Text("有効期限が署名より後の時刻ではありません", "it expires at no time after its signature"))
    if signed.kid not in {key.kid for key in contents.authority}:
        raise wrong(
            Text(
                "署名した鍵が、次のリストに署名できる鍵の中にありません",
                "the key that signs it is not among the keys that may sign the next list",
            )
        )
    return TrustList(signed.issuer, signed.issued_at, signed.kid, contents, data)


def verify(trust_list: TrustList, keys: Iterable[PublicKey]) -> None:
    """Raise SignatureError unless one of ``keys`` signed the list's exact bytes.

    Code ``trust-stranger`` where the list names none of them, ``signature`` where it does and the signature is bad.
    """
    key = next((key for key in keys if key.kid == trust_list.kid), None)
    if key is None:
        raise ed25519.SignatureError(
            named(trust_list)
            + Text(
                f": 信頼している発行元の鍵ではなく、{trust_list.kid.hex()} で署名されています",
                f" is signed by {trust_list.kid.hex()}, which is no key of the authority that is trusted",
            ),
            Text(
                "受け入れないでください。発行元が鍵を替えたのなら、間のリストを番号順に取り込んでください",
                "do not accept it; if the authority changed its keys, take the lists in between, in their order",
            ),
            code="trust-stranger",
        )
    try:
        cose.verify(cose.parse(trust_list.data), key)
    except ed25519.SignatureError:
        raise ed25519.SignatureError(
            named(trust_list) + Text(": 署名が内容と合いません", ": the signature does not fit the content"),
            Text(
                "受け入れず、発行元からファイルを取り直してください", "do not accept it; get the authority's file again"
            ),
        ) from None


def named(trust_list: TrustList) -> Text:
    """The list by its number."""
    return Text(f"信頼リスト第{trust_list.number}号", f"trust list no. {trust_list.number}")
