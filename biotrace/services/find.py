"""What people mean by a word: a record of the ledger, or a party."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date

from sqlalchemy import Connection

from biotrace.chain.integrity import IntegrityFinding
from biotrace.chain.kinds import RecordKind
from biotrace.documents.workbook.cells import form
from biotrace.errors import UsageError
from biotrace.model.accreditation import Grant
from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.party import Party
from biotrace.model.text import Text, join, same
from biotrace.store.lots import Named, find_lots, find_named, names_near

from .ledger_case import Reading
from .logged import Logged

LEAST_DIGITS = 6
"""How much of a record id has to be given."""
_SHOWN = 5
_LOT = Text("証明書・納入", "certificate or delivery")
_RECORD = Text("記録", "record")
_KINDS = ((RecordKind.CERTIFICATE, RecordKind.DELIVERY), (RecordKind.ACCREDITATION,), tuple(RecordKind))
"""In which anything is looked for by its name, the first of them first."""
_HOW_TO_NAME = Text(
    f"名前、証明書番号、記録IDの先頭{LEAST_DIGITS}文字以上のどれかで指定してください",
    f"name it by its subject, its certificate number, or {LEAST_DIGITS} or more digits of its record id",
)


def find_record(reading: Reading, text: str) -> Logged:
    """The record of any kind that ``text`` means: its subject, its number, or the beginning of its record id.

    Of several versions that one signer logged under one name, such as a party's, the last. Raises UsageError where
    there is none, or where it is not enough to tell.
    """
    found = _meant(text, reading.everything)
    versions = {(e.record.kind, e.record.issuer, e.record.subject) for e in found}
    one = found[-1:] if len(versions) == 1 else found
    return _the_one(text, one, reading.everything, reading, _RECORD)


def find_lot(reading: Reading, text: str) -> Logged:
    """The certificate or delivery that ``text`` means. Raises UsageError where there is none, or more than one."""
    lots = _lots(reading)
    return _the_one(text, _meant(text, lots), lots, reading, _LOT)


def the_lot(connection: Connection, text: str, damage: Sequence[IntegrityFinding]) -> Named:
    """``find_lot`` in a ledger of any size: looked up, not read. ``damage``: what is known to be wrong with it.

    What may have been meant is looked for among the names that stand next to it in order.
    """
    found = find_lots(connection, text)
    if len(found) == 1:
        return found[0]

    def why() -> Text:
        return _damage(damage) if damage else _near(text, names_near(connection, text))

    raise _not_one(text, [_described(lot.kind, lot.subject, lot.record_id) for lot in found], _LOT, why)


def no_such_lot(text: str, damage: Sequence[IntegrityFinding]) -> UsageError:
    """For a lot of which the database has the name, but its bytes are no record."""
    return _not_one(text, [], _LOT, lambda: _damage(damage))


def find_any(reading: Reading, text: str) -> Logged:
    """The lot that ``text`` means, or else the accreditation, or else any record. Raises as the others do."""
    if _meant(text, _lots(reading)):
        return find_lot(reading, text)
    return find_grant(reading, text) if _meant(text, _grants(reading)) else find_record(reading, text)


def look_up_any(connection: Connection, text: str, read: Callable[[Collection[int]], Sequence[Logged]]) -> Logged:
    """``find_any`` in a ledger of any size without records of other logs: only what may be meant is read.

    ``read``: gives the entries at some positions, in order. What may have been meant is looked for as by ``the_lot``.
    """
    places = {named.position for kinds in _KINDS for named in find_named(connection, text, kinds)}
    if not places:
        raise _not_one(text, [], _RECORD, lambda: _near(text, names_near(connection, text, tuple(RecordKind))))
    return find_any(Reading(tuple(read(places)), ()), text)


def find_grant(reading: Reading, text: str, on: date | None = None) -> Logged:
    """The accreditation that ``text`` means; of several under one number the last that began by the day ``on``.

    Raises UsageError where there is none, or where it is not enough to tell.
    """
    grants = _grants(reading)
    found = _meant(text, grants)
    if len({(e.log, e.record.issuer, e.record.body.party) for e in found if isinstance(e.record.body, Grant)}) == 1:
        begun = [e for e in found if on is None or _start(e) <= on]
        found = [max(begun or found, key=_start)]
    return _the_one(text, found, grants, reading, Text("認定", "accreditation"))


def find_certificate(reading: Reading, text: str) -> Logged:
    """The certificate that ``text`` means. Raises UsageError where there is none, or more than one."""
    certificates = [e for e in reading.everything if isinstance(e.record.body, Certificate)]
    return _the_one(text, _meant(text, certificates), certificates, reading, Text("証明書", "certificate"))


def find_party(parties: Iterable[Party], text: str) -> Party:
    """The party of that id or name. Raises UsageError, with the nearest name, where there is none, or more than one."""
    known = {p.id: p for p in parties}
    found = [known[text]] if text in known else [p for p in known.values() if p.name == text]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(p.id for p in found)
        raise UsageError(
            Text(
                f"「{text}」という名前の事業者が複数あります: {names}", f"more than one party is called {text}: {names}"
            ),
            Text("IDで指定してください", "name it by its id"),
            code="ambiguous",
        )
    near = _near(text, [word for p in known.values() for word in (p.id, p.name)])
    raise UsageError(
        Text(f"事業者「{text}」は台帳にありません", f"the ledger knows no party {text}") + near,
        Text(
            "台帳にある事業者のIDか名前を指定するか、biotrace party add で登録してください",
            "name a party of the ledger by id or name, or enter it with biotrace party add",
        ),
        code="no-such-party",
    )


def choose_party(parties: Iterable[Party], text: str) -> Party:
    """The party of that id or name; else the only one that is so called in part, however it is written.

    Taken are an accreditation number, the beginning of a name or id, and any part of a name. For everyday commands,
    which show whom they chose: who is accredited, or given a key, is named in full. Raises UsageError with the
    candidates where several are meant.
    """
    known = list({p.id: p for p in parties}.values())
    if any(text in (p.id, p.name) for p in known):
        return find_party(known, text)
    said = form(text)
    for fits in (_is_called, _begins, _contains):
        found = [p for p in known if said and fits(p, said)]
        if len(found) == 1:
            return found[0]
        if found:
            raise _ambiguous(text, found)
    return find_party(known, text)


def _is_called(party: Party, said: str) -> bool:
    numbers = (a.number for a in party.accreditations if a.number is not None)
    return said in (form(word) for word in (party.id, party.name, *numbers))


def _begins(party: Party, said: str) -> bool:
    return any(form(word).startswith(said) for word in (party.name, party.id))


def _contains(party: Party, said: str) -> bool:
    return said in form(party.name)


def _ambiguous(text: str, found: Sequence[Party]) -> UsageError:
    named = [same(f"{p.name} ({p.id})") for p in found[:_SHOWN]]
    more = (
        Text(f" ほか {len(found) - _SHOWN} 者", f" and {len(found) - _SHOWN} more") if len(found) > _SHOWN else same("")
    )
    return UsageError(
        Text(f"「{text}」に当たる取引先が複数あります: ", f"{text} may be any of: ") + join(named) + more,
        Text("名前をもう少し長く書くか、IDで指定してください", "type more of the name, or its id"),
        code="ambiguous",
    )


def _meant(text: str, entries: Sequence[Logged]) -> list[Logged]:
    """By subject; where that is nobody's, by number or the beginning of the record id."""
    if by_subject := [e for e in entries if e.record.subject == text]:
        return by_subject
    digits = text.lower() if len(text) >= LEAST_DIGITS else "-"
    return [e for e in entries if _number(e) == text or e.record.record_id.hex().startswith(digits)]


