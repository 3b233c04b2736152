"""All routes in one book: parties, documents, certificates, deliveries and concordances."""

from __future__ import annotations

from . import Entry
from .check_facts import confirm
from .names import BODIES
from .papers import papers_of
from .parties import accreditation_numbers, business_parties, town_parties
from .routes import read_routes
from .situations import SITUATIONS


def casebook() -> Entry:
    """The whole file as plain values."""
    routes = read_routes()
    if [route.name for route in routes] != list(SITUATIONS):
        raise ValueError("the situations and the audit's rows are not the same routes in the same order")
    parties = business_parties(routes)
    names = {party["id"]: str(party["name"]) for party in parties}
    if len(set(names.values())) != len(names):
        raise ValueError("two parties have the same name")
    numbers = accreditation_numbers(parties)
    papers = [papers_of(route, names, numbers) for route in routes]
    for one in papers:
        confirm(one)
    return {
        "biotrace": "casebook/1",
        "title": "平成29年総務省行政評価・監視の98納入ルート(書類の再構成)",
        "trusted_bodies": [body["id"] for body in BODIES],
        "parties": [*BODIES, *parties, *town_parties(routes)],
        "documents": [entry for one in papers for entry in one.documents],
        "certificates": [entry for one in papers for entry in ([one.harvest] if one.harvest else []) + one.processing],
        "deliveries": [entry for one in papers for entry in one.deliveries],
        "concordances": [entry for one in papers for entry in one.concordances],
    }
