"""The keys of casebook/1, entry by entry: one table for reading, for errors and for writing."""

from __future__ import annotations

from biotrace.documents.casebook_amounts import AREA, FISCAL_YEAR, PART, QUANTITY, VOLUME, YEARS, Shares
from biotrace.documents.casebook_file_names import FileNames
from biotrace.documents.casebook_kinds import Choice, Clock, Day, Flag, Id, Month, Ref, Words
from biotrace.documents.casebook_reading import Key, ListOf, Record
from biotrace.model.casebook import Casebook
from biotrace.model.certificate import (
    Certificate,
    Draw,
    Form,
    Goods,
    Medium,
    Mixed,
    Origin,
    Permit,
    Process,
    Statement,
)
from biotrace.model.correction import Action, Correction
from biotrace.model.delivery import Delivery
from biotrace.model.document import (
    Document,
    DocumentContent,
    DocumentCopy,
    DocumentKind,
    FellingFacts,
    FellingMethod,
    Period,
)
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Accreditation, Audit, Party, Role
from biotrace.model.place import Concordance, Link, Place
from biotrace.model.stock import Consumption, Plan, Site, StockEntry, StockKind, WithdrawnTo

TEXT, FLAG, DAY, LATER_DAY, CLASS = Words(), Flag(), Day(), Day(through=True), Choice(FuelClass)
TEXTS, PARTY, CERTIFICATE = ListOf(TEXT), Ref("parties"), Ref("certificates")

FILES = Key("files", FileNames(), beside=True)

