"""The other businesses of a ledger, and one's own yards: entered, changed, listed; signed by the root key (ADR 11).

terms = PartyTerms(name="甲成林産有限会社", roles=(Role.PRODUCER,), accreditation=Copied("長木-012", "連合会", day))
said = add_party(workspace, terms)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from biotrace.chain.kinds import RecordKind, TrustedBodies
from biotrace.errors import UsageError
from biotrace.model.casebook import Casebook
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Accreditation, Party, Role
from biotrace.model.stock import Site
from biotrace.model.text import Text

from .accredit_time import last_day
from .find import choose_party, find_party
from .ledger_books import own_books
from .ledger_case import Reading, read_ledger, require_sound
from .sign import Signed, sign_casebook
from .sign_accreditations import copied
from .trust_list import trust_now
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Copied:
    """An accreditation as its certificate (認定書) states it. ``until`` None: three years. ``body``: id or name."""

    number: str
    body: str
    start: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class PartyTerms:
    """What is said of a party; None: nothing, and in a change, what it was. ``id``: without one, one is made.

    ``revoked``: the day from which on its last accreditation is no longer in force. ``trusted``: a body of which the
    accreditations count here.
    """

    name: str | None = None
    id: str | None = None
    roles: tuple[Role, ...] = ()
    address: str | None = None
    as_business: bool | None = None
    code_from: date | None = None
    accreditation: Copied | None = None
    revoked: date | None = None
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class PartySaid:
    """A party as the ledger has it now. ``signed`` None: it said so already. ``body``: name of who accredited it."""

    party: Party
    signed: Signed | None
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """The parties of a ledger, whose it is, and its yards."""

    parties: tuple[Party, ...]
    own: str
    yards: tuple[Site, ...]

    def name(self, party: str | None) -> str:
        """A party's name, or its id where it is not known."""
        return next((p.name for p in self.parties if p.id == party), party or "—")


def known_parties(workspace: Workspace) -> Known:
    """All parties, by name, and our own yards."""
    reading = read_ledger(workspace.ledger, trust_now(workspace))
    parties = tuple(sorted(reading.parties().values(), key=lambda p: (p.name, p.id)))
    return Known(parties, workspace.party, own_yards(reading, workspace.party))


def own_yards(reading: Reading, party: str) -> tuple[Site, ...]:
    """The party's yards, in the order in which they were entered."""
    sites, _ = own_books([(e.position, e) for e in reading.logged if e.sound])
    return tuple(site for (owner, _), site in sites.items() if owner == party)


def add_party(workspace: Workspace, terms: PartyTerms) -> PartySaid:
    """Enter a party that the ledger does not know.

    Raises UsageError where it knows one of that id or name, and for a body that it does not know.
    """
    reading = _read(workspace)
    known = reading.parties()
    assert terms.name is not None, "the command asks for it"
    party_id = terms.id or (terms.accreditation.number if terms.accreditation is not None else terms.name)
    twin = known.get(party_id) or (
        None if terms.id else next((p for p in known.values() if p.name == terms.name), None)
    )
    if twin is not None:
        raise UsageError(
            Text(f"「{twin.name}」（{twin.id}）は登録済みです", f"{twin.name} ({twin.id}) is known already"),
            Text(
                f"変えるなら biotrace party change {twin.id}。同じ名前の別の相手なら --id を付けてください",
                f"to change it: biotrace party change {twin.id}; for another one of that name give --id",
            ),
            code="party-known",
        )
    party = Party(party_id, terms.name, terms.roles, terms.as_business is not False, terms.address)
    held = () if terms.accreditation is None else (_accreditation(terms.accreditation, known),)
    return _say(workspace, reading, replace(party, code_from=terms.code_from, accreditations=held), terms)


def change_party(workspace: Workspace, text: str, terms: PartyTerms) -> PartySaid:
    """Say something else of a party: a new version, which cites the one before. ``text``: whom, in part."""
    reading = _read(workspace)
    known = reading.parties()
    party = choose_party(known.values(), text)
    copies = list(copied(party.id, [e.record for e in reading.logged if e.sound]))
    if terms.accreditation is not None:
        copies = _with(copies, _accreditation(terms.accreditation, known))
    if terms.revoked is not None:
        copies = _revoked(party, copies, terms.revoked)
    changed = replace(
        party,
        name=terms.name or party.name,
        roles=terms.roles or party.roles,
        address=terms.address or party.address,
        as_business=party.as_business if terms.as_business is None else terms.as_business,
        code_from=terms.code_from or party.code_from,
        accreditations=tuple(copies),
        replaces=None,
    )
    return _say(workspace, reading, changed, terms)


