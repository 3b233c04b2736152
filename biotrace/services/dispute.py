"""A report on a dispute: lots, traces, findings, yen and documents, sealed, with all that a third party needs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from biotrace.chain.bundle_check import VerifiedBundle
from biotrace.chain.checkpoint import Checkpoint
from biotrace.chain.keys import DeviceKey
from biotrace.chain.note import VerifierKey
from biotrace.documents.graph_papers import as_pdf
from biotrace.documents.graph_papers.html import html
from biotrace.documents.report_papers import as_pdf as report_pdf
from biotrace.model.party import Party
from biotrace.model.text import Lang, Text
from biotrace.store.foreign import held_logs
from biotrace.verify.overpayment import Terms, overpaid

from .bundle_make import Order as BundleOrder
from .bundle_make import make_bundle
from .bundle_read import refuse_damage
from .bundle_verdict import judge_checked
from .dispute_data import FORMAT, differences, documents_data, provable, without_status, yen_provable
from .dispute_judge import judge_as_kept
from .dispute_note import NAME, seal
from .dispute_report import PlantTerms, all_seen, dispute_report
from .files import refused_by_system, require_new, write_new
from .key_files import KeyName
from .plant_lots import one_plant
from .trace import FoundBack, back
from .trace_data import back_data
from .trace_graph import graph_of_back
from .trace_open import Opened, open_ledger
from .trace_start import called
from .trust_list import FILE as TRUST_LIST
from .workspace import Workspace

_ONE_PLANT = Text(
    "単価は発電所ごとに決まります。発電所ごとに分けるか、--approved と --kw を省いて金額なしにしてください",
    "prices go by plant: make a report for each plant, or leave out --approved and --kw for one without yen",
)
BUNDLE, DATA, PAPER = "evidence.bundle", "report.json", "report.pdf"


@dataclass(frozen=True, slots=True)
class DisputeOrder:
    """What to report on. ``terms``: of the plant, for the figure in yen; ``subject``: what it is about, in words.

    ``documents``: with the files that the records name.
    """

    lots: tuple[str, ...]
    terms: Terms | None = None
    subject: str = ""
    documents: bool = True


@dataclass(frozen=True, slots=True)
class MadeDispute:
    """A report that was written. ``files``: names and sizes; ``found``: of each lot; ``data``: what the report says.

    ``not_borne_out``: where the bundle does not bear out what the ledger tells, by the path in the data; ``otherwise``:
    where it tells something else who does not go by what this log says of parties and accreditations. ``by_index``: as
    in ``bundle_make.Made``.
    """

    folder: Path
    files: Mapping[str, int]
    found: tuple[FoundBack, ...]
    data: Mapping[str, Any]
    not_borne_out: tuple[str, ...]
    otherwise: tuple[str, ...]
    by_index: Text | None


def make_dispute(workspace: Workspace, order: DisputeOrder, folder: Path, lang: Lang) -> MadeDispute:
    """Trace the lots, judge them from the ledger and from the bundle alone, seal it, and write it into a new folder.

    Raises UsageError for a lot that is not there, or is none, for a folder that is, and where the disk refuses; where
    there are terms of a plant also as ``one_plant`` does. IntegrityError where anything that was looked at is damaged.
    """
    require_new(folder)
    desk = open_ledger(workspace)
    each = {(one := back(desk.desk, text)).back.lot.id: one for text in order.lots}
    found = tuple(each.values())
    if not desk.whole:  # else the bundle's making sees to it
        refuse_damage(finding for one in found for finding in one.seen.damage)
    plant = None if order.terms is None else _plant(found)
    key = workspace.keys.get(KeyName.DEVICE)
    signer = workspace.signer()
    bundle = make_bundle(workspace, _bundle(workspace, found, key, order.documents), desk.check)
    checkpoint = next(part for part in bundle.checked.parts if part.log == workspace.ledger.log_name).checkpoint
    kept, others = _from_bundle(workspace, bundle.checked, desk.today)
    data = _data(workspace, checkpoint, desk, order, found, others, lang)
    files = dict(_files(workspace, desk, order, found, data, plant, lang)) | {BUNDLE: bundle.data}
    sealed = seal(signer.issuer, desk.today, checkpoint, files, key)
    _write(folder, files | {NAME: sealed})
    sizes = {name: len(content) for name, content in files.items()}
    not_borne_out = tuple(differences(data["lots_provable"], kept))
    return MadeDispute(folder, sizes, found, data, not_borne_out, _otherwise(data), bundle.by_index)


def _otherwise(data: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(differences(without_status(data["lots_provable"]), without_status(data["to_others"])))


def _plant(found: Sequence[FoundBack]) -> Party:
    """Whose terms they are: of the one plant that all the lots came to."""
    seen = all_seen(found)
    lots = [one.back.hands[-1].entry.value for one in found]
    return one_plant(lots, seen.case, lambda lot: called(lot, seen.subjects), remedy=_ONE_PLANT)


def _bundle(workspace: Workspace, found: Sequence[FoundBack], key: DeviceKey, documents: bool) -> BundleOrder:
    """Everything that touches the lots, and the record that binds the key which seals the report."""
    bound = workspace.ledger.bound_key(key.kid)
    assert bound is not None, "it signs for the workspace's party"
    binding = workspace.ledger.leaf(bound.position).record_id.hex()
    lots = tuple(one.back.lot.id for one in found)
    return BundleOrder((*lots, binding), everything=True, documents=documents)


def _from_bundle(
    workspace: Workspace, bundle: VerifiedBundle, today: date
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What the bundle alone tells: by this log's own word, and to others; by the logs and the list believed here."""
    ledger = workspace.ledger
    keys = (ledger.log_name, *(VerifierKey.parse(log.vkey) for log in held_logs(ledger.database)))
    listed = workspace.folder / TRUST_LIST
    trust = listed if listed.is_file() else None
    judged = judge_checked(bundle, keys, trust, workspace.clock(), as_of=today)
    _, kept = judge_as_kept(bundle, ledger.log_name.name, today, trust)
    return provable(kept), provable(judged.traces)


