"""What people mean by the word that a trace starts from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document
from biotrace.model.labels import form_name, label
from biotrace.model.party import Party
from biotrace.model.text import Text, join, same
from biotrace.verify.document_identity import number_key

from .trace_desk import Desk
from .trace_start import KIND_NAMES, AtPlace, Start, StartKind, held_under, under

_SHOWN, _MOST, _DIGITS = 5, 40, 12
"""Parties and papers that are named where several are meant; digits of a record id."""
_LOT = Text("証明書・納入", "certificate or delivery")
_ANY = Text(
    "証明書・書類・認定の番号、事業者の名前かIDで指定してください。伐採場所なら --kind place",
    "give the number of a certificate, document or accreditation, or a party's name or id;"
    " for a felling place: --kind place",
)
_HOW_TO_NAME: Mapping[StartKind | None, Text] = {
    StartKind.CERTIFICATE: Text("証明書の番号か記録IDで指定してください", "give its number, or its record id"),
    StartKind.DOCUMENT: Text("書類の番号か記録IDで指定してください", "give its number, or its record id"),
    StartKind.PARTY: Text("事業者の名前を全部、またはIDで指定してください", "give its whole name, or its id"),
    StartKind.ACCREDITATION: Text("認定書の番号で指定してください", "give the number of the accreditation"),
    StartKind.PLACE: Text(
        "証明書に書かれたとおりの地番か林班で指定してください。どの証明書の伐採場所にも当たりませんでした",
        "write it as certificates do: none names this parcel or compartment",
    ),
}
_UP_TO = Text("（--as-of なら、その日までに台帳にあったもの）", " (with --as-of: of what was logged by then)")


def find_lot(desk: Desk, text: str) -> str:
    """The id of the certificate or delivery that ``text`` means. Raises UsageError for none, or more than one."""
    found = desk.lots_called(text)
    if len(found) != 1:
        raise _several(text, _LOT, _described(desk, found)) if found else _no_lot(desk, text)
    return next(iter(found))


def find_start(desk: Desk, text: str, kind: StartKind | None = None, holder: str | None = None) -> Start:
    """What ``text`` means: without ``kind`` a certificate, document, party or accreditation, whichever it is.

    ``holder``: of an accreditation, the name or id of the party that holds it, where several have the same number.
    Raises UsageError where it is none of them or several, and for a place that names no parcel or compartment.
    """
    if holder is not None:
        if kind not in (None, StartKind.ACCREDITATION):
            raise _no_holder(kind)
        return _accreditation_of(desk, text, holder)
    if kind is not None:
        found = _FINDERS[kind](desk, text)
        if found is None:
            raise _nothing(desk, text, kind)
        return found
    starts = [start for k in StartKind if k is not StartKind.PLACE and (start := _FINDERS[k](desk, text)) is not None]
    if len(starts) > 1:
        raise _several_kinds(text, [start.kind for start in starts])
    if not starts:
        raise _nothing(desk, text, None)
    return starts[0]


def _certificate(desk: Desk, text: str) -> Start | None:
    found = desk.lots_called(text)
    certificates = {i: value for i, value in found.items() if isinstance(value, Certificate)}
    if found and not certificates:
        raise _a_delivery(text)
    if len(certificates) > 1:
        raise _several(text, KIND_NAMES[StartKind.CERTIFICATE], _described(desk, certificates))
    for one in certificates.values():
        name = same(f"{one.number or text[:_DIGITS]} {_name(desk, one.seller)} {one.date}")
        return Start(StartKind.CERTIFICATE, name, (one.id,))
    return None


def _document(desk: Desk, text: str) -> Start | None:
    found = desk.documents_called(text)
    if not found:
        return None
    papers = {document: desk.copies(document) for document in found}
    if len(set(papers.values())) > 1:
        raise _several(text, KIND_NAMES[StartKind.DOCUMENT], _described(desk, found))
    copies = next(iter(papers.values()))
    return Start(StartKind.DOCUMENT, same(text), desk.on_documents(copies), documents=copies)


def _party(desk: Desk, text: str) -> Start | None:
    found = {party.id: party for party in desk.parties_called(text)}
    if len(found) > 1:
        raise _several_parties(text, found.values())
    return next((_made_by(desk, party) for party in found.values()), None)


def _made_by(desk: Desk, party: Party) -> Start:
    return Start(StartKind.PARTY, same(f"{party.name} ({party.id})"), desk.made_by(party.id), party=party.id)


def _accreditation(desk: Desk, text: str) -> Start | None:
    held = _holders(desk, text)
    if len(held) > 1:
        raise _several_holders(text, held)
    return next((_under(desk, text, party) for party in held), None)


def _accreditation_of(desk: Desk, text: str, holder: str) -> Start:
    held = _holders(desk, text)
    if not held:
        raise _nothing(desk, text, StartKind.ACCREDITATION)
    named = {party.id for party in desk.parties_called(holder)}
    found = [party for party in held if party.id in named]
    if len(found) > 1:
        raise _several_parties(holder, found)
    if not found:
        raise _held_by_others(text, holder, held)
    return _under(desk, text, found[0])


def _holders(desk: Desk, text: str) -> list[Party]:
    """Who was ever accredited under that number, as far as the latest records of these parties say so."""
    number = number_key(text)
    return [party for party in desk.holders(number) if held_under(party, number)]


def _under(desk: Desk, text: str, party: Party) -> Start:
    number = number_key(text)
    held = held_under(party, number)
    since = min(a.start for a in held)
    made = tuple(c.id for c in desk.issued_by(party.id) if under(c, held))
    name = same(f"{text} {party.name} ({party.id})")
    return Start(StartKind.ACCREDITATION, name, made, holder=party.id, number=number, since=since)


def _place(desk: Desk, text: str) -> Start | None:
    there = AtPlace(text, desk.municipalities, desk.concordances())
    found = tuple(certificate.id for certificate in desk.felled_at(there.numbers) if there(certificate))
    return Start(StartKind.PLACE, same(text), found) if found else None


_FINDERS: Mapping[StartKind, Callable[[Desk, str], Start | None]] = {
    StartKind.CERTIFICATE: _certificate,
    StartKind.DOCUMENT: _document,
    StartKind.PARTY: _party,
    StartKind.ACCREDITATION: _accreditation,
    StartKind.PLACE: _place,
}


def _nothing(desk: Desk, text: str, kind: StartKind | None) -> UsageError:
    what = join(list(KIND_NAMES.values())[:-1]) if kind is None else KIND_NAMES[kind]
    return UsageError(
        Text(f"「{text}」に当たるものがありません（", f"nothing here is called {text} (") + what + Text("）", ")"),
        _HOW_TO_NAME.get(kind, _ANY) + _UP_TO + _damaged(desk),
        code="no-such-start",
    )


def _no_lot(desk: Desk, text: str) -> UsageError:
    return UsageError(
        Text(f"「{text}」に当たるものがありません（納入、証明書）", f"no delivery or certificate is called {text}"),
        Text("納入の名前、証明書の番号、記録IDで指定してください", "give a delivery's name, a number or a record id")
        + _UP_TO
        + _damaged(desk),
        code="no-such-start",
    )


def _damaged(desk: Desk) -> Text:
    """What may be why nothing was found."""
    if not desk.damage:
        return same("")
    return Text("。台帳に壊れた記録があります: ", "; the ledger is damaged: ") + desk.damage[0].message


def _several_kinds(text: str, kinds: Iterable[StartKind]) -> UsageError:
    found = list(kinds)
    names = join([KIND_NAMES[kind] for kind in found])
    options = " / ".join(f"--kind {kind}" for kind in found)
    return UsageError(
        Text(f"「{text}」は複数の種類に当たります: ", f"{text} names things of several kinds: ") + names,
        Text(f"どれかを指定してください: {options}", f"say which: {options}"),
        code="ambiguous",
    )


def _several(text: str, what: Text, described: Sequence[Text]) -> UsageError:
    """That several papers are meant, one to a line."""
    count = Text(f"が{len(described)}件あります", f": {len(described)} of them")
    more = len(described) - _MOST
    listed = [*described[:_MOST], *([Text(f"ほか{more}件", f"and {more} more")] if more > 0 else [])]
    return UsageError(
        Text(f"「{text}」に当たる", f"{text} may be any ") + what + count,
        Text(
            "行末の記録ID（はじめの12桁）で指定してください",
            "name it by the digits of its record id at the end of a line",
        ),
        code="ambiguous",
        told=listed,
    )


def _described(desk: Desk, papers: Mapping[str, Certificate | Delivery | Document]) -> list[Text]:
    """Papers of one number, so that people can tell them apart: by date, kind and parties, and by which id."""
    return [_said(desk, paper) + same(f"  {i[:_DIGITS]}") for i, paper in papers.items()]


def _said(desk: Desk, paper: Certificate | Delivery | Document) -> Text:
    if isinstance(paper, Document):
        day = paper.accepted or paper.filed
        return same(f"{day or '—'}  ") + label(paper.kind) + same(f"  {paper.number or ''} {paper.issuer or ''}")
    kind = Text("納入", "delivery") if isinstance(paper, Delivery) else form_name(paper.form)
    sides = (paper.sender, paper.at) if isinstance(paper, Delivery) else (paper.seller, paper.buyer)
    names = " → ".join(_name(desk, party) for party in sides)
    return same(f"{paper.date}  ") + kind + same(f"  {names}  {paper.quantity}")


def _name(desk: Desk, party: str | None) -> str:
    if party is None:
        return "—"
    return next((known.name for known in desk.parties_called(party) if known.id == party), party)


def _several_parties(text: str, found: Iterable[Party]) -> UsageError:
    parties = list(found)
    return UsageError(
        Text(f"「{text}」という事業者が{len(parties)}者あります: ", f"{len(parties)} parties are called {text}: ")
        + _named(parties),
        Text("IDで指定してください", "name it by its id"),
        code="ambiguous",
    )


def _several_holders(text: str, held: Sequence[Party]) -> UsageError:
    return UsageError(
        Text(
            f"認定番号「{text}」は{len(held)}者が使っています: ",
            f"{len(held)} parties hold an accreditation {text}: ",
        )
        + _named(held),
        Text("--holder で、だれの認定かを指定してください", "say whose with --holder, by name or id"),
        code="ambiguous",
    )


def _held_by_others(text: str, holder: str, held: Sequence[Party]) -> UsageError:
    return UsageError(
        Text(f"認定「{text}」は「{holder}」のものではありません", f"accreditation {text} is not held by {holder}"),
        Text("この番号の認定を受けた者: ", "held by: ") + _named(held),
        code="no-such-start",
    )


def _no_holder(kind: StartKind) -> UsageError:
    return UsageError(
        same("--holder: ") + KIND_NAMES[kind] + Text("には指定できません", " has none"),
        Text("認定の番号に指定してください（--kind accreditation）", "it goes with the number of an accreditation"),
        code="not-supposed",
    )


def _named(parties: Sequence[Party]) -> Text:
    shown = [f"{party.name} ({party.id})" for party in sorted(parties, key=lambda p: p.id)[:_SHOWN]]
    more = Text(" ほか", " …") if len(parties) > _SHOWN else same("")
    return Text("、".join(shown), ", ".join(shown)) + more


def _a_delivery(text: str) -> UsageError:
    return UsageError(
        Text(f"「{text}」は納入です。そこから先はありません", f"{text} is a delivery: wood goes no further from there"),
        Text("もとをたどるには biotrace trace back", "where it came from: biotrace trace back"),
        code="delivery",
    )