PERIOD = Record(Period, (Key("from", DAY, "start"), Key("until", LATER_DAY)))
VALID = Record(Period, (Key("from", LATER_DAY, "start"), Key("until", LATER_DAY)))
PLACE = Record(
    Place,
    (
        Key("prefecture", TEXT),
        Key("municipality", TEXT),
        Key("oaza", TEXT),
        Key("aza", TEXT),
        Key("parcels", TEXTS),
        Key("compartments", TEXTS),
        Key("landing", TEXT),
        Key("annex", FLAG),
    ),
)
ACCREDITATION = Record(
    Accreditation,
    (
        Key("number", TEXT),
        Key("body", PARTY),
        Key("self_declared", FLAG),
        Key("from", DAY, "start"),
        Key("until", LATER_DAY),
        Key("revoked", DAY),
        Key("renewal_requested", LATER_DAY),
        Key("inspected", ListOf(DAY)),
        Key(
            "third_party_audit",
            Record(Audit, (Key("by", TEXT), Key("from", DAY, "start"), Key("until", LATER_DAY))),
        ),
    ),
)
PARTIES = Record(
    Party,
    (
        Key("id", Id("parties")),
        Key("name", TEXT),
        Key("roles", ListOf(Choice(Role), some=True)),
        Key("as_business", FLAG),
        Key("address", TEXT),
        Key("code_from", DAY),
        Key("accreditation", ListOf(ACCREDITATION, one=True), "accreditations"),
    ),
)
FELLING = Record(
    FellingFacts,
    (
        Key("method", Choice(FellingMethod)),
        Key("rate", PART),
        Key("age", YEARS),
        Key("area_ha", AREA, "area"),
        Key("volume_m3", VOLUME, "volume"),
        Key("species", TEXTS),
        Key("from", DAY, "start"),
        Key("until", LATER_DAY),
        Key("canopy_closed_before", FLAG),
        Key("closes_again_in_years", YEARS),
    ),
)
DOCUMENTS = Record(
    Document,
    (
        Key("id", Id("documents")),
        Key("kind", Choice(DocumentKind)),
        Key("number", TEXT),
        Key("filed", DAY),
        Key("accepted", DAY),
        Key("issuer", TEXT),
        Key("forest_office", TEXT),
        Key("applicant", TEXT),
        Key("locations", ListOf(PLACE)),
        Key("felling", FELLING),
        Key("valid", VALID),
        Key("remains_forest", FLAG),
        Key("content", Choice(DocumentContent)),
        Key("copy", Choice(DocumentCopy)),
        FILES,
    ),
)
CERTIFICATES = Record(
    Certificate,
    (
        Key("id", Id("certificates")),
        Key("form", Choice(Form)),
        Key("medium", Choice(Medium)),
        Key("class", CLASS, "fuel_class"),
        Key("origin", ListOf(Choice(Origin), one=True), "origins"),
        Key("includes_weeding", FLAG),
        Key("number", TEXT),
        Key("date", DAY),
        Key("seller", PARTY),
        Key("issuer_party", PARTY),
        Key("buyer", PARTY),
        Key("accreditation_number", TEXT),
        Key("permit", Record(Permit, (Key("date", DAY), Key("issuer", TEXT), Key("number", TEXT)))),
        Key("forest_office", TEXT),
        Key("locations", ListOf(PLACE)),
        Key("country", TEXT),
        Key("area_ha", AREA, "area"),
        Key("goods", Choice(Goods)),
        Key("species", TEXTS),
        Key("felled", PERIOD),
        Key("quantity", QUANTITY),
        Key("documents", ListOf(Ref("documents"))),
        Key(
            "draws",
            ListOf(Record(Draw, (Key("certificate", CERTIFICATE), Key("quantity", QUANTITY)))),
        ),
        Key("statements", ListOf(Choice(Statement))),
        Key("process", Choice(Process)),
        Key("mixed", Record(Mixed, (Key("plant", PARTY), Key("shares", Shares())))),
        Key("vehicle", TEXT),
        Key("from_site", TEXT),
        Key("to_site", TEXT),
        FILES,
    ),
)
DELIVERIES = Record(
    Delivery,
    (
        Key("id", Id("deliveries")),
        Key("at", PARTY),
        Key("date", DAY),
        Key("time", Clock()),
        Key("from", PARTY, "sender"),
        Key("certificate", CERTIFICATE),
        Key("class", CLASS, "fuel_class"),
        Key("goods", Choice(Goods)),
        Key("quantity", QUANTITY),
        Key("vehicle", TEXT),
    ),
)
CONCORDANCES = Record(
    Concordance,
    (
        Key("id", Id("concordances")),
        Key("vouched_by", TEXT),
        Key("date", DAY),
        Key("prefecture", TEXT),
        Key("municipality", TEXT),
        Key("oaza", TEXT),
        Key("aza", TEXT),
        Key(
            "pairs",
            ListOf(Record(Link, (Key("compartment", TEXT), Key("parcels", ListOf(TEXT, some=True)))), some=True),
        ),
    ),
)
CORRECTIONS = Record(
    Correction,
    (
        Key("certificate", CERTIFICATE),
        Key("action", Choice(Action)),
        Key("date", DAY),
        Key("reason", TEXT),
        Key("by", CERTIFICATE),
    ),
)
SITES = Record(Site, (Key("id", Id("sites")), Key("party", PARTY), Key("class", CLASS, "fuel_class")))
STOCK = Record(
    StockEntry,
    (
        Key("site", Ref("sites")),
        Key("date", DAY),
        Key("class", CLASS, "fuel_class"),
        Key("quantity", QUANTITY),
        Key("kind", Choice(StockKind)),
        Key("to", Choice(WithdrawnTo)),
    ),
)
CONSUMPTION = Record(
    Consumption,
    (
        Key("plant", PARTY),
        Key("month", Month()),
        Key("class", CLASS, "fuel_class"),
        Key("quantity", QUANTITY),
        Key("ratio", PART),
    ),
)
PLANS = Record(
    Plan,
    (Key("plant", PARTY), Key("year", FISCAL_YEAR), Key("class", CLASS, "fuel_class"), Key("quantity", QUANTITY)),
)
CASEBOOK = Record(
    Casebook,
    (
        Key("title", TEXT),
        Key("trusted_bodies", ListOf(PARTY)),
        Key("parties", ListOf(PARTIES)),
        Key("documents", ListOf(DOCUMENTS)),
        Key("certificates", ListOf(CERTIFICATES)),
        Key("deliveries", ListOf(DELIVERIES)),
        Key("concordances", ListOf(CONCORDANCES)),
        Key("corrections", ListOf(CORRECTIONS)),
        Key("sites", ListOf(SITES)),
        Key("stock", ListOf(STOCK)),
        Key("consumption", ListOf(CONSUMPTION)),
        Key("plans", ListOf(PLANS)),
    ),
)
