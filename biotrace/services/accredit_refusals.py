"""What is said when an accreditation, or something about one, makes no sense or is not this party's to say."""

from __future__ import annotations

from datetime import date

from biotrace.chain.keys import PublicKey
from biotrace.errors import UsageError
from biotrace.model.party import Accreditation, Party
from biotrace.model.text import Text

from .logged import Granted, Logged


def no_body(own: Party) -> UsageError:
    """The workspace is not a body's."""
    return UsageError(
        Text(f"{own.name} は認定団体ではありません", f"{own.name} is no accrediting body"),
        Text(
            "認定団体のワークスペース（init --role body で作ったもの）で実行してください",
            "run it in the workspace of an accrediting body, made by init --role body",
        ),
        code="no-body",
    )


def itself(body: Party) -> UsageError:
    """A body does not accredit itself."""
    return UsageError(
        Text(f"{body.name} が自らを認定することはできません", f"{body.name} cannot accredit itself"),
        Text("認定する相手を指定してください", "name the party to accredit"),
        code="itself",
    )


def unknown_party(text: str) -> UsageError:
    """The ledger does not know whom to accredit."""
    return UsageError(
        Text(f"事業者「{text}」は台帳にありません", f"the ledger knows no party {text}"),
        Text(
            "--name に名称を（--role、--address も）付けると、事業者として登録してから認定します",
            "give its --name (and --role, --address): it is logged as a party first",
        ),
        code="no-such-party",
    )


def other_name(known: Party, name: str) -> UsageError:
    """One id is one party."""
    return UsageError(
        Text(f"{known.id} は「{known.name}」で、「{name}」ではありません", f"{known.id} is {known.name}, not {name}"),
        Text("名称を確かめるか、別のIDにしてください", "look at the name, or choose another id"),
        code="party-conflict",
    )


def order(start: date, until: date) -> UsageError:
    """It ends before it begins."""
    return UsageError(
        Text(f"終わりの日 {until} が始まりの日 {start} より前です", f"it ends on {until}, before it begins, {start}"),
        Text("日付を確かめてください", "look at the dates"),
        code="date-order",
    )


def number_taken(other: Granted, name: str, *, same: bool) -> UsageError:
    """The number is in use for a part of the time: somebody else's, or, twice over, the holder's own."""
    number, time = other.held.number, period(other.held)
    if not same:
        return UsageError(
            Text(f"番号「{number}」は {name} のものです（{time}）", f"number {number} is {name}'s ({time})"),
            Text("別の番号にしてください", "choose another number"),
            code="number-taken",
        )
    return UsageError(
        Text(f"{name} は番号「{number}」で認定済みです（{time}）", f"{name} holds number {number} already ({time})"),
        Text(
            "更新なら、その翌日からにするか、--renews で前の認定を指定してください",
            "to renew it, begin on the day after, or name it with --renews",
        ),
        code="already-granted",
    )


def renews_other(named: Logged, holder: Party) -> UsageError:
    """What is to be continued is not the holder's, or another body's."""
    return UsageError(
        Text(
            f"「{named.record.subject}」は、この団体による {holder.name} の認定ではありません",
            f"{named.record.subject} is no accreditation of {holder.name} by this body",
        ),
        Text("--renews を確かめてください（省けば直前の認定）", "look at --renews; without it, the last one is meant"),
        code="renews-other",
    )


def renews_later(renewed: Granted, start: date) -> UsageError:
    """A renewal begins after what it renews."""
    return UsageError(
        Text(
            f"更新の始まり {start} が、前の認定の始まり {renewed.held.start} より後ではありません",
            f"the renewal begins on {start}, not after what it renews, {renewed.held.start}",
        ),
        Text("--from を確かめてください", "look at --from"),
        code="date-order",
    )


def key_bound(key: PublicKey, party: str) -> UsageError:
    """The body's ledger has that key already; with a renewal it need not be named again."""
    return UsageError(
        Text(
            f"鍵 {key.kid.hex()} はすでに {party} の鍵として登録されています",
            f"key {key.kid.hex()} is already bound, to {party}",
        ),
        Text("同じ鍵のままの更新なら --member-key を省いてください", "for a renewal with the same key, leave it out"),
        code="key-bound",
    )


