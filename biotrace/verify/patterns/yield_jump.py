"""A mill whose yield jumps: what goes out of it for what comes in, month by month, against its own earlier months."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from biotrace.model.certificate import Certificate, Draw, Goods, Process
from biotrace.model.quantity import Quantity
from biotrace.model.text import Text, join

from ..case import Entry
from ..species import group_of
from ..subject import with_moisture_of
from ..tonnage import bone_dry
from . import chance
from .around import Around
from .figures import percent
from .robust import median, spread
from .sample import Sample, together
from .sighting import Kind, Sighting

LOTS = 3
"""Certificates of a month, at least: one truck is no yield."""
BEFORE = 6
"""Earlier months, at least, that tell what is usual of the mill."""
LEAST_SPREAD = Fraction(3, 100)
BEYOND = 3
"""Spreads from the median from which on a month is out of the ordinary."""
FIRST, EACH, MOST_OF_A_MONTH, MOST_OF_MORE = 4, 2, 10, 4
IMPOSSIBLE = 6
_RESIDUES = (Goods.OFFCUTS, Goods.SAWDUST, Goods.BARK)
_SHOWN = 3


@dataclass(slots=True)
class _Month:
    """Bone-dry grams that went out and came in, at default factors, and the certificates."""

    out: int = 0
    into: int = 0
    lots: Sample = field(default_factory=Sample)

    @property
    def ratio(self) -> Fraction:
        """Out per in."""
        return Fraction(self.out, self.into)


@dataclass(frozen=True, slots=True)
class _Jump:
    """A month that is out of the ordinary: by how many spreads (below 0: less came out), and what was usual by then."""

    month: date
    ratio: Fraction
    usual: Fraction
    steps: Fraction


class YieldJump:
    """Works out the yield of each mill and month; chips, and sawmill residues, each for themselves."""

    kind = Kind(
        code="yield-jump",
        name=Text("歩留まりの急な変化", "a mill whose yield jumps"),
        why=Text(
            "証明書のない木材が混ざると、証明書のある原料の割に製品が多くなる。歩留まりは設備が決めるもので、"
            "急には変わらない。",
            "Where wood without certificates is mixed in, more comes out than the certified wood can give. A yield is "
            "made by machines, and does not change overnight.",
        ),
        scored=Text(
            f"その工場のそれまでの月の中央値から、ばらつき（中央絶対偏差の1.5倍、少なくとも{percent(LEAST_SPREAD)}）の"
            f"{BEYOND}倍離れて{FIRST}段、1倍ごとに{EACH}段（1か月は{MOST_OF_A_MONTH}段まで）、ほかの月は1か月1段"
            f"（{MOST_OF_MORE}段まで）、入った量より多ければ（収支の許容幅を超えて）{IMPOSSIBLE}段。下がったときは半分",
            f"{FIRST} halvings at {BEYOND} spreads from the median of the mill's earlier months (a spread: 1.5 median "
            f"deviations, at least {percent(LEAST_SPREAD)}), {EACH} for each further one up to "
            f"{MOST_OF_A_MONTH}, one for "
            f"each further month up to {MOST_OF_MORE}, {IMPOSSIBLE} where more came out than went in; half "
            "where it fell",
        ),
        usual=Text(
            f"その工場自身の、それまでの{BEFORE}か月以上の中央値とばらつき（全乾、標準の係数）",
            f"the mill's own median and spread over {BEFORE} earlier months or more, bone-dry at default factors",
        ),
        innocent=(
            Text("機械を入れ替えた、ふるい・乾燥の条件を変えた", "new machines, or other screens or drying"),
            Text(
                "樹種や水分が変わり、標準の係数と合わなくなった",
                "other species or moistures, for which default factors are less fit",
            ),
            Text(
                "前の月に引き当てた原料を翌月に加工した（月のずれ）", "wood drawn in one month was chipped in the next"
            ),
            Text("引き当ての記録が遅れている", "draws are recorded late"),
        ),
        ask=Text(
            "原料の受入台帳と在庫（棚卸し）、製造日報、含水率の測定記録、電力使用量、設備の更新記録",
            "the book of raw material and stock counts, production reports, moisture records, power bills, records of "
            "new machines",
        ),
    )

    def __init__(self, around: Around) -> None:
        self._around = around
        self._mills: dict[tuple[str, bool], dict[date, _Month]] = {}
        self._untold = 0

    def take(self, entry: Entry) -> None:
        """Count a certificate of processed wood."""
        c = entry.value
        if not isinstance(c, Certificate) or c.form.is_source or not c.draws or not self._around.counts(c):
            return
        if c.process is Process.TRADING or c.goods is Goods.LOGS:
            return
        out, into = self._dry(c.quantity, c), [self._drawn(draw) for draw in c.draws]
        known = [grams for grams in into if grams is not None]
        if out is None or len(known) < len(into) or not sum(known):
            self._untold += 1
            return
        of = self._mills.setdefault((c.seller, c.goods in _RESIDUES), {})
        month = of.setdefault(c.date.replace(day=1), _Month())
        month.out += out
        month.into += sum(known)
        month.lots.add(c.date, c.id)

    def _drawn(self, draw: Draw) -> int | None:
        source = self._around.source(draw.certificate)
        if source is None:
            return self._dry(draw.quantity, None)
        return self._dry(with_moisture_of(draw.quantity, source.quantity), source)

    def _dry(self, quantity: Quantity, certificate: Certificate | None) -> int | None:
        group = group_of(certificate.species) if certificate is not None else None
        dry = bone_dry(quantity, group, self._around.profile)
        return None if dry is None else dry.grams

    def sightings(self) -> Iterator[Sighting]:
        """The mills with months out of the ordinary."""
        for (mill, residues), months in self._mills.items():
            jumps = _jumps(months)
            if jumps:
                yield self._sighting(mill, residues, months, jumps)

    def _sighting(self, mill: str, residues: bool, months: dict[date, _Month], jumps: list[_Jump]) -> Sighting:
        worst = sorted(jumps, key=lambda j: (-abs(j.steps), j.month))
        shown = join([_said(j) for j in sorted(worst[:_SHOWN], key=lambda j: j.month)])
        more = len(jumps) - _SHOWN
        rest = Text(f"、ほか{more}か月", f", and {more} more months") if more > 0 else Text("", "")
        goods = Text("製材残材", "residues") if residues else Text("チップ等", "chips")
        name = self._around.name(mill)
        return Sighting(
            kind=self.kind,
            about=(mill,),
            subject=Text(f"{name}（", f"{name} (") + goods + Text("）", ")"),
            parties=(mill,),
            score=chance.score(self._halvings(jumps)),
            seen=Text("歩留まり ", "yield ") + shown + rest,
            usual=Text(
                f"それまでの月の中央値 {percent(worst[0].usual)}",
                f"median of its earlier months {percent(worst[0].usual)}",
            ),
            sample=together(months[j.month].lots for j in worst),
        )

    def _halvings(self, jumps: list[_Jump]) -> Fraction:
        """See ``scored``. Rises and falls are counted each for themselves: the worse of the two."""
        limit = 1 + self._around.profile.balance_tolerance
        found = [Fraction(0)]
        for up in (True, False):
            steps = [abs(j.steps) for j in jumps if (j.steps > 0) is up]
            if not steps:
                continue
            worst = min(Fraction(MOST_OF_A_MONTH), FIRST + EACH * (max(steps) - BEYOND))
            more = min(MOST_OF_MORE, len(steps) - 1)
            impossible = IMPOSSIBLE if up and any(j.steps > 0 and j.ratio > limit for j in jumps) else 0
            found.append((worst + more + impossible) * (1 if up else Fraction(1, 2)))
        return max(found)

    def unchecked(self) -> Iterator[Text]:
        """Certificates that no factor weighs, and mills with too few months."""
        if self._untold:
            yield Text(
                f"換算係数がなく歩留まりの分からない証明書 {self._untold:,} 通",
                f"{self._untold:,} certificates whose yield no factor tells",
            )
        short = sum(len(_enough(months)) <= BEFORE for months in self._mills.values())
        if short:
            yield Text(
                f"比べるだけの月がない工場 {short:,} 件（{LOTS}通以上の月が{BEFORE + 1}か月要る）",
                f"{short:,} mills with too few months ({BEFORE + 1} months of {LOTS} certificates are needed)",
            )


def _enough(months: dict[date, _Month]) -> list[date]:
    return sorted(day for day, month in months.items() if month.lots.count >= LOTS)


def _jumps(months: dict[date, _Month]) -> list[_Jump]:
    """The months out of the ordinary. They do not count for what is usual later."""
    usual: list[Fraction] = []
    found: list[_Jump] = []
    for day in _enough(months):
        ratio = months[day].ratio
        if len(usual) >= BEFORE:
            middle = median(usual)
            steps = (ratio - middle) / spread(usual, LEAST_SPREAD)
            if abs(steps) > BEYOND:
                found.append(_Jump(day, ratio, middle, steps))
                continue
        usual.append(ratio)
    return found


def _said(jump: _Jump) -> Text:
    return Text(f"{jump.month:%Y-%m} {percent(jump.ratio)}", f"{percent(jump.ratio)} in {jump.month:%Y-%m}")
