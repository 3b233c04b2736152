"""Logs, checkpoints and receipts, for people and as data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from biotrace.chain.checkpoint import Checkpoint
from biotrace.chain.note import VerifierKey
from biotrace.chain.watch import Outcome
from biotrace.model.text import Text
from biotrace.services.log_keys import Belief, Cosigned, KeySource
from biotrace.services.log_verdict import LogSeen
from biotrace.services.log_verify import LogFinding, LogVerified, ReceiptVerified
from biotrace.services.times import local_time

from .console import Console

_SHORT = 16

_SOURCE = {
    KeySource.GIVEN: Text("指定された鍵", "the key that was given"),
    KeySource.OWN: Text("このワークスペースのログの鍵", "the key of this workspace's log"),
    KeySource.TRUST_LIST: Text("信頼リストにある鍵", "the key in the trust list"),
    KeySource.PINNED: Text("前に覚えた鍵", "the key that was remembered"),
    KeySource.FIRST: Text("ログに添えられた鍵", "the key that came with the log"),
}


def show_log(c: Console, log: LogSeen) -> None:
    """The log that a verdict rests on, on a line."""
    c.say(f"{_head(c, log.checkpoint)}  {cosigned_text(c, log.cosigned)}")
    if log.unremembered is not None:
        reason = log.unremembered.get(c.lang)
        c.say(c.t(f"  このチェックポイントを覚えられません: {reason}", f"  not remembered: {reason}"))


def log_data(log: LogSeen) -> dict[str, Any]:
    """The same as data."""
    return {
        **_checkpoint(log.checkpoint),
        "cosigned": cosigned_data(log.cosigned),
        "compared": log.compared,
        "remembered": log.unremembered is None,
    }


def show_verified(c: Console, verified: LogVerified) -> None:
    """What was found out about a log."""
    shown = verified.shown
    c.say(f"{_head(c, shown)}  {cosigned_text(c, verified.cosigned)}")
    c.say(_key(c, verified.belief))
    if verified.pinned:
        show_pinned(c, verified.belief.log)
    if verified.entries is not None and not verified.findings:
        last = c.t("なし", "none") if verified.last_logged_at is None else local_time(verified.last_logged_at)
        c.say(
            c.t(
                f"公開された {verified.entries} 件すべてのハッシュと時刻の順を確かめました。最後の記録 {last}",
                f"hashes and order of times of all {verified.entries} entries verified; last logged {last}",
            )
        )
    if verified.grown_from is not None and not verified.findings:
        start, end = verified.grown_from, shown.size
        c.say(
            c.t(
                f"{start} 件から {end} 件へ、足されただけだと確かめました",
                f"proven to have only grown from {start} to {end} entries",
            )
        )
    if verified.outcome is not None and not verified.findings:
        c.say(_memory(c, verified))
    show_findings(c, verified.findings)


def show_receipt(c: Console, verified: ReceiptVerified) -> None:
    """What was found out about a receipt."""
    logged = verified.logged
    c.say(_key(c, verified.belief))
    if verified.pinned:
        show_pinned(c, verified.belief.log)
    if logged is not None:
        at = local_time(logged.leaf.logged_at)
        c.say(
            c.t(
                f"ログ {verified.belief.log.name} の {logged.index} 番に {at} に記録されています"
                f"（{logged.size} 件のとき）",
                f"logged at {at} as entry {logged.index} of {verified.belief.log.name} (when it had {logged.size})",
            )
        )
        c.say(f"  {c.t('記録ID', 'record id')}: {logged.leaf.record_id.hex()}")
    if verified.compared is not None and not verified.findings:
        c.say(
            c.t(
                f"ログが見せている木（{verified.compared} 件）にも、この記録があります",
                f"the tree that the log shows ({verified.compared} entries) holds it too",
            )
        )
    elif logged is not None and not verified.findings:
        c.say(
            c.t(
                "ログが見せている木との照合: していない（--proof に公開フォルダーを指定）",
                "compared with the tree that the log shows: not checked (name its published folder with --proof)",
            )
        )
    show_findings(c, verified.findings)


def show_pinned(c: Console, log: VerifierKey) -> None:
    """That a key is believed from now on, and what that rests on."""
    kid = log.public.kid.hex()
    c.say(
        c.t(
            f"初めて見るログ: 鍵 {kid} を覚えました。電話などで運営者に確かめてください",
            f"a log seen for the first time: key {kid} is remembered; compare it with the operator by telephone or so",
        )
    )


def show_findings(c: Console, findings: Sequence[LogFinding]) -> None:
    """What is wrong, and what to do."""
    for finding in findings:
        c.say(f"{c.t('[指摘]', '[finding]')} {finding.code}: {finding.message.get(c.lang)}")
        if finding.remedy is not None:
            c.say(c.t("    対処: ", "    what to do: ") + finding.remedy.get(c.lang))


def verified_data(verified: LogVerified, c: Console) -> dict[str, Any]:
    """What was found out about a log, as data."""
    return {
        **_checkpoint(verified.shown),
        "key": _belief(verified.belief, verified.pinned),
        "entries": verified.entries,
        "last_logged_at": verified.last_logged_at,
        "grown_from": verified.grown_from,
        "seen_before": None if verified.before is None else _checkpoint(verified.before),
        "outcome": None if verified.outcome is None else verified.outcome.value,
        "cosigned": cosigned_data(verified.cosigned),
        "findings": [_finding(finding, c) for finding in verified.findings],
    }


def receipt_data(verified: ReceiptVerified, c: Console) -> dict[str, Any]:
    """What was found out about a receipt, as data."""
    logged = verified.logged
    proven = None
    if logged is not None:
        proven = {
            "record_id": logged.leaf.record_id.hex(),
            "index": logged.index,
            "logged_at": logged.leaf.logged_at,
            "size": logged.size,
            "root": logged.root.hex(),
        }
    return {
        "origin": verified.receipt.origin,
        "key": _belief(verified.belief, verified.pinned),
        "logged": proven,
        "compared_with": verified.compared,
        "findings": [_finding(finding, c) for finding in verified.findings],
    }


def checkpoint_data(shown: Checkpoint, logged_at: int | None, cosigned: Cosigned | None) -> dict[str, Any]:
    """A checkpoint of the workspace's own log, as data. ``logged_at``: the log time of its last entry."""
    valid = {each.witness.name: each.time for each in cosigned.valid} if cosigned is not None else {}
    lines = [line.name for line in shown.note.signatures if line.name != shown.origin]
    return {
        **_checkpoint(shown),
        "time": logged_at,
        "cosignatures": [{"name": name, "verified": name in valid, "time": valid.get(name)} for name in lines],
        "note": shown.to_bytes().decode(),
    }


