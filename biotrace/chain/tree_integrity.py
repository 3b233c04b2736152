"""Whether a log's stored tree and checkpoints are those of its entries: rule S104.

The entries are hashed again into a tree of their own, with which every stored node and the root of every stored
checkpoint is compared. So it shows whether entries were cut off at the end, changed places, or got other log times,
which their signatures alone do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from biotrace.errors import IntegrityError
from biotrace.model.text import Text

from . import checkpoint
from .integrity import IntegrityFinding
from .leaf import Leaf
from .merkle import HASH_BYTES, Frontier, Node
from .note import VerifierKey

RULE, CODE = "S104", "log-tree"
_NAMED = 5
"""How many checkpoints are named of those that do not fit."""


@dataclass(frozen=True, slots=True)
class StoredStep:
    """What a database holds of a log's growth by one leaf.

    ``entry``: record id and log time of the entry at ``position``; None where none is stored. ``nodes``: level -> hash
    of each stored node that this leaf completes. ``note``: the stored checkpoint of size ``position`` + 1, if any.
    """

    position: int
    entry: tuple[bytes, int] | None
    nodes: Mapping[int, bytes]
    note: bytes | None


@dataclass(frozen=True, slots=True)
class StoredTree:
    """What a database holds of a log. ``steps``: one for each position below ``size``, in order.

    ``size``: the position after the last entry. ``first``: the checkpoint of the empty log, where one is stored.
    ``latest``: size and note of the checkpoint of the greatest size. ``surplus``: how many nodes are stored that a tree
    of that size does not have.
    """

    size: int
    first: bytes | None
    latest: tuple[int, bytes] | None
    surplus: int
    steps: Iterable[StoredStep]


def check_tree(stored: StoredTree, log: VerifierKey) -> Iterator[IntegrityFinding]:
    """Judge a log's stored tree and checkpoints by its entries. What belongs to no entry has an empty record id.

    Such findings stand at ``stored.size``, or where the first missing or unsigned entry does. Entries are taken by the
    ids that the database states: whether their bytes are of that id is for ``check_entries``. Not seen: a database that
    was put back to an earlier state as a whole, checkpoints included, which only who remembers a later checkpoint can
    tell (``biotrace.chain.watch``); and one rewritten by whoever has the log's key, or under another key, which shows
    to who knows the log's name.
    """
    check = _Check(log)
    if stored.first is not None:
        check.compare_root(0, stored.first)
    for step in stored.steps:
        if not check.can_take(step):
            break
        yield from check.take(step)
    yield from check.missing_entries()
    yield from check.nodes(stored)
    yield from check.checkpoints(stored)


def check_latest(stored: StoredTree, log: VerifierKey) -> list[IntegrityFinding]:
    """What is wrong with the latest checkpoint by itself: its signature, or that it is not of all entries."""
    check = _Check(log)
    if stored.latest is not None:
        size, note = stored.latest
        try:
            _verified(size, note, log)
        except IntegrityError as error:
            check.bad_notes[size] = error.message
    return list(check.checkpoints(stored))


def leaf_differs(position: int, record_id: bytes) -> IntegrityFinding:
    """That the entry is not the leaf that is stored in its place."""
    return _finding(
        position, Text("ログの木にある葉と違います", "it is not what the log's tree holds in its place"), record_id
    )


def not_proven(size: int, why: Text) -> IntegrityFinding:
    """That the stored nodes do not lead from the entries looked at to the root that the log signed."""
    return _finding(
        size,
        Text("ログの木が、見た記録から署名された根に至りません: ", "the log's tree leads to no signed root: ") + why,
    )


def leaf_hash(record_id: bytes, logged_at: int) -> bytes | None:
    """The hash of an entry's leaf; None for values that no leaf can hold."""
    try:
        return Leaf(record_id, logged_at).hash
    except IntegrityError:
        return None


@dataclass
class _Tally:
    """How many are wrong in the same way, and which was the first."""

    count: int = 0
    first: str = ""

    def add(self, what: str) -> None:
        self.first = self.first or what
        self.count += 1


