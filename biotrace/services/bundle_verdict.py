"""Judging lots from a bundle alone: no ledger, no network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from biotrace.chain import trust_update
from biotrace.chain.bundle_check import VerifiedBundle, VerifiedPart
from biotrace.chain.note import VerifierKey
from biotrace.chain.trust_list import TrustList
from biotrace.chain.trust_update import Freshness, TrustAge
from biotrace.errors import IntegrityError, UsageError
from biotrace.model.text import Text
from biotrace.verify.fold import fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules import NOT_RUN, RULES
from biotrace.verify.trace_back import Back, trace_back
from biotrace.verify.verdict import Verdict, pronounce

from .bundle_files import Enclosure, enclosed_in, write_out
from .bundle_take import read_bundle
from .foreign import ForeignReading, Outside, listed_keys, reading_of
from .ledger_case import case_of_ledger
from .log_trees import read_vkey
from .private_fields import by_record
from .times import day_of
from .trust_list import read_list


@dataclass(frozen=True, slots=True)
class Judged:
    """What a bundle shows of the lots that it is about. ``traces``: where each of them came from.

    ``age``: of the trust list; None without one. ``files``: that its records name. ``written``: where those that are
    enclosed were written, by SHA-256.
    """

    checked: VerifiedBundle
    verdict: Verdict
    traces: tuple[Back, ...]
    subjects: dict[str, str]
    age: TrustAge | None
    files: tuple[Enclosure, ...]
    written: Mapping[bytes, Path]


def judge_bundle(
    path: Path,
    vkeys: tuple[Path, ...],
    trust: Path | None,
    now: int,
    documents: Path | None = None,
    as_of: date | None = None,
) -> Judged:
    """Verify a bundle against the keys of logs that are believed, and judge what it is about.

    ``vkeys``: files with keys of logs; ``trust``: a trust list that the caller believes; ``documents``: a new folder
    into which to write the enclosed files; ``as_of``: the day that the verdict is for, today without one. Raises
    UsageError (``log-unknown``) for a log of which no key is believed, and where these cannot be written;
    IntegrityError for another key, and for a trust list that may not be gone by any more.
    """
    checked = read_bundle(path)
    return judge_checked(checked, tuple(read_vkey(file) for file in vkeys), trust, now, documents, as_of)


def judge_checked(
    checked: VerifiedBundle,
    vkeys: tuple[VerifierKey, ...],
    trust: Path | None,
    now: int,
    documents: Path | None = None,
    as_of: date | None = None,
) -> Judged:
    """``judge_bundle`` of one that is at hand and verified. ``vkeys``: of logs that are believed."""
    listed = None if trust is None else read_list(trust)
    age = None if listed is None else trust_update.age(listed, now)
    if age is not None and age.outcome is Freshness.REFUSE:
        raise IntegrityError(age.message, age.remedy, code=age.code)
    believed = {key.name: key for key in (*vkeys, *_logs(listed))}
    for part in checked.parts:
        _check_believed(part, believed)
    outside = _outside(tuple(_reading(part, checked) for part in checked.parts), listed)
    case = case_of_ledger((), as_of or day_of(now), None, outside)
    judged = fold(case, RULES, RINYA_2012).judged
    lots = [record_id.hex() for record_id in checked.bundle.about if record_id.hex() in judged]
    told = pronounce(lots, case, judged)
    verdict = Verdict(RINYA_2012.name, case.today, told, (), NOT_RUN)
    traces = tuple(trace_back(lot, case, judged) for lot in told)
    records = (found.record for part in checked.parts for found in part.records)
    subjects = {r.record_id.hex(): r.subject for r in records if r is not None}
    written = {} if documents is None else write_out(checked, documents)
    return Judged(checked, verdict, traces, subjects, age, enclosed_in(checked), written)


def _logs(listed: TrustList | None) -> tuple[VerifierKey, ...]:
    return () if listed is None else listed.contents.logs


def _outside(logs: tuple[ForeignReading, ...], listed: TrustList | None) -> Outside:
    if listed is None:
        return Outside(logs)
    keys = listed_keys(listed)
    return Outside(logs, keys, frozenset(keys), frozenset(listed.contents.logs))


def _check_believed(part: VerifiedPart, believed: dict[str, VerifierKey]) -> None:
    known = believed.get(part.log.name)
    if known == part.log:
        return
    if known is not None:
        raise IntegrityError(
            Text(
                f"ログ {part.log.name} の鍵が、信じる鍵と違います",
                f"the bundle's key of log {part.log.name} is not the one that is believed",
            ),
            Text("使わずに、運営者に確かめてください", "do not use it; ask the log's operator"),
            code="log-key",
        )
    raise UsageError(
        Text(f"信じてよいか分からないログです: {part.log}", f"nothing says that this log can be believed: {part.log}"),
        Text(
            "--trust で信頼リストを、または --vkey で運営者に確かめた鍵を指定してください",
            "give a trust list with --trust, or its key, compared with the operator, with --vkey",
        ),
        code="log-unknown",
    )


def _reading(part: VerifiedPart, checked: VerifiedBundle) -> ForeignReading:
    """The part as if it were held, with private fields as the bundle discloses them."""
    covered = frozenset(found.bundled.record_id for found in part.records) if part.complete else frozenset()
    return reading_of(part.log, part.checkpoint.size, part.records, by_record(checked.bundle.disclosures), covered)
