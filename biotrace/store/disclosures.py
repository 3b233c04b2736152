"""The values of private fields, kept beside the records that hold their hashes. Lawful purge deletes them from here."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlmodel import col

from biotrace.chain.codes import code_of, member_of
from biotrace.chain.disclosure import Disclosure
from biotrace.model.private import PrivateField

from .database import Database
from .tables import DisclosureRow

_CHUNK = 5_000
_OF = select(
    *(col(DisclosureRow.record_id), col(DisclosureRow.field), col(DisclosureRow.salt), col(DisclosureRow.value))
).where(col(DisclosureRow.record_id).in_(bindparam("ids", expanding=True)))


def disclosures(database: Database, record_id: bytes | None = None) -> list[Disclosure]:
    """The values of private fields that are held, of our records and others', or of one of them."""
    columns = (col(DisclosureRow.record_id), col(DisclosureRow.field), col(DisclosureRow.salt))
    with database.reading() as connection:
        wanted = select(*columns, col(DisclosureRow.value))
        if record_id is not None:
            wanted = wanted.where(col(DisclosureRow.record_id) == record_id)
        rows = connection.execute(wanted)
        found = [(row.record_id, member_of(PrivateField, row.field), row.salt, json.loads(row.value)) for row in rows]
    return [Disclosure(of, field, salt, value) for of, field, salt, value in found if field is not None]


def disclosures_of(connection: Connection, record_ids: Collection[bytes]) -> list[Disclosure]:
    """The values of private fields of these records that are held."""
    ids = sorted(record_ids)
    rows = [
        row for i in range(0, len(ids), _CHUNK) for row in connection.execute(_OF, {"ids": ids[i : i + _CHUNK]}).all()
    ]
    found = [(row.record_id, member_of(PrivateField, row.field), row.salt, json.loads(row.value)) for row in rows]
    return [Disclosure(of, field, salt, value) for of, field, salt, value in found if field is not None]


def add_disclosures(connection: Connection, disclosed: Sequence[Disclosure]) -> None:
    """Keep values of private fields that are not kept yet."""
    for d in disclosed:
        row = {"record_id": d.record_id, "field": code_of(d.field), "salt": d.salt, "value": json.dumps(d.value)}
        same = (
            (col(DisclosureRow.record_id) == d.record_id)
            & (col(DisclosureRow.field) == row["field"])
            & (col(DisclosureRow.salt) == d.salt)
        )
        if connection.execute(update(DisclosureRow).where(same).values(value=row["value"])).rowcount == 0:
            connection.execute(insert(DisclosureRow), [row])
