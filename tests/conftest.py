"""Settings for all tests."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from biotrace.chain.keyfile import Params
from biotrace.services import key_files
from tests.workspaces import PASSWORD

# Machines differ in speed; a slow one must not fail a test.
settings.register_profile("biotrace", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("biotrace")

# A password is slow to try on purpose; tests of key files themselves choose their own cost.
key_files.COST = Params(memory=64, iterations=1, lanes=1)
os.environ["BIOTRACE_PASSWORD"] = PASSWORD


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Under BIOTRACE_NO_SKIPS a skipped test fails the run, except others' vectors."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not os.environ.get("BIOTRACE_NO_SKIPS") or reporter is None:
        return
    skipped = [r.nodeid for r in reporter.stats.get("skipped", []) if not r.nodeid.startswith("tests/vectors/")]
    if skipped:
        reporter.write_line(f"skipped, which BIOTRACE_NO_SKIPS does not allow: {', '.join(skipped)}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
