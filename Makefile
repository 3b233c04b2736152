# make demo | test | check | bench: each sets up what it needs in .venv first.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test test-console check wheels bench format lock clean

demo: .venv/ready
	$(BIN)/biotrace demo --out out

test: .venv/ready
	$(BIN)/pytest -n auto

# What PYTHONIOENCODING says of a console matters to processes of their own only; without it, cp932 and UTF-8.
test-console: .venv/ready
	$(BIN)/pytest -q tests/integration/test_console.py tests/integration/test_cli_verify.py \
	    tests/integration/test_cli_audit.py tests/integration/test_cli_completion.py tests/integration/test_wheel.py

check: .venv/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/make_soumu2017.py --check
	$(BIN)/python tools/make_format_doc.py --check
	$(BIN)/python tools/make_cddl.py --check
	$(BIN)/python tools/make_rules_doc.py --check
	$(BIN)/python tools/make_workbook_doc.py --check

# Asks a package index whether Windows can install the lock without a compiler.
wheels: .venv/ready
	$(BIN)/python tools/check_wheels.py

bench: .venv/ready
	$(BIN)/python -m bench.records
	$(BIN)/python -m bench.paper
	$(BIN)/python -m bench.qr_matrix
	$(BIN)/python -m bench.append
	$(BIN)/python -m bench.crash
	$(BIN)/python -m bench.audit --keep out/bench
	$(BIN)/python -m bench.lots --keep out/bench
	$(BIN)/python -m bench.traces --keep out/bench
	$(BIN)/python -m bench.patterns --keep out/bench
	$(BIN)/python -m bench.unfriendly

format: .venv/ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("biotrace needs Python 3.11 or later" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch .venv/ready

# After a change of dependencies in pyproject.toml; needs uv. uv.lock names a registry and is not kept.
lock:
	uv lock --quiet
	uv export --quiet --no-emit-project --all-groups --no-header -o requirements.lock
	rm -f uv.lock

clean:
	rm -rf .venv out build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
