"""Which of one's own yards a word means."""

from __future__ import annotations

from biotrace.documents.workbook.cells import form
from biotrace.errors import UsageError
from biotrace.model.fuel_class import FuelClass
from biotrace.model.text import Text
from biotrace.verify.case import Case


def choose_yard(case: Case, party: str, text: str) -> str:
    """The party's yard of that name, or the only one whose name begins with it or holds it.

    Raises UsageError with the yards that there are.
    """
    known = case.yards.get(party, ())
    if text in known:
        return text
    said = form(text)
    for found in ([s for s in known if form(s).startswith(said)], [s for s in known if said in form(s)]):
        if len(found) == 1:
            return found[0]
        if found:
            raise _unclear(text, found)
    there = f"（登録済み: {'、'.join(known)}）" if known else ""
    here = f" (there are: {', '.join(known)})" if known else ""
    raise UsageError(
        Text(f"置場「{text}」はありません{there}", f"there is no yard {text}{here}"),
        Text(f"biotrace party yard add {text} で登録してください", f"enter it with biotrace party yard add {text}"),
        code="no-such-yard",
    )


def usual_yard(case: Case, party: str, fuel_class: FuelClass) -> str | None:
    """The only yard that can take this class: one kept for it before one for any; None where several can, or none."""
    known = [case.sites[party, name] for name in case.yards.get(party, ())]
    kept = [site.id for site in known if site.fuel_class is fuel_class]
    open_to_all = [site.id for site in known if site.fuel_class is None]
    fit = kept or open_to_all
    return fit[0] if len(fit) == 1 else None


def _unclear(text: str, found: list[str]) -> UsageError:
    return UsageError(
        Text(f"「{text}」に当たる置場が複数あります: {'、'.join(found)}", f"{text} may be any of: {', '.join(found)}"),
        Text("名前をもう少し長く書いてください", "type more of the name"),
        code="ambiguous",
    )
