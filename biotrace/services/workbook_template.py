"""Templates to fill in, with the names of the ledger's own partners to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from biotrace.documents.workbook.columns import Sheet
from biotrace.documents.workbook.sheets import SHEETS, sheet_named
from biotrace.documents.workbook.template import Offered, template_csv, template_xlsx
from biotrace.errors import UsageError
from biotrace.model.party import Role
from biotrace.model.stock import Site
from biotrace.model.text import Text, same

from .files import require_new, write_new
from .ledger_case import read_ledger
from .workbook_partners import Partners
from .workspace import Workspace

_BUYING = frozenset({Role.PLANT, Role.PROCESSOR, Role.TRADER, Role.SAWMILL})
_OFFICES = frozenset({Role.BODY, Role.FOREST_OFFICE, Role.MUNICIPALITY})


def write_template(
    path: Path, sheets: Sequence[str], workspace: Workspace | None, encoding: str | None = None
) -> list[str]:
    """Write a template to ``path``, .xlsx or .csv, and return the titles of its sheets.

    ``sheets``: by title or identifier; none: all of them. ``workspace``: whose partners are offered, if there is one.
    Raises UsageError for a sheet that is none, a csv of more than one, and where something stands there already.
    """
    require_new(path)
    chosen = _chosen(sheets)
    suffix = path.suffix.lower()
    if suffix == ".csv":
        if len(chosen) != 1:
            raise UsageError(
                Text("CSV に入るシートは一つです", "a csv file holds one sheet"),
                Text("--sheet 入荷 のように一つ選んでください", "choose one with --sheet 入荷"),
            )
        write_new(path, template_csv(chosen[0], encoding or "utf-8-sig"))
    elif suffix == ".xlsx" and encoding is None:
        write_new(path, template_xlsx(chosen, _offered(workspace) if workspace is not None else {}))
    else:
        raise UsageError(
            same(f"{path}: ") + Text("この名前では書けません", "this name will not do"),
            Text("名前を .xlsx か .csv で終えてください（--encoding は CSV だけ）", "end it in .xlsx or .csv"),
        )
    return [sheet.title for sheet in chosen]


def _chosen(names: Sequence[str]) -> list[Sheet]:
    if not names:
        return list(SHEETS)
    chosen = []
    for name in names:
        sheet = sheet_named(name)
        if sheet is None:
            titles = "、".join(s.title for s in SHEETS)
            raise UsageError(
                Text(f"シート「{name}」はありません", f"there is no sheet {name}"),
                Text(f"あるのは {titles}", f"there are {titles}"),
            )
        chosen.append(sheet)
    return list({sheet.key: sheet for sheet in chosen}.values())


def _offered(workspace: Workspace) -> Offered:
    """Names to choose from. Only those that may play the part, and never ourselves."""
    reading = read_ledger(workspace.ledger)
    partners = Partners(reading.parties().values())
    others = [p for p in partners.by_id.values() if p.id != workspace.party]
    bodies = [partners.called(p.id) for p in others if Role.BODY in p.roles]
    sellers = [partners.called(p.id) for p in others if not set(p.roles) <= _OFFICES and set(p.roles) != {Role.PLANT}]
    buyers = [partners.called(p.id) for p in others if _BUYING & set(p.roles)]
    bodies_and_sites = (e.record.body for e in reading.logged if e.sound)
    sites = [b.id for b in bodies_and_sites if isinstance(b, Site) and b.party == workspace.party]
    return {
        ("parties", "body"): bodies,
        ("received", "seller"): sellers,
        ("received", "to_site"): sites,
        ("issued", "buyer"): buyers,
        ("book", "site"): sites,
    }
