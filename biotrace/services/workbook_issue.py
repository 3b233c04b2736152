"""Rows of 出荷 as certificates, issued one after the other: each draws on what the ones above it left."""

from __future__ import annotations

from dataclasses import replace

from biotrace.documents.workbook.cells import form
from biotrace.documents.workbook.rows import Row
from biotrace.documents.workbook.sheet_issued import ISSUED
from biotrace.errors import BiotraceError, UsageError
from biotrace.model.certificate import Goods, Process
from biotrace.model.text import Text, join, same

from .issue import Issued, issue
from .issue_refusals import Refused
from .logged import Logged
from .request import FORM_OF, USUAL_PROCESS, Request
from .workbook_compare import differences, stated, told
from .workbook_ledger import Known, certificate_of
from .workbook_outcome import SheetOutcome
from .workbook_values import issued_values
from .workspace import Workspace

_OF_THE_ROW = frozenset({"usage", "no-such-party", "ambiguous", "future-date", "number-taken", "other-unit"})
"""Codes of errors that say something about what the row asks for; others are about the workspace or the machine."""
_SHOWN = 3


def take_issued(outcome: SheetOutcome, known: Known, workspace: Workspace, *, rehearse: bool) -> None:
    """Issue what is not issued yet, row by row from the top; what is refused is told, and the next one tried.

    ``rehearse``: sign nothing. Raises BiotraceError where nothing can be issued at all and nothing was yet.
    """
    headers = set(outcome.read.headers.by_key) if outcome.read.headers else set()
    seen: dict[str, int] = {}
    for row in outcome.read.rows:
        wanted = _wanted(outcome, row, known, seen, headers)
        if wanted is None:
            continue
        try:
            _issue(outcome, row, wanted, workspace, rehearse)
        except UsageError as error:
            if error.code not in _OF_THE_ROW:
                _stop(outcome, row, error)
                return
            outcome.read.refuse(row.number, _blamed(error), _not_issued(error.message), error.remedy)
        except BiotraceError as error:
            _stop(outcome, row, error)
            return


def _wanted(outcome: SheetOutcome, row: Row, known: Known, seen: dict[str, int], headers: set[str]) -> Request | None:
    """What the row asks for; None where it is issued already, or no good."""
    number = form(row.values["number"])
    if number in seen:
        message = Text(f"{seen[number]} 行目と同じ番号です", f"the same number as row {seen[number]}")
        outcome.read.refuse(row.number, "number", message, Text("番号を分けてください", "give it another number"))
        return None
    seen[number] = row.number
    buyer = known.partners.find(row.values["buyer"])
    if isinstance(buyer, Text):
        remedy = Text("取引先シートに加えるか、名前を直してください", "add it to 取引先, or correct the name")
        outcome.read.refuse(row.number, "buyer", buyer, remedy)
        return None
    row = replace(row, values=row.values | {"buyer": buyer.id})
    held = _held(known, number)
    if held is not None:
        said = {k: v for k, v in stated(row, ISSUED, headers).items() if k != "price"}
        found = differences(ISSUED, said, issued_values(certificate_of(held)))
        if found:
            message = Text("この番号で発行済みの証明書と違います: ", "issued under this number, but otherwise: ")
            remedy = Text(
                "新しい証明書なら別の番号に、間違いなら biotrace replace で差し替えてください",
                "give a new one its own number; mend a slip with biotrace replace",
            )
            outcome.read.refuse(row.number, found[0].key, message + told(found), remedy)
        else:
            outcome.known.append(row.number)
        return None
    if row.values["quantity"].moisture is not None and not row.values["quantity"].unit.is_mass:
        message = Text("水分は t・kg の数量にだけ書けます", "a moisture goes with a quantity in t or kg only")
        outcome.read.refuse(row.number, "moisture", message)
        return None
    can_issue = FORM_OF.get(row.values["class"])
    if can_issue is None:
        name = row.values["class"].label
        message = Text(f"{name.ja}の証明書はありません", f"no form certifies {name.en}")
        outcome.read.refuse(row.number, "class", message)
        return None
    wanted_form = row.values.get("form")
    if wanted_form not in (None, can_issue):
        message = Text(f"別記{wanted_form} はまだ発行できません", f"form {wanted_form} cannot be issued yet")
        outcome.read.refuse(row.number, "form", message)
        return None
    return _request(row)


def _held(known: Known, number: str) -> Logged | None:
    """Our certificate of that number, on whatever form; of several the last."""
    found = [
        e for (_, issuer, n), entries in known.numbered.items() if issuer == known.own and n == number for e in entries
    ]
    return found[-1] if found else None


def _request(row: Row) -> Request:
    values = row.values
    goods = values.get("goods", Goods.CUTTING_CHIPS)
    return Request(
        buyer=values["buyer"],
        quantity=values["quantity"],
        fuel_class=values["class"],
        day=values["date"],
        number=values["number"],
        species=values.get("species", ()),
        goods=goods,
        process=values.get("process") or USUAL_PROCESS.get(goods, Process.CHIPPING),
        vehicle=values.get("vehicle"),
        to_site=values.get("to_site"),
        price=values.get("price"),
    )


def _issue(outcome: SheetOutcome, row: Row, wanted: Request, workspace: Workspace, rehearse: bool) -> None:
    result = issue(workspace, wanted, rehearse=rehearse)
    if isinstance(result, Refused):
        outcome.read.refuse(row.number, "quantity", _not_issued(_why(result)))
        return
    outcome.new.append(row.number)
    outcome.told.append((row.number, _done(result)))


def _done(issued: Issued) -> Text:
    name = f"{issued.certificate.form}/{issued.certificate.number}"
    drawn = "、".join(f"{d.subject} {d.quantity}" for d in issued.draws)
    if issued.logged is None:
        return Text(f"{name} を発行できます（引き当て {drawn}）", f"{name} can be issued (drawing on {drawn})")
    record = issued.logged.record.record_id.hex()[:12]
    return Text(
        f"{name} を発行しました（記録 {record}、引き当て {drawn}、{issued.path}）",
        f"{name} issued (record {record}, drawing on {drawn}, {issued.path})",
    )


def _why(refused: Refused) -> Text:
    """The reasons, and the first of what stands behind them."""
    found = [same(f"{f.code} ") + f.message + same(": ") + f.found for f in refused.findings]
    unusable = [same(f"{subject} {left} ") + reason for subject, left, reason in refused.unusable]
    more = [*found, *unusable]
    shown = more[:_SHOWN]
    if len(more) > _SHOWN:
        shown.append(Text(f"ほか {len(more) - _SHOWN} 件", f"and {len(more) - _SHOWN} more"))
    return join([*refused.reasons, *shown], "／", "; ")


def _not_issued(why: Text) -> Text:
    return Text("発行しません: ", "not issued: ") + why


def _blamed(error: UsageError) -> str:
    return {"future-date": "date", "number-taken": "number", "no-such-party": "buyer"}.get(error.code, "quantity")


def _stop(outcome: SheetOutcome, row: Row, error: BiotraceError) -> None:
    """What stops one row stops them all. Where nothing was issued yet, the command itself has failed."""
    if not outcome.new:
        raise error
    outcome.read.refuse(row.number, None, Text("ここで止めました: ", "stopped here: ") + error.message, error.remedy)
