"""Made-up regions: nothing is found in a clean one, and exactly what was planted in any other."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import networkx as nx
import pytest

from bench.region import __main__ as command
from bench.region.defects import PLANTS
from bench.region.settings import LAST_DAY, SMALLEST, Settings
from bench.region.tampering import Tampering, tamper, targets
from bench.region.writing import EXPECTED, Region, batches, fill, log_key, write_region
from biotrace.chain.kinds import RecordKind
from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.services.ledger_case import case_of_ledger, read_ledger
from biotrace.services.settings import LEDGER
from biotrace.services.workspace import open_workspace
from biotrace.store.integrity import check_integrity
from biotrace.store.ledger import Ledger
from biotrace.verify.booking import BookJudged
from biotrace.verify.fold import Judged, fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules import RULES
from tests.workspaces import PASSWORD, password

NO_LEDGER_HOLDS = {"P510", "D902"}
"""Proof rules whose subject is no record of a ledger: a circle of draws, and files beside it."""
ALL = dict.fromkeys(PLANTS, 200.0)
SPOILED = Settings(4_000, seed=11, defects=ALL)


def judged(ledger: Ledger) -> list[Judged | BookJudged]:
    """Every record of the ledger, as read from its bytes and judged by all rules on the region's last day."""
    reading = read_ledger(ledger)
    assert reading.damaged == ()
    folded = fold(case_of_ledger(reading.logged, LAST_DAY), RULES, RINYA_2012)
    return [*folded.judged.values(), *folded.books.values()]


def found(judgements: list[Judged | BookJudged]) -> Counter[tuple[str, str]]:
    """Code and record of every finding worse than a notice."""
    return Counter((f.code, f.record) for j in judgements for f in j.findings if not f.is_notice)


def undecided(judgements: list[Judged | BookJudged]) -> list[str]:
    """Proof rules that could not be run."""
    return [u.code for j in judgements for u in j.unchecked if u.decisive]


def expected(region: Region) -> Counter[tuple[str, str]]:
    """What a check must find."""
    return Counter((p.code, p.record) for p in region.planted)


def made(folder: Path, settings: Settings) -> tuple[Ledger, Region]:
    """The region in a new ledger."""
    region = Region(settings)
    ledger = Ledger.create(folder / f"{settings.seed}.db", log_key(settings))
    fill(ledger, region)
    return ledger, region


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ledger, Region]]:
    """A region with every defect in it."""
    ledger, region = made(tmp_path_factory.mktemp("spoiled"), SPOILED)
    yield ledger, region
    ledger.close()


@pytest.mark.parametrize(("seed", "records"), [(1, SMALLEST), (2, 3_000)])
def test_a_clean_region_judges_clean(tmp_path: Path, seed: int, records: int) -> None:
    ledger, region = made(tmp_path, Settings(records, seed))
    with ledger:
        answers = judged(ledger)
        assert len(ledger) == records
    assert found(answers) == Counter()
    assert undecided(answers) == []
    assert region.planted == ()
    assert len(answers) > records / 2


def test_exactly_what_was_planted_is_found(spoiled: tuple[Ledger, Region]) -> None:
    ledger, region = spoiled
    answers = judged(ledger)
    assert found(answers) == expected(region)
    assert undecided(answers) == []
    assert {p.code for p in region.planted} == PLANTS.keys()


@pytest.mark.parametrize("seed", [12, 13])
def test_so_it_is_whatever_else_happens_there(tmp_path: Path, seed: int) -> None:
    ledger, region = made(tmp_path, Settings(2_500, seed, ALL))
    with ledger:
        assert found(judged(ledger)) == expected(region)


@pytest.mark.parametrize("codes", [("G703",), ("G703", "L405", "P504", "Q602")])
def test_wood_of_a_mixed_yard_goes_out_of_no_other(tmp_path: Path, codes: tuple[str, ...]) -> None:
    """With this seed a mill sold wood out of a yard where it had never been (Q607), which nobody had planted."""
    ledger, region = made(tmp_path, Settings(SMALLEST, 1_406, dict.fromkeys(codes, 2_000.0)))
    with ledger:
        assert found(judged(ledger)) == expected(region)
    assert {p.code for p in region.planted} == set(codes)


def test_what_is_planted_stands_from_the_moment_it_is_said(tmp_path: Path) -> None:
    region = Region(SPOILED)
    half = list(islice(region.signed(), 2_000))
    so_far = expected(region)
    assert 10 < len(so_far) < len(PLANTS)
    with Ledger.create(tmp_path / "half.db", log_key(SPOILED)) as ledger:
        for batch in batches(iter(half)):
            disclosed = [value for signed in batch for value in signed.disclosed]
            ledger.append([signed.record for signed in batch], batch[-1].at, disclosed=disclosed)
        assert found(judged(ledger)) == so_far


