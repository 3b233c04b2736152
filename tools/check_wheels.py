"""Whether every package of requirements.lock can be installed on Windows without a compiler, under each Python.

python tools/check_wheels.py    exit 1 where a package has no wheel for win_amd64 that the lock names, nor a pure one

pip is asked, as a user's would be, and takes in what the index says of the wheels: nothing is installed. Where no index
can be reached that is said, and is a failure only where CI is set.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

LOCK = Path(__file__).resolve().parents[1] / "requirements.lock"
PYTHONS = ("3.11", "3.12", "3.13")
WINDOWS = {
    "os_name": "nt",
    "sys_platform": "win32",
    "platform_system": "Windows",
    "platform_machine": "AMD64",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
}
_UNREACHED = re.compile(r"ConnectionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|Retrying \(|HTTP error")


@dataclass(frozen=True)
class Locked:
    """A line of the lock: ``pin`` as pip reads it, without its condition, and the SHA-256 of the files it may be."""

    pin: str
    requirement: Requirement
    hashes: frozenset[str]


def locked(text: str) -> Iterator[Locked]:
    """The lines of a lock, each with its hashes."""
    lines = [line.split("#")[0].strip() for line in text.replace("\\\n", " ").splitlines()]
    for line in filter(None, lines):
        words, *hashes = line.split("--hash=sha256:")
        requirement = Requirement(words.strip())
        pin = f"{requirement.name}{requirement.specifier}"
        yield Locked(pin, requirement, frozenset(h.strip() for h in hashes))


def wanted(lines: Iterable[Locked], python: str) -> dict[str, Locked]:
    """What is installed on Windows under that Python, by normalised name."""
    about = {**WINDOWS, "python_version": python, "python_full_version": f"{python}.9"}
    markers = ((each, each.requirement.marker) for each in lines)
    return {normal(e.requirement.name): e for e, marker in markers if marker is None or marker.evaluate(about)}


def normal(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def asked(packages: Mapping[str, Locked], python: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """pip's answer: it reports into ``folder`` what it would install."""
    listed = folder / "wanted.txt"
    listed.write_text("\n".join(p.pin for p in packages.values()), encoding="utf-8")
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--no-deps", "--only-binary=:all:"]
    command += ["--platform", "win_amd64", "--implementation", "cp", "--python-version", python]
    command += ["--target", str(folder / "nowhere"), "--report", str(folder / "report.json"), "--retries", "1"]
    command += ["--ignore-requires-python", "--disable-pip-version-check", "--quiet", "--requirement", str(listed)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)


def judged(packages: Mapping[str, Locked], report: Mapping[str, Any]) -> Iterator[tuple[str, str | None, bool]]:
    """Each package's pin, what is wrong with it if anything, and whether its wheel does for every Python."""
    found = {normal(each["metadata"]["name"]): each["download_info"] for each in report["install"]}
    for name, package in packages.items():
        info = found.get(name, {})
        file = str(info.get("url", "")).rsplit("/", 1)[-1]
        digest = info.get("archive_info", {}).get("hashes", {}).get("sha256")
        if not file:
            yield package.pin, "no wheel", False
        elif digest is not None and digest not in package.hashes:
            yield package.pin, f"{file} is not in the lock", False
        else:
            yield package.pin, None, file.endswith("-none-any.whl")


class _NotReached(Exception):
    """No package index answers."""


def checked(packages: Mapping[str, Locked], python: str) -> list[tuple[str, str | None, bool]]:
    """As ``judged``, asked of pip. Raises _NotReached."""
    with tempfile.TemporaryDirectory() as folder:
        answer = asked(packages, python, Path(folder))
        told = answer.stderr.strip()[-500:]
        if answer.returncode and _UNREACHED.search(answer.stderr):
            raise _NotReached(told)
        if answer.returncode:
            return [(f"Python {python}", told, False)]
        return list(judged(packages, json.loads((Path(folder) / "report.json").read_text(encoding="utf-8"))))


def main() -> int:
    """Ask for each Python; 0 where all is well."""
    lines, found = list(locked(LOCK.read_text(encoding="utf-8"))), []
    anywhere: set[str] = set()
    for python in PYTHONS:
        packages = {name: p for name, p in wanted(lines, python).items() if p.pin not in anywhere}
        try:
            answers = checked(packages, python)
        except _NotReached as error:
            print(f"wheels for Windows are not checked: no package index answers\n{error}")
            return 1 if os.environ.get("CI") else 0
        found += [f"Python {python}: {pin}: {fault}" for pin, fault, _ in answers if fault is not None]
        anywhere |= {pin for pin, _, pure in answers if pure}
    print("\n".join(found) or f"every package of the lock has a wheel for Windows, under Python {', '.join(PYTHONS)}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
