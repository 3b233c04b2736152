"""Checkpoints and cosignatures: others' examples, one form, the right log, enough witnesses."""

from __future__ import annotations

import pytest

from biotrace.chain import checkpoint, note
from biotrace.chain.checkpoint import Checkpoint, CheckpointError, Cosignature
from biotrace.chain.ed25519 import SignatureError
from biotrace.chain.merkle import EMPTY_ROOT
from biotrace.chain.note import COSIGNATURE, ED25519, NoteError, VerifierKey
from tests.builders import NOW, device_key

# The example of C2SP tlog-checkpoint and tlog-cosignature. Its keys are not given.
SPEC = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0"
    "xUe+mbIUBkBIfZ+qnA==\n"
).encode()

# A checkpoint that a public log published in May 2026, with two of its own signatures (one of a kind that we do not
# know) and those of four public witnesses, of which one's key is here.
PUBLIC = """\
arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIp\
wtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA\
23oHP7Ry1k3ZFWwQ=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v\
7sEodkRAErumC2q44vdgJY096st5BQ==
— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE\
0tgh0XwzdZsDsUAQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAW\
fBw==
— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFY\
e/TmN9DAg==
""".encode()
PUBLIC_LOG = "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
PUBLIC_WITNESS = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"

ORIGIN = "log.example/bio"
LOG = device_key("log")
KEY = VerifierKey(ORIGIN, ED25519, LOG.public)
ROOT = bytes(range(32))
MADE = checkpoint.make(ORIGIN, 7, ROOT, LOG)


def witness(name: str) -> VerifierKey:
    return VerifierKey(f"{name}.example", COSIGNATURE, device_key(name).public)


def cosigned(by: dict[str, int], signed: Checkpoint = MADE) -> Checkpoint:
    for name, at in by.items():
        signed = checkpoint.cosign(signed, f"{name}.example", device_key(name), at)
    return signed


W1, W2, W3 = (witness(name) for name in ("w1", "w2", "w3"))


def test_the_example_of_the_specification_is_read() -> None:
    parsed = checkpoint.parse(SPEC)
    assert (parsed.origin, parsed.size) == ("example.com/behind-the-sofa", 20852163)
    assert parsed.root.hex() == "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62"
    assert parsed.to_bytes() == SPEC
    assert int.from_bytes(parsed.note.signatures[1].blob[:8], "big") == 1679315147


def test_a_public_logs_checkpoint_and_a_public_witnesss_cosignature_verify() -> None:
    parsed = checkpoint.parse(PUBLIC)
    log, remora = VerifierKey.parse(PUBLIC_LOG), VerifierKey.parse(PUBLIC_WITNESS)
    checkpoint.verify_log(parsed, log)
    assert checkpoint.verify_cosignatures(parsed, [remora], 1) == (Cosignature(remora, 0x6A122120),)
    assert parsed.to_bytes() == PUBLIC
    changed = checkpoint.parse(PUBLIC.replace(b"1432088532", b"1432088533"))
    with pytest.raises(SignatureError):
        checkpoint.verify_log(changed, log)
    with pytest.raises(SignatureError):
        checkpoint.verify_cosignatures(changed, [remora], 1)


def test_what_is_made_says_what_it_should_and_verifies() -> None:
    assert (
        MADE.to_bytes().decode().startswith(f"{ORIGIN}\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n— {ORIGIN} ")
    )
    parsed = checkpoint.parse(MADE.to_bytes())
    assert parsed == MADE
    assert (parsed.origin, parsed.size, parsed.root, parsed.extensions) == (ORIGIN, 7, ROOT, ())
    checkpoint.verify_log(parsed, KEY)


def signed_text(text: str) -> bytes:
    return note.sign(text, ORIGIN, LOG).to_bytes()


B64 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


def test_extension_lines_are_kept_and_signed() -> None:
    parsed = checkpoint.parse(signed_text(f"{ORIGIN}\n7\n{B64}\nmore\n— even more\n"))
    assert parsed.extensions == ("more", "— even more")
    checkpoint.verify_log(cosigned({"w1": NOW}, parsed), KEY)
    checkpoint.verify_cosignatures(cosigned({"w1": NOW}, parsed), [W1], 1)


