"""Write the golden files of a release, once: what it wrote, every later release must open.

python -m tests.golden.make_release

The folder is named after the record version. Nothing is ever overwritten: what is there stays as it is, and where all
is there, this refuses.
"""

from __future__ import annotations

import hashlib
import json
import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from biotrace.chain import checkpoint, keyfile, merkle, qrtext, receipt
from biotrace.chain.codes import CODES, code_of
from biotrace.chain.fields import FIELDS
from biotrace.chain.kinds import RecordKind
from biotrace.chain.leaf import Leaf
from biotrace.chain.record import VERSION
from biotrace.store.ledger import Ledger
from biotrace.store.tables import SCHEMA_VERSION
from tests.golden.release_records import OTSU, PLANT, START, GoldenLedger, golden_key
from tests.golden.release_store import LOT, MADE, ORIGIN, SCANNED, SEEN, WITNESS, Store, verdict_on
from tests.golden.said import plain, said
from tests.trees import tree_of

RELEASES = Path(__file__).parent / "releases"
DAY = date(2025, 12, 5)
"""Of the verdict."""
PASSWORD = "杉と檜 2025"
PROVEN = "c-2"
"""Subject of the record that the leaf, the receipt and the QR text are of."""


def main() -> int:
    """Write all files; the exit code."""
    folder = RELEASES / str(VERSION)
    steps = {"records": write, "ledger.sqlite": write_store}
    missing = [step for name, step in steps.items() if not (folder / name).exists()]
    for step in missing:
        step(folder)
    if not missing:
        print(f"{folder} exists: what a release wrote is never written again", file=sys.stderr)
    return 0 if missing else 1


def write(folder: Path) -> None:
    """The single files of a release. Raises FileExistsError where one is there."""
    records = GoldenLedger().records
    for index, record in enumerate(records):
        name = f"{index:02}-{record.kind.name.lower()}-{record.subject}"
        _write(folder / "records" / f"{name}.cbor", record.envelope)
        _write_json(folder / "records" / f"{name}.json", said(record))
    leaves = [Leaf(record.record_id, START + 86_400 + index) for index, record in enumerate(records)]
    index = next(i for i, record in enumerate(records) if record.subject == PROVEN)
    tree = tree_of(leaf.to_bytes() for leaf in leaves)
    size, root = len(leaves), tree.root(len(leaves))
    log, witness = golden_key("log"), golden_key("witness")
    signed = checkpoint.cosign(checkpoint.make(ORIGIN, size, root, log), WITNESS, witness, START + 90_000)
    path = merkle.inclusion_proof(index, size, tree.node)
    _write(folder / "leaf.cbor", leaves[index].to_bytes())
    _write(folder / "checkpoint.txt", signed.to_bytes())
    _write(folder / "receipt.cbor", receipt.make(log, ORIGIN, leaves[index], index, size, path, root).to_bytes())
    _write(folder / "qr.txt", qrtext.to_text(records[index].envelope).encode())
    key = golden_key(OTSU)
    _write(folder / "device.key", keyfile.seal(key, PASSWORD, salt=bytes(range(16)), nonce=bytes(range(12))))
    about = {
        "leaf": {"record_id": leaves[index].record_id.hex(), "logged_at": leaves[index].logged_at},
        "log": {"origin": ORIGIN, "public_key": log.public.raw.hex(), "index": index, "size": size, "root": root.hex()},
        "witness": {"name": WITNESS, "public_key": witness.public.raw.hex(), "time": START + 90_000},
        "key_file": {"password": PASSWORD, "public_key": key.public.raw.hex(), "kid": key.kid.hex()},
    }
    _write_json(folder / "about.json", about)
    _write_json(folder / "numbers.json", numbers())


def write_store(folder: Path) -> None:
    """The records as a ledger, a bundle about a lot of it, and a trust list. Raises FileExistsError likewise."""
    store = Store(tuple(GoldenLedger().records))
    trusted, log, lot = store.trust_list(), store.log, store.log.record_id(LOT).hex()
    _write(folder / "ledger.sqlite", store.ledger())
    _write(folder / "lot.bundle", store.bundle())
    _write(folder / "trust.list", trusted.data)
    with Ledger.open(folder / "ledger.sqlite") as ledger:
        verdict = verdict_on(ledger, trusted, lot, DAY)
    about = {
        "ledger": {"id": "golden", "schema": SCHEMA_VERSION, "log": str(log.vkey), "witness": str(store.witness)},
        "lot": {"subject": LOT, "record_id": lot, "day": DAY.isoformat(), "verdict": verdict},
        "bundle": {"made_at": MADE, "to": PLANT, "files": [hashlib.sha256(SCANNED).hexdigest()], "seen": SEEN},
        "trust_list": {
            "public_key": golden_key("authority").public.raw.hex(),
            "issuer": trusted.issuer,
            "issued_at": trusted.issued_at,
            "contents": plain(trusted.contents),
        },
    }
    _write_json(folder / "store.json", about)


def numbers() -> dict[str, Any]:
    """Every number of the format and what it stands for."""
    return {
        "kinds": {kind.name.lower(): int(kind) for kind in RecordKind},
        "fields": {cls.__name__: dict(keys) for cls, keys in FIELDS.items()},
        "codes": {words.__name__: _codes(words) for words in CODES},
    }


def _codes(words: type[StrEnum]) -> dict[str, int]:
    return {member.value: code_of(member) for member in words}


def _write_json(path: Path, data: Any) -> None:
    _write(path, (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode())


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(data)


if __name__ == "__main__":
    sys.exit(main())
