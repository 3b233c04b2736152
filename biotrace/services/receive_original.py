"""When the signed original comes after its QR code was transcribed: the transcription gives way to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from biotrace.model.certificate import Certificate
from biotrace.model.correction import Action
from biotrace.model.delivery import Delivery
from biotrace.model.text import Text
from biotrace.verify.case import Case

from .correct import Ask, Planned, log_correction, plan_correction
from .logged import Logged
from .times import day_of
from .workbook_ledger import Known
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Copy:
    """Our transcription of an original that is held now. ``deliveries``: what arrived under it.

    ``drawn``: something was made of it already, so it stays, and nothing is drawn on the original.
    """

    logged: Logged
    deliveries: Sequence[Delivery]
    drawn: bool

    @property
    def note(self) -> Text:
        """What becomes of it."""
        name = self.logged.record.subject
        if self.drawn:
            return Text(
                f"QRコードからの転記 {name} ですでに引き当てています。原本からは引き当てられません",
                f"its transcription {name} has been drawn on: nothing can be drawn on the original",
            )
        return Text(
            f"QRコードからの転記 {name} を取り消し、署名された原本に替えます",
            f"the transcription of its QR code, {name}, is cancelled for the signed original",
        )


def copy_that_stands(copy: Logged | None, known: Known, case: Case) -> Copy | None:
    """The transcription, unless it was cancelled or replaced already."""
    if copy is None or case.ended(copy.record.record_id.hex()):
        return None
    own = copy.record.record_id.hex()
    bodies = (entry.record.body for entry in known.by_record.values())
    drawn = any(draw.certificate == own for body in bodies if isinstance(body, Certificate) for draw in body.draws)
    return Copy(copy, known.deliveries.get(own, ()), drawn)


def give_way(workspace: Workspace, copy: Copy, original: bytes) -> int:
    """Cancel the transcription; the entry that says so. Raises as ``log_correction`` does."""
    reason = f"署名された原本 {original.hex()} を受け取ったため / its signed original is held"
    ask = Ask(Action.CANCEL, copy.logged.record.record_id.hex(), day_of(workspace.clock()), reason)
    planned = plan_correction(workspace, ask)
    assert isinstance(planned, Planned), "it stands"
    logged = log_correction(workspace, planned)
    assert isinstance(logged, Logged), "nobody else cancels what we copied"
    return logged.position