def _head(c: Console, shown: Checkpoint) -> str:
    root = shown.root.hex()[:_SHORT]
    return c.t(
        f"ログ {shown.origin}  {shown.size} 件  根 {root}", f"log {shown.origin}  {shown.size} entries  root {root}"
    )


def _key(c: Console, belief: Belief) -> str:
    return c.t("  鍵 ", "  key ") + f"{belief.log.public.kid.hex()}  ({_SOURCE[belief.source].get(c.lang)})"


def cosigned_text(c: Console, cosigned: Cosigned | None) -> str:
    """How many known witnesses cosigned."""
    if cosigned is None:
        return c.t("連署: 確かめていない", "cosigned: not checked")
    valid, all_of, least = len(cosigned.valid), len(cosigned.witnesses.keys), cosigned.witnesses.quorum
    return c.t(
        f"連署 {valid}（証人 {all_of}、必要 {least}）", f"cosigned by {valid} (of {all_of} witnesses, {least} needed)"
    )


def _memory(c: Console, verified: LogVerified) -> str:
    if verified.before is None:
        return c.t("前に見たことのないログです。この件数を覚えました", "not seen before; remembered from now on")
    before = verified.before.size
    if verified.outcome is Outcome.SAME:
        return c.t(f"前に見た {before} 件と同じです", f"the same {before} entries as seen before")
    return c.t(
        f"前に見た {before} 件に足されただけだと確かめ、覚えました",
        f"proven to continue the {before} entries seen before; remembered",
    )


def _checkpoint(shown: Checkpoint) -> dict[str, Any]:
    return {"origin": shown.origin, "size": shown.size, "root": shown.root.hex()}


def _belief(belief: Belief, pinned: bool) -> dict[str, Any]:
    return {
        "vkey": str(belief.log),
        "kid": belief.log.public.kid.hex(),
        "source": belief.source.value,
        "pinned_now": pinned,
    }


def cosigned_data(cosigned: Cosigned | None) -> dict[str, Any] | None:
    """Known witnesses' cosignatures as data; None where nobody says who the witnesses are."""
    if cosigned is None:
        return None
    return {
        "by": [{"witness": each.witness.name, "time": each.time} for each in cosigned.valid],
        "witnesses": len(cosigned.witnesses.keys),
        "quorum": cosigned.witnesses.quorum,
    }


def _finding(finding: LogFinding, c: Console) -> dict[str, Any]:
    return {
        "code": finding.code,
        "message": finding.message.get(c.lang),
        "remedy": None if finding.remedy is None else finding.remedy.get(c.lang),
        "evidence": None if finding.evidence is None else str(finding.evidence),
    }
