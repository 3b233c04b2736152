"""Days on the papers, and areas, volumes and weights that add up from the trees to the truck."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from . import Entry
from .printed_examples import CASH_DAYS
from .routes import Route
from .situations import NOTICE, PERMIT, SELECTION_NOTICE, THINNING_NOTICE


def hundredths(number: int) -> Decimal:
    """12 is 0.12."""
    return Decimal(number).scaleb(-2)


def office_day(day: date) -> date:
    """The day, or the last one before it on which papers are signed: no weekend, no turn of the year."""
    while day.weekday() >= 5 or (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3):
        day -= timedelta(days=1)
    return day


def working_day(day: date) -> date:
    """The day, or the first one after it on which trucks run."""
    while day.weekday() == 6 or (day.month, day.day) >= (12, 30) or (day.month, day.day) <= (1, 4):
        day += timedelta(days=1)
    return day


def heisei(day: date) -> int:
    """The Heisei year, as offices number their papers."""
    return day.year - 1988


# --- Dates -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Timeline:
    """The days on one route's papers, each not before the one above it."""

    filed: date
    accepted: date
    allowed: tuple[date, date]
    felled: tuple[date, date]
    certified: date
    processed: tuple[date, ...]
    arrivals: tuple[tuple[date, str], ...]


def arrivals(route: Route) -> tuple[tuple[date, str], ...]:
    """When the trucks came: within the plant's observed period."""
    if route.example and route.example.arrivals:
        return route.example.arrivals
    if route.name == "k1":
        days: tuple[date, ...] = CASH_DAYS
    else:
        first, last = route.window
        slack = (last - first).days - 12
        day = working_day(first + timedelta(days=4 + route.pick("arrival", 0, slack)))
        days = (day, working_day(day + timedelta(days=route.pick("second", 2, 5))))[: route.situation.trucks]
    return tuple((day, clock(route, index)) for index, day in enumerate(days))


def clock(route: Route, index: int) -> str:
    """To the minute, as weighbridges print it."""
    return f"{route.pick(f'hour{index}', 8, 16):02d}:{route.pick(f'minute{index}', 0, 59):02d}"


def timeline(route: Route) -> Timeline:
    """Counted back from the arrival at the plant."""
    came = arrivals(route)
    processed = tuple(
        day if route.example and route.example.arrivals else office_day(day - timedelta(days=route.pick("chip", 0, 1)))
        for day, _ in came
    )
    if route.example:
        known = route.example
        return Timeline(known.filed, known.accepted, known.allowed, known.felled, known.certified, processed, came)
    certified = office_day(processed[0] - timedelta(days=route.pick("certified", 6, 40)))
    felled_until = certified - timedelta(days=route.pick("felled until", 2, 12))
    felled_from = felled_until - timedelta(days=route.pick("felled for", 12, 55))
    allowed_from = felled_from - timedelta(days=route.pick("waited", 0, 5))
    allowed = (allowed_from, felled_until + timedelta(days=route.pick("left over", 25, 160)))
    filed = office_day(allowed_from - timedelta(days=notice_days(route)))
    accepted = office_day(filed + timedelta(days=route.pick("accepted", 4, 14)))
    return Timeline(filed, accepted, allowed, (felled_from, felled_until), certified, processed, came)


def notice_days(route: Route) -> int:
    """How long before felling the notice was filed: 30 to 90 days, in a protection forest 20 to 90."""
    earliest = 33 if route.situation.document == NOTICE else 22
    return route.pick("filed", earliest, 78)


def plan_period(route: Route, days: Timeline) -> tuple[date, date]:
    """The five years of a management plan that was in force when the trees were felled."""
    starts = [day for day in (date(2012, 10, 1), date(2013, 4, 1), date(2014, 4, 1)) if day < days.felled[0]]
    start = starts[route.pick("plan", 0, len(starts) - 1)]
    return start, date(start.year + 5, start.month, start.day) - timedelta(days=1)


