"""Which keys count, and until when: bound by roots and bodies, ended by index, and falling with who bound them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from biotrace.chain.admit import admit
from biotrace.chain.binding import BoundKey, End, counts_until
from biotrace.chain.kinds import KeyBinding, KeyEnd, KeyEndReason, RecordKind, TrustedBodies
from biotrace.chain.record import Record, Signer
from biotrace.chain.replay import Replay
from biotrace.model.accreditation import Grant
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Accreditation, Party, Role
from biotrace.model.stock import Site
from tests.builders import NOW, ROOT, ChainBuilder, device_key
from tests.refused import refused

SITE = Site("yard-1", "otsu", FuelClass.THINNED)
DAY = date(2014, 12, 1)
BODY = "nagano-body"


class Ledger:
    """A ledger of the story, with keys under names of their own: each record is admitted as it is signed."""

    def __init__(self) -> None:
        chain = ChainBuilder().story()
        self.view: Replay = chain.admitted()
        self.signers = dict(chain.signers)

    @property
    def next(self) -> int:
        """The index that the next record takes."""
        return self.view.size()

    def kid(self, name: str) -> bytes:
        return device_key(name).kid

    def try_sign(self, name: str, kind: RecordKind, body: object, **more: bool) -> Record:
        """What the key of that name would log next; the ledger does not see it."""
        return replace(self.signers[name]).sign(kind, f"by {name}", body, NOW, **more)  # type: ignore[arg-type]

    def log(self, name: str, kind: RecordKind, body: object, **more: bool) -> int:
        """Log it; gives its index."""
        record = self.try_sign(name, kind, body, **more)
        admit(record, self.view)
        self.view.take(record, self.next)
        self.signers[name].seq, self.signers[name].prev = record.seq + 1, record.record_id
        return self.next - 1

    def site(self, name: str) -> int:
        return self.log(name, RecordKind.SITE, SITE)

    def bind(self, by: str, name: str, party: str, root: bool = False) -> int:
        """A root key binds the key ``name``."""
        self.signers[name] = Signer(device_key(name), party)
        return self.log(by, RecordKind.KEY, KeyBinding(device_key(name).public.raw, party, party, root))

    def vouch(self, by: str, name: str, party: str, **more: bool) -> int:
        """A body binds a member's key ``name`` with its accreditation."""
        self.signers[name] = Signer(device_key(name), party)
        return self.log(by, RecordKind.ACCREDITATION, vouching(self.signers[by].issuer, name, party), **more)

    def end(self, by: str, name: str, first: int | None = None) -> int:
        return self.log(by, RecordKind.KEY_END, self.ending(name, first))

    def ending(self, name: str, first: int | None = None) -> KeyEnd:
        return KeyEnd(self.kid(name), self.next + 1 if first is None else first, KeyEndReason.LEAKED)

    def until(self, name: str) -> int | None:
        return counts_until(self.kid(name), self.view)


def vouching(body: str, name: str, party: str) -> Grant:
    return Grant(party, Accreditation(DAY, "34", body), member_key=device_key(name).public.raw)


@pytest.fixture
def ledger() -> Ledger:
    """With a body and its key, both by the root's word."""
    made = Ledger()
    made.log(ROOT, RecordKind.PARTY, Party(BODY, "協会", (Role.BODY,)))
    made.bind(ROOT, BODY, BODY)
    return made


