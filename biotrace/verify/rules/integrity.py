"""Codes that are judged where records are read from their bytes, or logs are compared: what each means, said once.

They are no rules of the fold, which sees records that have been read; ``biotrace.chain`` finds what is wrong, and these
texts stand in the finding. Example: S101, one byte of a stored record changed.
"""

from __future__ import annotations

from dataclasses import dataclass

from biotrace.model.text import Text

from ..effect import Effect
from ..rule import Scope


@dataclass(frozen=True, slots=True)
class Described:
    """A code of the catalogue without a check of its own here. The fields are those of ``Rule``."""

    code: str
    name: Text
    clause: str
    scope: Scope
    proof: bool
    effect: Effect
    explanation: Text
    expected: Text
    remedy: Text
    example: Text


_AS_SIGNED = Text("署名されたままの記録", "the record as it was signed")
_AS_LOGGED = Text("ログが署名したままの台帳", "the ledger as its log signed it")
_RESTORE = Text("控えの台帳と比べ、正しいものから戻す", "compare with a backup and restore from the sound one")

S101 = Described(
    code="S101",
    name=Text("署名が記録の内容と合わない", "the signature does not verify"),
    clause="G3",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.VOID,
    explanation=Text(
        "署名は、記録のバイト列そのものに対して確かめる。1バイトでも変われば合わない。"
        "合わない記録は何も証明せず、それに基づく木材は建設資材廃棄物になる。",
        "A signature is verified over the record's exact bytes; with one of them changed it no longer fits. Such a "
        "record proves nothing, and wood that rests on it counts as construction waste.",
    ),
    expected=_AS_SIGNED,
    remedy=_RESTORE,
    example=Text(
        "台帳のファイルを書き換え、28.5トンの証明書を38.5トンにした。",
        "In the ledger's file somebody made 38.5 t of a certificate for 28.5 t.",
    ),
)

S102 = Described(
    code="S102",
    name=Text("署名した鍵が認められていない", "the signing key was not bound to the signer"),
    clause="G3",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.VOID,
    explanation=Text(
        "鍵は、それを認める権限のある者が署名者のものとして登録したときから、失効するまで有効である。"
        "記録が台帳に入った時に、知らない鍵、まだ登録されていない鍵、失効した鍵で署名されていたものは認めない。"
        "転記は、転記した者の鍵で判断する。",
        "A key counts from when somebody entitled to do so bound it to its signer, until its end. What was signed with "
        "a key that was unknown, not yet bound, or ended when the log took the record does not count. A transcription "
        "is judged by its transcriber's key.",
    ),
    expected=Text(
        "台帳に入った時に、署名者のものと認められていた鍵による署名",
        "a signature by a key that was the signer's when the log took the record",
    ),
    remedy=Text(
        "署名した者に確かめ、認められた鍵で発行し直してもらう",
        "ask who signed it, and have it issued anew with a key that counts",
    ),
    example=Text(
        "11月4日に盗まれて失効した端末の鍵で、11月5日の証明書が署名されている。",
        "A certificate of 5 November, signed with the key of a machine that was stolen, and its key ended, on the 4th.",
    ),
)

S103 = Described(
    code="S103",
    name=Text("記録の連なりに乱れがある", "the signer's chain, or the log's order, breaks"),
    clause="G3",
    scope=Scope.ISSUER,
    proof=True,
    effect=Effect.VOID,
    explanation=Text(
        "記録は、端末の鍵ごとに、一つ前の記録のハッシュでつながる。同じ順番に二つ目の記録があるか、前の記録が"
        "違えば、先に台帳に入ったものだけを認める。抜けた番号の後の記録と、二つのうち先のものは注意にとどめる。",
        "Records form one chain per device key, each with the hash of the one before. Of two for one place, or one "
        "with a wrong predecessor, only the first one logged stands. After a gap, and on the first of two: a notice.",
    ),
    expected=Text(
        "抜けも重なりもない、鍵ごとの連なりと台帳の順番",
        "chains of records, one for each key, and an order of the log, all without gaps and doubles",
    ),
    remedy=Text(
        "控えの台帳と比べ、抜けた記録・余分な記録がないか署名した者に確かめる",
        "compare with a backup, and ask the signer which records are missing or too many",
    ),
    example=Text(
        "同じ鍵の7番目の記録が2つあり、一方は20トン、もう一方は30トンの証明書である。",
        "Two records at place 7 of one key's chain, one a certificate for 20 t, the other for 30 t.",
    ),
)

