"""An authority's side of trust lists: its keys, and the lists it signs."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from biotrace.chain import keyfile, trust_list
from biotrace.chain.keys import DeviceKey, PublicKey
from biotrace.chain.trust_content import Contents, TrustListError
from biotrace.chain.trust_list import TrustList
from biotrace.errors import BiotraceError, UsageError
from biotrace.model.text import Text, same

from .files import read_file, require_new, staged, write_new
from .trust import key_text
from .trust_source import Source, read_source

Ask = Callable[[Text], str]
"""Gives the password that the sentence asks for. Called when everything else is in order."""

PUBLIC_SUFFIX = ".pub"
_DAY = 86_400


def new_key(out: Path, ask: Ask) -> PublicKey:
    """Make an authority's key: the key file ``out`` under a password, and beside it the public key, OUT.pub.

    Raises UsageError where either exists or the disk refuses; then neither is left.
    """
    public_file = out.with_name(out.name + PUBLIC_SUFFIX)
    require_new(out)
    require_new(public_file)
    key = DeviceKey.generate()
    password = ask(Text(f"新しい鍵 {out.name} のパスワード", f"password for the new key {out.name}"))
    salt, nonce = secrets.token_bytes(keyfile.SALT_BYTES), secrets.token_bytes(keyfile.NONCE_BYTES)
    sealed = keyfile.seal(key, password, salt=salt, nonce=nonce)
    try:
        with staged(public_file, key_text(key.public)):
            write_new(out, sealed, private=True)
    except BaseException:
        out.unlink(missing_ok=True)  # it was not there before
        raise
    return key.public


def make_list(source_file: Path, key_file: Path, out: Path, ask: Ask, now: int) -> TrustList:
    """Sign what ``source_file`` says with the key in ``key_file``, into the new file ``out``.

    Raises BiotraceError for files that cannot be read, a wrong password, and a list that nobody would take; then
    nothing is written.
    """
    require_new(out)
    source = read_source(read_file(source_file), str(source_file))
    sealed = read_file(key_file)
    key = _opened(key_file, sealed, ask)
    try:
        made = trust_list.make(key, source.authority, now, _contents(source, key, now))
    except TrustListError as error:
        raise UsageError(
            same(f"{source_file}: ") + error.message,
            Text("内容を直して、もう一度実行してください", "correct the source and run it again"),
            code=error.code,
        ) from None
    write_new(out, made.data)
    return made


def _opened(path: Path, sealed: bytes, ask: Ask) -> DeviceKey:
    try:
        kid = keyfile.public_key(sealed).kid.hex()
        return keyfile.open_sealed(sealed, ask(Text(f"鍵 {kid} のパスワード", f"password of key {kid}")))
    except BiotraceError as error:
        if error.code != "key-file":
            raise
        raise type(error)(same(f"{path}: ") + error.message, error.remedy, code=error.code) from None


def _contents(source: Source, key: DeviceKey, now: int) -> Contents:
    expires = now + source.valid_days * _DAY if source.valid_days is not None else source.expires
    assert expires is not None, "reading the source asks for one of the two"
    return Contents(
        number=source.number,
        expires=expires,
        authority=source.authority_keys or (key.public,),
        bodies=source.bodies,
        logs=source.logs,
        witnesses=source.witnesses,
        quorum=source.quorum,
    )
