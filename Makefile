# Heardback from a bare checkout: needs only make and Python 3.11 or later.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
READY := .venv/.ready
READY_TO_DEVELOP := .venv/.ready-to-develop

.DEFAULT_GOAL := help
.PHONY: help run test check bench lint types rules unit lock clean

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | expand -t 10

run: $(READY)  ## set everything up and run the whole path on the sample council
	@$(BIN)/heardback demo

# Types take a minute of one core: beside the tests it is hardly missed.
test: $(READY_TO_DEVELOP)  ## set everything up and check everything: lint, types, import rules, tests
	@$(MAKE) --no-print-directory --jobs=2 lint types rules unit

check: $(READY)  ## check the configuration in config/
	@$(BIN)/heardback check

bench: $(READY_TO_DEVELOP)  ## measure speed; results on the terminal, n stated
	@for b in bench/bench_*.py; do $(BIN)/python $$b || exit 1; done

lint: $(READY_TO_DEVELOP)  ## style
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(READY_TO_DEVELOP)  ## types
	@$(BIN)/mypy

rules: $(READY_TO_DEVELOP)  ## import rules
	@$(BIN)/lint-imports

unit: $(READY_TO_DEVELOP)  ## tests alone
	@$(BIN)/pytest -n 3 --dist worksteal

LOCK := uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header

lock: $(READY)  ## choose versions anew within pyproject.toml's bounds
	@$(BIN)/$(LOCK) --group dev --upgrade -o development.lock
	@$(BIN)/$(LOCK) --constraint development.lock --upgrade -o requirements.lock

clean:  ## remove the environment and everything the runs wrote
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(READY): requirements.lock model.lock installer.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Heardback needs Python 3.11 or later on the PATH (or: make PYTHON=/path/to/python3)." >&2; exit 1; }
	@echo "Setting up .venv (once; about a minute) ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r installer.lock
	@VIRTUAL_ENV=.venv $(BIN)/uv pip sync --quiet --require-hashes --compile-bytecode requirements.lock model.lock installer.lock
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m flows.server_database
	@touch $(READY)

$(READY_TO_DEVELOP): $(READY) development.lock
	@echo "Adding what the tests and the checks need (once) ..."
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --require-hashes --compile-bytecode -r development.lock
	@touch $(READY_TO_DEVELOP)