class TestTheFirstRecord:
    def test_binds_the_root_key_that_signs_it(self) -> None:
        binding = KeyBinding(device_key(ROOT).public.raw, ROOT, "組合", root=True)
        record = Signer(device_key(ROOT), ROOT).sign(RecordKind.KEY, "key", binding, NOW)
        admit(record, Replay())

    def test_is_no_other_record(self) -> None:
        chain = ChainBuilder().story()
        for subject in ("doc-1", "key-otsu", "trusted", "otsu", "c-1"):
            refused(chain[subject], Replay(), "first-record")

    def test_binds_a_root(self) -> None:
        binding = KeyBinding(device_key(ROOT).public.raw, ROOT, "組合", root=False)
        refused(Signer(device_key(ROOT), ROOT).sign(RecordKind.KEY, "key", binding, NOW), Replay(), "first-record")

    def test_does_not_bind_a_key_that_its_signer_does_not_hold(self) -> None:
        stolen = KeyBinding(device_key(ROOT).public.raw, ROOT, "組合", root=True)
        refused(Signer(device_key("thief"), ROOT).sign(RecordKind.KEY, "key", stolen, NOW), Replay(), "first-record")

    def test_binds_it_to_the_party_that_signs(self) -> None:
        binding = KeyBinding(device_key(ROOT).public.raw, "kousei", "甲成", root=True)
        refused(Signer(device_key(ROOT), ROOT).sign(RecordKind.KEY, "key", binding, NOW), Replay(), "issuer")

    def test_does_not_accredit(self) -> None:
        """A body's word binds a member's key, but no ledger begins with it."""
        grant = vouching(ROOT, ROOT, ROOT)
        refused(
            Signer(device_key(ROOT), ROOT).sign(RecordKind.ACCREDITATION, "g", grant, NOW), Replay(), "first-record"
        )


