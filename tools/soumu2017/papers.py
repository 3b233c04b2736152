"""The papers of one route: supporting document, certificates of both stages, deliveries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from . import Entry
from .dates_and_amounts import (
    Felling,
    Timeline,
    felling,
    heisei,
    hundredths,
    load,
    office_day,
    plan_period,
    timeline,
)
from .names import bare, stem
from .places import concordance, locations, stand
from .routes import Route
from .situations import LINKED, NATIONAL, NOTICE, PERMIT, PLAN, SELECTION_NOTICE, THINNING_NOTICE


@dataclass
class Papers:
    """All entries of one route."""

    route: Route
    days: Timeline
    felling: Felling
    documents: list[Entry] = field(default_factory=list)
    harvest: Entry | None = None
    processing: list[Entry] = field(default_factory=list)
    deliveries: list[Entry] = field(default_factory=list)
    concordances: list[Entry] = field(default_factory=list)


def issuer_of(route: Route, kind: str, names: dict[str, str]) -> str:
    """Who accepted, certified or sold."""
    if kind == NATIONAL:
        return route.office
    if kind in ("private_contract", "waste_manifest"):
        return names[route.seller_id]
    if kind.startswith("protection_"):
        return f"{route.region.prefecture}{stem(route.region.towns[0])}林業事務所"
    return f"{bare(route.town)}長"


def document_number(route: Route, kind: str, accepted: date) -> str:
    if route.example:
        return route.example.number
    year, serial = heisei(accepted), route.serial
    return {
        NOTICE: f"{route.pick('group', 1, 12):02d}{serial:04d}",
        PLAN: f"{year}林経第{serial}号",
        NATIONAL: f"{year}素売第{serial}号",
        "private_contract": f"売契{year}-{serial:03d}",
        "waste_manifest": f"{30_100_000_000 + serial * 7919}",
    }.get(kind, f"{year}-{serial}")


def accepted_on(route: Route, kind: str, days: Timeline) -> date:
    """The day that stands on the document as its own."""
    if kind == PLAN:
        return office_day(plan_period(route, days)[0] - timedelta(days=route.pick("certified plan", 6, 25)))
    if kind == "waste_manifest":
        return days.certified
    return days.accepted


def felling_facts(route: Route, kind: str, days: Timeline, cut: Felling) -> Entry:
    """What the document says about the felling. Felling notices have no line for a volume."""
    method, known = route.situation.method, route.example
    facts: Entry = {"method": method}
    if kind != "private_contract":
        share = Decimal("1.0") if method == "clear" else hundredths(route.pick("rate", 20, 34))
        facts["rate"] = known.rate if known else share
        oldest = 62 if method == "thinning" else 78
        facts["age"] = known.age if known else route.pick("age", 46 if method == "clear" else 32, oldest)
    facts["area_ha"] = cut.allowed_area
    if kind != NOTICE:
        facts["volume_m3"] = cut.allowed_volume
    facts["species"] = route.species
    facts["from"], facts["until"] = days.allowed
    if kind == NOTICE and method == "thinning":
        facts |= {"canopy_closed_before": True, "closes_again_in_years": route.pick("closes", 4, 5)}
    return facts


def document(route: Route, kind: str, days: Timeline, cut: Felling, names: dict[str, str]) -> Entry:
    """The supporting document."""
    issuer, accepted = issuer_of(route, kind, names), accepted_on(route, kind, days)
    entry: Entry = {"id": f"doc-{route.name}", "kind": kind, "number": document_number(route, kind, accepted)}
    if kind in (NOTICE, THINNING_NOTICE, SELECTION_NOTICE, PERMIT):
        entry["filed"] = days.filed
    entry |= {"accepted": accepted, "issuer": issuer}
    if kind == "waste_manifest":
        return entry | {"applicant": names[route.seller_id], "copy": "kept"}
    if kind == NATIONAL:
        entry["forest_office"] = issuer
    entry["applicant"] = names[applicant(route)]
    places = locations(stand(route), route.situation.places[1])
    if places:
        entry["locations"] = places
    cover = route.situation.places[1] == "cover"
    if not cover:
        entry["felling"] = felling_facts(route, kind, days, cut)
    if kind == PLAN:
        entry["valid"] = dict(zip(("from", "until"), plan_period(route, days), strict=True))
    if kind == NATIONAL:
        entry["valid"] = {"from": accepted, "until": days.allowed[1] + timedelta(days=60)}
    if kind != "private_contract":
        entry["remains_forest"] = True
    return entry | {"content": "cover_only" if cover else "full", "copy": "kept"}


def applicant(route: Route) -> str:
    """Who applied or bought: the mill where it felled the trees itself or bought from a forest office."""
    by_mill = route.sold_by_office or route.situation.harvest == "self"
    return route.processor_id if by_mill else route.seller_id


def harvest_certificate(route: Route, days: Timeline, cut: Felling, paper: Entry, numbers: dict[str, str]) -> Entry:
    """The certificate of the felling stage. ``paper``: the document it speaks of, handed over or not."""
    national = paper["kind"] == NATIONAL
    general = route.fuel_class == "general"
    entry: Entry = {
        "id": f"f-{route.name}",
        "form": "1-1" if general else "1-national" if national else "1-private",
        "medium": "annotated_contract" if route.situation.harvest.endswith("contract") else "form",
        "class": route.fuel_class,
        "origin": route.origin,
        "number": certificate_number(route, days),
        "date": days.certified,
        "seller": route.seller_id,
        "buyer": route.processor_id,
    }
    if route.seller_id in numbers:
        entry["accreditation_number"] = numbers[route.seller_id]
    if national:
        entry["forest_office"] = paper["forest_office"]
    else:
        entry["permit"] = {"date": paper["accepted"], "issuer": paper["issuer"], "number": paper["number"]}
    places = locations(stand(route), route.situation.places[0])
    if places:
        entry["locations"] = places
    entry |= {
        "area_ha": cut.area,
        "species": route.species,
        "felled": {"from": days.felled[0], "until": days.felled[1]},
        "quantity": cut.quantity,
        "documents": [paper["id"]] if route.situation.document_handed else [],
        "statements": ["all_of_class", "segregated"],
    }
    if route.example and route.example.log_truck:
        entry["vehicle"] = route.example.log_truck
    return entry


def certificate_number(route: Route, days: Timeline) -> str:
    year = heisei(days.certified)
    if not route.situation.document_handed:
        return f"情報カード{year}-{route.serial:03d}"
    return f"第{year}-{route.serial:03d}号"


def ids(prefix: str, route: Route) -> list[str]:
    """One id per truck, numbered where there are several."""
    count = route.situation.trucks
    return [f"{prefix}-{route.name}" if count == 1 else f"{prefix}-{route.name}-{n}" for n in range(1, count + 1)]


def goods(route: Route) -> str:
    pins = route.situation.processing and not route.example and route.pick("goods", 1, 12) == 1
    return "pin_chips" if pins else "cutting_chips"


def processing_certificates(papers: Papers, numbers: dict[str, str]) -> Iterator[Entry]:
    """One per truck. Without a felling certificate nothing is drawn, and the mill cites what it holds."""
    route, days = papers.route, papers.days
    for index, key in enumerate(ids("p", route)):
        entry: Entry = {
            "id": key,
            "form": "2-4" if route.fuel_class == "general" else "2-1",
            "class": route.fuel_class,
            "number": f"{heisei(days.processed[index])}-{route.serial:03d}-{index + 1}",
            "date": days.processed[index],
            "seller": route.processor_id,
            "buyer": route.plant_id,
            "accreditation_number": numbers[route.processor_id],
            "goods": goods(route),
            "species": route.species,
            "quantity": load(route, index).quantity,
        }
        if papers.harvest:
            entry["draws"] = [{"certificate": papers.harvest["id"], "quantity": papers.felling.draws[index]}]
        else:
            entry["documents"] = [paper["id"] for paper in papers.documents]
        yield entry | {"statements": ["all_of_class", "segregated"], "process": "chipping"}


def deliveries(papers: Papers) -> Iterator[Entry]:
    """What the weighbridge noted. A truck may weigh a little less than its paper says."""
    route = papers.route
    for index, key in enumerate(ids("d", route)):
        day, time = papers.days.arrivals[index]
        entry: Entry = {"id": key, "at": route.plant_id, "date": day, "time": time, "from": route.processor_id}
        cited = papers.processing[index] if papers.processing else papers.harvest
        quantity = dict(load(route, index).quantity)
        if cited:
            entry["certificate"] = cited["id"]
            del quantity["moisture"]
        if papers.processing and not route.example and route.pick(f"weighed{index}", 0, 3) == 0:
            quantity["value"] -= hundredths(route.pick(f"lighter{index}", 1, 6))
        truck = f"{route.pick(f'truck{index}', 11, 98)}-{route.pick(f'plate{index}', 10, 99)}"
        yield entry | {
            "class": route.fuel_class,
            "goods": goods(route),
            "quantity": quantity,
            "vehicle": route.example.truck if route.example and route.example.truck else truck,
        }


def papers_of(route: Route, names: dict[str, str], numbers: dict[str, str]) -> Papers:
    """Every paper of a route."""
    situation, days, cut = route.situation, timeline(route), felling(route)
    papers = Papers(route, days, cut)
    if situation.document:
        paper = document(route, situation.document, days, cut, names)
        if situation.document_handed:
            papers.documents.append(paper)
        if situation.harvest not in ("none", "self", "office_none"):
            papers.harvest = harvest_certificate(route, days, cut, paper, numbers)
    if situation.processing:
        papers.processing.extend(processing_certificates(papers, numbers))
    papers.deliveries.extend(deliveries(papers))
    if route.name in LINKED:
        papers.concordances.append(concordance(route, days))
    return papers
