"""Judging the lots of a report on a dispute from its bundle, as whoever keeps the log judges them.

A bundle shows another's log: of who is accredited, what a body signed itself counts there, or nothing. But a report
says what its maker's ledger tells, and that takes the log's own word on parties and accreditations, copied from papers
or not. By the same word the same verdicts have to follow from the enclosed records, or the report is wrong.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from biotrace.chain.bundle_check import VerifiedBundle, VerifiedPart
from biotrace.chain.trust_list import TrustList
from biotrace.verify.fold import fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.trace_back import Back, trace_back
from biotrace.verify.verdict import Verdict, pronounce

from .foreign import reading_of
from .ledger_case import case_of_ledger, outside_of
from .lot_check import NOT_RUN, RULES
from .private_fields import by_record
from .trust_list import read_list


def judge_as_kept(
    checked: VerifiedBundle, origin: str, as_of: date, trust: Path | None
) -> tuple[Verdict, tuple[Back, ...]]:
    """The lots that the bundle is about, as the log of that name has them, and where each of them came from.

    ``trust``: a list of accrediting bodies, as a file.
    """
    disclosed = by_record(checked.bundle.disclosures)
    logs = {
        part.log.name: reading_of(part.log, part.checkpoint.size, part.records, disclosed, _covered(part))
        for part in checked.parts
    }
    own = tuple(replace(entry, log="") for entry in logs.pop(origin).logged)
    listed: TrustList | None = None if trust is None else read_list(trust)
    outside = outside_of(own, tuple(logs.values()), listed)
    case = case_of_ledger(own, as_of, {entry.position for entry in own}, outside)
    judged = fold(case, RULES, RINYA_2012).judged
    lots = [record_id.hex() for record_id in checked.bundle.about if record_id.hex() in judged]
    told = pronounce(lots, case, judged, RULES)
    verdict = Verdict(RINYA_2012.name, as_of, told, (), NOT_RUN)
    return verdict, tuple(trace_back(lot, case, judged) for lot in told)


def _covered(part: VerifiedPart) -> frozenset[bytes]:
    """The records of which the log states that these are all that touch them."""
    return frozenset(found.bundled.record_id for found in part.records) if part.complete else frozenset()
