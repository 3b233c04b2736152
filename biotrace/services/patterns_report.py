"""The list of patterns as a report: on paper, in a workbook, as csv or JSON, with the records behind each of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from biotrace.documents.report_papers.report import Cell, Column, Kind, Report, Table
from biotrace.model.certificate import Certificate
from biotrace.model.labels import form_name
from biotrace.model.text import Lang, Text, join, same
from biotrace.verify.patterns import MOST, PATTERNS, Sighting

from .patterns import CAUTION, Looked
from .patterns_read import Value
from .report_parts import amount_data, amount_text

INNOCENT, ASK = Text("よくある事情", "often explained by"), Text("確認をお勧めする書類", "papers worth asking for")
SEEN, USUAL = Text("見えたこと", "what was seen"), Text("ふつうは", "what is usual")
SCORE = Text("点数", "score")
_NO = Text("順位", "no.")
_SUBJECT, _PATTERN = Text("対象", "about"), Text("パターン", "pattern")
_DAYS, _RECORDS = Text("期間", "days"), Text("記録（件）", "records")
_LIST = (
    Column(_NO, Kind.COUNT, 8),
    Column(SCORE, Kind.COUNT, 10),
    Column(_PATTERN, Kind.TEXT, 30),
    Column(_SUBJECT, Kind.TEXT, 30),
    Column(SEEN, Kind.TEXT, 40),
    Column(USUAL, Kind.TEXT, 30),
    Column(INNOCENT, Kind.TEXT, 40),
    Column(ASK, Kind.TEXT, 40),
    Column(Text("最初の日", "first day"), Kind.DAY, 17),
    Column(Text("最後の日", "last day"), Kind.DAY, 17),
    Column(_RECORDS, Kind.COUNT, 12),
)
_CARD = (Column(same(""), Kind.TEXT, 30), Column(Text("内容", "what it says"), Kind.TEXT, 130))
_EVIDENCE = (
    Column(_NO, Kind.COUNT, 8),
    Column(Text("記録の種類", "record"), Kind.TEXT, 22),
    Column(Text("証明書番号・記録名", "number or name"), Kind.TEXT, 24),
    Column(Text("日付", "date"), Kind.DAY, 18),
    Column(Text("売り手 → 買い手", "from and to"), Kind.TEXT, 49),
    Column(Text("数量", "as written"), Kind.TEXT, 18),
    Column(Text("記録ID", "record id"), Kind.RECORD, 21),
)


class PatternsReport:
    """The list, made out of what was looked at."""

    def __init__(self, looked: Looked, today: str) -> None:
        """``today``: the day it is made."""
        self._looked, self._today = looked, today

    @property
    def unchecked(self) -> tuple[Text, ...]:
        """What was not looked at, each with the pattern that would have."""
        return tuple(
            said if kind is None else kind.name + Text("：", ": ") + said for kind, said in self._looked.unchecked
        )

    @cached_property
    def report(self) -> Report:
        """As a report."""
        return Report(
            name="確認をお勧めする事項",
            title=Text("確認をお勧めする事項（パターン）", "Patterns worth a look"),
            facts=self._facts(),
            tables=(Table(Text("一覧", "list"), _LIST, tuple(self._row(n, s) for n, s in self._numbered())),),
            evidence=Table(Text("もとの記録", "records"), _EVIDENCE, tuple(self._evidence())),
            paper=tuple(self._card(n, s) for n, s in self._numbered()),
            attention=tuple(self.not_looked_at + said for said in self.unchecked),
            notes=(
                Text(
                    f"点数は0〜{MOST}。ふつうの取引でそう見える見込みが半分になるごとに50点（500点は1,000に1つ）。"
                    "不正の確率ではない（docs/patterns.md）",
                    f"scores are 0 to {MOST}: 50 for each halving of the chance that sound trade shows it "
                    "(500: one in a thousand); no probability of wrong-doing (docs/patterns.md)",
                ),
                *self._below(),
            ),
        )

    @property
    def not_looked_at(self) -> Text:
        """What stands before each that was not: where one party is asked for, the counts are of all the same."""
        if self._looked.party is None:
            return Text("見ていない: ", "not looked at: ")
        return Text("見ていない（全事業者の件数）: ", "not looked at (counted over all parties): ")

    @property
    def asked(self) -> tuple[tuple[Text, Text], ...]:
        """For whom, of which days and from which score on."""
        asked, party = self._looked.asked, self._looked.party
        days = Text("すべて", "all")
        if asked.start is not None or asked.until is not None:
            days = Text(
                f"{asked.start or '最初'} 〜 {asked.until or '最後'}",
                f"{asked.start or 'first'} – {asked.until or 'last'}",
            )
        whose = () if party is None else ((Text("事業者", "party"), same(party.name)),)
        return (*whose, (_DAYS, days), (SCORE, Text(f"{asked.score} 点以上", f"{asked.score} or more")))

    def _below(self) -> Iterator[Text]:
        looked = self._looked
        if looked.below:
            yield Text(
                f"{looked.asked.score} 点未満は {looked.below:,} 件（--min-score で表示）",
                f"{looked.below:,} more score below {looked.asked.score} (--min-score shows them)",
            )

    def data(self, lang: Lang) -> dict[str, Any]:
        """As JSON: with ids, and all patterns that were looked for."""
        looked = self._looked
        return {
            "made": self._today,
            "caution": CAUTION.get(lang),
            "from": None if looked.asked.start is None else looked.asked.start.isoformat(),
            "to": None if looked.asked.until is None else looked.asked.until.isoformat(),
            "party": None if looked.party is None else looked.party.id,
            "min_score": looked.asked.score,
            "looked_at": looked.taken,
            "below": looked.below,
            "looked_for": [{"code": k.code, "name": k.name.get(lang), "score": k.scored.get(lang)} for k in PATTERNS],
            "unchecked": [said.get(lang) for said in self.unchecked],
            "sightings": [self._sighting_data(n, s, lang) for n, s in self._numbered()],
        }

    def source(self, record: str) -> tuple[str, Value] | None:
        """A record behind a sighting, with its number or name."""
        found = self._looked.source.find(record)
        if found is None:
            return None
        subject, value = found
        number = value.number if isinstance(value, Certificate) else None
        return number or subject, value

    def _numbered(self) -> Iterator[tuple[int, Sighting]]:
        return enumerate(self._looked.listed, 1)

    def _facts(self) -> tuple[tuple[Text, Text], ...]:
        looked = self._looked
        return (
            (Text("この一覧は", "this list"), CAUTION),
            (Text("作成日", "made"), same(self._today)),
            *self.asked,
            (Text("見た証明書・納入", "looked at"), Text(f"{looked.taken:,} 件", f"{looked.taken:,}")),
            (
                Text("お勧めするもの", "worth a look"),
                Text(f"{len(looked.listed):,} 件", f"{len(looked.listed):,}"),
            ),
        )

    def _row(self, number: int, s: Sighting) -> tuple[Cell, ...]:
        innocent = join(list(s.kind.innocent), "／", "; ")
        words = (s.kind.name, s.subject, s.seen, s.usual, innocent, s.kind.ask)
        return (number, s.score, *words, s.sample.first, s.sample.last, s.sample.count)

    def _card(self, number: int, s: Sighting) -> Table:
        title = Text(f"{number}. {s.score}点 ", f"{number}. score {s.score}: ") + s.kind.name
        days = same(f"{s.sample.first} – {s.sample.last}")
        count = Text(f"、記録 {s.sample.count:,} 件", f", {s.sample.count:,} records")
        rows: list[tuple[Cell, ...]] = [
            (_SUBJECT, s.subject),
            (SEEN, s.seen),
            (USUAL, s.usual),
            (Text("見る理由", "why look"), s.kind.why),
            (INNOCENT, join(list(s.kind.innocent), "／", "; ")),
            (ASK, s.kind.ask),
            (_DAYS, days + count),
        ]
        return Table(title, _CARD, tuple(rows))

    def _evidence(self) -> Iterator[tuple[Cell, ...]]:
        for number, sighting in self._numbered():
            for record in sighting.sample.records:
                found = self.source(record)
                if found is not None:
                    yield (number, *self._cells(*found), record)

    def _cells(self, name: str, value: Value) -> tuple[Cell, ...]:
        if isinstance(value, Certificate):
            kind = Text("証明書 ", "certificate, ") + form_name(value.form)
            between = self._between(value.seller, value.buyer)
        else:
            kind, between = Text("納入", "delivery"), self._between(value.sender, value.at)
        return kind, name, value.date, between, amount_text(value.quantity)

    def _between(self, seller: str | None, buyer: str | None) -> str:
        parties = self._looked.source.case.parties
        names = (parties[p].name if p in parties else p for p in (seller, buyer) if p is not None)
        return " → ".join(names)

    def _sighting_data(self, number: int, s: Sighting, lang: Lang) -> dict[str, Any]:
        return {
            "rank": number,
            "score": s.score,
            "pattern": s.kind.code,
            "name": s.kind.name.get(lang),
            "subject": s.subject.get(lang),
            "about": list(s.about),
            "parties": list(s.parties),
            "seen": s.seen.get(lang),
            "usual": s.usual.get(lang),
            "why": s.kind.why.get(lang),
            "innocent": [text.get(lang) for text in s.kind.innocent],
            "ask": s.kind.ask.get(lang),
            "first": s.sample.first.isoformat(),
            "last": s.sample.last.isoformat(),
            "record_count": s.sample.count,
            "records": [self._record_data(record) for record in s.sample.records],
        }

    def _record_data(self, record: str) -> dict[str, Any]:
        found = self.source(record)
        if found is None:
            return {"record": record}
        name, value = found
        kind = "certificate" if isinstance(value, Certificate) else "delivery"
        told = {"record": record, "kind": kind, "name": name, "date": value.date.isoformat()}
        return {**told, "quantity": amount_data(value.quantity)}