@pytest.mark.parametrize(
    "text",
    [
        "\n",
        f"{ORIGIN}\n",
        f"{ORIGIN}\n7\n",
        f"\n{ORIGIN}\n7\n{B64}\n",
        f"{ORIGIN}\n7\n{B64}\n\n",
        f"{ORIGIN}\n7\n\n{B64}\n",
        f"{ORIGIN}\n7\n{B64}\nmore\n\nmore\n",
        f"{ORIGIN}\n07\n{B64}\n",
        f"{ORIGIN}\n+7\n{B64}\n",
        f"{ORIGIN}\n-7\n{B64}\n",
        f"{ORIGIN}\n 7\n{B64}\n",
        f"{ORIGIN}\n7 \n{B64}\n",
        f"{ORIGIN}\n7_0\n{B64}\n",
        f"{ORIGIN}\n７\n{B64}\n",
        f"{ORIGIN}\n٧\n{B64}\n",
        f"{ORIGIN}\n0x7\n{B64}\n",
        f"{ORIGIN}\n7.0\n{B64}\n",
        f"{ORIGIN}\n{2**63}\n{B64}\n",
        f"{ORIGIN}\n{'9' * 5000}\n{B64}\n",
        f"{ORIGIN}\n0\n{B64}\n",
        f"{ORIGIN}\n00\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        f"{ORIGIN}\n7\n{B64[:-1]}\n",
        f"{ORIGIN}\n7\n{B64} \n",
        f"{ORIGIN}\n7\n{B64[:-2]}9=\n",
        f"{ORIGIN}\n7\nAAAA{B64}\n",
        f"{ORIGIN}\n7\n{ROOT.hex()}\n",
    ],
)
def test_other_texts_are_no_checkpoints_however_well_signed(text: str) -> None:
    with pytest.raises((CheckpointError, NoteError)):
        checkpoint.parse(signed_text(text))


def test_the_empty_tree_has_its_own_root() -> None:
    assert checkpoint.make(ORIGIN, 0, EMPTY_ROOT, LOG).size == 0
    with pytest.raises(CheckpointError):
        checkpoint.make(ORIGIN, 0, ROOT, LOG)


def test_the_largest_size() -> None:
    assert checkpoint.make(ORIGIN, 2**63 - 1, ROOT, LOG).size == 2**63 - 1


def test_what_could_not_be_parsed_is_not_made() -> None:
    for origin, size, root in [("a b", 7, ROOT), ("a\n8", 7, ROOT), ("a", -1, ROOT), ("a", 2**63, ROOT), ("a", 7, b"")]:
        with pytest.raises((CheckpointError, NoteError)):
            checkpoint.make(origin, size, root, LOG)


def test_another_logs_checkpoint_is_refused_even_by_the_same_key() -> None:
    with pytest.raises(CheckpointError) as refused:
        checkpoint.verify_log(MADE, VerifierKey("log.example/other", ED25519, LOG.public))
    assert refused.value.code == "checkpoint-origin"


def test_a_witness_alone_does_not_make_a_checkpoint() -> None:
    only_witness = Checkpoint(ORIGIN, 7, ROOT, (), note.Note(MADE.note.text, cosigned({"w1": NOW}).note.signatures[1:]))
    checkpoint.verify_cosignatures(only_witness, [W1], 1)
    with pytest.raises(NoteError) as refused:
        checkpoint.verify_log(only_witness, KEY)
    assert refused.value.code == "note-unsigned"


def test_cosignatures_are_counted_and_dated() -> None:
    signed = checkpoint.parse(cosigned({"w2": NOW + 9, "w1": NOW}).to_bytes())
    checkpoint.verify_log(signed, KEY)
    assert checkpoint.verify_cosignatures(signed, [W1, W2, W3], 2) == (Cosignature(W1, NOW), Cosignature(W2, NOW + 9))
    with pytest.raises(CheckpointError, match="3 of 3 witnesses must have cosigned it, but 2 did") as refused:
        checkpoint.verify_cosignatures(signed, [W1, W2, W3], 3)
    assert refused.value.code == "checkpoint-quorum"