class TestBinding:
    @pytest.mark.parametrize("name", ["otsu", BODY])
    def test_only_a_root_binds_keys_names_parties_and_trusted_bodies(self, ledger: Ledger, name: str) -> None:
        binding = KeyBinding(device_key("second pc").public.raw, name, "乙")
        refused(ledger.try_sign(name, RecordKind.KEY, binding), ledger.view, "root-only")
        refused(ledger.try_sign(name, RecordKind.KEY, replace(binding, root=True)), ledger.view, "root-only")
        refused(ledger.try_sign(name, RecordKind.KEY, binding, transcribed=True), ledger.view, "root-only")
        refused(ledger.try_sign(name, RecordKind.PARTY, Party(name, "別名", ())), ledger.view, "root-only")
        refused(ledger.try_sign(name, RecordKind.TRUSTED_BODIES, TrustedBodies((name,))), ledger.view, "root-only")

    @pytest.mark.parametrize("party", ["kousei", "otsu"])
    def test_a_key_is_bound_once(self, ledger: Ledger, party: str) -> None:
        again = KeyBinding(device_key("otsu").public.raw, party, "乙")
        refused(ledger.try_sign(ROOT, RecordKind.KEY, again), ledger.view, "key-bound")
        refused(
            ledger.try_sign(BODY, RecordKind.ACCREDITATION, vouching(BODY, "otsu", party)), ledger.view, "key-bound"
        )

    def test_also_a_key_that_has_ended_is_not_bound_anew(self, ledger: Ledger) -> None:
        ledger.end(ROOT, "otsu")
        again = KeyBinding(device_key("otsu").public.raw, "otsu", "乙")
        refused(ledger.try_sign(ROOT, RecordKind.KEY, again), ledger.view, "key-bound")

    def test_a_party_may_have_a_second_device(self, ledger: Ledger) -> None:
        ledger.bind(ROOT, "second pc", "otsu")
        ledger.site("second pc")
        ledger.site("otsu")

    def test_a_public_key_that_no_device_has_cannot_be_bound(self, ledger: Ledger) -> None:
        refused(ledger.try_sign(ROOT, RecordKind.KEY, KeyBinding(bytes(32), "otsu", "乙")), ledger.view, "key-invalid")
        grant = replace(vouching(BODY, "x", "mori"), member_key=bytes(32))
        refused(ledger.try_sign(BODY, RecordKind.ACCREDITATION, grant), ledger.view, "key-invalid")

    def test_a_second_root_does_what_the_first_does(self, ledger: Ledger) -> None:
        ledger.bind(ROOT, "root 2", ROOT, root=True)
        ledger.bind("root 2", "pc 3", "otsu")
        ledger.log("root 2", RecordKind.TRUSTED_BODIES, TrustedBodies((BODY,)))
        ledger.site("pc 3")

    def test_an_ordinary_key_of_the_operator_is_no_root(self, ledger: Ledger) -> None:
        ledger.bind(ROOT, "office pc", ROOT)
        binding = KeyBinding(device_key("pc 3").public.raw, "otsu", "乙")
        refused(ledger.try_sign("office pc", RecordKind.KEY, binding), ledger.view, "root-only")

    def test_a_body_binds_a_members_key_with_its_accreditation(self, ledger: Ledger) -> None:
        index = ledger.vouch(BODY, "mori's pc", "mori")
        bound = ledger.view.bound_key(ledger.kid("mori's pc"))
        assert bound is not None
        assert (bound.party, bound.root, bound.by, bound.position) == ("mori", False, ledger.kid(BODY), index)
        ledger.site("mori's pc")

    def test_a_copied_accreditation_binds_nothing(self, ledger: Ledger) -> None:
        """The root saw a paper; whose key it is, a paper does not prove."""
        ledger.signers["mori's pc"] = Signer(device_key("mori's pc"), "mori")
        grant = vouching(BODY, "mori's pc", "mori")
        ledger.log(ROOT, RecordKind.ACCREDITATION, grant, transcribed=True)
        refused(ledger.try_sign("mori's pc", RecordKind.SITE, SITE), ledger.view, "key-unknown")

    def test_a_member_is_no_body_and_binds_no_key_to_another_party(self, ledger: Ledger) -> None:
        """otsu, a chip mill, "accredits" kousei with a key of otsu's own making, and would then sign as kousei."""
        refused(
            ledger.try_sign("otsu", RecordKind.ACCREDITATION, vouching("otsu", "otsu's trick", "kousei")),
            ledger.view,
            "not-a-body",
        )

    def test_nobody_binds_another_key_to_itself_with_a_code_of_its_own(self, ledger: Ledger) -> None:
        """Else a thief with one key of a party had them all."""
        for held in (Accreditation(DAY, self_declared=True), Accreditation(DAY, "1", BODY)):
            grant = Grant(BODY, held, member_key=device_key("another").public.raw)
            refused(ledger.try_sign(BODY, RecordKind.ACCREDITATION, grant), ledger.view, "not-a-body")

    def test_a_body_binds_no_key_to_another_body(self, ledger: Ledger) -> None:
        """With it, it would accredit in the other's name, and end the keys of the other's members."""
        ledger.log(ROOT, RecordKind.PARTY, Party("body-2", "別の連合会", (Role.BODY,)))
        vouched = vouching(BODY, "a trick", "body-2")
        refused(ledger.try_sign(BODY, RecordKind.ACCREDITATION, vouched), ledger.view, "not-a-body")
        ledger.log(BODY, RecordKind.ACCREDITATION, replace(vouched, member_key=None))


