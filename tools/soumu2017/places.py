"""Where the trees stood, and the many ways in which papers write that down."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from . import Entry
from .dates_and_amounts import Timeline, office_day
from .names import AZA, OAZA, bare
from .routes import Route


@dataclass(frozen=True)
class Stand:
    """The trees' place. What a document covers beyond the certificate is in ``more_…``."""

    prefecture: str
    town: str
    oaza: str
    aza: str
    parcels: tuple[str, ...]
    more_parcels: tuple[str, ...]
    compartments: tuple[str, ...]
    more_compartments: tuple[str, ...]


def stand(route: Route) -> Stand:
    """Where this route's trees stood."""
    lot, branch = route.pick("lot", 12, 940), route.pick("branch", 1, 9)
    parcels = (f"{lot}-{branch}", f"{lot + 1}", f"{lot + 3}-{branch + 2}")[: route.pick("parcels", 2, 3)]
    compartment = f"{route.pick('compartment', 4, 118)}{'いろはにほへと'[route.pick('letter', 0, 6)]}"
    small = route.pick("small", 1, 7)
    return Stand(
        prefecture=route.region.prefecture,
        town=route.town,
        oaza=OAZA[route.serial % len(OAZA)],
        aza=AZA[route.serial % len(AZA)],
        parcels=route.example.parcels if route.example else parcels,
        more_parcels=(f"{lot + 4}", f"{lot + 6}-1"),
        compartments=(f"{compartment}-{small}", f"{compartment}-{small + 1}"),
        more_compartments=(f"{compartment}-{small + 2}", f"{compartment}-{small + 4}"),
    )


KANJI_DIGITS = "〇一二三四五六七八九"
TO_KANJI = str.maketrans("0123456789", KANJI_DIGITS)
TO_WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")


def kanji_number(digits: str) -> str:
    """236 → 二百三十六."""
    written = ""
    for digit, place in zip(digits, ("千", "百", "十", "")[-len(digits) :], strict=True):
        if digit != "0":
            written += ("" if digit == "1" and place else KANJI_DIGITS[int(digit)]) + place
    return written


def lot_and_branch(parcel: str, sign: str, after: str = "") -> str:
    """236-2 with ``sign`` between lot and branch; ``after`` follows a lot without a branch."""
    lot, dash, branch = parcel.partition("-")
    return f"{lot}{sign}{branch}" if dash else f"{lot}{after}"


def kanji_places(parcel: str) -> str:
    """236-2 → 二百三十六番地の二."""
    lot, dash, branch = parcel.partition("-")
    return f"{kanji_number(lot)}番地" + (f"の{kanji_number(branch)}" if dash else "")


PARCEL_NOTATIONS: dict[str, Callable[[str], str]] = {
    "wide": lambda parcel: parcel.translate(TO_WIDE),
    "ban": lambda parcel: lot_and_branch(parcel, "番", "番"),
    "banchi": lambda parcel: lot_and_branch(parcel, "番地", "番地"),
    "no": lambda parcel: lot_and_branch(parcel, "の"),
    "kanji": lambda parcel: lot_and_branch(parcel, "番", "番").translate(TO_KANJI),
    "kanji-places": kanji_places,
}


def compartment_parts(compartment: str) -> tuple[str, str, str]:
    """12い-3 → 12, い, 3."""
    head, _, small = compartment.partition("-")
    return head[:-1], head[-1], small


COMPARTMENT_NOTATIONS: dict[str, Callable[[str], str]] = {
    "words": lambda text: "{}林班{}小班{}".format(*compartment_parts(text)),
    "long": lambda text: "{}林班{}小班{}".format(*compartment_parts(text)).translate(TO_WIDE),
    "dashed": lambda text: "{}-{}-{}".format(*compartment_parts(text)),
    "whole": lambda text: text.partition("-")[0],
}


def written(units: Iterable[str], notations: dict[str, Callable[[str], str]], words: list[str]) -> list[str]:
    """The units in the notation that ``words`` ask for, each once."""
    write = next((notations[word] for word in words if word in notations), str)
    found = list(dict.fromkeys(write(unit) for unit in units))
    return found[::-1] if "reversed" in words else found


def locations(place: Stand, style: str) -> list[Entry]:
    """The place as one paper writes it.

    The first word says how far it goes: ``nothing``, ``cover`` (a cover page, which has no place), ``landing``,
    ``town``, ``oaza``, ``parcels``, ``compartments``; the others are notations and ``more`` (neighbours too).
    """
    depth, *words = style.split()
    if depth in ("nothing", "cover"):
        return []
    entry: Entry = {
        "prefecture": place.prefecture,
        "municipality": bare(place.town) if "short-town" in words else place.town,
    }
    if depth == "landing":
        return [entry | {"landing": f"{place.oaza}土場"}]
    if depth != "town":
        entry["oaza"] = f"大字{place.oaza}" if "oaza-prefix" in words else place.oaza
    if "aza" in words:
        entry["aza"] = f"字{place.aza}"
    more = "more" in words
    if depth == "parcels":
        units = place.parcels + (place.more_parcels if more else ())
        entry["parcels"] = written(units, PARCEL_NOTATIONS, words)
    if depth == "compartments":
        units = place.compartments + (place.more_compartments if more else ())
        entry["compartments"] = written(units, COMPARTMENT_NOTATIONS, words)
    return [entry]


def concordance(route: Route, days: Timeline) -> Entry:
    """The municipality's table for a route whose papers use two notations."""
    place = stand(route)
    first, second = place.compartments
    return {
        "id": f"k-{route.name}",
        "vouched_by": f"town-{route.name}",
        "date": office_day(days.allowed[0] - timedelta(days=200)),
        "municipality": place.town,
        "oaza": place.oaza,
        "pairs": [
            {"compartment": first, "parcels": list(place.parcels[:1])},
            {"compartment": second, "parcels": list(place.parcels[1:])},
        ],
    }
