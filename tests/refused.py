"""How tests say that a record is not admitted."""

from __future__ import annotations

import pytest

from biotrace.chain.admit import admit
from biotrace.chain.record import Record
from biotrace.chain.replay import Replay
from biotrace.errors import IntegrityError


def refused(record: Record, view: Replay, code: str) -> IntegrityError:
    """The error with which ``record`` is not admitted: the code as expected, the record named, with a way out."""
    with pytest.raises(IntegrityError) as caught:
        admit(record, view)
    assert caught.value.code == code
    assert record.subject in caught.value.message.ja
    assert record.subject in caught.value.message.en
    assert caught.value.remedy is not None
    return caught.value
