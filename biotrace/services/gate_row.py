"""The table by which a gate decides: what makes it ○, △ or × (docs/scanning.md shows it)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum

from biotrace.model.text import Text


class Mark(Enum):
    """The answer in one sign. ``code`` is for machines."""

    TAKE = ("○", "take", Text("受け取れます", "TAKE IT"))
    ASK = ("△", "ask", Text("確かめてから", "ASK FIRST"))
    REFUSE = ("×", "refuse", Text("受け取らないで", "DO NOT TAKE IT"))

    def __init__(self, sign: str, code: str, words: Text) -> None:
        self.sign, self.code, self.words = sign, code, words


class Row(StrEnum):
    """The rows of the table, in order: the first that applies is the one that is told."""

    ALTERED = "altered"
    ANOTHERS_KEY = "anothers-key"
    KEY_ENDED = "key-ended"
    UNKNOWN_KEY = "unknown-key"
    CANCELLED = "cancelled"
    REPLACED = "replaced"
    ON_HOLD = "on-hold"
    RECEIVED = "received"
    USED = "used"
    OTHER_PLANT = "other-plant"
    NOT_ACCREDITED = "not-accredited"
    NO_TRUST = "no-trust"
    NO_LOAD = "no-load"
    TWICE = "twice"
    COPY = "copy"
    OWN = "own"
    NO_RECIPIENT = "no-recipient"
    PART_RECEIVED = "part-received"
    SAME_NUMBER = "same-number"
    DATED_AHEAD = "dated-ahead"
    ACCREDITATION_OVER = "accreditation-over"
    PAPER_LACKS = "paper-lacks"
    LOWER_CLASS = "lower-class"
    NOT_PROVEN = "not-proven"
    LEDGER_IN_DOUBT = "ledger-in-doubt"
    NOT_CHECKED = "not-checked"
    WEIGHT = "weight"
    FINE = "fine"

    @property
    def mark(self) -> Mark:
        """What the row makes of the answer."""
        return _TABLE[self][0]

    @property
    def when(self) -> Text:
        """In which case it applies."""
        return _TABLE[self][1]


@dataclass(frozen=True, slots=True)
class Reason:
    """A row that applies. ``why`` and ``do``: a sentence each, for whoever stands at the gate; ``call``: who to ask."""

    row: Row
    why: Text
    do: Text
    call: Text


_X, _A, _O = Mark.REFUSE, Mark.ASK, Mark.TAKE
_TABLE: dict[Row, tuple[Mark, Text]] = {
    Row.ALTERED: (_X, Text("署名が内容と合わない（S101）", "the signature does not fit the content (S101)")),
    Row.ANOTHERS_KEY: (
        _X,
        Text("鍵は署名者と別の会社のもの（S102）", "the key is another company's than the signer's (S102)"),
    ),
    Row.KEY_ENDED: (
        _X,
        Text(
            "鍵の紛失・盗難が登録されている（-w のとき）",
            "the key is registered as lost or stolen (with -w)",
        ),
    ),
    Row.UNKNOWN_KEY: (
        _X,
        Text(
            "登録されていない鍵、または渡された鍵と違う鍵（S102）",
            "an unknown key, or another than the one given (S102)",
        ),
    ),
    Row.CANCELLED: (_X, Text("取り消されている（-w）", "cancelled (-w)")),
    Row.REPLACED: (_X, Text("別の証明書に差し替えられている（-w）", "replaced by another certificate (-w)")),
    Row.ON_HOLD: (_X, Text("保留されている（-w）", "on hold (-w)")),
    Row.RECEIVED: (
        _X,
        Text(
            "ここで受け取り済み: 1回分の紙（車番のある証明書・納品書）か、残りがない（-w）",
            "received here already: a paper for one load (one that names the vehicle, a delivery note), "
            "or nothing left (-w)",
        ),
    ),
    Row.USED: (
        _X,
        Text(
            "1回分の紙、または残りのない紙が、ほかで使われている（-w）",
            "used elsewhere: a paper for one load, or nothing left (-w)",
        ),
    ),
    Row.OTHER_PLANT: (
        _X,
        Text("ほかの納め先あて（-w の会社、または --plant と違う）", "made out to another (than -w's, or --plant)"),
    ),
    Row.NOT_ACCREDITED: (
        _X,
        Text(
            "発行者の認定がない、番号が違う、証明日に切れている・取り消されている（A201–A205）",
            "the issuer is not accredited, or was not on that day, or under another number (A201–A205)",
        ),
    ),
    Row.NO_TRUST: (
        _A,
        Text(
            "確かめる材料がない（--trust も -w もない、または --key だけ）",
            "nothing to check by (neither --trust nor -w, or --key alone)",
        ),
    ),
    Row.NO_LOAD: (
        _A,
        Text("荷の証明書ではない（認定書、検量確認書など）", "no certificate of a load (an accreditation, a slip …)"),
    ),
    Row.TWICE: (
        _A,
        Text("渡したファイルの中に同じ証明書がもう一つある", "the same certificate is in another file given"),
    ),
    Row.COPY: (_A, Text("発行者の署名ではなく、転記した人の署名", "signed by who copied it, not by its issuer")),
    Row.OWN: (_A, Text("自社が出した証明書（-w）", "our own company's certificate (-w)")),
    Row.NO_RECIPIENT: (
        _A,
        Text("納め先が書かれていない（-w か --plant のとき）", "it names no recipient (with -w or --plant)"),
    ),
    Row.PART_RECEIVED: (
        _A,
        Text("一部をここで受け取り済みで、残りがある（-w）", "received here in part, and something is left (-w)"),
    ),
    Row.SAME_NUMBER: (
        _A,
        Text(
            "同じ発行者・同じ番号の別の証明書がある（-w）",
            "another certificate of the same issuer and number is held (-w)",
        ),
    ),
    Row.DATED_AHEAD: (_A, Text("日付が先の日", "dated in the future")),
    Row.ACCREDITATION_OVER: (
        _A,
        Text(
            "証明日には有効だった認定が、30日より前に切れている（台帳にない証明書）",
            "the accreditation, in force on that day, ended over 30 days ago (of a certificate not in the ledger)",
        ),
    ),
    Row.PAPER_LACKS: (
        _A,
        Text("証明書の記載が足りない、区分と合わない（H316, P505 など）", "the paper lacks something (H316, P505 …)"),
    ),
    Row.LOWER_CLASS: (
        _A,
        Text("台帳では下の区分としか認められない（-w）", "the ledger confirms a lower class only (-w)"),
    ),
    Row.NOT_PROVEN: (
        _A,
        Text("台帳では由来を確かめきれない（-w）", "the ledger cannot confirm where it is from (-w)"),
    ),
    Row.LEDGER_IN_DOUBT: (_A, Text("台帳が壊れている（-w）", "the ledger is damaged (-w)")),
    Row.NOT_CHECKED: (
        _A,
        Text(
            "発行者の認定が登録されていないなど、確かめられないことがある",
            "something could not be checked, such as the issuer's accreditation",
        ),
    ),
    Row.WEIGHT: (
        _A,
        Text(
            "計量（--weight）が証明書と5％より多く違う。何回分かの紙では、多いときだけ",
            "the weight (--weight) differs by over 5 %; on a paper for several loads only if it is more",
        ),
    ),
    Row.FINE: (_O, Text("上のどれでもない", "none of the above")),
}
