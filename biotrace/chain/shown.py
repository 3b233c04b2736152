"""Whether a record that is shown with only a part of its log may be what it says: the decision of ``admit``, without
what only the whole log can tell.

Judged as when appending: the signature, whose key it is and whether it still counted, what only root keys and whose
own records say, and what keys are bound and ended. Judged as far as shown: the place in the key's chain (places that
lie between are taken for granted), and the kind of what is cited. What a receiver is not shown, an end of a key above
all, it cannot judge: see ``biotrace.chain.completeness``.
"""

from __future__ import annotations

from collections.abc import Mapping

from biotrace.errors import IntegrityError
from biotrace.model.accreditation import Inspection, RenewalRequest, Revocation
from biotrace.model.correction import Correction
from biotrace.model.text import Text

from .admit import Held, View, check_authority, check_chain, check_citation, verified_key
from .binding import BoundKey, End, counts_until
from .record import Head, Record, citations
from .refusals import refusal
from .replay import Replay

_GROUNDED = (Correction, RenewalRequest, Revocation, Inspection)
"""What only certain parties may say; which ones, the records that it cites tell."""
_RULE = {"signature": "S101", "cites-kind": "S106", "key-invalid": "S106"}


def admit_shown(record: Record, index: int, view: View) -> None:
    """Return if the log might take ``record`` at ``index``; raise IntegrityError with a code of ``admit`` otherwise.

    ``view``: what the shown records before it established. One more code, ``not-shown``: who may sign it cannot be
    told without a record that is not in ``view``.
    """
    placed = _Placed(view, index)
    key = verified_key(record, placed)
    _check_grounds(record, view)
    check_authority(record, key, placed)
    head = view.head(record.kid)
    if head is not None and record.seq <= head.seq + 1:
        check_chain(record, head)
    for kind, record_id in citations(record):
        if (held := view.held(record_id)) is not None:
            check_citation(record, kind, record_id, held)


def rule_of(refused: IntegrityError) -> str:
    """The rule of the catalogue for which a refusal by ``admit_shown`` stands, S101 to S103 or S106."""
    return _RULE.get(refused.code, "S103" if refused.code.startswith("chain-") else "S102")


class ShownLog:
    """What the shown records of one log establish, taken by index: the ``admit.View`` for the next one.

    ``elsewhere``: by id, the records of other logs that are shown too. What they say can be cited; it binds no keys.
    ``doubled``: ids of records for whose place in its chain their key signed another one, which was logged later.
    """

    def __init__(self, elsewhere: Mapping[bytes, Held]) -> None:
        self._counted = Replay()
        self._held = dict(elsewhere)
        self._places: dict[tuple[bytes, int], bytes] = {}
        self.doubled: set[bytes] = set()

    def take(self, record: Record, index: int, proven: bool) -> IntegrityError | None:
        """Judge a record and remember it; gives what is wrong with it. ``proven``: that the log holds it there.

        One that is refused, or not proven, is remembered as shown, but changes neither keys nor chains.
        """
        try:
            admit_shown(record, index, self)
        except IntegrityError as refused:
            first = self._places.get((record.kid, record.seq))
            if proven and refused.code == "chain-taken" and first is not None:
                self.doubled.add(first)
            return refused
        else:
            if proven:
                self._counted.take(record, index)
                self._places[record.kid, record.seq] = record.record_id
        finally:
            self._held[record.record_id] = Held.of(record)
        return None

    def cut_off(self, record: Record, index: int) -> IntegrityError | None:
        """What is wrong with a record that was admitted if its key was later ended from before ``index`` on."""
        until = counts_until(record.kid, self._counted)
        if until is None or index < until or self.bound_key(record.kid) is None:
            return None
        return refusal(record, "key-ended", kid=record.kid.hex(), index=until)

    def size(self) -> int:
        """See ``admit.View``."""
        return self._counted.size()

    def bound_key(self, kid: bytes) -> BoundKey | None:
        """See ``binding.Keys``."""
        return self._counted.bound_key(kid)

    def ends(self, kid: bytes) -> tuple[End, ...]:
        """See ``binding.Keys``."""
        return self._counted.ends(kid)

    def head(self, kid: bytes) -> Head | None:
        """See ``admit.View``."""
        return self._counted.head(kid)

    def held(self, record_id: bytes) -> Held | None:
        """See ``admit.View``."""
        return self._held.get(record_id)

    def is_body(self, party: str) -> bool:
        """See ``admit.View``."""
        return self._counted.is_body(party)


class _Placed:
    """The same view, for the record that the log took at ``index``, whatever was shown before."""

    def __init__(self, view: View, index: int) -> None:
        self._index = index
        self.bound_key = view.bound_key
        self.ends = view.ends
        self.head = view.head
        self.held = view.held
        self.is_body = view.is_body

    def size(self) -> int:
        """See ``admit.View``."""
        return self._index


def _check_grounds(record: Record, view: View) -> None:
    """Refuse to guess: without the certificate that it corrects, anybody's correction would do."""
    if not isinstance(record.body, _GROUNDED):
        return
    for _, record_id in citations(record):
        if view.held(record_id) is None:
            cited = record_id.hex()[:12]
            raise IntegrityError(
                Text(
                    f"{record.kind.label.ja}「{record.subject}」: 引用先 {cited}… がなく、署名できる人か分かりません",
                    f"{record.kind.label.en} {record.subject}: without {cited}…, which it cites, nobody can tell"
                    " whether its signer may say this",
                ),
                Text("引用先も含めて送ってもらってください", "ask the sender to include what it cites"),
                code="not-shown",
            )
