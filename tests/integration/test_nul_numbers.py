"""What somebody else signed with U+0000 in a number is taken in by every database; nobody can ask for it by number."""

from __future__ import annotations

from pathlib import Path

import pytest

from biotrace.services.sign import sign_casebook
from biotrace.services.workspace import init_workspace
from tests.casebooks import BODY, OTSU, change, change_accreditation, clean
from tests.integration.conftest import Run
from tests.workspaces import TODAY, data, password


@pytest.mark.parametrize("what", ["certificate", "document", "accreditation"])
def test_a_number_with_a_nul(run: Run, where: str, tmp_path: Path, what: str) -> None:
    book = {
        "certificate": change(clean(), "f-1", number="A\0B"),
        "document": change(clean(), "doc-1", number="A\0B"),
        "accreditation": change_accreditation(clean(), "otsu", number="A\0B"),
    }[what]
    folder = tmp_path / "mill"
    with init_workspace(folder, (OTSU, BODY), lambda: TODAY - 86_400, password, ledger=where) as workspace:
        sign_casebook(workspace, book)
    assert run("show", "f-1", "-w", folder).exit_code == 0
    assert run("verify", "d-1", "-w", folder).exit_code == (1 if what == "accreditation" else 0)
    assert run("rebuild", "-w", folder).exit_code == 0
    assert data(run("show", "f-1", "-w", folder, "--format", "json"))
