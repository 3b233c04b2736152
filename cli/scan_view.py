"""What a gate answers, on one screen; or a line for each paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from biotrace.model.certificate import Certificate
from biotrace.model.labels import label
from biotrace.model.quantity import PARTS
from biotrace.model.text import Text
from biotrace.services.gate_notes import class_word
from biotrace.services.gate_row import Mark, Row
from biotrace.services.gate_scan import Seen, Told
from biotrace.services.scan_codes import Unread

from .console import Console
from .scan_details import show_details
from .screen import COLUMNS, cut, labelled, padded

_COLOUR = {Mark.TAKE: "green", Mark.ASK: "yellow", Mark.REFUSE: "red"}
_UNSURE = frozenset({Row.ALTERED, Row.ANOTHERS_KEY, Row.UNKNOWN_KEY, Row.KEY_ENDED, Row.NO_TRUST})
"""Rows under which nobody vouches for what the paper says."""
_LABELS: Mapping[str, Text] = {
    "class": Text("区分", "class"),
    "amount": Text("数量", "quantity"),
    "seller": Text("売り主", "seller"),
    "to": Text("納め先", "for"),
    "number": Text("番号", "number"),
    "goods": Text("荷", "goods"),
    "why": Text("理由", "why"),
    "do": Text("すること", "do"),
    "call": Text("連絡先", "call"),
    "note": Text("注意", "note"),
}
_INDENT = 10
_REASONS, _NOTES = 2, 3
"""So many more are shown on the screen, which has 24 lines; all of them with --details."""


def show_seen(c: Console, seen: Seen, *, details: bool, listed: bool) -> None:
    """One certificate on a screen of its own; of a folder, or of several, a line each."""
    loads = [told for told in seen.told if isinstance(told.scanned.record.body, Certificate)]
    if listed or len(loads) > 1 or (not loads and len(seen.told) != 1):
        _show_list(c, seen, details=details)
    else:
        _show_screen(c, loads[0] if loads else seen.told[0], details=details)
        for told in seen.told if loads else ():
            if told is not loads[0]:
                c.say(_line(c, told))
    if seen.remark.get(c.lang):
        c.say(seen.remark)


def _show_screen(c: Console, told: Told, *, details: bool) -> None:
    mark = told.answer.mark
    c.say(f"{mark.sign} {mark.words.get(c.lang)}", colour=_COLOUR[mark])
    c.say("=" * 40)
    reasons, notes = told.answer.reasons, told.answer.notes
    if reasons[0].row in _UNSURE:
        c.say(c.t("（下の内容は、紙にそう書いてあるだけです）", "(what follows is only what the paper says)"))
    for name, text in _content(c, told):
        _say(c, name, text)
    c.say()
    _say(c, "why", reasons[0].why.get(c.lang))
    for reason in reasons[1:] if details else reasons[1 : 1 + _REASONS]:
        _say(c, None, f"{reason.row.mark.sign} {reason.why.get(c.lang)}")
    if not details and (rest := len(reasons) - 1 - _REASONS) > 0:
        _say(c, None, c.t(f"ほか {rest} 件（--details）", f"{rest} more (--details)"))
    _say(c, "do", reasons[0].do.get(c.lang))
    _say(c, "call", reasons[0].call.get(c.lang))
    for number, note in enumerate([*_mended(told), *notes][: None if details else _NOTES]):
        _say(c, "note" if number == 0 else None, note.get(c.lang))
    if details or not isinstance(told.scanned.record.body, Certificate):
        c.say()
        show_details(c, told.scanned)


def _content(c: Console, told: Told) -> Iterator[tuple[str, str]]:
    """What the truck at the gate is held against."""
    record = told.scanned.record
    body, names = record.body, dict(record.names)
    if not isinstance(body, Certificate):
        yield "number", f"{record.kind.label.get(c.lang)} {record.subject}"
        return
    amount = str(body.quantity)
    if body.quantity.moisture is not None:
        amount += c.t("（水分 ", " (moisture ") + f"{body.quantity.moisture * 100 / PARTS:g}%" + c.t("）", ")")
    yield "class", body.fuel_class.label.get(c.lang)
    yield "amount", amount
    yield "seller", names.get(body.seller, body.seller)
    yield "to", names.get(body.buyer, body.buyer) if body.buyer else "—"
    vehicle = c.t(f"  車番 {body.vehicle}", f"  vehicle {body.vehicle}") if body.vehicle is not None else ""
    yield "number", f"{body.number or '—'}  {body.date}{vehicle}"
    goods = [label(body.goods).get(c.lang)] if body.goods is not None else []
    if goods or body.species:
        yield "goods", "  ".join((*goods, c.t("・", ", ").join(body.species)))


def _mended(told: Told) -> Iterator[Text]:
    for cause in told.spoiled:
        yield Text("直して読みました: ", "read after mending: ") + cause.message + Text("。", ". ") + cause.remedy


def _say(c: Console, name: str | None, text: str) -> None:
    for line in labelled(_LABELS[name].get(c.lang) if name is not None else "", text, _INDENT):
        c.say(line.rstrip())


def _show_list(c: Console, seen: Seen, *, details: bool) -> None:
    """A line for each paper, then the total; with ``details``, all that there is to say of each."""
    for told in seen.told:
        c.say(_line(c, told))
        if details:
            show_details(c, told.scanned)
    for unread in seen.unread:
        c.say(_unread(c, unread))
    counts = Counter(told.answer.mark for told in seen.told)
    marks = "  ".join(f"{mark.sign} {counts[mark]}" for mark in Mark)
    parts = [c.t(f"計 {len(seen.told)} 件: {marks}", f"{len(seen.told)} papers: {marks}")]
    if seen.unread:
        parts.append(c.t(f"読めない {len(seen.unread)}", f"not read {len(seen.unread)}"))
    if seen.skipped:
        parts.append(c.t(f"対象外のファイル {seen.skipped}", f"other files {seen.skipped}"))
    if seen.deeper:
        parts.append(
            c.t(f"見ていないフォルダー {seen.deeper}（-r で見る）", f"folders not looked into {seen.deeper} (-r)")
        )
    c.say("  ".join(parts))


def _line(c: Console, told: Told) -> str:
    """Mark, file, number, class and amount, and why if it is not fine."""
    record, body = told.scanned.record, told.scanned.record.body
    first = told.answer.reasons[0]
    head = f"{told.answer.mark.sign} {padded(cut(c.t('、', ', ').join(told.files), 24), 24)} "
    if not isinstance(body, Certificate):
        return cut(head + first.why.get(c.lang), COLUMNS)
    what = f"{padded(body.number or record.subject, 10)} {class_word(body.fuel_class).get(c.lang)} {body.quantity}"
    why = "" if first.row is Row.FINE else "  " + first.why.get(c.lang)
    return cut(head + what + why, COLUMNS)


def _unread(c: Console, unread: Unread) -> str:
    return cut(f"? {' / '.join(unread.error.lines(c.lang))}", COLUMNS)
