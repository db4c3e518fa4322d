# Everything starts here: `make` lists the targets. Only make and Python 3.11 or newer are needed.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
LOCKED := .venv/.locked
INSTALLED := .venv/.installed

export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export MLFLOW_DISABLE_TELEMETRY := true

# One value each, from the command line or the environment: make demo ONCE=1 BROKER=kafka DATABASE=postgres
DEMO_FLAGS = $(if $(ONCE),--once) $(if $(BROKER),--broker $(BROKER)) $(if $(DATABASE),--database $(DATABASE)) \
	$(if $(PEOPLE),--people $(PEOPLE)) $(if $(SEED),--seed $(SEED))

.DEFAULT_GOAL := help
.PHONY: help setup lock demo test check bench benchmarks docs clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(INSTALLED) ## create .venv and install exactly what requirements/dev.txt names

$(LOCKED): requirements/setup.txt requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Sempadan needs Python 3.11 or newer. Name one: make setup PYTHON=python3.13"; exit 1; }
	@echo "Installing into .venv; the first time this takes a minute or two."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/setup.txt
	@$(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python requirements/dev.txt
	@touch $@

$(INSTALLED): pyproject.toml $(LOCKED)
	@$(BIN)/uv pip install --quiet --offline --no-deps --no-build-isolation --python $(BIN)/python -e .
	@touch $@

lock: $(INSTALLED) ## bring requirements/*.txt up to date with pyproject.toml (the only target that resolves versions)
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header \
		--group dev pyproject.toml -o requirements/dev.txt
	@cp requirements/dev.txt requirements/run.txt # keeps the same versions
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header \
		pyproject.toml -o requirements/run.txt
	@grep -m 1 -o '^uv==[0-9.]*' requirements/dev.txt | $(BIN)/uv pip compile --quiet --universal \
		--generate-hashes --python-version 3.11 --no-header --no-annotate - -o requirements/setup.txt

demo: $(INSTALLED) ## the whole product on simulated claims; ONCE=1 BROKER= DATABASE= PEOPLE= SEED= are passed on
	@$(BIN)/fraud-streams demo $(DEMO_FLAGS)

test: $(INSTALLED) ## every test; PYTEST_FLAGS="-k intake" narrows them
	@$(BIN)/pytest -n 2 --dist loadfile $(PYTEST_FLAGS)

check: $(INSTALLED) ## format, lint, types, import map, and docs that match the code
	@$(BIN)/ruff format --check --quiet . || { echo "Formatting differs; see: $(BIN)/ruff format --diff ."; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo --cache-dir .cache/imports
	@if [ -e tests/test_docs.py ]; then $(BIN)/pytest -q tests/test_docs.py; fi

bench: $(INSTALLED) ## the product beside the bare floor, on SQLite and on PostgreSQL
	@$(BIN)/fraud-streams bench --database sqlite
	@$(BIN)/fraud-streams bench --database postgres

benchmarks: $(INSTALLED) ## links judged on the public sets in DATA, beside the published figures
	@test -n "$(DATA)" || { echo "Name the folder with the public sets: make benchmarks DATA=../shared/data"; exit 1; }
	@$(BIN)/fraud-models benchmarks $(DATA)

docs: $(INSTALLED) ## write the lists in docs/ (settings, features, rules, commands) anew from the code
	@$(BIN)/python -m fraud.docs

clean: ## remove caches and demo folders; .venv stays
	@rm -rf .cache .demo build *.egg-info
	@find . -path ./.venv -prune -o -path ./.git -prune -o -name __pycache__ -type d -exec rm -rf {} +
