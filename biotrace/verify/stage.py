"""What kind of record a rule can speak of: known from the record alone, so that no other rule is even asked."""

from __future__ import annotations

from enum import StrEnum

from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery


class Stage(StrEnum):
    """Where in the chain a record stands."""

    FELLING = "felling"  # 例1, 例2, 1-1
    NO_PROCEDURE = "no_procedure"  # 1-2
    PROCESSING = "processing"  # 2-1 to 2-4
    DELIVERY = "delivery"


FELLING = frozenset({Stage.FELLING})
NO_PROCEDURE = frozenset({Stage.NO_PROCEDURE})
PROCESSING = frozenset({Stage.PROCESSING})
SOURCES = FELLING | NO_PROCEDURE
CERTIFICATES = SOURCES | PROCESSING
DELIVERIES = frozenset({Stage.DELIVERY})
EVERY = CERTIFICATES | DELIVERIES


def stage_of(value: Certificate | Delivery) -> Stage:
    """The stage of a record."""
    if isinstance(value, Delivery):
        return Stage.DELIVERY
    if value.form.is_felling:
        return Stage.FELLING
    return Stage.NO_PROCEDURE if value.form.is_source else Stage.PROCESSING
