"""What a gate says to the guard: for each row why, what to do, and whom to call; a sentence each, without jargon."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from biotrace.chain.kinds import KeyEndReason
from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.quantity import Quantity
from biotrace.model.text import Text, same
from biotrace.verify.rule import Finding, Unchecked
from biotrace.verify.verdict import LotVerdict

from .gate_notes import class_word
from .gate_row import Reason, Row
from .history import Standing, State
from .scan import Doubt, Scanned

_OFFICE = Text("事務所（証明書の担当）", "our office (whoever is in charge of certificates)")
_TURN_BACK = Text("荷を降ろさせず、売り主に電話してください。", "Let nothing be unloaded, and call the seller.")
_TO_OFFICE = Text("荷を待たせ、事務所に聞いてください。", "Have the truck wait, and ask the office.")
_NO_CERTIFICATE = Text(
    "この紙では受け取れません。荷を降ろさせず、売り主に電話してください。",
    "This paper is no good. Let nothing be unloaded, and call the seller.",
)


def _seller(s: Scanned) -> Text:
    """Whom the paper names as its issuer; told as a name that the paper gives where nobody vouches for it."""
    body = s.record.body
    issuer = body.issuer if isinstance(body, Certificate) else s.record.issuer
    return same(dict(s.record.names).get(issuer, issuer))


def _by_own_number(s: Scanned) -> Text:
    """The same, not by a number on a paper that may be forged."""
    said = Text("（紙の電話番号ではなく、控えの番号に）", " (by the number on file, not the paper's)")
    return _seller(s) + said


def fine(s: Scanned) -> Reason:
    """Nothing speaks against it."""
    return Reason(
        Row.FINE,
        Text("登録された発行者の証明書で、書き換えられていません。", "It is a known issuer's, and was not altered."),
        Text(
            "車番・荷・重さを証明書と見比べて、受け取ってください。", "Compare vehicle, goods and weight, and take it."
        ),
        _seller(s),
    )


def doubt(s: Scanned, why: Doubt) -> Reason:
    """The signature cannot be relied on."""
    if why is Doubt.ALTERED:
        said = Text("書いた人と、書いてあることが合いません。", "What it says is not what its issuer signed.")
        return Reason(Row.ALTERED, said, _NO_CERTIFICATE, _by_own_number(s))
    if why is Doubt.ANOTHERS_KEY:
        said = Text("名前の会社ではない、別の会社が作った紙です。", "Another company made it than the one it names.")
        return Reason(Row.ANOTHERS_KEY, said, _NO_CERTIFICATE, _by_own_number(s))
    if why is Doubt.NOT_THE_KEY_GIVEN:
        said = Text("渡された鍵の会社が作った紙ではありません。", "It was not made by the company whose key was given.")
    else:
        said = Text("だれが作った紙か、分かりません。", "Nobody knows who made this paper.")
    do = Text(
        "荷を降ろさせず、事務所に聞いてください（新しい発行者なら登録が要ります）。",
        "Let nothing be unloaded, and ask the office: a new issuer has to be registered.",
    )
    return Reason(Row.UNKNOWN_KEY, said, do, _OFFICE)


def key_ended(s: Scanned, day: date, reason: KeyEndReason) -> Reason:
    """Signed by a key that was lost or leaked."""
    lost = Text("紛失", "lost") if reason is KeyEndReason.LOST else Text("盗まれた", "stolen")
    said = (
        Text("この紙を作った機械の鍵は、", "The key that made this paper was reported ")
        + lost
        + Text(f"と {day} に届けられています。", f" on {day}.")
    )
    return Reason(Row.KEY_ENDED, said, _NO_CERTIFICATE, _by_own_number(s))


def no_trust(s: Scanned) -> Reason:
    """There is nothing that says whose key it is."""
    if s.doubt is None:
        said = Text(
            "書き換えられてはいませんが、発行者の登録を確かめていません。",
            "It was not altered, but whether its issuer is registered was not looked up.",
        )
    else:
        said = Text("本物かどうかを確かめる登録簿が、ここにありません。", "There is no register here to check it by.")
    do = Text(
        "荷を待たせ、事務所で信頼ファイル（trust.json）をもらってください。",
        "Have the truck wait, and get a trust file (trust.json) from the office.",
    )
    return Reason(Row.NO_TRUST, said, do, _OFFICE)


def copy(s: Scanned) -> Reason:
    """A transcription."""
    return Reason(
        Row.COPY,
        Text("発行者が作ったものではなく、だれかが書き写したものです。", "Its issuer did not make it: it was copied."),
        Text("もとの証明書を見せてもらい、見比べてください。", "Ask for the original, and compare."),
        _seller(s),
    )


def withdrawn(s: Scanned, standing: Standing) -> Reason:
    """Cancelled, replaced or on hold."""
    row, ja, en = {
        State.CANCELLED: (Row.CANCELLED, "取り消されています", "cancelled"),
        State.REPLACED: (Row.REPLACED, "新しい証明書に差し替えられています", "replaced by a new one"),
    }.get(standing.state, (Row.ON_HOLD, "保留されています", "put on hold"))
    day = getattr(standing.by.record.body, "date", None) if standing.by is not None else None
    since = Text(f"{day} に", f" on {day}") if day is not None else same("")
    said = Text("この証明書は、", "This certificate was ") + Text(since.ja + ja + "。", en + since.en + ".")
    again = {
        Row.REPLACED: Text(
            "差し替えた新しい証明書を出してもらってください。", "Ask for the new certificate that replaces it."
        ),
        Row.ON_HOLD: Text(
            "荷を待たせ、保留が解けたか売り主に聞いてください。",
            "Have the truck wait, and ask the seller whether the hold is over.",
        ),
    }.get(row, _TURN_BACK)
    return Reason(row, said, again, _seller(s))


def received(s: Scanned, row: Row, arrivals: Sequence[Delivery], left: Quantity | None) -> Reason:
    """Received here already."""
    last = arrivals[-1]
    when = f"{last.date}{' ' + last.time if last.time else ''}"
    said = Text(
        f"このQRは {when} に受け取り済みです（{last.quantity}）。",
        f"This code was received already, on {when} ({last.quantity}).",
    )
    if row is Row.RECEIVED:
        return Reason(row, said, _TURN_BACK, _seller(s))
    return Reason(
        row,
        said + Text(f"残りは {left} です。", f" {left} are left."),
        Text(
            "別の便なら受け取り、同じ便なら受け取らないでください。",
            "Take it if this is another load; if it is the same, do not.",
        ),
        _OFFICE,
    )


def used(s: Scanned, uses: Sequence[tuple[date, str]]) -> Reason:
    """Used elsewhere."""
    day, who = uses[-1]
    said = Text(
        f"この証明書は {day} に、ほか（{who}）で使われています。", f"This certificate was used on {day}, by {who}."
    )
    return Reason(Row.USED, said, _TURN_BACK, _seller(s))


def other_plant(s: Scanned, named: str, ours: str) -> Reason:
    """Made out to another; or to ours, where it was told to us by a part of its name."""
    said = Text(f"「{named}」あての証明書です（ここは「{ours}」）。", f"It is made out to {named}; we are {ours}.")
    do = Text(
        "行き先を運転手に確かめ、間違いなら引き返してもらってください。",
        "Ask the driver where it goes; if here, the seller has to make it out anew.",
    )
    if ours in named:
        do = (
            Text(
                f"「{ours}」が「{named}」のことなら、--plant に略さず書いて読み直してください。違えば、",
                f"If {ours} is {named}, give --plant its whole name and scan again. Otherwise: ",
            )
            + do
        )
    return Reason(Row.OTHER_PLANT, said, do, _seller(s))


def not_accredited(s: Scanned, finding: Finding) -> Reason:
    """The issuer may not issue certificates."""
    said = Text(
        f"証明書を出す資格（団体の認定）が確かめられません: {finding.found.ja}",
        f"The issuer's right to issue (accreditation) does not hold: {finding.found.en}",
    )
    return Reason(
        Row.NOT_ACCREDITED, said, _TURN_BACK, _seller(s) + Text("、認定した団体", ", and its accrediting body")
    )


def no_load(s: Scanned) -> Reason:
    """No certificate of a load."""
    kind = s.record.kind.label
    return Reason(
        Row.NO_LOAD,
        Text("荷の証明書ではありません（", "It is no certificate of a load (") + kind + Text("）。", ")."),
        Text("荷の証明書を出してもらってください。", "Ask for the certificate of the load."),
        same(s.signer or s.record.issuer),
    )


def twice(_: Scanned, other: str) -> Reason:
    """Shown by another file too."""
    return Reason(
        Row.TWICE,
        Text(f"同じ証明書が {other} にもあります。", f"{other} shows the same certificate."),
        Text(
            "同じ紙を2回写したのか、2台が同じ紙を出したのかを確かめてください。",
            "See whether one paper was scanned twice, or two trucks showed the same.",
        ),
        _OFFICE,
    )


def own(_: Scanned) -> Reason:
    """Our own."""
    return Reason(
        Row.OWN,
        Text("自社が出した証明書です。", "Our own company issued it."),
        Text("戻ってきた荷かどうか、運転手に聞いてください。", "Ask the driver whether the load came back."),
        _OFFICE,
    )


def no_recipient(s: Scanned) -> Reason:
    """Made out to nobody."""
    return Reason(
        Row.NO_RECIPIENT,
        Text("どこに納める荷か、書かれていません。", "It does not say whom the load is for."),
        Text("ここに納める荷か、売り主に確かめてください。", "Ask the seller whether the load is for us."),
        _seller(s),
    )


def same_number(s: Scanned, other: Certificate) -> Reason:
    """Another certificate bears the number."""
    return Reason(
        Row.SAME_NUMBER,
        Text(
            f"同じ番号（{other.number}）の別の証明書（{other.date}、{other.quantity}）がもうあります。",
            f"There is another certificate with this number, {other.number} ({other.date}, {other.quantity}).",
        ),
        Text(
            "同じ荷を2度数えないよう、どちらが正しいか売り主に聞いてください。",
            "Ask the seller which one is right, so that no load counts twice.",
        ),
        _seller(s),
    )


def dated_ahead(s: Scanned, day: date) -> Reason:
    """A day that has not come."""
    return Reason(
        Row.DATED_AHEAD,
        Text(f"証明書の日付（{day}）は、まだ来ていない日です。", f"The certificate's day, {day}, has not come yet."),
        Text(
            "この端末の日付を確かめ、正しければ売り主に聞いてください。",
            "See whether this machine's date is right; if so, ask the seller.",
        ),
        _seller(s),
    )


def accreditation_over(s: Scanned, end: date) -> Reason:
    """Issued in time, shown long after."""
    return Reason(
        Row.ACCREDITATION_OVER,
        Text(
            f"売り主の資格（団体の認定）は {end} で切れています。",
            f"The seller's right to issue (accreditation) ended on {end}.",
        ),
        Text("更新されたか、売り主に聞いてください。", "Ask the seller whether it was renewed."),
        _seller(s),
    )


def paper_lacks(_: Scanned, finding: Finding) -> Reason:
    """The paper by itself is not in order."""
    said = (
        Text("紙の書き方に問題があります: ", "There is something wrong with the paper: ")
        + finding.message
        + Text(f"（{finding.found.ja}）。", f" ({finding.found.en}).")
    )
    return Reason(Row.PAPER_LACKS, said, _TO_OFFICE, _OFFICE)


def lower_class(_: Scanned, lot: LotVerdict) -> Reason:
    """Our ledger confirms less."""
    declared, confirmed = class_word(lot.declared), class_word(lot.confirmed)
    said = Text(
        f"「{declared.ja}」とありますが、台帳では「{confirmed.ja}」としか認められません。",
        f"It says {declared.en}; our ledger confirms {confirmed.en} only.",
    )
    return Reason(Row.LOWER_CLASS, said, _TO_OFFICE, _OFFICE)


def not_proven(_: Scanned) -> Reason:
    """Our ledger lacks something."""
    said = Text("どこの木か、台帳では確かめきれません。", "Our ledger cannot confirm where the wood is from.")
    return Reason(Row.NOT_PROVEN, said, _TO_OFFICE, _OFFICE)


def ledger_in_doubt(_: Scanned) -> Reason:
    """The ledger is damaged."""
    return Reason(
        Row.LEDGER_IN_DOUBT,
        Text("こちらの台帳が壊れていて、履歴を確かめられません。", "Our own ledger is damaged: no history to go by."),
        Text("荷を待たせ、事務所に知らせてください。", "Have the truck wait, and tell the office."),
        _OFFICE,
    )


def not_checked(_: Scanned, unchecked: Unchecked) -> Reason:
    """Something could not be looked up."""
    return Reason(
        Row.NOT_CHECKED,
        Text(
            f"売り主の資格などを確かめられません: {unchecked.reason.ja}。",
            f"Something about it could not be checked: {unchecked.reason.en}.",
        ),
        _TO_OFFICE,
        _OFFICE,
    )


def weight(_: Scanned, told: Text) -> Reason:
    """The scales say otherwise."""
    return Reason(
        Row.WEIGHT,
        told + Text("。", "."),
        Text("量り直し、違うままなら事務所に聞いてください。", "Weigh it again; if it stays so, ask the office."),
        _OFFICE,
    )
