"""A workspace's private keys: files under one password, opened when first needed.

``root`` says who is who in the ledger, ``log`` signs its checkpoints, ``device`` signs this machine's records. The root
key is needed seldom and may be kept on a stick.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path

from biotrace.chain import keyfile
from biotrace.chain.keyfile import NONCE_BYTES, SALT_BYTES, Params
from biotrace.chain.keys import DeviceKey, PublicKey
from biotrace.errors import UnreadableError, UsageError
from biotrace.model.text import Text, same

from .files import read_file, write_new

FOLDER = "keys"
COST = Params()
"""What a password costs to try."""
SHORTEST_PASSWORD = 8

Password = Callable[[], str]
"""Asks for a password; called at most once."""


class KeyName(StrEnum):
    """What a key is for; also its file's name."""

    ROOT = "root"
    LOG = "log"
    DEVICE = "device"

    @property
    def file(self) -> str:
        """The sealed private key."""
        return f"{self}.key"

    @property
    def public_file(self) -> str:
        """The public key, which may be shown to anybody."""
        return f"{self}.pub"


class KeyFiles:
    """The key files in a workspace's folder. ``root_key``: where the root key is, if not there."""

    def __init__(self, folder: Path, password: Password, root_key: Path | None = None) -> None:
        self.folder = folder
        self._ask = password
        self._password: str | None = None
        self._root_key = root_key
        self._open: dict[KeyName, DeviceKey] = {}

    def path(self, name: KeyName) -> Path:
        """Where a key's file is, or ought to be."""
        if name is KeyName.ROOT and self._root_key is not None:
            return self._root_key
        return self.folder / FOLDER / name.file

    def get(self, name: KeyName) -> DeviceKey:
        """The key. Asks for the password the first time.

        Raises UnreadableError (``no-key``) where there is no such file or none that can be read, WrongPasswordError,
        and whatever asking for the password raises.
        """
        if name not in self._open:
            path = self.path(name)
            try:
                data = read_file(path)
                keyfile.public_key(data)  # a file that is none is told before anybody is asked for a password
                self._open[name] = keyfile.open_sealed(data, self.password())
            except UnreadableError as error:
                if error.code == keyfile.WrongPasswordError.code:
                    self._password = None
                    raise
                raise _no_key(name, path, error) from None
        return self._open[name]

    def public(self, name: KeyName) -> PublicKey | None:
        """The public key that a file claims to hold; None where there is none that can be read. Needs no password."""
        try:
            return keyfile.public_key(read_file(self.path(name)))
        except UnreadableError:
            return None

    def password(self) -> str:
        """The password, asked for once."""
        if self._password is None:
            self._password = self._ask()
        return self._password

    def add(self, keys: Mapping[KeyName, DeviceKey]) -> None:
        """Write new key files, and take over their keys. Raises UsageError where one stands there."""
        for name, key in keys.items():
            write_new(self.path(name), sealed(key, self.password()), private=True)
            self._open[name] = key

    def use(self, name: KeyName, key: DeviceKey) -> None:
        """From now on that key is the open one; its file has been put in place by the caller."""
        self._open[name] = key


def sealed(key: DeviceKey, password: str) -> bytes:
    """What a key file holds, under fresh randomness."""
    return keyfile.seal(key, password, salt=os.urandom(SALT_BYTES), nonce=os.urandom(NONCE_BYTES), params=COST)


def check_new_password(password: str) -> str:
    """A password as it may be chosen. Raises UsageError for one that is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise UsageError(
            Text(
                f"パスワードは{SHORTEST_PASSWORD}文字以上です", f"a password has {SHORTEST_PASSWORD} or more characters"
            ),
            Text("長いものを選んでください", "choose a longer one"),
            code="password-short",
        )
    return password


def no_password() -> str:
    """For what needs no key: asking is a mistake of ours, told as an error."""
    raise UsageError(
        Text("鍵のパスワードがありません", "the password of the keys is missing"),
        Text("パスワードを渡してください", "give it"),
        code="no-password",
    )


_WHAT = {
    KeyName.ROOT: Text("管理鍵", "root key"),
    KeyName.LOG: Text("ログの鍵", "log key"),
    KeyName.DEVICE: Text("この端末の署名鍵", "device key"),
}


def _no_key(name: KeyName, path: Path, error: UnreadableError) -> UnreadableError:
    unreadable = same(f"{path}: ") + error.message if error.code == "key-file" else error.message
    remedy = Text(
        f"このパソコンのワークスペースで実行するか、{FOLDER}/{name.file} を控えから戻してください",
        f"run this in the workspace of this machine, or restore {FOLDER}/{name.file} from a backup",
    )
    if name is KeyName.ROOT:
        remedy += Text("（別の場所に保管しているなら --root-key で指定）", " (kept elsewhere: name it with --root-key)")
    return UnreadableError(_WHAT[name] + Text("がありません。", " missing: ") + unreadable, remedy, code="no-key")
