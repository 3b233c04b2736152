"""A verdict as text or CSV, for people."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from biotrace.documents.workbook.csv_cells import cell_text
from biotrace.model.fuel_class import FuelClass
from biotrace.model.text import Lang
from biotrace.verify.rule import Finding, Unchecked
from biotrace.verify.rules import WHY_NOT_RUN
from biotrace.verify.verdict import NEED_ALL, LotVerdict, Status, Verdict
from biotrace.verify.verdict_json import audit_findings, kilograms, kilograms_by_class, summary

from .console import Console

_SHORT = {
    FuelClass.THINNED: ("間伐材等由来", "thinned"),
    FuelClass.GENERAL: ("一般木質", "general"),
    FuelClass.GENERAL_WASTE: ("一般廃棄物", "general waste"),
    FuelClass.CONSTRUCTION_WASTE: ("建設資材廃棄物", "construction waste"),
}
_COLUMNS = (
    *("lot", "declared", "confirmed", "status", "evidence", "kg_as_received", "kg_bone_dry"),
    *("audit_finding", "code", "record", "found"),
)
_EVIDENCE = {
    "signed": ("署名あり", "signed"),
    "transcribed": ("転記", "transcribed"),
    "unsigned": ("署名なし", "unsigned"),
}


def class_name(fuel_class: FuelClass, lang: Lang) -> str:
    """A class in a word or two."""
    return _SHORT[fuel_class][lang == "en"]


def show_verdict(
    console: Console,
    verdict: Verdict,
    name: str,
    subjects: Mapping[str, str] | None = None,
    remarks: Mapping[str, str] | None = None,
) -> None:
    """Each lot on a line, its remark and findings below it, then the totals and what was not checked."""
    names = subjects or {}
    c = console
    c.say(
        c.t(
            f"{name}  規則 {verdict.profile}  基準日 {verdict.as_of}",
            f"{name}  rules {verdict.profile}  as of {verdict.as_of}",
        )
    )
    c.say()
    for lot in verdict.lots:
        show_lot(c, lot, names, (remarks or {}).get(lot.id))
    for record, worse, unrun in _open_records(verdict):
        label = names.get(record, record)
        mark = c.t("[未完]", "[incomplete]")
        if worse:
            bad = any(not f.is_notice for f in worse)
            mark = c.t("[指摘]", "[findings]") if bad else c.t("[注意]", "[notice]")
        reach = c.t("（どの納入にも至らない）", " (reaches no lot)") if record not in verdict.books.ids else ""
        c.say(f"{mark} {label}{reach}")
        show_findings(c, worse, names)
        show_unchecked(c, unrun, names)
    show_totals(c, verdict)
    worst = min(_fired(verdict), key=lambda finding: finding.is_notice, default=None)
    if worst is not None:
        say = f"biotrace rules {worst.code}"
        c.say(c.t(f"規則の説明: {say}（ほかの規則も同じように）", f"what a rule means: {say}, or any other code"))


def _fired(verdict: Verdict) -> Iterator[Finding]:
    """Everything found, lots first."""
    for lot in verdict.lots:
        yield from lot.findings
    for _, findings in verdict.records:
        yield from findings


def _open_records(verdict: Verdict) -> list[tuple[str, list[Finding], list[Unchecked]]]:
    """Records that reach no lot and are not in order: findings worse than a notice, and proof rules not run.

    Of the books, plants and bodies notices too: most of what there is to say of these is one.
    """
    rest = [
        (
            record,
            [f for f in findings if not f.is_notice or record in verdict.books.ids],
            [u for u in verdict.undecided if u.record == record],
        )
        for record, findings in verdict.records
    ]
    return [(record, worse, unrun) for record, worse, unrun in rest if worse or unrun]


def show_lot(c: Console, lot: LotVerdict, names: Mapping[str, str], remark: str | None = None) -> None:
    """One lot with its findings worse than a notice, and the proof rules that could not be run."""
    mark = f"[{outcome_word(lot, c)}]"
    declared, confirmed = class_name(lot.declared, c.lang), class_name(lot.confirmed, c.lang)
    outcome = declared if lot.declared is lot.confirmed else f"{declared} → {confirmed}"
    dry = kilograms(lot.dry_grams)
    weight = (
        c.t("全乾重量不明", "bone-dry weight unknown")
        if dry is None
        else c.t(f"全乾 {dry:,} kg", f"{dry:,} kg bone-dry")
    )
    evidence = _EVIDENCE[lot.evidence.value][c.lang == "en"]
    c.say(f"{mark} {names.get(lot.id, lot.id)}  {outcome}  {weight}  {evidence}")
    if remark is not None:
        c.say("    " + remark)
    _show_split(c, lot)
    show_findings(c, [f for f in lot.findings if not f.is_notice], names)
    show_unchecked(c, [u for u in lot.not_checked if u.decisive], names)
    if lot.status is Status.AS_SHOWN:
        codes = " ".join(NEED_ALL)
        c.say(
            "    "
            + c.t(
                f"検査できない（完全性）: {codes} — 受け渡された記録だけを見た。二重使用・後の取消しがないとは言えない",
                f"not checked (completeness): {codes}: only what was shown could be seen, so neither double use"
                " nor a later withdrawal can be excluded",
            )
        )


def outcome_word(lot: LotVerdict, c: Console) -> str:
    """Whether the lot is in order, in a word."""
    if lot.status is Status.INCOMPLETE:
        return c.t("未完", "incomplete")
    if lot.clean and lot.status is Status.AS_SHOWN:
        return c.t("提示分適合", "ok as shown")
    return c.t("適合", "ok") if lot.clean else c.t("指摘", "findings")


def _show_split(c: Console, lot: LotVerdict) -> None:
    kilos = kilograms_by_class(lot.by_class) or {}
    parts = [(FuelClass(name), kg) for name, kg in kilos.items() if kg]
    if len(parts) > 1:
        split = c.t("、", ", ").join(f"{class_name(k, c.lang)} {kg:,} kg" for k, kg in parts)
        c.say("    " + c.t(f"内訳（診断）: {split}", f"split (diagnosis): {split}"))


def show_findings(c: Console, findings: Sequence[Finding], names: Mapping[str, str]) -> None:
    """What is wrong, what was seen, what was expected and what would mend it."""
    for f in findings:
        subject = names.get(f.record, f.record) or c.t("台帳", "the ledger")
        c.say(f"    {f.code} {subject}: {f.message.get(c.lang)}  [{f.clause}]")
        c.say(f"        {c.t('確認した内容', 'found')}: {f.found.get(c.lang)}")
        c.say(f"        {c.t('必要な内容', 'expected')}: {f.expected.get(c.lang)}")
        c.say(f"        {c.t('対処', 'to mend it')}: {f.remedy.get(c.lang)}")


def show_unchecked(c: Console, unchecked: Sequence[Unchecked], names: Mapping[str, str]) -> None:
    """Proof rules that could not be run, and why."""
    for u in unchecked:
        label = names.get(u.record, u.record)
        c.say(f"    {u.code} {label}: {c.t('検査できない', 'not checked')}: {u.reason.get(c.lang)}")


def show_totals(c: Console, verdict: Verdict) -> None:
    """Counts, and what this run did not check."""
    total = summary(verdict)
    spoken = _open_records(verdict)
    bad = {record for record, worse, unrun in spoken if unrun or any(not f.is_notice for f in worse)}
    if verdict.lots or spoken:
        c.say()
    lots, clean = total["lots"], total["clean"]
    if lots or not verdict.records:
        c.say(
            c.t(
                f"納入ロット {lots} 件: 適合 {clean}、指摘・未完 {lots - clean}",
                f"{lots} lots: {clean} in order, {lots - clean} not",
            )
        )
    books = [record for record, _ in verdict.records if record in verdict.books.ids]
    if rest := len(verdict.records) - len(books):
        not_so = len(bad.difference(books))
        c.say(
            c.t(
                f"どの納入にも至らない証明書・記録 {rest} 件: 適合 {rest - not_so}、指摘・未完 {not_so}",
                f"{rest} records that reach no lot: {rest - not_so} in order, {not_so} not",
            )
        )
    if books:
        not_so = len(bad.intersection(books))
        c.say(
            c.t(
                f"置場・発電所の帳簿、認定団体 {len(books)} 件: 適合 {len(books) - not_so}、指摘・未完 {not_so}",
                f"{len(books)} entries in the books of yards, plants and bodies: {len(books) - not_so} in order,"
                f" {not_so} not",
            )
        )
    codes = [f"{code} {n}" for code, n in total["by_code"].items()]
    if codes:
        c.say(c.t("規則別のロット数: ", "lots by code: ") + ", ".join(codes))
    unrun = (code + _why_not(c, code) for code in verdict.not_run)
    c.say(c.t("検査していない規則: ", "not checked (rules not run): ") + " ".join(unrun))


def _why_not(c: Console, code: str) -> str:
    why = WHY_NOT_RUN.get(code)
    return "" if why is None else c.t(f"（{why.ja}）", f" ({why.en})")


def verdict_csv(verdict: Verdict, lang: Lang) -> str:
    """For a spreadsheet: a row per finding worse than a notice and per proof rule not run, or one where all is well.

    Findings on records that reach no lot follow, with the columns about lots left empty.
    """
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(_COLUMNS)
    for lot in verdict.lots:
        head: list[object] = [lot.id, lot.declared, lot.confirmed, lot.status, lot.evidence]
        head += [kilograms(lot.wet_grams), kilograms(lot.dry_grams), "+".join(audit_findings(lot))]
        for row in _cells(lot.findings, lot.not_checked, lang) or [("", "", "")]:
            rows.writerow([cell_text(value) for value in (*head, *row)])
    for _, findings, unrun in _open_records(verdict):
        for row in _cells(findings, unrun, lang):
            rows.writerow([*("" for _ in _COLUMNS[: -len(row)]), *map(cell_text, row)])
    return out.getvalue()


def _cells(findings: Sequence[Finding], unchecked: Sequence[Unchecked], lang: Lang) -> list[tuple[str, str, str]]:
    worse = [(f.code, f.record, f"{f.message.get(lang)}: {f.found.get(lang)}") for f in findings if not f.is_notice]
    return worse + [(u.code, u.record, u.reason.get(lang)) for u in unchecked if u.decisive]
