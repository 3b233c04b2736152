"""What a party has received and not yet passed on, and drawing on it, first in, first out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from biotrace.model.certificate import Certificate, Draw, Process
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import PARTS, Quantity
from biotrace.model.text import Text, join, same
from biotrace.verify.case import Case, Evidence
from biotrace.verify.fold import Folded, fold_for
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules import RULES
from biotrace.verify.species import group_of
from biotrace.verify.stock_book import NO_SITE
from biotrace.verify.subject import Closed
from biotrace.verify.tonnage import bone_dry
from biotrace.verify.yards import somewhere

_FACTORS = (
    RINYA_2012.m3_per_bone_dry_t_softwood.value,
    RINYA_2012.m3_per_bone_dry_t_hardwood.value,
    RINYA_2012.loose_m3_per_m3.value,
)
_REFERENCE = math.lcm(*(factor.numerator for factor in _FACTORS)) ** 2 * PARTS
"""Base units by which factors are compared: as many as each of them turns into whole grams, so nothing is rounded."""


@dataclass(frozen=True, slots=True)
class Received:
    """A certificate made out to the party, with something left. ``left``: base units of its own unit.

    ``barred``: why nothing can be drawn on it now; None where something can. ``site``: the party's yard where it lies;
    empty where it has several and the paper names none.
    """

    closed: Closed
    species: tuple[str, ...]
    left: int
    barred: Text | None
    site: str = NO_SITE

    @property
    def quantity_left(self) -> Quantity:
        """What is left, in the certificate's own unit."""
        return replace(self.closed.quantity, amount=self.left)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be covered by draws. ``species`` empty: those of whatever is drawn on.

    ``fuel_class``: what it is certified as; ``made_of``: the classes drawn on, that one where empty. ``site``: only
    what may lie in this yard.
    """

    quantity: Quantity
    fuel_class: FuelClass
    process: Process
    species: tuple[str, ...] = ()
    made_of: tuple[FuelClass, ...] = ()
    site: str | None = None

    @property
    def classes(self) -> tuple[FuelClass, ...]:
        """The classes to draw on."""
        return self.made_of or (self.fuel_class,)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Draws, oldest certificate first. ``covered``: base units of the wanted quantity that they bring in."""

    draws: tuple[Draw, ...]
    covered: int


def stock_of(case: Case, party: str, day: date) -> list[Received]:
    """As ``received``, with no more judged of the case than that takes."""
    return received(fold_for(case, perhaps_left(case, party), RULES, RINYA_2012), case, party, day)


def received(folded: Folded, case: Case, party: str, day: date) -> list[Received]:
    """All that the party received and has left, oldest first, and whether it can be drawn on for a paper of ``day``.

    ``folded``: with what ``perhaps_left`` gives judged.
    """
    faults = _faults(folded)
    unclear = set(_used_in_other_units(case))
    twins = twins_of(case, folded.state.closed, party)
    stock = []
    for closed in folded.state.closed.values():
        left = closed.quantity.amount - closed.used
        if closed.buyer == party and left > 0:
            certificate = case.by_id[closed.certificate]
            known = faults[closed.certificate]
            barred = twins.get(closed.certificate) or next(_obstacles(closed, known, case, day, unclear), None)
            stock.append(Received(closed, certificate.species, left, barred, yard_of(certificate, case)))
    return sorted(stock, key=lambda r: r.closed.date)


def perhaps_left(case: Case, party: str) -> list[str]:
    """The certificates made out to the party of which anything may be left, as far as can be told without judging.

    Left out is what is surely used up: by certificates that nothing corrects or speaks against, whose seller was the
    recipient of all that they draw on, in the same measure.
    """
    taken: dict[str, int] = {}
    before: dict[str, Certificate] = {}
    for entry in case.entries:
        value = entry.value
        if not isinstance(value, Certificate):
            continue
        sources = [before.get(draw.certificate) for draw in value.draws]
        before[value.id] = value
        untouched = case.corrections.keys().isdisjoint((value.id, *(draw.certificate for draw in value.draws)))
        if entry.findings or case.kept.files or not untouched:
            continue
        if all(source is not None and source.buyer == value.seller for source in sources):
            for draw, source in zip(value.draws, sources, strict=True):
                if source is not None and draw.quantity.same_measure(source.quantity):
                    taken[source.id] = taken.get(source.id, 0) + draw.quantity.amount
    return [c.id for c in before.values() if c.buyer == party and taken.get(c.id, 0) < c.quantity.amount]


def yard_of(certificate: Certificate, case: Case) -> str:
    """The buyer's yard that a certificate's wood came to: the one named, else the only one; empty: any of them."""
    assert certificate.buyer is not None
    if certificate.to_site is not None and (certificate.buyer, certificate.to_site) in case.sites:
        return certificate.to_site
    return somewhere(case, certificate.buyer)[1]


def twins_of(case: Case, closed: Mapping[str, Closed], party: str) -> dict[str, Text]:
    """Of each certificate that is here twice, signed and as our transcription of its QR code: the one not to draw on.

    A transcription names the record that it was read from by its SHA-256, which is the record's id. The signed one
    counts, unless the other has been drawn on already.
    """
    found: dict[str, Text] = {}
    for entry in case.entries:
        copied = entry.evidence is Evidence.TRANSCRIBED and entry.signer == party
        if not copied or not isinstance(entry.value, Certificate):
            continue
        for signed in (file.sha256.hex() for file in entry.value.files):
            copy = closed.get(entry.value.id)
            if signed not in case.by_id or copy is None:
                continue
            if copy.used:
                found[signed] = Text("QRコードからの転記ですでに使っている", "used already by way of its transcription")
            else:
                found[copy.certificate] = Text("署名された原本が届いている", "the signed original is held")
    return found