def test_every_proof_rule_is_planted() -> None:
    worse_than_a_notice = {rule.code for rule in RULES if rule.proof} | {"G703", "H306", "Q602", "Q606", "Q607"}
    assert worse_than_a_notice - PLANTS.keys() == NO_LEDGER_HOLDS
    assert PLANTS.keys() <= {rule.code for rule in RULES}


def test_a_defect_is_planted_as_often_as_is_asked() -> None:
    region = Region(Settings(2_000, 5, {"H316": 2_000.0, "Q602": 1.0}))
    assert sum(1 for _ in region.signed()) == 2_000
    assert Counter(p.code for p in region.planted) == {"H316": 4, "Q602": 1}


def test_the_same_seed_gives_the_same_ledger(tmp_path: Path) -> None:
    roots = []
    for name, seed in (("one", 1), ("again", 1), ("other", 2)):
        (tmp_path / name).mkdir()
        ledger, _ = made(tmp_path / name, Settings(SMALLEST, seed, {"A201": 1.0}))
        with ledger:
            roots.append(ledger.checkpoint().root)
    assert roots[0] == roots[1] != roots[2]


@pytest.mark.parametrize("records", [SMALLEST, SMALLEST + 37])
def test_a_region_has_as_many_records_as_are_asked_for(records: int) -> None:
    assert sum(1 for _ in Region(Settings(records)).signed()) == records


def test_a_region_is_never_smaller_than_its_people() -> None:
    with pytest.raises(ValueError, match="1000 records or more"):
        Settings(SMALLEST - 1)


def test_lots_split_merge_and_go_through_many_hands(spoiled: tuple[Ledger, Region]) -> None:
    ledger, region = spoiled
    bodies = [entry.record.body for entry in ledger.entries()]
    certificates = {b.id: b for b in bodies if isinstance(b, Certificate)}
    graph: nx.DiGraph[str] = nx.DiGraph((c.id, d.certificate) for c in certificates.values() for d in c.draws)
    drawn = Counter(c for _, c in graph.edges)
    assert {len(c.draws) for c in certificates.values()} >= {0, 1, 2, 3, 4}
    assert max(drawn.values()) >= 4
    assert nx.dag_longest_path_length(graph) >= 4
    width = region.settings.behind_wide
    assert max(len(nx.descendants(graph, c)) for c in graph) > width / 2


def test_a_region_has_every_kind_of_record_and_lasts_five_years(spoiled: tuple[Ledger, Region]) -> None:
    ledger, region = spoiled
    missing = {kind.name.lower() for kind in RecordKind} - region.kinds.keys()
    assert missing <= {"revocation", "concordance", "retention_hold", "challenge", "answer"}  # rare in a small one
    assert sum(region.kinds.values()) == region.settings.records
    days = [e.record.body.date for e in ledger.entries() if isinstance(e.record.body, Delivery)]
    assert {day.year for day in days} == {2021, 2022, 2023, 2024, 2025, 2026}


@pytest.mark.parametrize("how", Tampering)
def test_what_is_done_to_the_stored_bytes_is_found_where_it_was_done(
    spoiled: tuple[Ledger, Region], tmp_path: Path, how: Tampering
) -> None:
    ledger, _ = spoiled
    assert ledger.database.path is not None
    path = Path(shutil.copy(ledger.database.path, tmp_path / "spoiled.db"))
    count = 1 if how is Tampering.DROPPED else 3  # of missing records the tree shows the first
    told = frozenset().union(*(tamper(path, how, position) for position in targets(path, count)))
    with Ledger.open(path) as opened:
        assert {(f.rule, f.position) for f in check_integrity(opened)} == told


def test_the_command_makes_a_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "region"
    arguments = ["--records", "1200", "--seed", "4", "--defects", "1", "--out", str(folder)]
    monkeypatch.setattr("sys.argv", ["region", *arguments])
    command.main()
    told = json.loads((folder / EXPECTED).read_text(encoding="utf-8"))
    with open_workspace(folder, lambda: 1_790_000_000, password) as workspace:
        assert workspace.party == "body-1"
        assert workspace.root().issuer == workspace.signer().issuer == "body-1"
        head = workspace.ledger.checkpoint()
        assert told["head"] == {"size": head.size, "root": head.root.hex()}
        assert found(judged(workspace.ledger)) == Counter((p["code"], p["record"]) for p in told["planted"])
    assert sum(told["kinds"].values()) == told["settings"]["records"] == 1_200
    assert (folder / LEDGER).is_file()


def test_a_workspace_takes_more_records(tmp_path: Path) -> None:
    write_region(tmp_path / "region", Settings(SMALLEST), PASSWORD)
    with open_workspace(tmp_path / "region", lambda: 1_790_000_000, password) as workspace:
        signer = workspace.signer()
        body = next(e.record.body for e in workspace.ledger.entries() if e.record.kind is RecordKind.DOCUMENT)
        workspace.log([signer.sign(RecordKind.DOCUMENT, "one-more", body, 1_790_000_000)], 1_790_000_000)
        assert len(workspace.ledger) == SMALLEST + 1
