# `make` alone lists what there is. Every target makes the virtual environment it needs by itself.

SHELL := bash
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
LIBRARIES := $(VENV)/.libraries-installed
EMBEDDED := $(VENV)/.embedded-installed
ARGS ?=
LOCK_OPTIONS := --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
  --no-header --no-annotate --no-emit-index-url

.DEFAULT_GOAL := help
.PHONY: help demo up test browser screenshots soak lint types format bench lock clean

help: ## list the targets
	@printf 'Usage: make TARGET [ARGS="…"]\n\n'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(EMBEDDED) ## start everything, import a sample course of 300 rows and show what became of each (ARGS=--once ends by itself)
	@$(BIN)/course-accounts demo $(ARGS)

up: $(EMBEDDED) ## start everything and stay up until Ctrl-C (ARGS=--help lists the options)
	@$(BIN)/course-accounts up $(ARGS)

# The many brokers of a run start in a third of the time once Java's archive of their classes is there.
test: $(EMBEDDED) lint ## check style and types, then run every test against a real Kafka and PostgreSQL (ARGS=-x, a path, …)
	-@$(BIN)/python -m deploy.embedded.install
	@$(BIN)/python -m pytest $(ARGS)

browser: $(EMBEDDED) ## run the tests of the page in Chromium and print what they measure (SOAK=1: 50,000 rows)
	@$(BIN)/python -m pytest -n 0 -s tests/browser $(ARGS)

screenshots: $(EMBEDDED) ## take the pictures of the page in docs/images anew, from real data
	@$(BIN)/python -m tests.browser.screenshots

lint: $(LIBRARIES) ## check style, types and which package may import which
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@if grep -q '^\[tool.importlinter' pyproject.toml; then $(BIN)/lint-imports --no-logo; fi

types: $(LIBRARIES) ## check the types only
	@$(BIN)/mypy

format: $(LIBRARIES) ## repair style where that is possible without a person
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

soak: $(EMBEDDED) ## run the long tests: 200,000 rows, services killed on the way, accounts that fail in every way (about 40 minutes)
	@SOAK=1 $(BIN)/python -m pytest -s tests/soak $(ARGS)

bench: $(EMBEDDED) ## measure rows a second from upload to account, and events a second of the projector
	@$(BIN)/python -m bench $(ARGS)

lock: $(LIBRARIES) ## resolve the newest versions that fit pyproject.toml into the lock files (hashes, no addresses)
	@$(BIN)/uv pip compile pyproject.toml --all-extras $(LOCK_OPTIONS) --output-file requirements.lock
	@echo 'uv==0.13.*' | $(BIN)/uv pip compile - $(LOCK_OPTIONS) --output-file .ci/installer.lock
	@echo 'setuptools==82.*' | $(BIN)/uv pip compile - $(LOCK_OPTIONS) --output-file .ci/build.lock

clean: ## remove the virtual environment and caches (imports and accounts in the data directory stay)
	@rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(LIBRARIES): requirements.lock pyproject.toml $(wildcard .ci/*.lock)
	@.ci/bootstrap "$(PYTHON)" "$(VENV)"
	@touch $@

$(EMBEDDED): $(LIBRARIES)
	@.ci/warm $(BIN)/python & warming=$$!; $(BIN)/python -m deploy.embedded.install --archive background && wait $$warming
	@touch $@
