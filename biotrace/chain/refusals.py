"""What is said when a ledger does not take a record. The codes are stable; ``biotrace.chain.admit`` decides."""

from __future__ import annotations

from biotrace.errors import IntegrityError
from biotrace.model.text import Text

from .record import Record

REFUSALS: dict[str, tuple[Text, Text]] = {
    "first-record": (
        Text(
            "台帳の最初の記録は、署名に使う管理鍵自身の登録でなければなりません",
            "a ledger begins with the record that binds, as a root key, the key that signs it",
        ),
        Text("先に最初の鍵を登録してください", "log the first key first"),
    ),
    "key-unknown": (
        Text("署名した鍵 {kid} はこの台帳に登録されていません", "its key {kid} is not bound in this ledger"),
        Text("先に鍵の登録を記録してください", "have the ledger's root key bind it first"),
    ),
    "issuer": (
        Text(
            "署名した鍵は {party} のもので、{issuer} のものではありません",
            "the key that signed it is bound to {party}, not to {issuer}",
        ),
        Text("自分の鍵で署名してください", "sign with a key of your own party"),
    ),
    "root-only": (
        Text("この記録は台帳の管理鍵だけが署名できます", "only a root key of the ledger may sign this"),
        Text("台帳の管理者に依頼してください", "ask the ledger's operator"),
    ),
    "key-ended": (
        Text(
            "鍵 {kid} は台帳の {index} 番から失効しています",
            "its key {kid} was ended: from index {index} on it counts for nothing",
        ),
        Text("新しい鍵を登録し、その鍵で署名してください", "bind a new key and sign with that"),
    ),
    "key-not-yours": (
        Text(
            "鍵 {kid} を失効させられるのは、台帳の管理鍵、登録した団体、その鍵自身だけです",
            "key {kid} is ended by a root key of the ledger, by the body that bound it, or by itself",
        ),
        Text("台帳の管理者に依頼してください", "ask the ledger's operator"),
    ),
    "key-end-index": (
        Text(
            "失効の開始位置 {first} は {least} から {greatest} までです（自分の鍵は {greatest} からのみ）",
            "a key ends from index {least} to {greatest}, not {first} (a key ends itself only from {greatest} on)",
        ),
        Text("台帳の番号を確かめてください", "look at the log's indexes"),
    ),
    "release-what": (
        Text(
            "この証明書のどの保留を解くのかが書かれていません",
            "it does not name the hold, of the same certificate, that it ends",
        ),
        Text("保留の記録を follows に引いてください", "cite the hold as follows"),
    ),
    "key-invalid": (
        Text("登録しようとする鍵は公開鍵として使えません", "what it binds cannot be used as a public key"),
        Text("新しい鍵を作ってください", "make a new key"),
    ),
    "key-bound": (
        Text("この鍵はすでに {party} に登録されています", "this key is already bound, to {party}"),
        Text("新しい鍵を作ってください", "make a new key"),
    ),
    "not-own": (
        Text("署名できるのは {speakers} で、{issuer} ではありません", "only {speakers} may sign this, not {issuer}"),
        Text(
            "紙を写したものなら転記として記録してください（相手が署名した証明書の訂正はできません）",
            "if you copied it from a paper, record it as a transcription (what another has signed, only they correct)",
        ),
    ),
    "not-a-body": (
        Text(
            "{issuer} は、管理鍵が認定団体と述べた当事者ではないか、認定団体の鍵を登録しようとしています",
            "{issuer} is no accrediting body by a root key's word, or would bind a key to itself or another body",
        ),
        Text("認定団体か台帳の管理者に依頼してください", "ask the accrediting body, or the ledger's operator"),
    ),
    "chain-taken": (
        Text(
            "この鍵の {seq} 番目の記録はすでにあります（次は {expected} 番目）",
            "place {seq} of its key's chain is taken; the next one is {expected}",
        ),
        Text(
            "複製した鍵を使っているなら、この端末に新しい鍵を登録してください",
            "if the key is a copy, bind a key of its own to this device",
        ),
    ),
    "chain-gap": (
        Text(
            "この鍵の {expected} 番目の記録が抜けています（これは {seq} 番目）",
            "place {expected} of its key's chain is missing; this is {seq}",
        ),
        Text("抜けている記録を先に記録してください", "log the missing records first"),
    ),
    "chain-prev": (
        Text("この鍵の直前の記録に続いていません", "it does not continue its key's last record"),
        Text("直前の記録が差し替えられていないか確かめてください", "see whether the record before was replaced"),
    ),
    "cites-unknown": (
        Text("引用先 {cited} がこの台帳にありません", "it cites {cited}, which this ledger does not hold"),
        Text("引用する記録を先に記録してください", "log what it cites first"),
    ),
    "cites-kind": (
        Text("引用先 {cited} の種別が違います", "what it cites as {cited} is of another kind"),
        Text("正しい記録を引用してください", "cite the right record"),
    ),
}
"""Code -> what is wrong, and what to do. Words in braces are filled in."""


def refusal(record: Record, code: str, **parts: object) -> IntegrityError:
    """The error for ``record``: its kind and subject, then the sentence for ``code``."""
    reason, remedy = REFUSALS[code]
    message = Text(
        f"{record.kind.label.ja}「{record.subject}」: {reason.ja.format(**parts)}",
        f"{record.kind.label.en} {record.subject}: {reason.en.format(**parts)}",
    )
    return IntegrityError(message, remedy, code=code)
