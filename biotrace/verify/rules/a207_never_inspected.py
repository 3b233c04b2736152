"""A207: an accrediting body has never inspected some of the businesses that it accredits; with their share.

Example: 2 of 5 accredited businesses were never inspected. In a casebook it speaks only where the papers tell of any
inspection by that body, for there silence may only mean that nobody copied it down.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from biotrace.model.party import Accreditation, Party
from biotrace.model.text import Text, join, same

from ..booking import Whole
from ..effect import Effect
from ..rule import Answer, Fired, Rule, Scope

_SHOWN = 5


def _whole(w: Whole) -> Iterator[tuple[str, Iterable[Answer]]]:
    today = w.case.today
    members: dict[str, dict[str, bool]] = {}
    told: set[str] = set()
    for party in w.case.parties.values():
        for held in party.accreditations:
            if held.body is None:
                continue
            seen = any(day <= today for day in held.inspected)
            told |= {held.body} if seen else set()
            if _in_force(held, today):
                of_body = members.setdefault(held.body, {})
                of_body[party.id] = _ever_inspected(party, held.body, today)
    for body, inspected in sorted(members.items()):
        if body in told or w.case.integrity_checked:
            yield body, _said(w, inspected)


def _in_force(held: Accreditation, today: date) -> bool:
    over = held.until is not None and held.until < today
    return held.start <= today and not over and (held.revoked is None or today < held.revoked)


def _ever_inspected(party: Party, body: str, today: date) -> bool:
    return any(day <= today for held in party.accreditations if held.body == body for day in held.inspected)


def _said(w: Whole, inspected: dict[str, bool]) -> Iterator[Answer]:
    never = [party for party, seen in inspected.items() if not seen]
    if not never:
        return
    names = join([same(w.case.parties[party].name) for party in never[:_SHOWN]])
    more = len(never) - _SHOWN
    rest = Text(f"、ほか{more}", f" and {more} more") if more > 0 else Text("", "")
    share = f"{100 * len(never) / len(inspected):.0f}"
    told = Text(
        f"認定事業者 {len(inspected)} のうち {len(never)}（{share}％）: ",
        f"{len(never)} of {len(inspected)} accredited businesses ({share} %): ",
    )
    yield Fired(told + names + rest)


RULE = Rule(
    code="A207",
    name=Text(
        "一度も立入検査をしていない認定事業者がある",
        "accredited businesses that were never inspected",
    ),
    clause="別記3",
    scope=Scope.ISSUER,
    proof=False,
    effect=Effect.NOTICE,
    explanation=Text(
        "認定団体は、必要に応じて認定事業者に立入検査をする。基準日に認定が有効な事業者のうち、その団体の検査の記録が"
        "一度もないものの数と割合を示す。2017年の監視では、調査した19発電所・38加工業者のすべてで検査がなかった。",
        "An accrediting body inspects its members where needed. Shown are those whose accreditation is in force and "
        "of whom no inspection by the body is recorded, with their share. In the audit of 2017 none of the 19 plants "
        "and 38 processors surveyed had ever been inspected.",
    ),
    expected=Text(
        "認定団体による立入検査の記録",
        "a record of an inspection by the body",
    ),
    remedy=Text(
        "認定団体が検査を行い、記録する（biotrace accredit inspect）",
        "have the body inspect them and record it (biotrace accredit inspect)",
    ),
    whole=_whole,
    example=Text(
        "ある団体の認定事業者5社のうち2社（40％）に、立入検査の記録がない。",
        "Of 5 businesses that a body accredits, 2 (40 %) have no inspection on record.",
    ),
)
