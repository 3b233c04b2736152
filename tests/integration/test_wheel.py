"""The wheel works on its own: installed into an empty environment and run from another folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONSOLE = os.environ.get("PYTHONIOENCODING", "utf-8")
_RUN = """
import sys
sys.path.append({packages!r})  # our dependencies; hooks of editable installs there are not run
from biotrace.cli.main import main
main()
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the source tree: builds leave files behind, and tests run side by side."""
    out = tmp_path_factory.mktemp("wheel")
    source = tmp_path_factory.mktemp("source") / "biotrace"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(".*", "out", "build", "dist", "*.egg-info"))
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    return next(out.glob("*.whl"))


def test_it_takes_no_name_but_its_own(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"biotrace"}
    assert "biotrace/data/demo/soumu2017.yaml" in names
    assert {"biotrace/data/rules/H304.bad.yaml", "biotrace/data/rules/H304.good.yaml"} <= set(names)
    assert "biotrace/documents/fonts/NotoSansJP-Regular.ttf" in names
    assert "biotrace/cli/main.py" in names


def test_it_checks_the_shipped_demonstration_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "env"
    venv.create(home, with_pip=True)
    python = str(home / ("Scripts" if sys.platform == "win32" else "bin") / "python")
    subprocess.run(
        [python, "-m", "pip", "install", "--no-deps", "--no-index", str(wheel)], check=True, capture_output=True
    )
    program = tmp_path / "run.py"
    program.write_text(_RUN.format(packages=sysconfig.get_path("purelib")), encoding="utf-8")
    place = "import biotrace.data; print(biotrace.data.__path__[0])"
    data = subprocess.run(
        [python, "-c", place], cwd=tmp_path, check=True, capture_output=True, text=True
    ).stdout.strip()
    assert str(home) in data
    casebook = Path(data) / "demo" / "soumu2017.yaml"
    command = [python, str(program), "check", str(casebook), "--lang", "en"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding=CONSOLE, check=False)
    assert result.returncode == 1, result.stderr
    assert "110 lots: 49 in order, 61 not" in result.stdout