@dataclass
class _Check:
    """``trees``: that of the entries and, once a leaf has differed, also that of the stored leaves' hashes.

    What fits either is not reported anew: the leaf that differs has been.
    """

    log: VerifierKey
    trees: list[Frontier] = field(default_factory=lambda: [Frontier()])
    wrong: _Tally = field(default_factory=_Tally)
    missing: _Tally = field(default_factory=_Tally)
    gaps: list[int] = field(default_factory=list)
    bad_notes: dict[int, Text] = field(default_factory=dict)

    def can_take(self, step: StoredStep) -> bool:
        """Whether entry or node tells the leaf; where both are missing nothing after it can be computed."""
        if step.entry is None:
            self.gaps.append(step.position)
        return step.entry is not None or _is_hash(step.nodes.get(0))

    def take(self, step: StoredStep) -> Iterator[IntegrityFinding]:
        stored = step.nodes.get(0)
        own = None if step.entry is None else leaf_hash(*step.entry)
        if step.entry is not None and stored is not None and stored != own:
            yield leaf_differs(step.position, step.entry[0])
            if len(self.trees) == 1:
                self.trees.append(Frontier(self.trees[0].size, [*self.trees[0].peaks]))
        leaf = own or (stored if _is_hash(stored) else None) or bytes(HASH_BYTES)
        kept = stored if stored is not None and _is_hash(stored) else leaf
        completed = [tree.append(hashed) for tree, hashed in zip(self.trees, (leaf, kept), strict=False)]
        for nodes in zip(*completed, strict=True):
            self._compare_node(step, nodes)
        if step.note is not None:
            self.compare_root(step.position + 1, step.note)

    def _compare_node(self, step: StoredStep, computed: tuple[Node, ...]) -> None:
        level, index = computed[0].level, computed[0].index
        held = step.nodes.get(level)
        if held is None:
            self.missing.add(f"{level}/{index}")
        elif level and held not in {node.hash for node in computed}:
            self.wrong.add(f"{level}/{index}")

    def compare_root(self, size: int, note: bytes) -> None:
        """Compare the checkpoint stored for ``size`` with the trees, which have that size now."""
        try:
            signed = _verified(size, note, self.log)
        except IntegrityError as error:
            self.bad_notes[size] = error.message
            return
        if signed.root not in {tree.root() for tree in self.trees}:
            self.bad_notes[size] = Text("根が記録の木と違います", "its root is not that of the entries' tree")

    def missing_entries(self) -> Iterator[IntegrityFinding]:
        if self.gaps:
            yield _finding(
                self.gaps[0],
                Text(
                    f"台帳の {self.gaps[0]} 番が木にありながらありません",
                    f"entry {self.gaps[0]}, which the log has, is missing",
                ),
            )

    def nodes(self, stored: StoredTree) -> Iterator[IntegrityFinding]:
        if self.wrong.count:
            yield _finding(
                stored.size,
                Text(
                    f"ログの木の節 {self.wrong.count} 個が記録と違います（最初は {self.wrong.first}）",
                    f"{self.wrong.count} nodes of the log's tree do not fit its entries (first {self.wrong.first})",
                ),
            )
        if self.missing.count:
            yield _finding(
                stored.size,
                Text(
                    f"ログの木の節 {self.missing.count} 個がありません（最初は {self.missing.first}）",
                    f"{self.missing.count} nodes of the log's tree are missing (first {self.missing.first})",
                ),
            )
        if stored.surplus:
            yield _finding(
                stored.size,
                Text(
                    f"ログの木に、記録にない節が {stored.surplus} 個あります",
                    f"the log's tree has {stored.surplus} nodes for which there are no entries",
                ),
            )

    def checkpoints(self, stored: StoredTree) -> Iterator[IntegrityFinding]:
        if stored.latest is None:
            none = Text("ログのチェックポイントがありません", "there is no checkpoint of the log")
            yield _finding(stored.size, none)
            return
        size, note = stored.latest
        if size > stored.size:
            yield self._cut(stored.size, size, note)
        elif size < stored.size:
            yield _finding(
                size,
                Text(
                    f"{size} 番からの記録にログの署名がありません",
                    f"entries from {size} on are covered by no checkpoint of the log",
                ),
            )
        if self.bad_notes:
            sizes = sorted(self.bad_notes, reverse=True)
            named = ", ".join(map(str, sizes[:_NAMED])) + (" …" if len(sizes) > _NAMED else "")
            yield _finding(
                stored.size,
                Text(
                    f"チェックポイント {len(sizes)} 件が記録に合いません（件数 {named}）: ",
                    f"{len(sizes)} checkpoints do not fit the entries (of sizes {named}): ",
                )
                + self.bad_notes[sizes[0]],
            )

    def _cut(self, held: int, size: int, note: bytes) -> IntegrityFinding:
        """A checkpoint that covers more entries than there are: signed, it proves that they were there."""
        try:
            _verified(size, note, self.log)
        except IntegrityError as error:
            what = Text(f"{size} 件のチェックポイントが誤っています: ", f"the checkpoint of {size} entries is bad: ")
            return _finding(held, what + error.message)
        return _finding(
            held,
            Text(
                f"ログが署名した {size} 件のうち、最後の {size - held} 件がありません",
                f"of the {size} entries that the log signed, the last {size - held} are missing",
            ),
        )


def _is_hash(value: bytes | None) -> bool:
    return value is not None and len(value) == HASH_BYTES


def _verified(size: int, note: bytes, log: VerifierKey) -> checkpoint.Checkpoint:
    signed = checkpoint.parse(note)
    checkpoint.verify_log(signed, log)
    if signed.size != size:
        raise IntegrityError(Text(f"{signed.size} 件のものです", f"it is of {signed.size} entries"))
    return signed


def _finding(position: int, message: Text, record_id: bytes = b"") -> IntegrityFinding:
    return IntegrityFinding(RULE, CODE, position, record_id, message)
