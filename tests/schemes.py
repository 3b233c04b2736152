"""A scheme of several parties with a log and an accrediting body that a trust list names, as a gate sees it.

scheme = Scheme()                                        # kousei fells c-1 for otsu, who chips c-2 for plant-8
scheme.chain.processing("c-3", {"c-1": m3(5)})           # whatever an attacker adds
found = scheme.at_gate(run, tmp_path, ["c-2", "c-3"])    # lots by subject, as ``bundle verify`` judges them
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from click.testing import Result

from biotrace.chain import bundle, trust_list
from biotrace.chain.bundled import LogPart
from biotrace.chain.kinds import RecordKind
from biotrace.chain.trust_content import BodyKey, Contents, TrustedBody
from biotrace.model.accreditation import Grant
from biotrace.model.party import Accreditation, Party
from tests import casebooks
from tests.builders import NOW, ROOT, ChainBuilder, device_key, m3
from tests.logs import LATER, Log
from tests.trust_lists import AUTHORITY, DAY, ISSUER
from tests.workspaces import data

BODY = casebooks.BODY.id
HELD = Accreditation(date(2014, 4, 1), "長木-012", BODY, date(2017, 3, 31))


class Scheme:
    """``chain``: what its parties have signed so far. ``name``: of its log. ``wood``: with the wood of the story."""

    def __init__(self, name: str = "log.example/nagano", *, wood: bool = True) -> None:
        self.name = name
        self.chain = ChainBuilder()
        # Other records than another scheme's, from the first on, though the people and their keys are the same.
        self.chain.records, self.chain.signers, self.chain._at = [], {}, NOW + sum(name.encode()) % 60
        self.chain.key(ROOT)
        for party in (casebooks.BODY, casebooks.KOUSEI, casebooks.OTSU, casebooks.PLANT):
            self.states(replace(party, accreditations=()))
        self.chain.signer(BODY)
        self.grants("kousei")
        self.grants("otsu", number="長木-034")
        self.chain.document("doc-1")
        if wood:
            self.chain.felling("c-1", ("doc-1",), date=date(2014, 11, 10))
            self.chain.processing("c-2", {"c-1": m3(11)})

    def states(self, party: Party) -> None:
        """What the scheme's root key says of a party."""
        self.chain.sign(ROOT, RecordKind.PARTY, party.id, party)

    def grants(self, party: str, by: str = BODY, **terms: Any) -> str:
        """An accreditation by the body; its record's id."""
        subject = f"grant-{party}"
        self.chain.sign(by, RecordKind.ACCREDITATION, subject, Grant(party, replace(HELD, **terms)))
        return self.chain[subject].record_id.hex()

    def log(self, times: Sequence[int] | None = None) -> Log:
        """The scheme's log with all records so far."""
        return Log(self.chain.records, self.name, times)

    def trust(self, folder: Path, *bodies: BodyKey, logs: bool = True) -> Path:
        """A trust list that names the log, and the body with its key, or with those given."""
        keys = bodies or (BodyKey(device_key(BODY).public),)
        says = Contents(
            number=1,
            expires=NOW + 90 * DAY,
            authority=(AUTHORITY.public,),
            logs=(self.log().vkey,) if logs else (),
            bodies=(TrustedBody(BODY, casebooks.BODY.name, keys),),
        )
        path = folder / "trust.list"
        path.write_bytes(trust_list.make(AUTHORITY, ISSUER, NOW, says).data)
        return path

    def file(
        self,
        folder: Path,
        about: Collection[str],
        *,
        without: Iterable[str] = (),
        complete: bool = True,
        change: Callable[[LogPart], LogPart] = lambda part: part,
        times: Sequence[int] | None = None,
        **more: Any,
    ) -> Path:
        """A bundle of the log about these subjects, with its operator's word that all of the log's records are in it.

        ``without``: subjects that the sender leaves out afterwards. ``change``: what the sender does to the log's part.
        """
        log = self.log(times)
        part = log.part()
        if complete and about:
            part = replace(part, completeness=log.statement(about, part))
        dropped = {log.index(subject) for subject in without}
        part = replace(part, records=tuple(r for r in part.records if r.index not in dropped))
        path = folder / f"{self.name.replace('/', '-')}.bundle"
        path.write_bytes(bundle.make(log.bundle(about, logs=(change(part),), **more)))
        return path

    def at_gate(
        self, run: Callable[..., Result], folder: Path, about: Collection[str], trust: Path | None = None, **more: Any
    ) -> dict[str, Any]:
        """Lots by subject, as ``biotrace bundle verify`` judges them."""
        file = self.file(folder, about, **more)
        trusted = trust or self.trust(folder)
        result = run("bundle", "verify", file, "--trust", trusted, "--format", "json", lang="en")
        assert result.exit_code in (0, 1), result.output
        subjects = {record.record_id.hex(): record.subject for record in self.chain.records}
        return {subjects[lot["id"]]: lot for lot in data(result)["lots"]}


def logged_at(records: int, *, last: int = LATER) -> list[int]:
    """Log times a second apart, the last of them ``last``."""
    return list(range(last - records + 1, last + 1))


def fired(lot: Any) -> dict[str, str]:
    """Code of each finding that is worse than a notice, and what was found."""
    return {f["code"]: f["found"] for f in lot["findings"] if f["effect"] != "notice"}