S104 = Described(
    code="S104",
    name=Text("ログの木かチェックポイントと合わない", "it does not fit the log's tree or checkpoint"),
    clause="G3",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.VOID,
    explanation=Text(
        "台帳は、すべての記録のハッシュの木（Merkle木）の根に署名している。記録が木に入っていないか、"
        "受領証が根に至らなければ、その記録が台帳に入ったとはいえない。末尾を切り取った台帳もこれで分かる。",
        "A log signs the root of a Merkle tree over all its records. A record that is not in that tree, or whose "
        "receipt does not lead to its root, was not taken by the log. A ledger with its tail cut off shows by this.",
    ),
    expected=_AS_LOGGED,
    remedy=_RESTORE,
    example=Text(
        "726件の台帳から最後の3件を消した。チェックポイントの根は726件のもののまま。",
        "The last 3 of 726 entries were deleted; the checkpoint's root is still that of 726.",
    ),
)

S105 = Described(
    code="S105",
    name=Text("ログが分岐したか縮んだ", "the log forked or shrank"),
    clause="G3",
    scope=Scope.ISSUER,
    proof=True,
    effect=Effect.VOID,
    explanation=Text(
        "ログは書き足すだけのものである。前に見たチェックポイントと今のものが一つの木の続きでなければ、"
        "相手によって違う台帳を見せているか、記録を消している。そのログの記録はすべて認めない。",
        "A log only ever grows. If the checkpoint seen before and today's are not of one growing tree, it shows "
        "different ledgers to different people, or has dropped records. Nothing of that log counts.",
    ),
    expected=Text("前に見たものに書き足しただけのログ", "the log seen before, with nothing but additions"),
    remedy=Text(
        "このログの記録を受け入れず、両方のチェックポイントを証拠として運営者・取引先・証人に知らせる",
        "accept nothing from this log; show both checkpoints to its operator, partners and witnesses",
    ),
    example=Text(
        "きのう726件だったログの今日のチェックポイントが720件で、6件少ない。",
        "A log of 726 entries yesterday signs a checkpoint of 720 today: 6 are gone.",
    ),
)

S106 = Described(
    code="S106",
    name=Text("記録のバイト列が正しくない", "the bytes are not those of a record"),
    clause="G3",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.VOID,
    explanation=Text(
        "一つの内容には一つの書き方しかない。余分なバイトがあるもの、必要な項目のないもの、型の違うものは、"
        "記録として認めない。知らない版の記録は指摘せず、この版の更新を求める。",
        "One content has one encoding. Bytes that are not canonical, lack a required field or hold one of the wrong "
        "type are no record. An unknown version is no finding: the program asks to be updated.",
    ),
    expected=_AS_SIGNED,
    remedy=_RESTORE,
    example=Text(
        "28.5トンを8バイトの整数で書いた記録。正しいのは、最も短い4バイトの書き方だけである。",
        "A record that writes 28.5 t as an integer of 8 bytes, where only the shortest form, of 4, is allowed.",
    ),
)

INTEGRITY: tuple[Described, ...] = (S101, S102, S103, S104, S105, S106)
"""Family S but for S107 and S108, which see records as the fold does."""

BY_CODE = {described.code: described for described in INTEGRITY}

OF_THE_LEDGER = _AS_LOGGED
"""What is expected where something is wrong with the ledger as a whole, and not with one record."""