# --- Quantities ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Load:
    """One truck of chips: mass as received, and water in it in percent."""

    kilograms: int
    moisture: int

    @property
    def quantity(self) -> Entry:
        return {"value": tonnes(self.kilograms), "unit": "t", "moisture": hundredths(self.moisture)}

    @property
    def bone_dry(self) -> Decimal:
        """Kilograms without water."""
        return Decimal(self.kilograms) * (100 - self.moisture) / 100


@dataclass(frozen=True)
class Felling:
    """What was cut: how much the certificate says, and how much the document allows."""

    area: Decimal
    quantity: Entry
    allowed_area: Decimal
    allowed_volume: int
    draws: tuple[Entry, ...]


def tonnes(kilograms: int) -> Decimal:
    return Decimal(kilograms).scaleb(-3).quantize(Decimal("0.01"))


def load(route: Route, index: int) -> Load:
    """One truck, 5 to 14 t of chips."""
    kilograms = 10 * route.pick(f"load{index}", 520, 1380)
    if route.example and route.example.kilograms:
        kilograms = route.example.kilograms[index]
    wettest = 51 if route.situation.unit == "m3" else 44  # logs sold by weight are at 46 % and more
    return Load(kilograms, route.pick("moisture", 38, wettest) + route.pick(f"truck moisture{index}", -2, 2))


def log_moisture(route: Route) -> int:
    """Water in the logs of a certificate by weight, in percent."""
    return route.pick("log moisture", 46, 55)


def draw(route: Route, index: int) -> Entry:
    """What a truck of chips took from the felling certificate, in that certificate's unit."""
    used = load(route, index).bone_dry * 100 / route.pick(f"yield{index}", 84, 96)
    unit = route.situation.unit
    if unit == "m3":
        cubic_metres = used / 1000 * Decimal("1.7" if route.situation.hardwood else "2.2")
        return {"value": cubic_metres.quantize(Decimal("0.1"), ROUND_HALF_UP), "unit": unit}
    tens = int(used * 100 / (100 - log_moisture(route)) / 10) * 10
    return {
        "value": Decimal(tens) if unit == "kg" else tonnes(tens),
        "unit": unit,
        "moisture": hundredths(log_moisture(route)),
    }


def cubic_metres_per_hectare(route: Route) -> int:
    low, high = {"thinning": (85, 150), "selection": (95, 160), "clear": (240, 380)}[route.situation.method]
    return route.pick("per hectare", low, high)


def felling(route: Route) -> Felling:
    """Area and volume, large enough for every truck that draws on it."""
    situation, known = route.situation, route.example
    area = known.area if known else hundredths(route.pick("hectares", 80, 420))
    if situation.document in (THINNING_NOTICE, SELECTION_NOTICE, PERMIT) and not known:
        area += Decimal(route.pick("square metres", 1, 99)).scaleb(-4)
    factor = Decimal(route.pick("larger", 14, 18)) / 10 if "more" in situation.places[1] else Decimal(1)
    allowed_area = (area * factor).quantize(area)
    density = cubic_metres_per_hectare(route)
    if known and situation.unit == "m3":
        volume = allowed_volume = int(known.quantity)
    else:
        volume, allowed_volume = int(area * density), int(allowed_area * density)
    draws = tuple(draw(route, index) for index in range(situation.trucks)) if situation.processing else ()
    by_weight = situation.unit != "m3"
    quantity = weighed(route, draws) if by_weight else {"value": Decimal(volume), "unit": "m3"}
    return Felling(area, quantity, allowed_area, allowed_volume, draws)


def weighed(route: Route, draws: tuple[Entry, ...]) -> Entry:
    """A felling certificate over weighed logs: the trucks that drew on it and a few more, or the one truck."""
    if not draws:
        return load(route, 0).quantity
    unit = route.situation.unit
    step = Decimal(100) if unit == "kg" else Decimal("0.1")
    total = sum((entry["value"] for entry in draws), Decimal(0))
    value = (total // step + route.pick("more logs", 20, 60)) * step
    return {"value": route.example.quantity if route.example else value} | {
        "unit": unit,
        "moisture": hundredths(log_moisture(route)),
    }
