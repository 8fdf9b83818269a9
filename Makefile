# The commands of this project; `make` alone lists them.
#
# PYTHON=/path/to/python3.12 picks the interpreter that .venv is built with.
# WORKERS=1 runs the tests in one process.  UPGRADE=--upgrade lets `make lock` take newer releases.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP_INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check
WORKERS ?= auto

.DEFAULT_GOAL := help
.PHONY: help run test null lint check compiled bench bench-forge docs pictures lock clean
# A recipe that fails half-way must not leave a stamp that says it is done.
.DELETE_ON_ERROR:

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST)

run: $(READY) ## three turns of the desk in build/example, which is made when absent
	tools/desk.sh build/example 3

# Of the sources, also where a compiled form lies beside them; it has its own, in tests/compiled.
test: export ALPHALOOP_COMPILED = never
test: $(READY) ## the tests
	$(BIN)/pytest -n $(WORKERS)

null: $(READY) ## twenty turns, from an empty ledger, on a market where no change can help
	rm -rf build/null
	tools/desk.sh build/null 20 --world null

lint: $(READY) ## all of `make check` but the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive alphaloop
	$(BIN)/zizmor --offline --no-progress --strict-collection --persona pedantic .

check: export HYPOTHESIS_PROFILE = ci
check: lint test ## everything that continuous integration asks for

compiled: $(READY) ## the compiled form of what lies between two decisions, which plays the same and faster
	$(BIN)/alphaloop compile

bench: compiled ## the benchmarks, each a ratio against a peer in the same run, and one table of them all
	$(BIN)/python benchmarks

bench-forge: $(READY) ## what governance costs: events, decisions, verifying, taking back, beside plain git
	$(BIN)/python benchmarks forge

docs: $(READY) ## write the pages of docs/ that are made from the code
	$(BIN)/python tools/pages

pictures: $(READY) ## draw docs/pictures/scenario-*.svg, to be looked at
	$(BIN)/python tools/scenario_pictures.py

lock: ## resolve requirements.lock again from pyproject.toml
	tools/lock.sh $(UPGRADE)

clean: ## remove all that these commands made
	rm -rf $(VENV) build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find alphaloop tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Built from nothing whenever the lock changes, so that it never holds a package that the lock does not.
$(VENV)/.locked: requirements.lock tools/find-python.sh
	python=$$(tools/find-python.sh) && rm -rf $(VENV) && "$$python" -m venv $(VENV)
	$(PIP_INSTALL) --require-hashes --only-binary :all: --requirement requirements.lock
	@touch $@

$(READY): $(VENV)/.locked pyproject.toml
	$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@
