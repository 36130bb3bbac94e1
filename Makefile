# The words of daily work; `make` lists them.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
BENCHES = $(patsubst bench/%/run.py,bench.%.run,$(wildcard bench/*/run.py))
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help run check fix test explore acceptance-up bench docs snapshots lock wheel clean

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

run: $(VENV)/run.done  ## start the product and say what to open
	$(BIN)/manciple serve

check: $(VENV)/test.done  ## style, types, import contracts, house rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python -m tools.rules
	$(BIN)/python -m tools.audit_dependencies
	$(BIN)/python -m tools.audit_index
	$(BIN)/mypy

fix: $(VENV)/test.done  ## what the tools can mend by themselves
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: check  ## every check and every test
	$(BIN)/pytest -n auto --dist loadgroup

explore: $(VENV)/test.done  ## the property tests on examples never tried before
	HYPOTHESIS_PROFILE=explore $(BIN)/pytest -n auto --dist loadgroup -m hypothesis

acceptance-up: $(VENV)/test.done  ## the acceptance tests on the processes of `up`
	ACCEPTANCE_ON=up $(BIN)/pytest tests/acceptance -n 2 --dist loadgroup

bench: $(VENV)/test.done  ## every benchmark, one after the other
	@failed=0; for each in $(BENCHES); do echo "== $$each"; $(BIN)/python -m $$each || failed=1; done; exit $$failed

docs: $(VENV)/test.done  ## write the generated reference pages anew
	$(BIN)/python -m tools.reference

snapshots: $(VENV)/test.done  ## accept today's wire as the snapshots
	MANCIPLE_UPDATE_SNAPSHOTS=1 $(BIN)/pytest tests -k snapshot

lock: $(VENV)/test.done  ## pin the newest dependencies, by hash
	$(BIN)/python -m tools.lock

wheel: $(VENV)/test.done  ## the distribution, in dist/
	$(BIN)/hatchling build

clean:  ## forget the environment and what was built
	rm -rf $(VENV) build dist

$(VENV)/run.done: requirements/run.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	@echo "Installing what manciple needs (about half a minute) …"
	$(PIP) install --require-hashes -r requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/test.done: requirements/test.txt $(VENV)/run.done
	@echo "Installing what the tests need (a minute or two) …"
	$(PIP) install --require-hashes -r requirements/test.txt
	touch $@