def code_known(held: Accreditation) -> UsageError:
    """The ledger says so already."""
    return UsageError(
        Text(
            f"自社の行動規範（{period(held)}）とその監査は、すでに記録されています",
            f"the own code of {period(held)} and its audit are recorded already",
        ),
        Text("新しい監査なら、その期間を指定してください", "for a new audit, give its own time"),
        code="already-granted",
    )


def revoked(granted: Granted) -> UsageError:
    """It was revoked before."""
    day = granted.held.revoked
    return UsageError(
        Text(f"{called(granted).ja}は {day} に取り消されています", f"{called(granted).en} was revoked on {day}"),
        Text("新しい認定は biotrace accredit grant で記録します", "record a new one with biotrace accredit grant"),
        code="already-revoked",
    )


def requested(granted: Granted) -> UsageError:
    """Renewal was applied for before."""
    day = granted.held.renewal_requested
    return UsageError(
        Text(
            f"{called(granted).ja}の更新は {day} に申請済みです", f"renewal of {called(granted).en} was asked on {day}"
        ),
        Text("団体の決定を待ってください", "wait for what the body decides"),
        code="already-requested",
    )


def not_own(granted: Granted, party: str) -> UsageError:
    """Another body's."""
    body = granted.held.body or granted.grant.party
    return UsageError(
        Text(
            f"{called(granted).ja}について記録できるのは {body} だけです（このワークスペースは {party}）",
            f"only {body} may say this of {called(granted).en}, not {party}, whose workspace this is",
        ),
        Text("認定した団体に依頼してください", "ask the body that granted it"),
        code="not-own",
    )


def not_holder(granted: Granted, party: str) -> UsageError:
    """Somebody else's accreditation, or an own code, which nobody renews."""
    return UsageError(
        Text(
            f"{called(granted).ja}は、{party} が団体から受けた認定ではありません",
            f"{called(granted).en} is no accreditation of {party} by a body",
        ),
        Text("自社の認定番号を指定してください", "name your own accreditation"),
        code="not-own",
    )


def not_counting(named: Logged) -> UsageError:
    """A later version took its place, or it is damaged."""
    return UsageError(
        Text(f"「{named.record.subject}」は効力がありません", f"{named.record.subject} does not count"),
        Text("biotrace accredit list で有効な認定を確かめてください", "see biotrace accredit list"),
        code="not-counting",
    )


def day(granted: Granted, asked: date, last: date) -> UsageError:
    """Outside the time in which it can have happened."""
    first = granted.held.start
    return UsageError(
        Text(
            f"日付 {asked} は {first} から {last} までの日ではありません（{called(granted).ja}）",
            f"{asked} is not from {first} to {last} ({called(granted).en})",
        ),
        Text("--date を確かめてください", "look at --date"),
        code="accredit-date",
    )


def no_certificate() -> UsageError:
    """An own code has none."""
    return UsageError(
        Text("自社の行動規範に認定書はありません", "there is no certificate of accreditation for an own code"),
        Text("団体による認定を指定してください", "name an accreditation by a body"),
        code="no-paper",
    )


def grant_not_at_hand(said: Logged) -> UsageError:
    """What is said is about a grant that this ledger does not hold."""
    subject = said.record.subject
    return UsageError(
        Text(
            f"「{subject}」のもとの認定の記録がありません", f"the accreditation that {subject} is about is not at hand"
        ),
        Text("団体から受け渡しファイルを取り込んでください", "take in a bundle of the body"),
        code="no-such-record",
    )


def not_the_bodys(granted: Logged) -> UsageError:
    """In its own log anybody may call himself the body."""
    subject = granted.record.subject
    return UsageError(
        Text(
            f"「{subject}」は、団体のものと分かっている鍵で署名されていません",
            f"{subject} is not signed by a key known to be the body's",
        ),
        Text(
            "その団体を挙げた信頼リストを biotrace trust update で取り込んでください",
            "take in a trust list that names the body, by biotrace trust update",
        ),
        code="not-counting",
    )


def called(granted: Granted) -> Text:
    """The accreditation for people, by its number."""
    number = granted.held.number
    if number is None:
        return Text("自社の行動規範", "an own code")
    return Text(f"認定 {number}（{period(granted.held)}）", f"accreditation {number} ({period(granted.held)})")


def period(held: Accreditation) -> str:
    """From which day to which."""
    return f"{held.start}..{held.until or ''}"