def _lots(reading: Reading) -> list[Logged]:
    return [e for e in reading.everything if isinstance(e.record.body, Certificate | Delivery)]


def _grants(reading: Reading) -> list[Logged]:
    return [e for e in reading.everything if isinstance(e.record.body, Grant)]


def _start(entry: Logged) -> date:
    assert isinstance(entry.record.body, Grant)
    return entry.record.body.accreditation.start


def _number(entry: Logged) -> str | None:
    body = entry.record.body
    number: str | None = getattr(body.accreditation if isinstance(body, Grant) else body, "number", None)
    return number


def _the_one(text: str, found: Sequence[Logged], among: Sequence[Logged], reading: Reading, what: Text) -> Logged:
    if len(found) == 1:
        return found[0]

    def why() -> Text:
        if reading.broken:
            return _damage(reading.broken)
        return _near(text, [name for e in among for name in (e.record.subject, _number(e)) if name is not None])

    described = [_described(e.record.kind, e.record.subject, e.record.record_id) for e in found]
    raise _not_one(text, described, what, why)


def _not_one(text: str, found: Sequence[Text], what: Text, why: Callable[[], Text]) -> UsageError:
    """That several records are meant, which are described, or none. ``why``: what is to be said of the latter."""
    if found:
        more = Text("ほか", " …") if len(found) > _SHOWN else Text("", "")
        count = Text(f"「{text}」に当たる記録が{len(found)}件あります: ", f"{text} means {len(found)} records: ")
        return UsageError(
            count + join(list(found[:_SHOWN])) + more,
            Text("記録ID（かっこの中の12文字）で指定してください", "name it by its record id, of which 12 digits do"),
            code="ambiguous",
        )
    return UsageError(
        Text(f"「{text}」という", "the ledger holds no ") + what + Text("は台帳にありません", f" {text}") + why(),
        _HOW_TO_NAME,
        code="no-such-record",
    )


def _damage(damaged: Iterable[IntegrityFinding]) -> Text:
    """A damaged record has lost its name, so it may be the one that is asked for; and so may a missing one."""
    places = " ".join(str(p) for p in sorted({f.position for f in damaged if f.record_id})[:_SHOWN])
    if not places:
        return Text(
            "（台帳が壊れています。biotrace verify で確かめてください）",
            " (the ledger is damaged: see biotrace verify)",
        )
    return Text(
        f"（台帳の {places} 番が壊れています。biotrace verify で確かめてください）",
        f" (entries {places} of the ledger are damaged: see biotrace verify)",
    )


def _described(kind: RecordKind, subject: str, record_id: bytes) -> Text:
    return kind.label + same(f" {subject} ({record_id.hex()[:12]})")


def _near(text: str, words: Iterable[str]) -> Text:
    """What may have been meant: names that contain the text, or that look like it."""
    known = list(dict.fromkeys(words))
    near = [word for word in known if text and text in word][:_SHOWN] or difflib.get_close_matches(text, known, 1)
    return Text(f"（近いもの: {'、'.join(near)}）", f" (nearest: {', '.join(near)})") if near else Text("", "")
