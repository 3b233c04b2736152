"""What rests on some certificates, and whose they were, found in the database without reading the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, event

from biotrace.chain.kinds import RecordKind
from biotrace.errors import UsageError
from biotrace.model.correction import Action
from biotrace.model.retention import Challenge
from biotrace.store import closure
from biotrace.store.downstream import (
    certificates_bought_by,
    certificates_issued_by,
    certificates_sold_by,
    citing_certificates,
    downstream,
)
from biotrace.store.handed import handed_rows
from biotrace.store.integrity import check_integrity
from biotrace.store.ledger import Ledger
from biotrace.store.lots import ids_at, of_kinds
from biotrace.store.projections import id_read, id_written
from tests.builders import LOG, NOW, ChainBuilder, m3

Ask = Callable[..., list[str]]
DAY = date(2014, 12, 1)


@pytest.fixture
def chain() -> ChainBuilder:
    """doc-1 ← c-1 ← c-2 ← d-1, beside doc-x ← c-x ← c-y."""
    chain = ChainBuilder().story()
    chain.document("doc-x", number="26-99")
    chain.felling("c-x", ("doc-x",), number="第26-099号")
    chain.processing("c-y", {"c-x": m3(3)}, number="乙-9")
    return chain


@pytest.fixture
def ledger(where: str) -> Iterator[Ledger]:
    with Ledger.create(where, LOG) as made:
        yield made


@pytest.fixture
def ask(ledger: Ledger, chain: ChainBuilder) -> Ask:
    """Log what is not logged yet; the subjects of what a query finds, which is given positions or a party."""

    def asked(query: Callable[[Connection, Any], set[int] | list[int]], *about: str, party: str = "") -> list[str]:
        ledger.append(chain.records[len(ledger) :], NOW)
        place = {record.subject: position for position, record in enumerate(chain.records)}
        with ledger.database.reading() as connection:
            found = query(connection, party or [place[subject] for subject in about])
        assert isinstance(found, set) or found == sorted(set(found))
        return [chain.records[position].subject for position in sorted(found)]

    return asked


class TestDownstream:
    def test_all_that_rests_on_it_by_way_of_others(self, ask: Ask) -> None:
        assert ask(downstream, "c-1") == ["c-1", "c-2", "d-1"]
        assert ask(downstream, "doc-1") == ["doc-1", "c-1", "c-2", "d-1"]
        assert ask(downstream, "d-1") == ["d-1"]
        assert ask(downstream) == []

    def test_what_it_rests_on_and_what_others_draw_are_not_in_it(self, ask: Ask, chain: ChainBuilder) -> None:
        chain.processing("mixed", {"c-2": m3(1), "c-x": m3(1)}, number="乙-10")
        assert ask(downstream, "c-1") == ["c-1", "c-2", "d-1", "mixed"]
        assert ask(downstream, "c-1", "c-y") == ["c-1", "c-2", "d-1", "c-y", "mixed"]

    def test_corrections_of_any_of_it(self, ask: Ask, chain: ChainBuilder) -> None:
        chain.correction("k-1", "c-2", Action.HOLD)
        chain.correction("k-2", "c-2", Action.RELEASE)
        chain.correction("k-3", "c-x", Action.CANCEL)
        assert ask(downstream, "c-1") == ["c-1", "c-2", "d-1", "k-1", "k-2"]

    def test_what_replaces_a_certificate_and_what_rests_on_that(self, ask: Ask, chain: ChainBuilder) -> None:
        """Not the other way: what was drawn on the one that was replaced rests on that."""
        chain.document("doc-2", number="26-15")
        chain.felling("c-1b", ("doc-2",), number="第26-017号の2")
        chain.correction("k-1", "c-1", Action.REPLACE, by="c-1b")
        chain.processing("c-3", {"c-1b": m3(5)}, number="乙-3")
        chain.delivery("d-3", "c-3")
        assert ask(downstream, "c-1") == ["c-1", "c-2", "d-1", "c-1b", "k-1", "c-3", "d-3"]
        assert ask(downstream, "c-1b") == ["c-1b", "k-1", "c-3", "d-3"]

    def test_a_replacement_of_a_replacement(self, ask: Ask, chain: ChainBuilder) -> None:
        chain.felling("c-1b", ("doc-1",), number="第26-017号の2")
        chain.felling("c-1c", ("doc-1",), number="第26-017号の3")
        chain.correction("k-1", "c-1", Action.REPLACE, by="c-1b")
        chain.correction("k-2", "c-1b", Action.REPLACE, by="c-1c")
        chain.processing("c-3", {"c-1c": m3(5)}, number="乙-3")
        assert ask(downstream, "c-1") == ["c-1", "c-2", "d-1", "c-1b", "c-1c", "k-1", "k-2", "c-3"]

    def test_a_supplement_and_what_it_supplements_rest_on_each_other(self, ask: Ask, chain: ChainBuilder) -> None:
        chain.document("doc-2", number="26-15")
        chain.felling("more", ("doc-2",), number="第26-017号の2")
        chain.correction("k-1", "c-1", Action.SUPPLEMENT, by="more")
        both = ["c-1", "c-2", "d-1", "more", "k-1"]
        assert ask(downstream, "c-1") == ask(downstream, "more") == both
        assert ask(downstream, "doc-2") == ["c-1", "c-2", "d-1", "doc-2", "more", "k-1"]

    def test_what_else_is_said_of_it_is_not_in_it(self, ask: Ask, chain: ChainBuilder) -> None:
        cited = (chain["c-1"].record_id.hex(),)
        chain.sign("plant-8", RecordKind.CHALLENGE, "asked", Challenge(cited, "kousei", date(2015, 1, 1), DAY))
        assert ask(downstream, "c-1") == ["c-1", "c-2", "d-1"]

    def test_a_correction_that_cannot_be_read_leads_nowhere(
        self, ask: Ask, chain: ChainBuilder, ledger: Ledger
    ) -> None:
        chain.felling("c-1b", ("doc-1",), number="第26-017号の2")
        chain.correction("k-1", "c-1", Action.REPLACE, by="c-1b")
        assert "c-1b" in ask(downstream, "c-1")
        with ledger.database.writing() as connection:
            spoil = "UPDATE entry SET envelope = record_id WHERE kind = "
            connection.exec_driver_sql(spoil + str(int(RecordKind.CORRECTION)))
        assert ask(downstream, "c-1") == ["c-1", "c-2", "d-1", "k-1"]

    def test_a_position_that_is_not_there_is_an_error(self, ask: Ask, ledger: Ledger) -> None:
        ask(downstream)
        with ledger.database.reading() as connection, pytest.raises(UsageError, match="no entry 99"):
            downstream(connection, [3, 99])

    def test_many_positions_are_asked_in_parts(self, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(closure, "_CHUNK", 1)
        assert ask(downstream, "doc-1", "doc-x") == ["doc-1", "c-1", "c-2", "d-1", "doc-x", "c-x", "c-y"]
        assert ask(citing_certificates, "doc-1", "doc-x") == ["c-1", "c-x"]


class TestDocuments:
    def test_certificates_that_cite_them(self, ask: Ask, chain: ChainBuilder) -> None:
        chain.felling("on-both", ("doc-1", "doc-x"), number="第26-018号")
        assert ask(citing_certificates, "doc-1") == ["c-1", "on-both"]
        assert ask(citing_certificates, "doc-1", "doc-x") == ["c-1", "c-x", "on-both"]
        assert ask(citing_certificates) == []

    def test_certificates_that_a_paper_on_them_supplements(self, ask: Ask, chain: ChainBuilder) -> None:
        """Also by way of another supplement. Of a replacement the one that it replaces rested on its own papers."""
        for i in (2, 3):
            chain.document(f"doc-{i}", number=f"26-{14 + i}")
        chain.felling("more", ("doc-2",), number="第26-017号の2")
        chain.correction("k-1", "c-1", Action.SUPPLEMENT, by="more")
        chain.felling("still-more", ("doc-3",), number="第26-017号の3")
        chain.correction("k-2", "more", Action.SUPPLEMENT, by="still-more")
        chain.felling("instead", ("doc-3",), number="第26-099号の2")
        chain.correction("k-3", "c-x", Action.REPLACE, by="instead")
        assert ask(citing_certificates, "doc-2") == ["c-1", "more"]
        assert ask(citing_certificates, "doc-3") == ["c-1", "more", "still-more", "instead"]
        assert ask(citing_certificates, "doc-1") == ["c-1"]


class TestParties:
    def test_by_seller_and_buyer(self, ask: Ask, chain: ChainBuilder) -> None:
        chain.felling("to-nobody", ("doc-1",), number="第26-018号", buyer=None)
        chain.felling("by-another", ("doc-1",), number="第26-019号", issuer_party="otsu")
        assert ask(certificates_sold_by, party="kousei") == ["c-1", "c-x", "to-nobody", "by-another"]
        assert ask(certificates_bought_by, party="otsu") == ["c-1", "c-x", "by-another"]
        assert ask(certificates_sold_by, party="otsu") == ask(certificates_bought_by, party="plant-8") == ["c-2", "c-y"]
        assert ask(certificates_issued_by, party="kousei") == ["c-1", "c-x", "to-nobody"]
        assert ask(certificates_issued_by, party="otsu") == ["c-2", "c-y", "by-another"]

    @pytest.mark.parametrize("party", ["plant-9", "kouse", "KOUSEI", "%", "a\0b", "\udce3"])
    def test_nobodys(self, ask: Ask, party: str) -> None:
        assert ask(certificates_sold_by, party=party) == ask(certificates_bought_by, party=party) == []
        assert ask(certificates_issued_by, party=party) == []

    def test_an_id_that_not_every_database_holds_hides_nothing(
        self, ask: Ask, chain: ChainBuilder, ledger: Ledger
    ) -> None:
        """No party has it, but who names one that has it is a party."""
        chain.felling("odd", ("doc-1",), number="第26-018号", buyer="a\0b")
        chain.felling("odder", ("doc-1",), number="第26-019号", seller="a\0b", issuer_party="kousei")
        assert ask(certificates_sold_by, party="kousei") == ["c-1", "c-x", "odd"]
        assert ask(certificates_bought_by, party="otsu") == ["c-1", "c-x", "odder"]
        assert ask(certificates_issued_by, party="kousei") == ["c-1", "c-x", "odd", "odder"]
        assert check_integrity(ledger) == []

    @pytest.mark.parametrize("party", ["a\\b", "a\\0b", "\\", "\\\\"])
    def test_an_id_with_a_backslash(self, ask: Ask, chain: ChainBuilder, party: str) -> None:
        chain.felling("odd", ("doc-1",), number="第26-018号", buyer=party)
        assert ask(certificates_bought_by, party=party) == ["odd"]


@pytest.mark.parametrize("party", ["", "otsu", "\0", "a\0b\0", "\\", "\\0", "a\\\0", "\\\\0", "\n\\\n"])
def test_every_id_is_read_as_it_was_written(party: str) -> None:
    assert "\0" not in id_written(party)
    assert id_read(id_written(party)) == party


def test_every_step_goes_by_an_index(ledger: Ledger, chain: ChainBuilder) -> None:
    """So that the time goes with what is found: no table is gone through."""
    chain.felling("c-1b", ("doc-1",), number="第26-017号の2")
    chain.correction("k-1", "c-1", Action.REPLACE, by="c-1b")
    ledger.append(chain.records, NOW)
    document = next(i for i, record in enumerate(chain.records) if record.subject == "doc-1")
    with ledger.database.reading() as connection:
        asked = _asked(connection, document)
        assert len({statement.split(" IN ")[0] for statement, _ in asked}) >= 6
        if connection.dialect.name == "sqlite":
            plans = [_plan(connection, f"EXPLAIN QUERY PLAN {statement}", values) for statement, values in asked]
            assert not [plan for plan in plans if "SCAN" in plan or "TEMP B-TREE" in plan]
        else:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            plans = [_plan(connection, f"EXPLAIN {statement}", values) for statement, values in asked]
            assert not [plan for plan in plans if "Seq Scan" in plan]


def _asked(connection: Connection, document: int) -> list[tuple[str, Any]]:
    """All statements, with their values, that the queries put to the database."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        asked.append((statement, values))

    event.listen(connection, "before_cursor_execute", note)
    downstream(connection, [document])
    citing_certificates(connection, [document])
    certificates_sold_by(connection, "kousei")
    certificates_bought_by(connection, "otsu")
    certificates_issued_by(connection, "otsu")
    list(handed_rows(connection, range(9)))
    ids_at(connection, range(9))
    of_kinds(connection, range(9), (RecordKind.CERTIFICATE,))
    event.remove(connection, "before_cursor_execute", note)
    return asked


def _plan(connection: Connection, statement: str, values: Any) -> str:
    return "\n".join(str(row[-1]) for row in connection.exec_driver_sql(statement, values))
