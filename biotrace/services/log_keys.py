"""Which key of a log to believe, and who its witnesses are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from biotrace.chain import checkpoint
from biotrace.chain.checkpoint import Checkpoint, CheckpointError, Cosignature
from biotrace.chain.note import ED25519, VerifierKey
from biotrace.chain.trust_list import TrustList
from biotrace.chain.trust_update import Freshness, age
from biotrace.errors import IntegrityError, UnreadableError, UsageError
from biotrace.model.text import Text, same
from biotrace.store.ledger import Ledger

from .log_trees import read_vkey
from .memory import Memory
from .settings import read_settings
from .trust_list import current, held_list, read_list


class KeySource(StrEnum):
    """Why a log's key is believed."""

    GIVEN = "given"
    OWN = "own"
    TRUST_LIST = "trust-list"
    PINNED = "pinned"
    FIRST = "first-contact"


@dataclass(frozen=True, slots=True)
class Sources:
    """Where to look for a log's key, in this order. ``pin``: believe at the first contact what comes with the log."""

    given: VerifierKey | None = None
    own: VerifierKey | None = None
    trust: TrustList | None = None
    pin: bool = False


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Whose cosignatures count, and how many a checkpoint needs."""

    keys: tuple[VerifierKey, ...]
    quorum: int


@dataclass(frozen=True, slots=True)
class Belief:
    """A log's key and why it is believed. ``witnesses``: None: nobody says who they are, so none can be verified."""

    log: VerifierKey
    source: KeySource
    witnesses: Witnesses | None


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The cosignatures of known witnesses. ``bad``: those that claim to be by one and are not."""

    valid: tuple[Cosignature, ...]
    bad: tuple[Text, ...]
    witnesses: Witnesses

    @property
    def enough(self) -> bool:
        """Whether the quorum is reached."""
        return len(self.valid) >= self.witnesses.quorum


def sources(vkey: str | None, trust: Path | None, folder: Path | None, now: int, *, pin: bool = False) -> Sources:
    """What the command line names. ``vkey``: a verifier key or a file with one; ``folder``: a workspace.

    Raises BiotraceError for what cannot be read, and for a trust list that is too old to be gone by.
    """
    if vkey is not None and trust is not None:
        raise UsageError(
            Text("--vkey と --trust は一方だけ指定します", "give --vkey or --trust, not both"),
            Text("どちらかを省いてください", "leave one out"),
        )
    given = None if vkey is None else _vkey(vkey)
    own, listed = (None, None) if folder is None else _workspace(folder, now)
    if trust is not None:
        listed = _fresh(trust, now)
    return Sources(given, own, listed, pin)


def believe(origin: str, among: Sources, memory: Memory, offered: VerifierKey | None) -> Belief:
    """The key by which the log ``origin`` is verified. ``offered``: what came with the log, believed only by a pin.

    Raises UsageError: ``log-other`` for a key given for another log, ``log-unpinned`` where nothing says which key it
    is; then it tells what was offered, and how to go on.
    """
    witnesses = witnesses_of(among.trust)
    if among.given is not None:
        if among.given.name != origin:
            raise UsageError(
                Text(
                    f"指定された鍵はログ {among.given.name} のもので、これは {origin} です",
                    f"the key given is of the log {among.given.name}, and this is {origin}",
                ),
                Text("ログと鍵の組み合わせを確かめてください", "see whether log and key belong together"),
                code="log-other",
            )
        return Belief(among.given, KeySource.GIVEN, witnesses)
    if among.own is not None and among.own.name == origin:
        return Belief(among.own, KeySource.OWN, witnesses)
    listed = among.trust.contents.logs if among.trust is not None else ()
    for log in listed:
        if log.name == origin:
            return Belief(log, KeySource.TRUST_LIST, witnesses)
    if (pinned := memory.pinned(origin)) is not None:
        return Belief(pinned, KeySource.PINNED, witnesses)
    if offered is not None and offered.name == origin and among.pin:
        return Belief(offered, KeySource.FIRST, witnesses)
    raise _unpinned(origin, offered)


def witnesses_of(trust: TrustList | None) -> Witnesses | None:
    """The witnesses that a list names; None where it names none."""
    if trust is None or not trust.contents.witnesses:
        return None
    return Witnesses(trust.contents.witnesses, trust.contents.quorum or 0)


def witnesses_in(folder: Path, now: int) -> Witnesses | None:
    """The witnesses by the trust list of a workspace; None where it has none that may still be gone by."""
    held = held_list(folder, now)
    return None if held is None or held[1].outcome is Freshness.REFUSE else witnesses_of(held[0])


def count(shown: Checkpoint, witnesses: Witnesses) -> Cosigned:
    """Each witness's cosignature, verified."""
    valid: list[Cosignature] = []
    bad: list[Text] = []
    for witness in witnesses.keys:
        try:
            valid += checkpoint.verify_cosignatures(shown, [witness], 1)
        except CheckpointError as error:
            if error.code != "checkpoint-quorum":  # which here says that this one did not sign
                bad.append(error.message)
        except IntegrityError as error:
            bad.append(error.message)
    return Cosigned(tuple(valid), tuple(bad), witnesses)


def unknown_signers(shown: Checkpoint, known: Sequence[VerifierKey]) -> tuple[str, ...]:
    """Names on signature lines that are by none of ``known``: nothing can be said of them."""
    return tuple(line.name for line in shown.note.signatures if not any(line.is_by(key) for key in known))


def _vkey(text: str) -> VerifierKey:
    try:
        key = VerifierKey.parse(text) if "+" in text else read_vkey(Path(text))
    except IntegrityError as error:
        raise UnreadableError(
            Text("--vkey: ", "--vkey: ") + error.message,
            Text(
                "ログの検証鍵（名前+ハッシュ+base64）か、それを書いたファイルを指定してください",
                "give a log's verifier key (name+hash+base64), or a file that holds one",
            ),
            code="no-vkey",
        ) from None
    if key.algorithm != ED25519:
        raise UnreadableError(
            Text(f"{key.name}: 証人の鍵です", f"{key.name}: this is the key of a witness"),
            Text("ログの検証鍵を指定してください", "give the verifier key of a log"),
            code="no-vkey",
        )
    return key


def _workspace(folder: Path, now: int) -> tuple[VerifierKey, TrustList | None]:
    with Ledger.open(read_settings(folder).place(folder)) as ledger:
        own = ledger.log_name
    held = current(folder, now)
    return own, None if held is None else held[0]


def _fresh(path: Path, now: int) -> TrustList:
    found = read_list(path)
    aged = age(found, now)
    if aged.outcome is Freshness.REFUSE:
        raise IntegrityError(aged.message, aged.remedy, code=aged.code)
    return found


def _unpinned(origin: str, offered: VerifierKey | None) -> UsageError:
    first = Text(f"初めて見るログです: {origin}。", f"this log was never seen before: {origin}; ")
    if offered is None or offered.name != origin:
        return UsageError(
            first + Text("その鍵が分かりません", "nothing says which key is its own"),
            Text(
                "--vkey でログの検証鍵を、または --trust・-w で信頼リストを指定してください",
                "give its verifier key with --vkey, or a trust list with --trust or -w",
            ),
            code="log-unpinned",
        )
    kid = offered.public.kid.hex()
    return UsageError(
        first + Text(f"鍵 {kid} が添えられています", f"key {kid} came with it"),
        Text(
            "この鍵の番号を電話などで運営者に確かめ、--pin を付けて覚えてください",
            "compare the number of this key with the operator by telephone or so; then remember it with --pin",
        )
        + same(f" ({offered})"),
        code="log-unpinned",
    )
