"""Why a casebook is not signed, or not wholly."""

from __future__ import annotations

from biotrace.chain.kinds import RecordKind
from biotrace.chain.record import Record
from biotrace.errors import UsageError
from biotrace.model.text import Text

from .casebook_items import Item
from .stored_files import files_of


def without_trust(error: UsageError) -> UsageError:
    """All is in the ledger; what failed is the trust file."""
    return UsageError(
        Text("台帳には入りましたが、信頼ファイルを書けません。", "logged, but the trust file is not written: ")
        + error.message,
        Text("同じ sign をもう一度実行すると書き直します", "run the same sign again: it will be written"),
        code="trust-not-written",
    )


def other_content(item: Item, held: Record) -> UsageError:
    """Under an entry's own id the ledger holds something else."""
    record_id = held.record_id.hex()[:12]
    remedy = Text(
        "記録は書き換えられません。別の id で入れてください", "records are never edited: enter it under another id"
    )
    if item.kind is RecordKind.CERTIFICATE:
        remedy += Text("。前のものが誤りなら corrections で取消し・差替えを", "; cancel a mistake under corrections")
    files = Text("、違いは files にもあります", ", its files differ") if _other_files(item, held) else Text("", "")
    return UsageError(
        Text(
            f"{item.kind.label.ja}「{item.subject}」は別の内容で台帳にあります（{record_id}{files.ja}）",
            f"{item.kind.label.en} {item.subject} is in the ledger with other content ({record_id}{files.en})",
        ),
        remedy,
        code="other-content",
    )


def _other_files(item: Item, held: Record) -> bool:
    one, other = (tuple(f.sha256 for f in files_of(body)) for body in (item.body, held.body))
    return one != other


def cites_later(item: Item, cited: str) -> UsageError:
    """An entry rests on one that stands behind it in the order of a log."""
    return UsageError(
        Text(
            f"「{item.subject}」は、それより後の「{cited}」を引いています（日付順、同じ日はファイルの順）。"
            "台帳は先にある記録しか引けません",
            f"{item.subject} cites {cited}, which comes later (by date, within a day by place in the file); "
            "a ledger cites only what it holds",
        ),
        Text("日付・並び・引き当てのどれかを正してください", "correct the date, the order, or the draw"),
        code="cites-later",
    )