class TestEnding:
    def test_a_root_ends_any_key_from_any_index_after_its_binding(self, ledger: Ledger) -> None:
        bound = ledger.view.bound_key(ledger.kid("otsu"))
        assert bound is not None
        ledger.end(ROOT, "otsu", bound.position + 1)
        assert ledger.until("otsu") == bound.position + 1
        error = refused(ledger.try_sign("otsu", RecordKind.SITE, SITE), ledger.view, "key-ended")
        assert f"from index {bound.position + 1} on" in error.message.en

    def test_what_was_logged_before_stays(self, ledger: Ledger) -> None:
        before = ledger.site("otsu")
        ledger.end(ROOT, "otsu", before + 1)
        assert ledger.until("otsu") == before + 1

    @pytest.mark.parametrize("away", [0, -1])
    def test_not_from_before_it_was_bound(self, ledger: Ledger, away: int) -> None:
        bound = ledger.view.bound_key(ledger.kid("otsu"))
        assert bound is not None
        ending = ledger.ending("otsu", bound.position + away)
        error = refused(ledger.try_sign(ROOT, RecordKind.KEY_END, ending), ledger.view, "key-end-index")
        assert f"from index {bound.position + 1} to {ledger.next + 1}" in error.message.en

    def test_not_from_an_index_yet_to_come(self, ledger: Ledger) -> None:
        ending = ledger.ending("otsu", ledger.next + 2)
        refused(ledger.try_sign(ROOT, RecordKind.KEY_END, ending), ledger.view, "key-end-index")

    def test_an_unknown_key_cannot_be_ended(self, ledger: Ledger) -> None:
        refused(ledger.try_sign(ROOT, RecordKind.KEY_END, ledger.ending("stranger")), ledger.view, "key-unknown")

    def test_a_key_ends_itself_from_now_on_only(self, ledger: Ledger) -> None:
        for first in (ledger.next, ledger.next - 1):
            ending = ledger.ending("otsu", first)
            refused(ledger.try_sign("otsu", RecordKind.KEY_END, ending), ledger.view, "key-end-index")
        index = ledger.end("otsu", "otsu")
        assert ledger.until("otsu") == index + 1
        refused(ledger.try_sign("otsu", RecordKind.KEY_END, ledger.ending("otsu")), ledger.view, "key-ended")

    @pytest.mark.parametrize("by", ["kousei", BODY, "second pc"])
    def test_nobody_ends_a_key_that_is_not_theirs(self, ledger: Ledger, by: str) -> None:
        """Nor does another device of the same party: who stole one key must not silence the other."""
        ledger.bind(ROOT, "second pc", "otsu")
        refused(ledger.try_sign(by, RecordKind.KEY_END, ledger.ending("otsu")), ledger.view, "key-not-yours")

    def test_a_body_ends_the_keys_that_it_bound(self, ledger: Ledger) -> None:
        index = ledger.vouch(BODY, "mori's pc", "mori")
        ledger.end(BODY, "mori's pc", index + 1)
        refused(ledger.try_sign("mori's pc", RecordKind.SITE, SITE), ledger.view, "key-ended")

    def test_with_any_key_of_the_body_and_no_other_body(self, ledger: Ledger) -> None:
        ledger.vouch(BODY, "mori's pc", "mori")
        ledger.bind(ROOT, "body pc 2", BODY)
        ledger.bind(ROOT, "other body", "iida-body")
        ending = ledger.ending("mori's pc")
        refused(ledger.try_sign("other body", RecordKind.KEY_END, ending), ledger.view, "key-not-yours")
        ledger.end("body pc 2", "mori's pc")

    def test_an_ordinary_key_of_the_operator_does_not_end_what_its_root_bound(self, ledger: Ledger) -> None:
        ledger.bind(ROOT, "office pc", ROOT)
        for name in ("otsu", BODY, ROOT):
            ending = ledger.ending(name)
            refused(ledger.try_sign("office pc", RecordKind.KEY_END, ending), ledger.view, "key-not-yours")

    def test_a_root_is_ended_by_another_root_and_not_by_itself(self, ledger: Ledger) -> None:
        refused(ledger.try_sign(ROOT, RecordKind.KEY_END, ledger.ending(ROOT)), ledger.view, "key-not-yours")
        ledger.bind(ROOT, "root 2", ROOT, root=True)
        ledger.end("root 2", ROOT)
        refused(ledger.try_sign(ROOT, RecordKind.SITE, SITE), ledger.view, "key-ended")
        ledger.site("root 2")

    def test_an_end_may_move_back_and_never_forth(self, ledger: Ledger) -> None:
        first, second = ledger.site("otsu"), ledger.site("otsu")
        ledger.end(ROOT, "otsu", second)
        for later in (second, second + 1):
            ending = ledger.ending("otsu", later)
            refused(ledger.try_sign(ROOT, RecordKind.KEY_END, ending), ledger.view, "key-ended")
        ledger.end(ROOT, "otsu", first)
        assert ledger.until("otsu") == first


