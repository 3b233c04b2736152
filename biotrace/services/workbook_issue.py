"""Rows of 出荷 as certificates, issued one after the other: each draws on what the ones above it left."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from biotrace.documents.workbook.cells import form, runs
from biotrace.documents.workbook.rows import Row
from biotrace.documents.workbook.sheet_issued import ISSUED
from biotrace.documents.workbook.words import FORMS
from biotrace.errors import BiotraceError, UsageError
from biotrace.model.certificate import Form
from biotrace.model.text import Text, join, same

from .issue import Issued, issue_from
from .issue_desk import Desk, open_desk
from .issue_refusals import Refused
from .logged import Logged
from .request import CLASSES_OF, FORM_OF, Request
from .workbook_compare import differences, stated, told
from .workbook_ledger import Known, certificate_of
from .workbook_outcome import SheetOutcome
from .workbook_values import issued_values
from .workspace import Workspace

_OF_THE_ROW = frozenset({"usage", "no-such-party", "ambiguous", "future-date", "number-taken", "other-unit"})
"""Codes of errors that say something about what the row asks for; others are about the workspace or the machine."""
_SHOWN = 3
_AT_THE_SOURCE = {
    Form.F1_PRIVATE: Text(
        "由来・許可（届出）・伐採箇所・伐採面積・根拠書類",
        "the kind of origin, the permit or notice, the place and area felled, and the document",
    ),
    Form.F1_NATIONAL: Text(
        "森林管理署・伐採箇所・伐採面積・売買契約書", "the forest office, the place and area felled, and the contract"
    ),
    Form.F1_1: Text(
        "許可（届出）・伐採箇所・伐採面積・根拠書類", "the permit or notice, the place and area felled, the document"
    ),
    Form.F1_2: Text("物件名・発生した場所・所有者の住所", "what it is, where it arose, and the owner's address"),
}
"""What a form of the felling stage, or 1-2, needs and this sheet has no column for."""


def take_issued(
    outcome: SheetOutcome, known: Known, workspace: Workspace, *, rehearse: bool, to_mend: Sequence[str] = ()
) -> None:
    """Issue what is not issued yet, row by row from the top; what is refused is told, and the next one tried.

    The ledger is read once for all rows, unless another writes to it meanwhile. ``rehearse``: sign nothing.
    ``to_mend``: other sheets with rows to mend, for which new rows here wait. Raises BiotraceError where nothing can be
    issued at all and nothing was yet.
    """
    headers = set(outcome.read.headers.by_key) if outcome.read.headers else set()
    rows = _Rows(outcome, known, headers)
    asked = [(row, rows.wanted(row)) for row in _once_each(outcome)]
    wanted = [(row, request) for row, request in asked if request is not None]
    if to_mend and wanted:
        outcome.notes.append(_held_back([row.number for row, _ in wanted], to_mend))
        return
    issuing = _Issuing(outcome, workspace, rehearse)
    for row, request in wanted:
        try:
            issuing.take(row, request)
        except UsageError as error:
            if error.code not in _OF_THE_ROW:
                _stop(outcome, row, error)
                return
            outcome.read.refuse(row.number, _blamed(error), _not_issued(error.message), error.remedy)
        except BiotraceError as error:
            _stop(outcome, row, error)
            return


def _held_back(rows: list[int], to_mend: Sequence[str]) -> Text:
    names = "、".join(to_mend)
    return Text(
        f"{runs(rows)} 行目は発行していません: {names}に直す行があり、引き当てる元が変わるかもしれません。"
        "直してもう一度取り込むか、先に発行するなら --sheet 出荷",
        f"rows {runs(rows)} are not issued: what is to be mended in {names} may change what they draw on;"
        " mend it and import again, or issue before that with --sheet 出荷",
    )


def _once_each(outcome: SheetOutcome) -> list[Row]:
    """The rows, but for those under the number of another."""
    seen: dict[str, int] = {}
    for row in outcome.read.rows:
        first = seen.setdefault(form(row.values["number"]), row.number)
        if first != row.number:
            message = Text(f"{first} 行目と同じ番号です", f"the same number as row {first}")
            outcome.read.refuse(row.number, "number", message, Text("番号を分けてください", "give it another number"))
    firsts = set(seen.values())
    return [row for row in outcome.read.rows if row.number in firsts]


class _Rows:
    """What rows ask for. ``headers``: the columns that the sheet has."""

    def __init__(self, outcome: SheetOutcome, known: Known, headers: Collection[str]) -> None:
        self._outcome, self._known, self._headers = outcome, known, headers
        ours = ((n, entries) for (_, issuer, n), entries in known.numbered.items() if issuer == known.own)
        # Of several under one number, on whatever form, the last.
        self._held: dict[str, Logged] = {number: entry for number, entries in ours for entry in entries}

    def wanted(self, row: Row) -> Request | None:
        """What is to be issued; None where it is issued already, or the row is no good."""
        named = self._by_ids(row)
        if named is None:
            return None
        held = self._held.get(form(row.values["number"]))
        if held is not None:
            self._compare(named, held)
            return None
        return _request(named) if self._can_be_issued(named) else None

    def _by_ids(self, row: Row) -> Row | None:
        """The row with the buyer's id and the yard's whole name."""
        values = dict(row.values)
        buyer = self._known.partners.find(values["buyer"])
        if isinstance(buyer, Text):
            remedy = Text("取引先シートに加えるか、名前を直してください", "add it to 取引先, or correct the name")
            self._refuse(row, "buyer", buyer, remedy)
            return None
        values["buyer"] = buyer.id
        if "from_site" in values:
            yards = {form(name): name for name in self._known.sites}
            yard = yards.get(form(values["from_site"]))
            if yard is None:
                there = "、".join(yards.values()) or "–"
                message = Text(f"自社の置場にありません（{there}）", f"no yard of your own (there are: {there})")
                self._refuse(row, "from_site", message)
                return None
            values["from_site"] = yard
        return replace(row, values=values)

    def _refuse(self, row: Row, column: str, message: Text, remedy: Text | None = None) -> None:
        self._outcome.read.refuse(row.number, column, message, remedy)

    def _compare(self, row: Row, held: Logged) -> None:
        said = {k: v for k, v in stated(row, ISSUED, self._headers).items() if k != "price"}
        found = differences(ISSUED, said, issued_values(certificate_of(held)))
        if not found:
            self._outcome.known.append(row.number)
            return
        message = Text("この番号で発行済みの証明書と違います: ", "issued under this number, but otherwise: ")
        remedy = Text(
            "新しい証明書なら別の番号に、間違いなら biotrace replace で差し替えてください",
            "give a new one its own number; mend a slip with biotrace replace",
        )
        self._refuse(row, found[0].key, message + told(found), remedy)

    def _can_be_issued(self, row: Row) -> bool:
        """Whether there is a form for it that this sheet can fill in."""
        values = row.values
        name, wanted = values["class"].label, values.get("form")
        if values["quantity"].moisture is not None and not values["quantity"].unit.is_mass:
            message = Text("水分は t・kg の数量にだけ書けます", "a moisture goes with a quantity in t or kg only")
            self._refuse(row, "moisture", message)
        elif wanted in _AT_THE_SOURCE:
            needed = _AT_THE_SOURCE[wanted]
            message = Text(
                f"{FORMS[wanted][0]}に要る項目の列がこのシートにありません: {needed.ja}",
                f"form {wanted} needs what this sheet has no column for: {needed.en}",
            )
            remedy = Text(
                f"biotrace issue --form {wanted} … か、--template で作る記入用ファイルで発行してください",
                f"issue it with biotrace issue --form {wanted} …, or by a file from --template",
            )
            self._refuse(row, "form", message, remedy)
        elif values["class"] not in FORM_OF:
            self._refuse(row, "class", Text(f"{name.ja}の証明書はありません", f"no form certifies {name.en}"))
        elif wanted is not None and values["class"] not in CLASSES_OF[wanted]:
            of_form = join([c.label for c in CLASSES_OF[wanted]], "・", " or ")
            message = Text(
                f"{FORMS[wanted][0]}は{of_form.ja}の様式で、{name.ja}は証明できません",
                f"form {wanted} certifies {of_form.en}, not {name.en}",
            )
            self._refuse(row, "form", message)
        else:
            return True
        return False


def _request(row: Row) -> Request:
    values = row.values
    return Request(
        buyer=values["buyer"],
        quantity=values["quantity"],
        fuel_class=values["class"],
        day=values["date"],
        number=values["number"],
        species=values.get("species", ()),
        goods=values.get("goods"),
        process=values.get("process"),
        vehicle=values.get("vehicle"),
        from_site=values.get("from_site"),
        to_site=values.get("to_site"),
        price=values.get("price"),
        form=values.get("form"),
    )


class _Issuing:
    """Issues row by row from one reading of the ledger, kept up with what is issued."""

    def __init__(self, outcome: SheetOutcome, workspace: Workspace, rehearse: bool) -> None:
        self._outcome, self._workspace, self._rehearse = outcome, workspace, rehearse
        self._desk: Desk | None = None

    def take(self, row: Row, wanted: Request) -> None:
        """Issue the row, or refuse it. Raises as ``issue`` does."""
        desk = self._desk if self._desk is not None and self._desk.is_current else open_desk(self._workspace)
        self._desk = None  # one at which anything fails has signed what is not logged: the next row begins anew
        result = desk if isinstance(desk, Refused) else issue_from(desk, wanted, rehearse=self._rehearse)
        if isinstance(result, Refused):
            self._outcome.read.refuse(row.number, "quantity", _not_issued(_why(result)))
        else:
            self._outcome.new.append(row.number)
            self._outcome.told.append((row.number, _done(result)))
        if not isinstance(desk, Refused):
            self._desk = desk if isinstance(result, Refused) or result.logged is None else desk.after(result.logged)


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
