"""``biotrace audit``: judge a whole log."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from biotrace.model.fuel_class import FuelClass
from biotrace.services.audit import Audited, Listeners
from biotrace.services.audit_lists import ListWriter
from biotrace.services.audit_run import Done, Order, run_audit
from biotrace.services.ledger_case import integrity_finding
from biotrace.verify.verdict import Status
from biotrace.verify.verdict_json import finding_data

from .console import FINDINGS, FINE, Console, answers
from .log_view import log_data, show_log
from .opening import opened
from .params import DAY, FILE, workspace_option
from .password import password_option
from .progress import Progress
from .verdict_view import class_name

_SHOWN = 20
"""How many of the faults of stored bytes are named."""


@click.command()
@click.option(
    "--as-of", type=DAY, default=None, help="この日までの記録で判定 / judge by what was logged up to this day"
)
@click.option(
    "--since", type=FILE, default=None, help="前の監査の要約（.note）の続きから / go on from an earlier audit's summary"
)
@click.option("--keep", is_flag=True, help="次に続きから監査できるように状態を残す / keep the state to go on from")
@click.option("--no-sign", is_flag=True, help="署名した要約を作らない / end without a signed summary")
@click.option("--findings", type=FILE, default=None, help="指摘の一覧（CSV） / all findings, as CSV")
@click.option("--lots", type=FILE, default=None, help="ロットの一覧（CSV） / all lots, as CSV")
@click.option(
    "--jobs", type=click.IntRange(1, 256), default=None, help="使うプロセスの数（省くと全コア） / processes to use"
)
@workspace_option
@password_option
@answers()
def audit(
    console: Console,
    as_of: date | None,
    since: Path | None,
    keep: bool,
    no_sign: bool,
    findings: Path | None,
    lots: Path | None,
    jobs: int | None,
    folder: Path,
) -> int:
    """ログ全体を監査する / audit the whole log.

    すべての記録を保存されたバイト列から読み直し、署名・ハッシュ・順序を確かめ、全規則で判定する。

    Every record is read again from its stored bytes, its signature and place verified, and judged by all rules.
    """
    order = Order(as_of, jobs, since, not no_sign, keep)
    with opened(folder) as workspace, ListWriter(findings, lots, console.lang) as lists, Progress(console) as progress:
        done = run_audit(workspace, order, Listeners(lists.finding, lists.lot, progress.show, lists.again))
    if console.json:
        console.data(_data(done, console))
    else:
        _text(console, done)
    return FINE if done.clean else FINDINGS


def _text(c: Console, done: Done) -> None:
    found = done.audited
    _say_read(c, found)
    if done.before is not None and not done.before.clean:
        c.say(c.t("前の監査には指摘があった（その要約を参照）", "the earlier audit had findings: see its summary"))
    for log in found.logs:
        show_log(c, log)
    _say_damage(c, found)
    _say_findings(c, found)
    _say_lots(c, found)
    _say_unchecked(c, found)
    if done.summary is not None:
        c.say(c.t(f"署名した要約: {done.summary}", f"signed summary: {done.summary}"))
    if done.keep and done.state is None:
        c.say(_why_not_kept(c, found))
    if done.state is not None:
        c.say(
            c.t(
                f"次回は --since {done.summary} で続きから監査できます",
                f"a later audit can go on from here with --since {done.summary}",
            )
        )


def _why_not_kept(c: Console, found: Audited) -> str:
    if found.streamed:
        return c.t(
            "破損・矛盾があるため、続きから監査するための状態は残していない", "with these faults no state was kept"
        )
    return c.t(
        "ほかのログの記録を含むため、続きから監査するための状態は残していない",
        "with records of other logs no state was kept",
    )


def _say_read(c: Console, found: Audited) -> None:
    count = found.size - found.read_from
    c.say(
        c.t(
            f"{count:,} 件を読み、{found.tally.judged:,} 件を判定（基準日 {found.as_of}）",
            f"{count:,} entries read, {found.tally.judged:,} judged, as of {found.as_of}",
        )
    )
    if found.read_from:
        c.say(
            c.t(
                f"検査していない: 0–{found.read_from - 1} 番は前の監査のままで、読み直していない"
                f"（その後に入り、前の記録に及びうる {found.reaching_back:,} 件による判定の変化も含まない）",
                f"not checked: entries 0–{found.read_from - 1} stand as audited before and were not read again, nor "
                f"judged anew by the {found.reaching_back:,} entries since then that may bear on them",
            )
        )
    if not found.streamed:
        c.say(
            c.t(
                "ほかのログの記録を含むため、すべてをメモリーに読んで判定しました",
                "with records of other logs, everything was read into memory",
            )
        )


def _say_damage(c: Console, found: Audited) -> None:
    if not (found.broken or found.breaches):
        c.say(
            c.t(
                "署名・ハッシュ・順序・ログの木はすべて正しい",
                "every signature, hash and place is right, and so is the log's tree",
            )
        )
        return
    wrong = [*found.breaches, *(integrity_finding(f) for f in found.broken)]
    c.say(c.t(f"台帳の破損・矛盾 {len(wrong):,} 件:", f"{len(wrong):,} faults of the ledger itself:"))
    for finding in wrong[:_SHOWN]:
        c.say(f"  {finding.code}  {finding.found.get(c.lang)}")
    if len(wrong) > _SHOWN:
        c.say(c.t(f"  ほか {len(wrong) - _SHOWN:,} 件", f"  and {len(wrong) - _SHOWN:,} more"))


def _say_findings(c: Console, found: Audited) -> None:
    c.say()
    c.say(c.t("指摘", "findings"))
    if not (found.tally.findings or found.tally.notices):
        c.say(c.t("  なし", "  none"))
    for counter, word in ((found.tally.findings, c.t("件", "")), (found.tally.notices, c.t("件（注意）", "notices"))):
        for code, count in sorted(counter.items()):
            example = found.tally.examples[code][0]
            c.say(f"  {code}  {count:>7,} {word}".rstrip() + f"  {example.message.get(c.lang)}")


def _say_lots(c: Console, found: Audited) -> None:
    tally = found.tally
    total, clean = sum(tally.lots.values()), sum(n for (*_, fine), n in tally.lots.items() if fine)
    c.say()
    c.say(c.t(f"ロット {total:,}（適合 {clean:,}）", f"{total:,} lots, {clean:,} clean"))
    counts: dict[tuple[FuelClass, FuelClass], int] = {}
    for (declared, confirmed, _, _), n in tally.lots.items():
        counts[declared, confirmed] = counts.get((declared, confirmed), 0) + n
    for (declared, confirmed), n in sorted(counts.items()):
        names = [class_name(one, c.lang) for one in (declared, confirmed)]
        tonnes = tally.grams[declared, confirmed] / 1_000_000
        dry = c.t(f"全乾 {tonnes:,.1f} t", f"{tonnes:,.1f} t bone-dry")
        c.say(f"  {names[0]} → {names[1]}  {n:>7,}  {dry}")
    if tally.unweighed:
        c.say(c.t(f"  重量不明 {tally.unweighed:,}", f"  {tally.unweighed:,} without a weight"))


def _say_unchecked(c: Console, found: Audited) -> None:
    open_lots = sum(n for (_, _, status, _), n in found.tally.lots.items() if status is Status.INCOMPLETE)
    if found.tally.unchecked:
        codes = "  ".join(f"{code} {n:,}" for code, n in sorted(found.tally.unchecked.items()))
        c.say(
            c.t(
                f"検査できない（証明の規則）: {codes} — 未完のロット {open_lots:,}",
                f"not checked (proof rules): {codes}; {open_lots:,} lots incomplete",
            )
        )
    if found.not_run:
        codes = " ".join(found.not_run)
        c.say(c.t(f"この版・この台帳では検査しない: {codes}", f"not checked at all: {codes}"))


def _data(done: Done, c: Console) -> dict[str, Any]:
    found, tally = done.audited, done.audited.tally
    return {
        "as_of": found.as_of.isoformat(),
        "size": found.size,
        "root": found.root.hex(),
        "read_from": found.read_from,
        "reaching_back": found.reaching_back,
        "judged": tally.judged,
        "clean": done.clean,
        "integrity": [finding_data(integrity_finding(f), c.lang) for f in found.damage],
        "log": [finding_data(f, c.lang) for f in found.breaches],
        "logs": [log_data(log) for log in found.logs],
        "findings": dict(sorted(tally.findings.items())),
        "notices": dict(sorted(tally.notices.items())),
        "examples": {code: [finding_data(f, c.lang) for f in kept] for code, kept in sorted(tally.examples.items())},
        "unchecked": dict(sorted(tally.unchecked.items())),
        "lots": [
            {"declared": d, "confirmed": f, "status": s, "clean": fine, "lots": n}
            for (d, f, s, fine), n in sorted(tally.lots.items())
        ],
        "kg_bone_dry": [
            {"declared": d, "confirmed": f, "kg": grams // 1000} for (d, f), grams in sorted(tally.grams.items())
        ],
        "without_weight": tally.unweighed,
        "not_run": list(found.not_run),
        "summary": None if done.summary is None else str(done.summary),
        "state": None if done.state is None else str(done.state),
    }