def add_yard(workspace: Workspace, name: str, fuel_class: FuelClass | None) -> Signed:
    """Enter a yard of one's own, for one class where it is kept for that. Raises UsageError for one that is known."""
    reading = _read(workspace)
    held = next((s for s in own_yards(reading, workspace.party) if s.id == name), None)
    if held is not None:
        raise UsageError(
            Text(f"置場「{name}」は登録済みです", f"the yard {name} is known already"),
            Text(
                "置場の名前と区分は変えられません。別の名前で登録してください", "enter another one under another name"
            ),
            code="yard-known",
        )
    book = Casebook(sites=(Site(name, workspace.party, fuel_class),))
    return sign_casebook(workspace, book, first_hand=(RecordKind.SITE,))


def _read(workspace: Workspace) -> Reading:
    reading = read_ledger(workspace.ledger, trust_now(workspace))
    require_sound(reading)
    return reading


def _say(workspace: Workspace, reading: Reading, party: Party, terms: PartyTerms) -> PartySaid:
    trusted = _trusted(reading, party) if terms.trusted else None
    signed = sign_casebook(workspace, Casebook(trusted_bodies=trusted, parties=(party,)))
    now = read_ledger(workspace.ledger, trust_now(workspace)).parties()[party.id]
    notes = () if trusted is not None else _notes(reading, party)
    return PartySaid(now, signed if signed.added else None, notes)


def _bodies(reading: Reading) -> tuple[str, ...] | None:
    """The bodies that our own ledger trusts; None where it does not say."""
    said = [e.record.body for e in reading.logged if e.sound and isinstance(e.record.body, TrustedBodies)]
    return said[-1].bodies if said else None


def _trusted(reading: Reading, party: Party) -> tuple[str, ...]:
    if Role.BODY not in party.roles:
        raise UsageError(
            Text(f"{party.name} は認定団体ではありません", f"{party.name} is no accrediting body"),
            Text("--role body と一緒に指定してください", "give --trusted with --role body"),
        )
    return tuple(dict.fromkeys((*(_bodies(reading) or ()), party.id)))


def _notes(reading: Reading, party: Party) -> tuple[Text, ...]:
    """That a body's accreditations do not count, where the ledger lists those that do."""
    listed = _bodies(reading)
    if listed is None or reading.outside.trusted_bodies is not None:
        return ()
    named = [party.id] if Role.BODY in party.roles else [a.body for a in party.accreditations if a.body is not None]
    missing = [body for body in named if body not in listed]
    return tuple(
        Text(
            f"認定団体 {body} は信頼する団体の一覧にない（A204）。認めるなら biotrace party change {body} --trusted",
            f"the body {body} is not among those trusted (A204); to trust it: biotrace party change {body} --trusted",
        )
        for body in missing
    )


def _accreditation(said: Copied, known: dict[str, Party]) -> Accreditation:
    bodies = [p for p in known.values() if Role.BODY in p.roles]
    try:
        body = choose_party(bodies, said.body)
    except UsageError as error:
        raise UsageError(
            Text("認定団体: ", "accrediting body: ") + error.message,
            Text(
                f"先に団体を登録してください: biotrace party add {said.body} --role body",
                f"enter the body first: biotrace party add {said.body} --role body",
            ),
            code=error.code,
        ) from None
    until = said.until or last_day(said.start)
    if until < said.start:
        raise UsageError(
            Text(f"認定の有効期限 {until} が認定日 {said.start} より前です", f"until {until} lies before {said.start}"),
            Text("--from と --until を確かめてください", "look at --from and --until"),
        )
    return Accreditation(said.start, said.number, body.id, until)


def _with(copies: list[Accreditation], new: Accreditation) -> list[Accreditation]:
    """With a renewal, or in place of the copy that has the same number and first day."""
    kept = [a for a in copies if (a.number, a.start) != (new.number, new.start)]
    return (
        [*kept, new]
        if len(kept) == len(copies)
        else [new if (a.number, a.start) == (new.number, new.start) else a for a in copies]
    )


def _revoked(party: Party, copies: list[Accreditation], day: date) -> list[Accreditation]:
    if not copies:
        raise UsageError(
            Text(f"{party.name} の認定は写されていません", f"no accreditation of {party.name} was copied"),
            Text("--accreditation で認定を写してから指定してください", "copy it first with --accreditation"),
        )
    return [*copies[:-1], replace(copies[-1], revoked=day)]


def party_named(workspace: Workspace, text: str) -> tuple[Party, Known]:
    """The party that is meant, in part, with all others; of our own, ``text`` may be left empty."""
    known = known_parties(workspace)
    return (choose_party(known.parties, text) if text else find_party(known.parties, known.own)), known