class TestFallingWithTheBinder:
    def test_keys_bound_by_a_stolen_key_after_its_end_fall_and_those_before_stay(self, ledger: Ledger) -> None:
        ledger.vouch(BODY, "early", "mori")
        theft = ledger.next
        ledger.vouch(BODY, "late", "hayashi")
        ledger.site("late")
        ledger.site("early")
        ledger.end(ROOT, BODY, theft)
        assert ledger.until("early") is None
        assert ledger.until("late") == theft
        ledger.site("early")
        refused(ledger.try_sign("late", RecordKind.SITE, SITE), ledger.view, "key-ended")

    def test_a_key_bound_at_the_very_index_falls_too(self, ledger: Ledger) -> None:
        bound = ledger.vouch(BODY, "mori's pc", "mori")
        ledger.end(ROOT, BODY, bound)
        assert ledger.until("mori's pc") == bound

    def test_all_down_the_line(self, ledger: Ledger) -> None:
        """A stolen root binds a root, which binds a body, which binds a member."""
        ledger.log(ROOT, RecordKind.PARTY, Party("iida-body", "飯田の団体", (Role.BODY,)))
        ledger.bind(ROOT, "root 2", ROOT, root=True)
        theft = ledger.bind(ROOT, "false root", ROOT, root=True)
        ledger.bind("false root", "false body", "iida-body")
        ledger.vouch("false body", "false member", "mori")
        ledger.site("false member")
        ledger.end("root 2", ROOT, theft)
        for name in ("false root", "false body", "false member"):
            until = ledger.until(name)
            assert until is not None
            assert until <= ledger.next
            refused(ledger.try_sign(name, RecordKind.SITE, SITE), ledger.view, "key-ended")
        for name in ("root 2", "otsu", BODY):
            assert ledger.until(name) is None

    def test_its_own_end_counts_where_it_is_the_earlier(self, ledger: Ledger) -> None:
        bound = ledger.vouch(BODY, "mori's pc", "mori")
        ledger.end("mori's pc", "mori's pc")
        own = ledger.until("mori's pc")
        assert own == bound + 2
        ledger.end(ROOT, BODY)
        assert ledger.until("mori's pc") == own

    def test_an_end_that_leaves_the_binding_does_not_touch_the_bound(self, ledger: Ledger) -> None:
        bound = ledger.vouch(BODY, "mori's pc", "mori")
        ledger.end(ROOT, BODY, bound + 1)
        assert ledger.until("mori's pc") is None
        ledger.site("mori's pc")

    def test_a_key_that_was_never_bound_counts_for_nothing(self, ledger: Ledger) -> None:
        assert ledger.until("stranger") == 0

    def test_what_a_thief_ended_is_not_ended(self, ledger: Ledger) -> None:
        """A stolen body's key ends a member's; the root then cuts the body's key off from before that."""
        ledger.vouch(BODY, "mori's pc", "mori")
        ledger.site("mori's pc")
        theft = ledger.end(BODY, "mori's pc")
        ledger.end(ROOT, BODY, theft)
        assert ledger.until("mori's pc") is None


def test_keys_that_a_tampered_database_says_bound_each_other_count_for_nothing() -> None:
    """No record does that; the search has to end all the same, so that the damage can be told."""
    replay, kids = Replay(), (b"a" * 16, b"b" * 16)
    for kid, by, position in ((*kids, 3), (*kids[::-1], 4)):
        replay.bind(kid, BoundKey(bytes(32), "otsu", False, by, position))
    assert [counts_until(kid, replay) for kid in kids] == [3, 4]


def test_thousands_of_keys_each_bound_by_the_one_before() -> None:
    """Deeper than Python recurses."""
    replay, kids = Replay(), [index.to_bytes(16, "big") for index in range(5_000)]
    for position, kid in enumerate(kids):
        replay.bind(kid, BoundKey(bytes(32), ROOT, True, kids[max(0, position - 1)], position))
    assert counts_until(kids[-1], replay) is None
    replay.end(kids[0], End(1, kids[1], len(kids)))
    assert counts_until(kids[-1], replay) == 1 + len(kids) - 2
