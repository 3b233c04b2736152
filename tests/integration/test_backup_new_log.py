"""A ledger that goes on as a new log: the same entries and tree under another name and key, or nothing at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from biotrace.chain.checkpoint import verify_log
from biotrace.errors import IntegrityError, UsageError
from biotrace.store import checkpoints
from biotrace.store.integrity import check_integrity
from biotrace.store.ledger import Ledger, LogKey
from biotrace.store.new_log import start_new_log
from tests.builders import LOG, NOW, ChainBuilder, device_key

NEW = LogKey(f"{LOG.origin}/2", device_key("new log"))


@pytest.fixture
def chain() -> ChainBuilder:
    return ChainBuilder().story()


@pytest.fixture
def ledger(where: str, chain: ChainBuilder) -> Iterator[Ledger]:
    """The story, on either database."""
    with Ledger.create(where, LOG) as made:
        made.append(chain.records, NOW)
        yield made


def test_the_entries_and_their_tree_stay_as_they_are(where: str, ledger: Ledger, chain: ChainBuilder) -> None:
    before, entries = ledger.checkpoint(), list(ledger.entries())
    earlier = start_new_log(ledger, NEW, NOW + 9)
    assert [each.size for each in earlier] == [0, before.size]
    assert earlier[-1] == before
    with Ledger.open(where, NEW) as new:
        assert (new.log_name, new.ledger_id) == (NEW.verifier, ledger.ledger_id)
        assert list(new.entries()) == entries
        assert new.checkpoints() == [before.size]
        verify_log(new.checkpoint(), NEW.verifier)
        assert new.checkpoint().root == before.root
        new.append([chain.document("doc-new", number="26-99")], NOW)
        assert check_integrity(new) == []


def test_the_old_key_signs_no_more(where: str, ledger: Ledger) -> None:
    start_new_log(ledger, NEW, NOW)
    with pytest.raises(UsageError) as refused:
        Ledger.open(where, LOG)
    assert refused.value.code == "wrong-log-key"


def test_a_log_does_not_take_its_own_name_again(ledger: Ledger) -> None:
    with pytest.raises(UsageError) as refused:
        start_new_log(ledger, LogKey(LOG.origin, NEW.key), NOW)
    assert refused.value.code == "log-name"
    assert check_integrity(ledger) == []


@pytest.mark.parametrize(
    "spoil",
    [
        "DELETE FROM tree_node WHERE level = 3",
        "UPDATE tree_node SET hash = (SELECT hash FROM tree_node WHERE level = 0 AND idx = 0) WHERE level = 3",
        "DELETE FROM checkpoint WHERE size > 0",
    ],
)
def test_what_the_old_log_did_not_sign_the_new_one_does_not(ledger: Ledger, spoil: str) -> None:
    with ledger.database.writing() as connection:
        connection.exec_driver_sql(spoil)
    with pytest.raises(IntegrityError) as refused:
        start_new_log(ledger, NEW, NOW)
    assert refused.value.code == "ledger-damaged"


def test_interrupted_it_is_the_old_log(where: str, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("the power went out")

    with monkeypatch.context() as patch:
        patch.setattr(checkpoints, "store", fail)
        with pytest.raises(RuntimeError, match="power"):
            start_new_log(ledger, NEW, NOW)
    with Ledger.open(where, LOG) as old:
        assert check_integrity(old) == []
        assert len(old.checkpoints()) == 2