def test_what_a_witness_signs_is_what_the_specification_says() -> None:
    signed = cosigned({"w1": 1679315147})
    line = signed.note.signatures[-1]
    assert line.blob[:8] == (1679315147).to_bytes(8, "big")
    message = f"cosignature/v1\ntime 1679315147\n{MADE.note.text}".encode()
    assert line.blob[8:] == device_key("w1").sign(message)
    assert line.key_hash == witness("w1").key_hash


def test_a_witness_that_cosigns_again_counts_once() -> None:
    assert cosigned({"w1": NOW}, cosigned({"w1": NOW + 5})) == cosigned({"w1": NOW})
    lines = (*cosigned({"w1": NOW + 5}).note.signatures, cosigned({"w1": NOW}).note.signatures[1])
    both = Checkpoint(ORIGIN, 7, ROOT, (), note.Note(MADE.note.text, lines))
    assert checkpoint.verify_cosignatures(both, [W1, W2], 1) == (Cosignature(W1, NOW + 5),)
    with pytest.raises(CheckpointError):
        checkpoint.verify_cosignatures(both, [W1, W2], 2)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda blob: blob[:7] + bytes([blob[7] ^ 1]) + blob[8:],
        lambda blob: blob[:-1] + bytes([blob[-1] ^ 1]),
        lambda blob: blob[:-1],
        lambda blob: blob + b"\0",
        lambda blob: blob[8:],
        lambda blob: b"\x80" + blob[1:],
    ],
)
def test_a_spoiled_cosignature_refuses_the_checkpoint_though_others_would_do(spoil: object) -> None:
    signed = cosigned({"w1": NOW, "w2": NOW})
    log, first, second = signed.note.signatures
    bad = note.NoteSignature(second.name, second.key_hash, spoil(second.blob))  # type: ignore[operator]
    spoiled = Checkpoint(ORIGIN, 7, ROOT, (), note.Note(signed.note.text, (log, first, bad)))
    with pytest.raises((SignatureError, CheckpointError)):
        checkpoint.verify_cosignatures(spoiled, [W1, W2], 1)
    checkpoint.verify_cosignatures(spoiled, [W1], 1)


def test_a_cosignature_does_not_move_to_another_checkpoint() -> None:
    line = cosigned({"w1": NOW}).note.signatures[1]
    other = checkpoint.make(ORIGIN, 8, ROOT, LOG)
    moved = Checkpoint(ORIGIN, 8, ROOT, (), note.Note(other.note.text, (*other.note.signatures, line)))
    with pytest.raises(SignatureError, match=r"w1\.example"):
        checkpoint.verify_cosignatures(moved, [W1], 1)


@pytest.mark.parametrize("at", [0, 2**63 - 1])
def test_the_first_and_the_last_time_that_a_cosignature_can_state(at: int) -> None:
    assert checkpoint.verify_cosignatures(cosigned({"w1": at}), [W1], 1) == (Cosignature(W1, at),)


@pytest.mark.parametrize("at", [-1, 2**63])
def test_a_time_outside_of_what_a_cosignature_can_state(at: int) -> None:
    with pytest.raises(CheckpointError):
        cosigned({"w1": at})


@pytest.mark.parametrize(
    ("witnesses", "quorum"),
    [
        ([], 0),
        ([], 1),
        ([W1], 0),
        ([W1], 2),
        ([W1], -1),
        ([W1, W1], 1),
        ([W1, VerifierKey("second.name", COSIGNATURE, W1.public)], 1),
        ([W1, VerifierKey(W1.name, COSIGNATURE, W2.public)], 1),
        ([KEY], 1),
    ],
)
def test_a_policy_that_means_nothing_is_refused(witnesses: list[VerifierKey], quorum: int) -> None:
    with pytest.raises(CheckpointError) as refused:
        checkpoint.verify_cosignatures(cosigned({"w1": NOW, "w2": NOW}), witnesses, quorum)
    assert refused.value.code == "witness-policy"
