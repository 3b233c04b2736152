"""Which papers each of the 98 routes has and what is written on them, as the audit describes it.

To change what a route shows, change its line in SITUATIONS; check_facts compares the outcome with routes.csv.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Harvest = Literal[
    "form",  # the producer fills in the form
    "contract",  # the producer annotates a sales contract
    "none",  # nobody made one out
    "self",  # nobody: the processor felled the trees itself
    "office_form",  # the forest office, which sells straight to the mill, fills in the form
    "office_contract",  # its contract with the mill serves as certificate and document
    "office_none",  # nobody: its contract with the mill was thought to suffice
]


@dataclass(frozen=True)
class Situation:
    """Which papers one route has and what is written on them.

    ``processor`` is the letter of the chip mill within its plant. ``document`` is the kind of the supporting
    document, if there is one. ``harvest`` says who made the felling-stage certificate out.
    ``places`` is how the felling place is written on the certificate, and on the document: see ``places.locations``.
    ``reason`` is what the auditors were told, in short.
    """

    processor: str
    document: str | None
    harvest: Harvest = "form"
    places: tuple[str, str] = ("parcels", "parcels")
    method: str = "thinning"
    trucks: int = 1
    unit: str = "m3"
    hardwood: bool = False
    processing: bool = True
    document_handed: bool = True
    reason: str = ""


NOTICE, PLAN, NATIONAL = "felling_notice", "management_plan", "national_contract"
THINNING_NOTICE, SELECTION_NOTICE = "protection_thinning_notice", "protection_selection_notice"
PERMIT = "protection_permit"

_S = Situation
_OWN_LOGS = "fells its own logs and thought that no certificate was needed"
_SOURCE_KNOWN = "a document that shows the source was thought to suffice"
_ACCREDITED = "documents from an accredited supplier were thought to suffice"
_MISREAD = "misread the table of the Q&A: the document itself was taken for the certificate"
_MANIFEST = "handled as industrial waste under a manifest, which was thought to suffice"
_TRUSTED = "trusts the producer, whose information card it holds, and asked for no document"
_NEXT_DOOR = "the plant is next door, so the certificate of the processing stage is skipped"
_NOT_COMPARED = "places are not compared; that a plan's certification is attached was thought to suffice"
_MAP_SEEN = "the plan's map is looked at on delivery, only the cover is kept"
_LANDING = "the contract with the forest office names the landing only"
_TOWN_ENOUGH = "the guideline does not say how precise a place must be; the municipality was thought to suffice"
_MANY_PLACES = "several wide sites, more places than the form has room for"

SITUATIONS: dict[str, Situation] = {
    "a1": _S("a", PLAN, "self", reason=_OWN_LOGS),
    "a2": _S("b", PLAN, places=("nothing", "parcels more"), reason="the place stands in the plan"),
    "b1": _S("a", NOTICE, places=("parcels", "parcels wide"), trucks=2),
    "b2": _S("a", NOTICE, places=("parcels banchi", "parcels"), method="clear"),
    "c1": _S("a", THINNING_NOTICE, trucks=2),
    "c2": _S("b", PLAN, places=("town", "parcels more"), reason=_NOT_COMPARED),
    "c3": _S("a", PLAN, places=("parcels", "compartments")),
    "c4": _S("a", NATIONAL, places=("compartments", "compartments long")),
    "c5": _S("a", NOTICE, places=("parcels kanji", "parcels")),
    "c6": _S("b", NOTICE, places=("town", "parcels"), method="clear", reason=_NOT_COMPARED),
    "c7": _S("b", NOTICE, places=("town", "parcels wide"), method="clear", reason=_NOT_COMPARED),
    "c8": _S("b", NOTICE, places=("town short-town", "parcels"), method="clear", reason=_NOT_COMPARED),
    "c9": _S("b", NOTICE, places=("oaza", "parcels"), method="selection", reason=_NOT_COMPARED),
    "c10": _S("b", NOTICE, places=("town", "parcels banchi"), method="clear", reason=_NOT_COMPARED),
    "c11": _S("b", NOTICE, places=("oaza", "parcels"), method="clear", reason=_NOT_COMPARED),
    "d1": _S("a", PLAN, places=("compartments", "compartments long")),
    "d2": _S("b", PLAN, places=("oaza", "compartments more"), reason=_MANY_PLACES),
    "d3": _S("b", THINNING_NOTICE, places=("oaza oaza-prefix", "parcels more"), reason=_MANY_PLACES),
    "d4": _S("a", NOTICE, places=("parcels reversed", "parcels"), trucks=2),
    "d5": _S("a", THINNING_NOTICE, places=("parcels", "parcels oaza-prefix")),
    "d6": _S("b", PLAN, places=("oaza", "parcels more"), reason=_MANY_PLACES),
    "d7": _S("a", NATIONAL, places=("compartments", "compartments whole")),
    "d8": _S("c", PLAN, "none", places=("nothing", "compartments"), reason=_SOURCE_KNOWN),
    "d9": _S("c", PLAN, "none", places=("nothing", "parcels"), reason=_SOURCE_KNOWN),
    "d10": _S("d", PLAN, places=("parcels", "parcels more"), trucks=2),
    "d11": _S("d", NOTICE, places=("parcels short-town", "parcels")),
    "d12": _S("c", THINNING_NOTICE, "none", places=("nothing", "parcels"), reason=_SOURCE_KNOWN),
    "d13": _S("d", "private_contract", "contract", reason="took the sales contract for certificate and document"),
    "d14": _S("d", NATIONAL, places=("compartments words", "compartments")),
    "d15": _S("e", PLAN, places=("parcels", "cover"), reason="comparing the certification number was thought to do"),
    "f1": _S("a", PLAN, places=("parcels ban", "parcels"), method="clear", trucks=2),
    "f2": _S("b", NOTICE, places=("parcels wide", "parcels no")),
    "f3": _S("a", NOTICE, places=("parcels", "parcels banchi"), method="clear"),
    "f4": _S("b", NOTICE, places=("parcels", "parcels aza"), method="selection", hardwood=True),
    "h1": _S("a", NOTICE, method="clear", unit="kg", reason="any lawfully felled log was taken for thinned wood"),
    "h2": _S("b", PLAN, places=("compartments", "compartments words")),
    "h3": _S("b", NOTICE, places=("parcels", "parcels kanji-places"), trucks=2),
    "h4": _S("a", NOTICE, method="clear", unit="kg", reason="any lawfully felled log was taken for thinned wood"),
    "h5": _S("a", NATIONAL, places=("compartments", "compartments dashed")),
    "h6": _S("b", PERMIT, places=("parcels", "parcels wide"), method="clear"),
    "h7": _S("a", NOTICE, places=("parcels oaza-prefix", "parcels"), unit="kg"),
    "i1": _S("a", PLAN, places=("compartments", "parcels"), reason=_NOT_COMPARED),
    "i2": _S("a", PLAN, places=("parcels", "compartments"), reason=_NOT_COMPARED),
    "i3": _S("a", PLAN, places=("parcels", "cover"), reason=_NOT_COMPARED),
    "i4": _S("a", PLAN, places=("compartments long", "parcels banchi"), reason=_NOT_COMPARED),
    "i5": _S("a", PLAN, places=("parcels", "compartments long"), reason=_NOT_COMPARED),
    "i6": _S("b", PLAN, places=("parcels", "cover"), reason=_MAP_SEEN),
    "i7": _S("b", PLAN, places=("compartments", "cover"), reason=_MAP_SEEN),
    "i8": _S("c", PLAN, places=("compartments", "compartments more"), trucks=2),
    "i9": _S("c", THINNING_NOTICE, places=("compartments", "parcels"), reason=_NOT_COMPARED),
    "i10": _S("c", PLAN, places=("town", "parcels"), reason=_TOWN_ENOUGH),
    "i11": _S("d", NOTICE, places=("nothing", "parcels")),
    "i12": _S("d", THINNING_NOTICE, places=("compartments", "parcels")),
    "j1": _S("a", NOTICE, "none", places=("nothing", "parcels"), reason=_ACCREDITED),
    "j2": _S("a", PLAN, "none", places=("nothing", "parcels"), reason=_ACCREDITED),
    "j3": _S("b", NATIONAL, "office_contract", places=("landing", "landing"), reason=_LANDING),
    "j4": _S("a", NOTICE, "none", places=("nothing", "parcels"), method="clear", reason=_ACCREDITED),
    "j5": _S("b", NATIONAL, places=("compartments long", "compartments")),
    "k1": _S("a", None, "none", trucks=3, processing=False, reason="three days only; nobody left who knows why"),
    "l1": _S("a", "waste_manifest", "none", reason=_MANIFEST),
    "l2": _S("a", "waste_manifest", "none", reason=_MANIFEST),
    "l3": _S("a", "waste_manifest", "none", reason=_MANIFEST),
    "l4": _S("a", "waste_manifest", "none", reason=_MANIFEST),
    "l5": _S("a", "waste_manifest", "none", reason=_MANIFEST),
    "m1": _S("a", PLAN, places=("parcels", "parcels wide")),
    "n1": _S("a", NATIONAL, "office_form", places=("compartments", "parcels"), reason="the office itself vouches"),
    "n2": _S("b", PLAN, "none", places=("nothing", "parcels"), reason="bought standing trees under the owner's plan"),
    "n3": _S("c", NOTICE, places=("parcels", "parcels kanji"), trucks=2),
    "n4": _S("c", THINNING_NOTICE, places=("parcels banchi", "parcels no")),
    "n5": _S("c", PLAN, places=("parcels oaza-prefix", "parcels more"), unit="t"),
    "o1": _S("a", THINNING_NOTICE, "self", reason=_OWN_LOGS),
    "p1": _S("a", PLAN, places=("nothing", "parcels")),
    "p2": _S("a", NATIONAL, places=("compartments", "compartments more")),
    "p3": _S("a", NOTICE, places=("nothing", "parcels")),
    "p4": _S("b", NATIONAL, "office_none", places=("nothing", "compartments"), reason=_SOURCE_KNOWN),
    "p5": _S("a", NOTICE, places=("parcels", "parcels reversed")),
    "q1": _S("a", NATIONAL, "office_contract", places=("landing", "landing"), reason=_LANDING),
    "q2": _S("b", NOTICE, places=("parcels wide", "parcels"), method="clear", trucks=2),
    "q3": _S("b", PLAN, places=("parcels", "parcels short-town")),
    "r1": _S("a", NOTICE, places=("parcels", "parcels"), unit="t"),
    "r2": _S("a", PLAN, places=("compartments words", "compartments long"), trucks=2),
    "r3": _S("b", PLAN, "none", places=("nothing", "compartments"), reason=_MISREAD),
    "r4": _S("b", PLAN, "none", places=("nothing", "parcels"), reason=_MISREAD),
    "r5": _S("b", NOTICE, "none", places=("nothing", "parcels"), reason=_MISREAD),
    "r6": _S("b", PLAN, "none", places=("nothing", "parcels"), reason=_MISREAD),
    "r7": _S("a", NATIONAL, places=("compartments", "compartments")),
    "r8": _S("b", THINNING_NOTICE, "none", places=("nothing", "parcels"), reason=_MISREAD),
    "r9": _S("b", PLAN, "none", places=("nothing", "compartments"), reason=_MISREAD),
    "s1": _S("a", PLAN, places=("parcels", "parcels ban")),
    "s2": _S("b", PLAN, places=("oaza", "parcels"), reason=_TOWN_ENOUGH),
    "s3": _S("a", SELECTION_NOTICE, places=("parcels kanji", "parcels aza"), method="selection"),
    "t1": _S("a", NOTICE, document_handed=False, reason=_TRUSTED),
    "t2": _S("b", NOTICE, places=("parcels no", "parcels")),
    "t3": _S("a", NOTICE, document_handed=False, reason=_TRUSTED),
    "u1": _S("a", PLAN, "none", places=("nothing", "parcels"), processing=False, reason=_NEXT_DOOR),
    "u2": _S("a", NOTICE, unit="t", processing=False, reason=_NEXT_DOOR),
    "u3": _S("a", PLAN, places=("parcels", "cover"), unit="t", processing=False, reason=_NEXT_DOOR),
    "u4": _S("a", PLAN, places=("parcels", "nothing"), unit="t", processing=False, reason=_NEXT_DOOR),
}

LINKED = ("c3", "i12")
"""Two notations on the papers, and the municipality's table links them. No other route fells in its towns."""
