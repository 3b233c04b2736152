"""Whom a cell means: a party by its name, id, accreditation or corporate number, however the name is written."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from biotrace.documents.problems import shown
from biotrace.documents.workbook.cells import form
from biotrace.model.party import Party
from biotrace.model.text import Text

_LEGAL_FORM = re.compile(r"株式会社|有限会社|合同会社|合資会社|合名会社|\((?:株|有|同|資|名)\)")

_WHOLE = {"株": "株式会社", "有": "有限会社", "同": "合同会社", "資": "合資会社", "名": "合名会社"}
_ABBREVIATED = re.compile(r"\(([株有同資名])\)")


class Partners:
    """The parties of the ledger, and those of the sheet 取引先 as they come."""

    def __init__(self, parties: Iterable[Party]) -> None:
        self.by_id: dict[str, Party] = {}
        self._exact: dict[str, set[str]] = {}
        self._loose: dict[str, set[str]] = {}
        for party in parties:
            self.add(party)

    def add(self, party: Party) -> None:
        """One more, or a new version of one that is known."""
        self.by_id[party.id] = party
        numbers = (a.number for a in party.accreditations if a.number is not None)
        for word in (party.id, party.name, *numbers):
            self._exact.setdefault(form(word), set()).add(party.id)
        self._loose.setdefault(_bare(party.name), set()).add(party.id)

    def find(self, text: str) -> Party | Text:
        """The party, or why there is none."""
        if text in self.by_id:
            return self.by_id[text]
        for found in (self._exact.get(form(text)), self._loose.get(_bare(text))):
            if found and len(found) == 1:
                return self.by_id[next(iter(found))]
            if found:
                names = "、".join(sorted(found))
                return shown(text) + Text(
                    f"に当たる取引先が複数あります（{names}）。IDで書いてください",
                    f" means several parties ({names}): write the id",
                )
        near = difflib.get_close_matches(form(text), list(self._exact), n=1)
        hint = Text("", "")
        if near:
            name = self.by_id[next(iter(self._exact[near[0]]))].name
            hint = Text(f"（近いもの: {name}）", f" (nearest: {name})")
        unknown = Text("は取引先シートにも台帳にもありません", " is neither in the sheet 取引先 nor in the ledger")
        return shown(text) + unknown + hint

    def called(self, party: str) -> str:
        """How a cell names the party: by its name where no other has it, else by its id."""
        known = self.by_id.get(party)
        if known is None:
            return party
        found = self.find(known.name)
        return known.name if isinstance(found, Party) and found.id == party else party


def one_spelling(name: str) -> str:
    """A name for comparison: ㈱みどり, (株)みどり and 株式会社みどり are one, みどり株式会社 and みどり are others."""
    return _ABBREVIATED.sub(lambda found: _WHOLE[found[1]], form(name))


def _bare(name: str) -> str:
    """A name without the company's legal form: ㈱みどり, みどり株式会社 and みどり are one where no other is."""
    plain = form(name)
    return _LEGAL_FORM.sub("", plain) or plain
