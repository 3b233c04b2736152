"""The trust list of a workspace: taken in once by a pin, then updated by its own authority, and never set back."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from biotrace.chain import trust_list, trust_update
from biotrace.chain.keys import KID_BYTES, PublicKey
from biotrace.chain.trust_list import TrustList
from biotrace.chain.trust_update import Freshness, TrustAge, TrustSettings, TrustUpdateError
from biotrace.errors import BiotraceError, IntegrityError, UnreadableError, UsageError
from biotrace.model.text import Text, same

from .files import read_file, write_over
from .settings import FILE as CONFIG
from .settings import read_settings
from .trust_source import public_key
from .workspace import Workspace

FILE = "trust.list"
EVIDENCE = "evidence"
WARN_DAYS, REFUSE_DAYS = "trust_warn_days", "trust_refuse_days"

_EVIDENT = frozenset({"trust-rollback", "trust-fork"})


@dataclass(frozen=True, slots=True)
class Taken:
    """What an update did. ``before``: the number of the list held until then; None: this is the first."""

    trust_list: TrustList
    age: TrustAge
    before: int | None

    @property
    def changed(self) -> bool:
        """False where the workspace had this very list."""
        return self.before != self.trust_list.number


def trust_settings(folder: Path) -> TrustSettings:
    """From how many days of age on the workspace in ``folder`` warns about its list, and refuses it.

    Raises UnreadableError where there is no workspace, or its settings are no such numbers.
    """
    config = dict(read_settings(folder).more)
    default = trust_update.DEFAULT_SETTINGS
    days = config.get(WARN_DAYS, default.warn_days), config.get(REFUSE_DAYS, default.refuse_days)
    try:
        if any(type(value) is not int for value in days):
            raise ValueError
        return TrustSettings(*days)
    except ValueError:
        raise UnreadableError(
            same(f"{folder / CONFIG}: ")
            + Text(
                f"{WARN_DAYS} と {REFUSE_DAYS} は1から3,650までの整数です",
                f"{WARN_DAYS} and {REFUSE_DAYS} are whole numbers from 1 to 3,650",
            ),
            Text("数を直すか、その行を消してください", "correct the number, or remove that line"),
            code="settings",
        ) from None


def current(folder: Path, now: int) -> tuple[TrustList, TrustAge] | None:
    """The list that the workspace in ``folder`` goes by, with its age; None where it has none.

    Raises IntegrityError (``trust-expired``, ``trust-old``, ``trust-future``) where it may not be gone by any more,
    and UnreadableError for a damaged one.
    """
    found = held_list(folder, now)
    if found is not None and found[1].outcome is Freshness.REFUSE:
        raise IntegrityError(found[1].message, found[1].remedy, code=found[1].code)
    return found


def trust_now(workspace: Workspace) -> TrustList | None:
    """The list that verdicts in the workspace rest on now; raises as ``current`` does."""
    found = current(workspace.folder, workspace.clock())
    return None if found is None else found[0]


def held_list(folder: Path, now: int) -> tuple[TrustList, TrustAge] | None:
    """As ``current``, for showing: the list is given however old it is."""
    settings = trust_settings(folder)
    held = _held(folder)
    return None if held is None else (held, trust_update.age(held, now, settings))


def read_list(path: Path) -> TrustList:
    """The list in a file, whole and signed by its own authority, whoever that is.

    Raises BiotraceError, naming the file, for anything else.
    """
    try:
        found = trust_list.parse(read_file(path))
        trust_list.verify(found, found.contents.authority)
    except IntegrityError as error:
        what = Text("信頼リストとして読めません: ", "is no sound trust list: ")
        remedy = error.remedy or Text(
            "発行元から受け取った信頼リスト（trust.list）を指定してください",
            "name the trust list (trust.list) as its authority handed it out",
        )
        raise IntegrityError(same(f"{path}: ") + what + error.message, remedy, code=error.code) from None
    return found


def take(folder: Path, path: Path, pin: str | None, now: int) -> Taken:
    """Take the list in the file ``path`` into the workspace in ``folder``.

    ``pin``: the key that signed it, as a public key file or as the 32 hex digits of its kid. Needed for the first list;
    where given later, it is asked for as well. Raises BiotraceError, with nothing replaced, for a list that must not
    be taken (``biotrace.chain.trust_update``); a rolled back or second list is kept, with the one held, as evidence.
    """
    settings = trust_settings(folder)
    offered = read_list(path)
    pinned = _pinned(pin, offered) if pin is not None else None
    held = _held(folder)
    if held is None:
        if pinned is None:
            raise _unpinned(folder, path, offered)
        taken = trust_update.first(offered.data, pinned, now)
    else:
        taken = _updated(folder, held, offered, now)
    if taken is not held:
        write_over(folder / FILE, taken.data)
    return Taken(taken, trust_update.age(taken, now, settings), None if held is None else held.number)


def _held(folder: Path) -> TrustList | None:
    path = folder / FILE
    if not path.exists():
        return None
    try:
        return read_list(path)
    except IntegrityError as error:
        raise UnreadableError(
            Text("ワークスペースの信頼リストが壊れています。", "the trust list of the workspace is damaged: ")
            + error.message,
            Text(
                f"控えから戻すか、{FILE} を消し、--pin を付けて最新のリストを取り込み直してください",
                f"restore it from a backup, or remove {FILE} and take in the latest list with --pin",
            ),
            code="trust-damaged",
        ) from None


def _updated(folder: Path, held: TrustList, offered: TrustList, now: int) -> TrustList:
    try:
        return trust_update.update(held, offered.data, now)
    except TrustUpdateError as error:
        if error.code not in _EVIDENT:
            raise
        raise IntegrityError(error.message + _kept(folder, held, offered), error.remedy, code=error.code) from None


def _kept(folder: Path, *lists: TrustList) -> Text:
    """Keep the lists as evidence, and say where. That a disk is full must not hide why a list was refused."""
    paths = [folder / EVIDENCE / _evidence_name(kept) for kept in lists]
    try:
        for path, kept in zip(paths, lists, strict=True):
            write_over(path, kept.data)
    except BiotraceError as error:
        return Text("。証拠は保存できませんでした: ", "; they could not be kept as evidence: ") + error.message
    names = "、".join(map(str, paths)), ", ".join(map(str, paths))
    return Text(f"。証拠として保存しました: {names[0]}", f"; kept as evidence: {names[1]}")


def _evidence_name(kept: TrustList) -> str:
    return f"trust-{kept.number}-{hashlib.sha256(kept.data).hexdigest()[:16]}.list"


def _pinned(pin: str, offered: TrustList) -> PublicKey:
    """The pinned key, which must be the one that signed the list."""
    kid, key = _pin(pin, offered)
    if key is None or kid != offered.kid:
        raise IntegrityError(
            trust_list.named(offered)
            + Text(
                f"は {offered.kid.hex()} の署名で、指定された鍵 {kid.hex()} の署名ではありません",
                f" is signed by {offered.kid.hex()}, not by the key {kid.hex()} that was given",
            ),
            Text(
                "取り込まず、発行元に鍵の番号を電話などで確かめてください",
                "do not take it in; ask the authority, by telephone or so, for the number of its key",
            ),
            code="trust-pin",
        )
    return key


def _pin(pin: str, offered: TrustList) -> tuple[bytes, PublicKey | None]:
    """A kid, and its key; a key that is pinned by its kid alone comes from the list, where it has to stand."""
    digits = re.sub("[ :-]", "", pin)
    if re.fullmatch(f"[0-9A-Fa-f]{{{2 * KID_BYTES}}}", digits):
        kid = bytes.fromhex(digits)
        return kid, next((key for key in offered.contents.authority if key.kid == kid), None)
    try:
        key = public_key(read_file(Path(pin)).decode("ascii", errors="replace").strip())
    except IntegrityError:
        raise _no_pin(same(f"{pin}: ") + Text("公開鍵として読めません", "is no public key")) from None
    except UnreadableError as error:
        raise _no_pin(error.message) from None
    return key.kid, key


def _no_pin(message: Text) -> UnreadableError:
    return UnreadableError(
        message,
        Text(
            "--pin には、発行元の公開鍵ファイル（.pub）か、鍵の番号（16進数32桁）を指定してください",
            "give --pin the authority's public key file (.pub), or the number of its key (32 hex digits)",
        ),
        code="no-key",
    )


def _unpinned(folder: Path, path: Path, offered: TrustList) -> UsageError:
    kid = offered.kid.hex()
    command = f"biotrace trust update {_typed(path)} -w {_typed(folder)} --pin {kid}"
    return UsageError(
        Text(
            f"最初の信頼リストは、発行元を確かめてから取り込みます。"
            f"{trust_list.named(offered).ja}は「{offered.issuer}」を名乗り、鍵 {kid} で署名されています",
            f"the first trust list is taken in only when its authority is sure: {trust_list.named(offered).en} calls "
            f"itself that of {offered.issuer} and is signed by key {kid}",
        ),
        Text(
            f"この鍵の番号を、電話など別の手段で発行元に確かめてから実行してください: {command}",
            f"compare the number of this key with the authority by telephone or so, then run: {command}",
        ),
        code="trust-unpinned",
    )


def _typed(path: Path) -> str:
    """A path as it is typed on a command line, of Windows too."""
    return f'"{path}"' if " " in str(path) else str(path)
