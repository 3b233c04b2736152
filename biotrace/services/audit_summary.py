"""The signed summary of an audit: a signed note that people can read, over one state of one log.

    biotrace-audit/1
    log <origin> <size> <base64 of the root over these entries>
    as-of <day> profile <name>
    read-from <the first entry that was read>
    after <SHA-256 of the summary for the entries before it> <clean|flawed>
    reaching-back <how many of the entries read may bear on those before, which were not judged anew>
    finding|notice|unchecked <code> <how many>
    lot <declared> <confirmed> <status> <clean|flawed> <how many>
    bone-dry-kg <declared> <confirmed> <kilograms>
    judged|damage|breach|without-weight <how many>
    not-run <code> …
    state <SHA-256 of the state that a later audit goes on from>

Whoever holds the party's public key can verify it; what it says is what that party saw.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from biotrace import __version__
from biotrace.chain import checkpoint, merkle, note
from biotrace.chain.binding import BoundKey, binding_of
from biotrace.chain.keys import DeviceKey, PublicKey
from biotrace.chain.note import ED25519, Note, VerifierKey
from biotrace.chain.record import parse_record
from biotrace.errors import IntegrityError, UnreadableError, UsageError
from biotrace.model.text import Text, same
from biotrace.store.ledger import Ledger

from .audit import Audited
from .audit_tally import Tally
from .files import read_file

HEAD = "biotrace-audit/1"
FOLDER = "audits"


@dataclass(frozen=True, slots=True)
class Summary:
    """A summary as parsed. ``lines``: what it counts. ``state``: SHA-256 of the state kept; None: none was.

    ``read_from``: the first entry that was read again.
    """

    origin: str
    size: int
    root: bytes
    as_of: date
    profile: str
    read_from: int
    lines: tuple[str, ...]
    state: bytes | None
    note: Note

    @property
    def clean(self) -> bool:
        """Whether nothing worse than a notice was found and no proof rule left open, in those gone on from either."""
        bad = any(line.startswith(("finding ", "unchecked ")) or _is_after_flawed(line) for line in self.lines)
        return not bad and {"damage 0", "breach 0"} <= {*self.lines}


def summary_text(origin: str, found: Audited, profile: str, state: bytes | None, before: Summary | None) -> str:
    """The text to be signed, of the log ``origin``.

    ``state``: SHA-256 of what was kept to go on from. ``before``: the summary that this audit went on from.
    """
    lines = [
        HEAD,
        f"log {origin} {found.size} {base64.b64encode(found.root).decode()}",
        f"as-of {found.as_of} profile {profile} by biotrace {__version__}",
        f"read-from {found.read_from}",
        *([] if before is None else [_after(before), f"reaching-back {found.reaching_back}"]),
        *counted(found.tally, len(found.broken), len(found.breaches)),
        " ".join(("not-run", *found.not_run)),
    ]
    lines += [] if state is None else [f"state {state.hex()}"]
    return "".join(f"{line}\n" for line in lines)


def _after(before: Summary) -> str:
    return f"after {hashlib.sha256(before.note.to_bytes()).hexdigest()} {'clean' if before.clean else 'flawed'}"


def _is_after_flawed(line: str) -> bool:
    return line.startswith("after ") and not line.endswith(" clean")


def counted(tally: Tally, damage: int, breaches: int) -> list[str]:
    """What was counted, a line each, in a fixed order."""
    lines = [f"judged {tally.judged}", f"damage {damage}", f"breach {breaches}"]
    for word, counter in (("finding", tally.findings), ("notice", tally.notices), ("unchecked", tally.unchecked)):
        lines += [f"{word} {code} {count}" for code, count in sorted(counter.items())]
    for (declared, confirmed, status, clean), count in sorted(tally.lots.items()):
        lines.append(f"lot {declared} {confirmed} {status} {'clean' if clean else 'flawed'} {count}")
    for (declared, confirmed), grams in sorted(tally.grams.items()):
        lines.append(f"bone-dry-kg {declared} {confirmed} {grams // 1000}")
    return [*lines, f"without-weight {tally.unweighed}"]


def sign_summary(text: str, key: DeviceKey) -> Note:
    """The text signed by a device key, under its kid."""
    return note.sign(text, key_name(key.public), key)


def key_name(key: PublicKey) -> str:
    """How a device key is called among signatures."""
    return f"biotrace-device:{key.kid.hex()}"


def read_summary(path: Path) -> Summary:
    """The summary in a file, signature not verified. Raises UnreadableError."""
    try:
        parsed = note.parse(read_file(path))
        return _parse(parsed)
    except (IntegrityError, ValueError) as error:
        why = error.message if isinstance(error, IntegrityError) else same(str(error))
        raise UnreadableError(
            same(f"{path}: ") + Text("監査の要約として読めません（", "is no audit summary (") + why + Text("）", ")"),
            Text(
                "biotrace audit が作った .note ファイルを指定してください", "name a .note file made by biotrace audit"
            ),
            code="no-summary",
        ) from None


def _parse(parsed: Note) -> Summary:
    head, log, day, read_from, *rest = parsed.text.splitlines()
    word, origin, size, root = log.split(" ")
    as_of, profile = day.split(" ")[1:4:2]
    if (head, word) != (HEAD, "log") or not read_from.startswith("read-from "):
        raise ValueError(head)
    last = rest[-1].removeprefix("state ") if rest and rest[-1].startswith("state ") else None
    return Summary(
        origin=origin,
        size=int(size),
        root=base64.b64decode(root, validate=True),
        as_of=date.fromisoformat(as_of),
        profile=profile,
        read_from=int(read_from.split(" ")[1]),
        lines=tuple(rest if last is None else rest[:-1]),
        state=None if last is None else bytes.fromhex(last),
        note=parsed,
    )


def verify_summary(summary: Summary, ledger: Ledger, party: str) -> None:
    """Raise IntegrityError unless a key that signs for ``party`` in the ledger, and is good, signed the summary.

    ``summary-signer`` where none did, ``summary-log`` where it is about another log, ``ledger-damaged`` where the log's
    tree does not bear out the key.
    """
    keys = [_key_of(s.name, ledger, party) for s in summary.note.signatures]
    known = [key for key in keys if key is not None]
    if not known:
        raise IntegrityError(
            Text(
                f"監査の要約に {party} の有効な鍵の署名がありません",
                f"the audit summary bears no signature by a good key of {party}",
            ),
            Text("--since なしで監査してください", "audit without --since"),
            code="summary-signer",
        )
    note.verify(summary.note, known)
    if summary.origin != ledger.log_name.name:
        raise IntegrityError(
            Text(f"別のログ {summary.origin} の要約です", f"the audit summary is of another log, {summary.origin}"),
            code="summary-log",
        )


def _key_of(name: str, ledger: Ledger, party: str) -> VerifierKey | None:
    try:
        kid = bytes.fromhex(name.removeprefix("biotrace-device:"))
    except ValueError:
        return None
    bound = ledger.bound_key(kid)
    if bound is None or bound.party != party or ledger.counts_until(kid) is not None:
        return None
    _require_logged(ledger, kid, bound)
    return VerifierKey(name, ED25519, PublicKey(bound.public))


def _require_logged(ledger: Ledger, kid: bytes, bound: BoundKey) -> None:
    """Raise IntegrityError unless a record that the log signed binds the key so: a row of a table says nothing."""
    try:
        leaf, latest = ledger.leaf(bound.position), ledger.checkpoint()
        checkpoint.verify_log(latest, ledger.log_name)
        path = ledger.inclusion_proof(bound.position, latest.size)
        merkle.verify_inclusion(leaf.hash, bound.position, latest.size, path, latest.root)
        record = parse_record(ledger.envelope(leaf.record_id) or b"")
        if record.record_id == leaf.record_id and binding_of(record, bound.position) == (kid, bound):
            return
        why = Text("別の記録です", "that is another record")
    except (IntegrityError, UsageError) as error:
        why = error.message
    raise IntegrityError(
        Text(
            f"鍵 {kid.hex()} の登録がログの木で確かめられません: ",
            f"the log's tree does not bear out key {kid.hex()}: ",
        )
        + why,
        Text("biotrace verify で台帳を確かめてください", "look at the ledger with biotrace verify"),
        code="ledger-damaged",
    )