def first_in_first_out(stock: Sequence[Received], wanted: Wanted) -> Drawn:
    """Draws on the class wanted, from the oldest certificate on, until the quantity is covered or nothing is left.

    Amounts are exact and rounded up once per draw, by less than one base unit; no draw exceeds what is left.
    """
    missing = Fraction(1)  # as a share of the quantity wanted
    draws = []
    for held in stock:
        whole = needed(held, wanted) if unfit(held, wanted) is None else None
        if whole is None or missing <= 0:
            continue
        taken = min(held.left, math.ceil(missing * whole))
        draws.append(Draw(held.closed.certificate, Quantity(taken, held.closed.quantity.unit)))
        missing -= taken / whole
    amount = wanted.quantity.amount
    return Drawn(tuple(draws), amount - max(0, math.ceil(missing * amount)))


def unfit(held: Received, wanted: Wanted) -> Text | None:
    """Why the certificate cannot serve what is wanted, or None where it can."""
    if held.closed.fuel_class not in wanted.classes:
        return Text("区分が違う: ", "of another class: ") + held.closed.fuel_class.label
    if held.barred is not None:
        return held.barred
    if wanted.site is not None and held.site not in (wanted.site, NO_SITE):
        return Text(f"別の置場にある: {held.site}", f"it lies in another yard: {held.site}")
    if wanted.species and held.species and not set(wanted.species) & set(held.species):
        return Text("樹種が違う: ", "of other species: ") + same("、".join(held.species))
    if needed(held, wanted) is None:
        unit = f"{held.closed.quantity.unit.sign} → {wanted.quantity.unit.sign}"
        return Text(f"換算係数がない（{unit}）。--from で量を指定する", f"no factor for {unit}: name it with --from")
    return None


def needed(held: Received, wanted: Wanted) -> Fraction | None:
    """Base units of this certificate that the whole quantity would take; None where no factor tells.

    In one measure amounts compare as they are, as Q602 does; otherwise bone-dry at the profile's default factors.
    """
    out, source = wanted.quantity, held.closed.quantity
    as_is = not out.unit.is_mass or out.moisture is None or wanted.process is Process.TRADING
    if as_is and out.same_measure(source):
        return Fraction(out.amount)
    group = group_of(wanted.species) or held.closed.group
    goes_out = bone_dry(replace(out, amount=_REFERENCE), group, RINYA_2012)
    comes_in = bone_dry(replace(source, amount=_REFERENCE), held.closed.group, RINYA_2012)
    if goes_out is None or comes_in is None or not comes_in.grams:
        return None
    return Fraction(out.amount * goes_out.grams, comes_in.grams)


@dataclass(frozen=True, slots=True)
class _Faults:
    """Codes worse than a notice, and of proof rules not run, on a record and all that it rests on."""

    found: tuple[str, ...]
    unrun: tuple[str, ...]


def _faults(folded: Folded) -> dict[str, _Faults]:
    """The faults of every record, in one pass: what a record rests on comes before it."""
    faults: dict[str, _Faults] = {}
    for record, judged in folded.judged.items():
        below = [faults[source] for source, _ in judged.shares if source in faults]
        found = [code for f in below for code in f.found]
        unrun = [code for f in below for code in f.unrun]
        found += [f.code for f in judged.findings if not f.is_notice]
        unrun += [u.code for u in judged.unchecked if u.decisive]
        faults[record] = _Faults(tuple(dict.fromkeys(found)), tuple(dict.fromkeys(unrun)))
    return faults


def _obstacles(closed: Closed, faults: _Faults, case: Case, day: date, unclear: set[str]) -> Iterator[Text]:
    if closed.date > day:
        yield Text(f"{closed.date} 付で、証明日 {day} より後", f"dated {closed.date}, after the day of issue {day}")
    if case.withdrawn(closed.certificate) is not None:
        yield Text("取消・差替え・保留されている", "cancelled, replaced or on hold")
    unconfirmed = closed.incomplete or closed.composition.lowest is not closed.fuel_class
    if faults.found or unconfirmed:
        found, unrun = (" ".join(codes) for codes in (faults.found, faults.unrun))
        parts = [Text(f"指摘 {found}", f"findings {found}")] if found else []
        parts += [Text(f"未検査 {unrun}", f"not checked {unrun}")] if unrun else []
        yield Text("確認できない: ", "not confirmed: ") + join(parts)
    if closed.certificate in unclear:
        yield Text(
            "ほかの単位で引き当てた記録があり、残りが分からない", "drawn on in another unit, so what is left is unknown"
        )


def _used_in_other_units(case: Case) -> Iterator[str]:
    """Certificates with a draw that is not in their own measure: Q601 does not count it."""
    known = case.by_id
    for entry in case.entries:
        for draw in entry.value.draws if isinstance(entry.value, Certificate) else ():
            source = known.get(draw.certificate)
            if source is not None and not draw.quantity.same_measure(source.quantity):
                yield draw.certificate