def _data(
    workspace: Workspace,
    checkpoint: Checkpoint,
    desk: Opened,
    order: DisputeOrder,
    found: Sequence[FoundBack],
    to_others: list[dict[str, Any]],
    lang: Lang,
) -> dict[str, Any]:
    lots = [one.back.lot for one in found]
    return {
        "format": FORMAT,
        "subject": order.subject,
        "by": workspace.party,
        "as_of": desk.today.isoformat(),
        "log": {"origin": checkpoint.origin, "size": checkpoint.size, "root": checkpoint.root.hex()},
        "lots_provable": provable([one.back for one in found]),
        "to_others": to_others,
        "yen": None if order.terms is None else yen_provable(overpaid(lots, order.terms)),
        "documents": documents_data([(one.seen.case, one.back.lot) for one in found]),
        "lots": [back_data(one, lang) for one in found],
    }


def _files(
    workspace: Workspace,
    desk: Opened,
    order: DisputeOrder,
    found: Sequence[FoundBack],
    data: Mapping[str, Any],
    plant: Party | None,
    lang: Lang,
) -> Iterator[tuple[str, bytes]]:
    otherwise = _otherwise(data)
    yen = None if order.terms is None or plant is None else PlantTerms(plant, order.terms)
    report = dispute_report(workspace.party, desk, order.subject, found, yen, data["documents"], otherwise)
    yield PAPER, report_pdf.pdf(report, lang)
    yield DATA, (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
    named = replace(desk, name=data["log"]["origin"])  # its folder is nobody else's business
    for number, one in enumerate(found, 1):
        graph = graph_of_back(one, named)
        yield f"trace-{number}.html", html(graph, lang).encode()
        yield f"trace-{number}.pdf", as_pdf.pdf(graph, lang)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """All of it or nothing: into a folder beside, which then takes the name."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder.parent, prefix=".biotrace-") as place:
            made = Path(place) / "report"
            made.mkdir()
            for name, content in files.items():
                write_new(made / name, content)
            made.rename(folder)
    except OSError as error:
        raise refused_by_system(error) from None
