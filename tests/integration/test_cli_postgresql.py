"""A workspace whose ledger is a PostgreSQL database, as several machines share one."""

from __future__ import annotations

from pathlib import Path

from tests.integration.conftest import Run, Write
from tests.workspaces import data, received


def test_a_ledger_in_postgresql_does_a_days_work(run: Run, write: Write, tmp_path: Path, on_postgresql: str) -> None:
    mill = tmp_path / "mill"
    own = ["--party", "otsu", "--name", "乙チップ工業株式会社"]
    made = run("init", mill, *own, "--ledger", on_postgresql)
    assert made.exit_code == 0, made.output
    assert not (mill / "ledger.sqlite").exists()
    assert run("sign", write(received()), "-w", mill).exit_code == 0
    issued = run("issue", "--to", "plant-8", "--quantity", "10m3", "--goods", "logs", "-w", mill, "--format", "json")
    assert issued.exit_code == 0, issued.output
    lot = data(issued)["record_id"]
    verdict = run("verify", lot, "-w", mill, "--format", "json")
    assert verdict.exit_code == 0, verdict.output
    back = data(run("trace", "back", lot, "-w", mill, "--format", "json"))
    assert [origin["called"] for origin in back["origins"]] == ["第26-017号"]
    assert sum(origin["grams"] for origin in back["origins"]) == back["lot"]["grams"]
    for start in ("第26-017号", "kousei"):
        forward = data(run("trace", "forward", start, "-w", mill, "--format", "json"))
        assert lot in {passed["record"] for passed in forward["passed"]}
        assert sum(rest["grams"] for rest in forward["rests"]) == forward["grams"]
    what_if = data(run("trace", "what-if", "第26-017号", "-w", mill, "--format", "json"))
    assert [changed["after"]["confirmed"] for changed in what_if["changed"]] == ["construction_waste"]
    assert run("log", "checkpoint", "-w", mill).exit_code == 0
    assert run("key", "new", "-w", mill).exit_code == 0
    file = tmp_path / "lot.bundle"
    assert run("bundle", "make", lot, "--complete", "--out", file, "-w", mill).exit_code == 0
    assert run("init", tmp_path / "again", *own, "--ledger", on_postgresql, lang="en").exit_code == 2
    assert not (tmp_path / "again").exists()


def test_a_wrong_address_is_told_without_its_password(run: Run, tmp_path: Path) -> None:
    address = "postgresql+psycopg://biotrace:very-secret@127.0.0.1:1/none"
    result = run("init", tmp_path / "mill", "--party", "otsu", "--name", "乙", "--ledger", address, lang="en")
    assert result.exit_code == 2
    assert "very-secret" not in result.output
    assert not (tmp_path / "mill").exists()
