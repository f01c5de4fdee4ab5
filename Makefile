# What people do most often. `make help` lists it.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
HOST ?= 127.0.0.1
PORT ?= 8000
# What the demo prints and mails.
export CAMPAIGN_BASE_URL ?= http://$(HOST):$(PORT)

.PHONY: help install install-tests demo serve test check faults format journeys lock screenshots

help: ## List what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

install: .venv/installed ## The environment in .venv, from the hash-pinned lock
.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Campaign needs Python 3.11 or newer; this is " + sys.version.split()[0])'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what Campaign needs (about a minute the first time)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

install-tests: .venv/tests-installed ## What the tests need besides
.venv/tests-installed: requirements-dev.lock .venv/installed
	@echo "Installing what the tests need…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

demo: install ## The small demo campaign, served at http://127.0.0.1:8000
	@$(BIN)/campaign init
	@$(BIN)/campaign demo --if-empty
	@$(BIN)/campaign serve --host $(HOST) --port $(PORT)

serve: install ## Serve what is there
	@$(BIN)/campaign init && $(BIN)/campaign serve --host $(HOST) --port $(PORT)

test: install-tests ## All tests: both databases, then a real browser
	@bash tests/chromium.sh
	@$(BIN)/python -m pytest -n 2 -m "not journey and not storm"
	@$(BIN)/python -m pytest -m "storm"
	@$(BIN)/python -m pytest -m "journey"

journeys: install-tests ## Only the walks in a real browser
	@bash tests/chromium.sh
	@$(BIN)/python -m pytest -m "journey"

screenshots: install-tests ## Every page as a picture, into screenshots/
	@bash tests/chromium.sh
	@$(BIN)/python -m tests.screenshots

check: install-tests ## Format, lint, types, import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

faults: install-tests ## Kill workers, crash databases, repeat requests; about an hour
	@$(BIN)/python -m tests.faults

format: install-tests ## Put the code into its format
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

lock: ## Write the locks anew (needs uv)
	@uv export --quiet --no-header --no-annotate --no-emit-project --no-default-groups -o requirements.lock
	@uv export --quiet --no-header --no-annotate --no-emit-project --group dev -o requirements-dev.lock
	@rm -f uv.lock
