"""The commands as a process of their own, on a Japanese Windows console or into a file: nothing is lost or refused.

Click's runner brings streams of its own, whatever PYTHONIOENCODING says. Here one process runs many commands with its
real streams, each into two files; PYTHONIOENCODING says in which encoding (without it, cp932).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.console import NEAR_WORDS
from cli.main import _COMMANDS
from tests.integration.test_cli_verify import every_command
from tests.workspaces import TODAY

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "data/demo/soumu2017.yaml"
ENCODING = os.environ.get("PYTHONIOENCODING", "cp932")
RUNNER = """
import json, os, sys, warnings
warnings.filterwarnings("ignore", category=EncodingWarning)
warnings.filterwarnings("error", category=EncodingWarning, module=r"(biotrace|cli)\\b")
from types import SimpleNamespace
from cli import console
from cli.main import cli
from cli.console import survive_console
console.time = SimpleNamespace(time=lambda: int(sys.argv[2]))
survive_console()
for number, words in enumerate(json.load(open(sys.argv[1], encoding="utf-8"))):
    for stream, name in ((1, "out"), (2, "err")):
        file = os.open(f"{number}.{name}", os.O_CREAT | os.O_WRONLY)
        os.dup2(file, stream)
        os.close(file)
    code = 0
    try:
        cli(words)
    except SystemExit as error:
        code = error.code
    sys.stdout.flush()
    sys.stderr.flush()
    with open(f"{number}.code", "w", encoding="utf-8") as file:
        file.write(str(code))
"""


@dataclass(frozen=True)
class Answered:
    """What a command wrote."""

    words: tuple[str, ...]
    code: int
    out: bytes
    err: bytes


def answered(commands: Sequence[Sequence[object]], folder: Path, encoding: str = ENCODING) -> list[Answered]:
    """Run the commands one after the other in one process, in that folder; each answer from its files."""
    folder.mkdir()
    asked = [tuple(map(str, words)) for words in commands]
    (folder / "asked.json").write_text(json.dumps(asked), encoding="utf-8")
    # Without UTF-8 mode, as on Windows: our files are read and written in an encoding that is named, or it is an error.
    strict = {
        "PYTHONIOENCODING": encoding,
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "0",
        "PYTHONWARNDEFAULTENCODING": "1",
    }
    command = [sys.executable, "-c", RUNNER, "asked.json", str(TODAY)]
    subprocess.run(command, cwd=folder, env={**os.environ, **strict}, check=True, timeout=300)
    return [
        Answered(
            words,
            int((folder / f"{n}.code").read_text(encoding="utf-8")),
            *((folder / f"{n}.{name}").read_bytes() for name in ("out", "err")),
        )
        for n, words in enumerate(asked)
    ]


def as_on_the_console(text: str, encoding: str) -> str:
    """A text with near words for the signs that the encoding lacks; of two that are one there, the one it has."""
    said = "".join(c if c.encode(encoding, "ignore") else NEAR_WORDS.get(c, f"\\u{{{ord(c):x}}}") for c in text)
    return said.encode(encoding).decode(encoding)


def questions(mill: Path, folder: Path) -> Iterator[tuple[object, ...]]:
    """Commands that change nothing, of every kind, in both languages; and what is wrong with others."""
    of_mill = ("-w", mill)
    asked: list[tuple[object, ...]] = [
        *[(*words, *of_mill) for words in (("stock",), ("show", "f-1"), ("party", "list"), ("key", "list"))],
        *[
            (*words, *of_mill)
            for words in (("verify",), ("verify", "26-001"), ("party", "show", "甲成"), ("retain", "due"))
        ],
        *[
            ("report", *words, *of_mill)
            for words in (("stock-book",), ("yearly", "--year", "H26"), ("fuel", "--year", "H26"))
        ],
        *[
            ("issue", "--to", "第八", "--quantity", "6.58t", *more, *of_mill)
            for more in (("--dry-run",), ("--class", "general"))
        ],
        ("audit", "--no-sign", *of_mill),
        ("accredit", "list", *of_mill),
        ("rules",),
        ("rules", "H304"),
        ("rules", "--profile"),
        ("check", DEMO),
        ("scan", mill / "pdf", *of_mill),
        ("scan", mill / "pdf", "--trust", mill / "trust.json", "--details"),
        # Errors: unknown names, files that are none, wrong words.
        ("show", "𠮷-1", *of_mill),
        ("issue", "--to", "第", "--quantity", "1t", *of_mill),
        ("issue", "--to", "第八", "--quantity", "100", *of_mill),
        ("issue", "--to", "第八", "--quantity", "9,000t", *of_mill),
        ("receive", "--paper", *of_mill),
        ("workbook", "import", DEMO, *of_mill),
        ("check", folder / "ない.yaml"),
        ("verify", "nothing", *of_mill),
        ("stock", "--yard", "第一", *of_mill),
        ("report", "stock-book", "--year", "平成32年", *of_mill),
        ("sign", "--nonsense"),
        ("nonsense",),
    ]
    for words in asked:
        yield (*words, "--lang", "ja")
        yield (*words, "--lang", "en")
        if words[0] not in ("nonsense", "sign"):
            yield (*words, "--lang", "ja", "--format", "json")


def settled(data: bytes, encoding: str) -> str:
    """A text without what is another at each run."""
    return re.sub(r"[0-9.,]+ ?(秒|s\b|MB)", "", data.decode(encoding))


def test_every_answer_survives_with_its_meaning(run: object, mill: Path, tmp_path: Path) -> None:
    """The same answers as in UTF-8, but for near words; JSON says the same altogether."""
    assert callable(run)
    for number in ("26-001", "26-002"):
        run("issue", "-w", mill, "--to", "第八", "--quantity", "6.58t", "--moisture", "42%", "--number", number)
    asked = list(questions(mill, tmp_path))
    utf8, other = (answered(asked, tmp_path / name, name) for name in ("utf-8", ENCODING))
    lost = []
    for plain, found in zip(utf8, other, strict=True):
        assert (found.words, found.code) == (plain.words, plain.code)
        assert b"Traceback" not in found.err
        assert "EncodingWarning" not in found.err.decode(ENCODING)
        if "json" in found.words and found.out:
            assert json.loads(found.out.decode(ENCODING)) == json.loads(plain.out), found.words
            continue
        for said, expected in ((found.out, plain.out), (found.err, plain.err)):
            wanted = as_on_the_console(settled(expected, "utf-8"), ENCODING)
            if settled(said, ENCODING) != wanted and "json" not in found.words:
                lost.append((found.words, settled(said, ENCODING), wanted))
    assert lost == []
    assert {answer.code for answer in other} == {0, 1, 2}


def test_every_command_explains_itself(tmp_path: Path) -> None:
    words = [*every_command(), *((name,) for name in _COMMANDS), ()]
    for answer in answered([(*w, "--help") for w in words], tmp_path / "help"):
        assert (answer.code, answer.err) == (0, b""), answer.words
        assert "\\u{" not in answer.out.decode(ENCODING), answer.words


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_into_a_pipe_too(mill: Path, lang: str) -> None:
    code = "from cli.main import main; main()"
    environment = {**os.environ, "PYTHONIOENCODING": ENCODING, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code, "stock", "-w", str(mill), "--lang", lang]
    piped = subprocess.run(command, env=environment, capture_output=True, check=True)
    assert ("m3" if ENCODING == "cp932" else "㎥") in piped.stdout.decode(ENCODING)
