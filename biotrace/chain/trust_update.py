"""A client's memory of trust lists: which may be taken first, which may follow, and how old is too old.

A client takes its first list by a key that it was told by other means, and every later one by the authority keys of
the list it holds. Numbers only grow: an older list would bring back a key that has since been cut off.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from biotrace.errors import IntegrityError
from biotrace.model.text import Text

from .keys import PublicKey
from .trust_list import TrustList, named, parse, verify

SKEW = 5 * 60
"""Seconds by which the authority's clock may be ahead of ours."""
DAY = 86_400


class TrustUpdateError(IntegrityError):
    """A sound list that must not be taken. ``code`` says why; ``current`` (None at the first) and ``offered``: both."""

    code = "trust-update"

    def __init__(self, current: TrustList | None, offered: TrustList, message: Text, remedy: Text, code: str) -> None:
        super().__init__(message, remedy, code=code)
        self.current = current
        self.offered = offered


class Freshness(Enum):
    """What may still be done by a list of some age."""

    FRESH = "fresh"
    WARN = "warn"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class TrustSettings:
    """From how many days of age on a list is warned about, and refused: from 1 to 3,650 (ValueError otherwise)."""

    warn_days: int = 30
    refuse_days: int = 90

    def __post_init__(self) -> None:
        if not (1 <= self.warn_days <= 3_650 and 1 <= self.refuse_days <= 3_650):
            raise ValueError(f"out of bounds: {self}")


DEFAULT_SETTINGS = TrustSettings()


@dataclass(frozen=True, slots=True)
class TrustAge:
    """How old a list is: whole periods of 24 hours since it was signed, by no calendar.

    ``code``: for REFUSE, ``trust-expired``, ``trust-old`` or ``trust-future``; None otherwise. ``message`` names list
    and age, and what follows from it; ``remedy``: what to do, None for FRESH.
    """

    outcome: Freshness
    days: int
    message: Text
    remedy: Text | None = None
    code: str | None = None


def first(data: bytes, pinned: PublicKey, now: int) -> TrustList:
    """The list in ``data`` as a client's first, signed by the ``pinned`` key.

    Raises as ``parse`` and ``verify`` do, and TrustUpdateError for one that is in the future or has expired at ``now``.
    """
    offered = parse(data)
    verify(offered, [pinned])
    _check_time(None, offered, now)
    return offered


def update(current: TrustList, data: bytes, now: int) -> TrustList:
    """The list to go by from now on: the one in ``data``, or ``current`` where ``data`` is its very bytes.

    Raises as ``parse`` does; SignatureError (``trust-stranger``) unless one of the authority keys of ``current`` signed
    it; and TrustUpdateError, in this order: ``trust-rollback`` (a lower number), ``trust-fork`` (the same number, other
    bytes), ``trust-future``, ``trust-backdated`` (signed before ``current``), ``trust-expired``.
    """
    offered = parse(data)
    if offered.data == current.data:
        return current
    verify(offered, current.contents.authority)
    if offered.number < current.number:
        raise _rollback(current, offered)
    if offered.number == current.number:
        raise _fork(current, offered)
    _check_time(current, offered, now)
    return offered


def age(trust_list: TrustList, now: int, settings: TrustSettings = DEFAULT_SETTINGS) -> TrustAge:
    """How old the list is at ``now``, and whether it may still be gone by.

    REFUSE past ``expires``, from ``refuse_days`` on, and where the clock stands before the signature, so that the age
    is not known; WARN from ``warn_days`` on.
    """
    days = (now - trust_list.issued_at) // DAY
    said = _aged(trust_list, max(days, 0))
    if now < trust_list.issued_at - SKEW:
        clock = Text("。時計が署名より前の時刻を指しています", "; the clock shows a time before its signature")
        return TrustAge(Freshness.REFUSE, 0, named(trust_list) + clock, _CLOCK, "trust-future")
    if now > trust_list.contents.expires:
        expired = Text("。有効期限を過ぎたので使えません", "; it has expired and cannot be used")
        return TrustAge(Freshness.REFUSE, days, said + expired, _NEWER, "trust-expired")
    if days >= settings.refuse_days:
        limit = settings.refuse_days
        old = Text(f"。{limit}日以上たったので使えません", f"; from {limit} days on it cannot be used")
        return TrustAge(Freshness.REFUSE, days, said + old, _NEWER, "trust-old")
    if days >= settings.warn_days:
        until = min(trust_list.issued_at + settings.refuse_days * DAY, trust_list.contents.expires + 1)
        left = -((now - until) // DAY)
        aging = Text(f"。あと{left}日以内に使えなくなります", f"; it cannot be used any more in {_days(left)} or less")
        return TrustAge(Freshness.WARN, days, said + aging, _NEWER)
    return TrustAge(Freshness.FRESH, max(days, 0), said)


_CLOCK = Text("パソコンの日付と時刻を確かめてください", "look at the date and time of this computer")
_NEWER = Text(
    "新しい信頼リストを発行元から受け取り、biotrace trust update で取り込んでください",
    "get a newer trust list from its authority and take it in with biotrace trust update",
)


def _aged(trust_list: TrustList, days: int) -> Text:
    if days == 0:
        return named(trust_list) + Text("、署名から1日未満", ", signed less than a day ago")
    return named(trust_list) + Text(f"、{days}日前", f", {_days(days)} old")


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _check_time(current: TrustList | None, offered: TrustList, now: int) -> None:
    if offered.issued_at > now + SKEW:
        raise TrustUpdateError(
            current,
            offered,
            named(offered) + Text("は未来の日時に署名されています", " is signed at a time in the future"),
            _CLOCK,
            "trust-future",
        )
    if current is not None and offered.issued_at < current.issued_at:
        raise TrustUpdateError(
            current,
            offered,
            named(offered)
            + Text(
                f"は、今の第{current.number}号より前の日時に署名されています",
                f" is signed before no. {current.number}, which is held",
            ),
            _ASK,
            "trust-backdated",
        )
    if now > offered.contents.expires:
        raise TrustUpdateError(
            current,
            offered,
            named(offered) + Text("は有効期限を過ぎています", " has expired"),
            _NEWER,
            "trust-expired",
        )


_ASK = Text("受け入れず、発行元に問い合わせてください", "do not accept it; ask its authority")


def _rollback(current: TrustList, offered: TrustList) -> TrustUpdateError:
    message = Text(
        f"{named(offered).ja}は、今の第{current.number}号より古いので取り込みません",
        f"{named(offered).en} is older than no. {current.number}, which is held, and is not taken",
    )
    remedy = Text(
        "最新のリストを発行元から受け取ってください。最新として渡されたのなら、そのことを発行元に知らせてください",
        "get the latest list from its authority; if this was given to you as the latest, tell the authority",
    )
    return TrustUpdateError(current, offered, message, remedy, "trust-rollback")


def _fork(current: TrustList, offered: TrustList) -> TrustUpdateError:
    message = Text(
        f"{named(offered).ja}が二つあります: 今のものと内容が違います",
        f"there are two lists no. {offered.number}: this is not the one that is held",
    )
    remedy = Text(
        "どちらも発行元の署名があります。取り込まず、両方を保存して発行元に問い合わせてください",
        "the authority signed both; do not accept it, keep both and ask the authority",
    )
    return TrustUpdateError(current, offered, message, remedy, "trust-fork")
