"""A report on a dispute as tables for paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from biotrace.documents.report_papers.report import Cell, Column, Kind, Report, Table
from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.document import DocumentKind
from biotrace.model.labels import form_name
from biotrace.model.party import Party
from biotrace.model.text import Text, join, same
from biotrace.verify.lot_weight import factors_of
from biotrace.verify.overpayment import Overpayment, Terms, overpaid
from biotrace.verify.profile import RINYA_2012, Factor
from biotrace.verify.verdict import LotVerdict, Status

from .lot_check import Seen
from .report_overpayment import as_certified, terms_facts, weight_notes, yen_notes
from .report_overpayment_tables import ALL_OR_NOTHING, BY_TONNAGE, Named, claimed_as, tables, yen_said
from .report_parts import CLASS_NAMES
from .trace import FoundBack
from .trace_facts import document_name, party_name
from .trace_open import Opened
from .trace_start import called

_CLASS = Kind.TEXT
_COPY = {
    "held": Text("写しあり", "copy held"),
    "missing": Text("写しなし", "copy missing"),
    "altered": Text("写しが変わっている", "copy altered"),
}


def dispute_report(
    party: str,
    desk: Opened,
    subject: str,
    found: Sequence[FoundBack],
    terms: PlantTerms | None,
    documents: Sequence[Mapping[str, Any]],
    otherwise: Sequence[str],
) -> Report:
    """The report. ``documents``: as ``dispute_data`` has them; ``otherwise``: see ``MadeDispute``."""
    seen = all_seen(found)
    over = None if terms is None else overpaid([one.back.lot for one in found], terms.terms)
    named = () if over is None else _named(found, over)
    yen = () if over is None else tables(over, named, paper=True)
    certified = as_certified(named, seen.case)
    return Report(
        name="report",
        title=Text("係争ロットの報告", "Report on disputed lots"),
        facts=tuple(_facts(party, desk, subject, found, terms)),
        tables=(_lots(found), _origins(found), _hands(found), _findings(found), _documents(seen, documents), *yen),
        evidence=_evidence(found),
        attention=(*_attention(over, otherwise), *certified),
        notes=tuple(_notes(found, over)),
    )


@dataclass(frozen=True, slots=True)
class PlantTerms:
    """Terms, and the plant whose they are."""

    plant: Party
    terms: Terms


def all_seen(found: Sequence[FoundBack]) -> Seen:
    """What was looked at for all of them, as one: to name things by."""
    first = found[0].seen
    entries = {e.value.id: e for one in found for e in one.seen.case.entries}
    documents = {i: d for one in found for i, d in one.seen.case.documents.items()}
    subjects = {i: name for one in found for i, name in one.seen.subjects.items()}
    ordered = tuple(sorted(entries.values(), key=lambda e: e.order))
    return replace(first, case=replace(first.case, entries=ordered, documents=documents), subjects=subjects)


def _facts(
    party: str, desk: Opened, subject: str, found: Sequence[FoundBack], terms: PlantTerms | None
) -> Iterator[tuple[Text, Text]]:
    yield Text("作成者", "made by"), same(party_name(found[0].seen, party))
    if subject:
        yield Text("件名", "about"), same(subject)
    yield Text("基準日", "as of"), same(desk.today)
    for log in desk.logs:
        c = log.checkpoint
        yield Text("台帳（ログ）", "log"), same(f"{c.origin}  {c.size:,}  {c.root.hex()[:32]}")
    yield Text("ロット", "lots"), join([same(_called(one)) for one in found], "、", ", ")
    if terms is not None:
        yield Text("発電所", "plant"), same(f"{terms.plant.name} ({terms.plant.id})")
        yield from terms_facts(terms.terms)


def _lots(found: Sequence[FoundBack]) -> Table:
    columns = (
        Column(Text("ロット", "lot"), Kind.TEXT, 34),
        Column(Text("日付", "date"), Kind.DAY, 18),
        Column(Text("申告", "claimed"), _CLASS, 26),
        Column(Text("確認", "confirmed"), _CLASS, 32),
        Column(Text("全乾", "bone-dry") + same(" t"), Kind.TONNE, 22),
        Column(Text("確認できない", "not as claimed") + same(" t"), Kind.TONNE, 28),
    )
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        lot, value = one.back.lot, one.back.hands[-1].entry.value
        confirmed = CLASS_NAMES[lot.confirmed]
        if lot.status is Status.INCOMPLETE:
            confirmed += Text("（未完", " (incomplete") + _if_passed(lot) + Text("）", ")")
        elif lot.status is Status.AS_SHOWN:
            confirmed += Text("（提示分）", " (as shown)")
        rows.append((_called(one), value.date, claimed_as(lot), confirmed, lot.dry_grams, not_as_claimed(lot)))
    return Table(Text("ロットと判定", "Lots and verdicts"), columns, tuple(rows))


def _if_passed(lot: LotVerdict) -> Text:
    if lot.if_passed is None:
        return same("")
    return Text("、通れば ", "; if it passed: ") + CLASS_NAMES[lot.if_passed]


def not_as_claimed(lot: LotVerdict) -> int | None:
    """Bone-dry grams that are not confirmed as what is claimed; of a mixed lot share by share."""
    if lot.dry_grams is None or lot.by_class is None:
        return None
    claimed = lot.claimed or {lot.declared: lot.dry_grams}
    return lot.dry_grams - sum(min(grams, lot.by_class.get(c, 0)) for c, grams in claimed.items())


def _origins(found: Sequence[FoundBack]) -> Table:
    columns = (
        Column(Text("ロット", "lot"), Kind.TEXT, 26),
        Column(Text("もとの証明書", "certificate"), Kind.TEXT, 26),
        Column(Text("発行者", "issuer"), Kind.TEXT, 30),
        Column(Text("伐採場所", "felled at"), Kind.TEXT, 36),
        Column(Text("根拠書類", "rests on"), Kind.TEXT, 26),
        Column(Text("全乾", "bone-dry") + same(" t"), Kind.TONNE, 16),
    )
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        for o in one.back.origins:
            places = "、".join(map(str, o.places)) or "—"
            papers = join([document_name(one.seen, d) for d in o.documents])
            who = party_name(one.seen, o.certificate.seller)
            rows.append((_called(one), called(o.certificate, one.seen.subjects), who, places, papers, o.grams))
        if one.back.missing is None:
            rows.append((_called(one), Text("内訳は分からない", "cannot be told"), None, None, None, None))
        elif one.back.missing:
            missing = Text("手元にない証明書から", "certificates not at hand")
            if one.back.without_certificate:
                missing = Text("証明書なし", "no certificate")
            rows.append((_called(one), missing, None, None, None, one.back.missing))
    return Table(Text("もとの伐採（引き当てによる）", "Where it was felled, by draws"), columns, tuple(rows))


def _hands(found: Sequence[FoundBack]) -> Table:
    columns = (
        Column(Text("ロット", "lot"), Kind.TEXT, 26),
        Column(Text("日付", "date"), Kind.DAY, 18),
        Column(Text("記録", "record"), Kind.TEXT, 34),
        Column(Text("だれから", "from"), Kind.TEXT, 33),
        Column(Text("だれへ", "to"), Kind.TEXT, 33),
        Column(Text("全乾", "bone-dry") + same(" t"), Kind.TONNE, 16),
    )
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        for hand in one.back.hands:
            value = hand.entry.value
            buyer = value.at if isinstance(value, Delivery) else value.buyer
            seller = value.sender if isinstance(value, Delivery) else value.seller
            kind = Text("納入", "delivery") if isinstance(value, Delivery) else form_name(value.form)
            name = kind + same(f" {called(value, one.seen.subjects)}")
            sides = (party_name(one.seen, seller), party_name(one.seen, buyer))
            rows.append((_called(one), value.date, name, *sides, hand.grams))
    return Table(Text("経路", "Every hand on the way"), columns, tuple(rows))


def _findings(found: Sequence[FoundBack]) -> Table:
    columns = (
        Column(Text("ロット", "lot"), Kind.TEXT, 24),
        Column(Text("規則", "rule"), Kind.TEXT, 14),
        Column(Text("記録", "record"), Kind.TEXT, 28),
        Column(Text("指摘", "finding"), Kind.TEXT, 34),
        Column(Text("確認した内容", "found"), Kind.TEXT, 60),
    )
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        for f in sorted(one.back.lot.findings, key=lambda f: f.is_notice):
            mark = Text("（注意）", " (notice)") if f.is_notice else same("")
            rows.append((_called(one), f.code, _record(one.seen, f.record), f.message + mark, f.found))
        for u in one.back.lot.not_checked:
            if u.decisive:
                what = Text("検査できない", "not checked")
                rows.append((_called(one), u.code, _record(one.seen, u.record), what, u.reason))
    return Table(Text("指摘・検査できなかったこと", "Findings, and what could not be checked"), columns, tuple(rows))


def _documents(seen: Seen, documents: Iterable[Mapping[str, Any]]) -> Table:
    columns = (
        Column(Text("書類", "document"), Kind.TEXT, 52),
        Column(Text("引いた証明書", "cited by"), Kind.TEXT, 36),
        Column(Text("写し", "copy"), Kind.TEXT, 22),
        Column(Text("求めた", "asked for"), Kind.TEXT, 50),
    )
    rows: list[tuple[Cell, ...]] = []
    for d in {d["id"]: d for d in documents}.values():
        known = d["kind"] in {k.value for k in DocumentKind}
        name = document_name(seen, d["id"]) if known or d["kind"] is None else _record(seen, d["id"])
        cited = "、".join(_record(seen, i).ja for i in d["cited_by"])
        copies = join([_COPY[c["held"]] for c in d["copies"]]) if d["copies"] else Text("記録になし", "none recorded")
        asked = join([_asked(seen, a) for a in d["asked"]]) if d["asked"] else Text("求めていない", "not asked for")
        rows.append((name, cited, copies, asked))
    return Table(Text("書類: 求めたもの・示されたもの", "Documents asked for and shown"), columns, tuple(rows))


def _asked(seen: Seen, asked: Mapping[str, Any]) -> Text:
    to, due, produced = party_name(seen, asked["to"]), asked["due"], asked["produced"]
    shown = Text("まだ示されていない", "not shown yet")
    if produced is not None:
        shown = Text(f"{produced} 提示", f"shown {produced}")
    return Text(f"{to} に（期限 {due}）: ", f"{to}, by {due}: ") + shown


def _named(found: Sequence[FoundBack], over: Overpayment) -> list[Named]:
    """The lots of the yen, which are all of them in their order, for people."""
    named = []
    for lot, one in zip(over.lots, found, strict=True):
        value = one.back.hands[-1].entry.value
        supplier = value.sender if isinstance(value, Delivery) else value.seller
        named.append(Named(lot, _called(one), value.date, party_name(one.seen, supplier)))
    return named


def _attention(over: Overpayment | None, otherwise: Sequence[str]) -> Iterator[Text]:
    if otherwise:
        yield Text(
            "認定や事業者について、この台帳（ログ）の記録によらず、団体自身の署名と信頼リストだけによると、判定が違う"
            "（report.json の lots_provable と to_others）",
            "some verdicts rest on what this log says of parties and accreditations: by what bodies signed themselves,"
            " and a trust list, they are others (lots_provable and to_others in report.json)",
        )
    if over is not None:
        for name, figure in ((BY_TONNAGE, over.today.by_tonnage), (ALL_OR_NOTHING, over.today.all_or_nothing)):
            said = Text("単価なし", "not priced") if figure.has_no_price else yen_said(figure.yen) + Text(" 円", " yen")
            yield Text("過払いの試算（", "overpaid, estimate (") + name + Text("）: ", "): ") + said


def _notes(found: Sequence[FoundBack], over: Overpayment | None) -> Iterator[Text]:
    if over is None:
        yield Text(
            "金額は試算していない（認定年度・出力が指定されていない）",
            "not priced: the plant's approval and output were not given",
        )
    else:
        yield from yen_notes(over)
        fell = {lot.lot.id for lot in over.lots if not lot.fine}
        factors: dict[str, tuple[Factor, ...]] = {}
        for one in found:
            factors |= factors_of(one.seen.case, {one.back.lot.id} & fell, RINYA_2012)
        yield from weight_notes(factors)
    yield Text(
        "重さは標準の換算係数による全乾。もとの伐採は引き当てによる。置場で混ざり得たものは report.json の yards",
        "weights are bone-dry by default factors; origins by draws; what may have been mixed in: yards in report.json",
    )
    yield Text(
        "この報告は report.note で署名され、添えたファイルだけで確かめられる（biotrace report verify-dispute）",
        "sealed by report.note, and verified from the enclosed files alone: biotrace report verify-dispute",
    )


def _evidence(found: Sequence[FoundBack]) -> Table:
    columns = (
        Column(Text("ロット", "lot"), Kind.TEXT, 60),
        Column(Text("記録", "record"), Kind.TEXT, 50),
        Column(Text("記録ID", "record id"), Kind.RECORD, 50),
    )
    rows = tuple(
        (_called(one), called(hand.entry.value, one.seen.subjects), hand.entry.value.id)
        for one in found
        for hand in one.back.hands
    )
    return Table(Text("根拠", "records"), columns, rows)


def _called(one: FoundBack) -> str:
    return called(one.back.hands[-1].entry.value, one.seen.subjects)


def _record(seen: Seen, record: str) -> Text:
    known: Certificate | None = seen.case.by_id.get(record)
    return same(seen.subjects.get(record, record[:12]) if known is None else called(known, seen.subjects))
