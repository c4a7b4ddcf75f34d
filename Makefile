# What can be done here: `make help`. Needs nothing but Python >= 3.11 with its venv.

PYTHON ?= python3
VENV := .venv
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test check lint format docs bench lock clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

setup: $(STAMP) ## make .venv with everything installed; a second run does nothing

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "inbox-bot needs Python 3.11 or newer; name one: make $(or $(MAKECMDGOALS),setup) PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "This Python can't make a virtual environment; on Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "Installing into $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@$(VENV)/bin/python -m pip install -qq --disable-pip-version-check --no-deps -e .
	@touch $@

demo: setup ## start mail servers, sample mails, bot and console on this machine
	@$(VENV)/bin/inbox-bot demo

test: setup ## install the test servers where possible, then run every check
	@scripts/install-servers
	@scripts/check

check: setup ## every check with what is installed already
	@scripts/check

lint: setup ## style, types and import directions
	@scripts/check lint types imports

format: setup ## put the code into its one form
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .

docs: setup ## write the pages of docs/ that are made from code
	@$(VENV)/bin/python scripts/generate_docs.py

bench: setup ## measure
	@$(VENV)/bin/python -m benchmarks.intake
	@$(VENV)/bin/python -m benchmarks.classify

lock: ## pin every library anew (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv on the path." >&2; exit 1; }
	@uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 \
	  --all-extras --generate-hashes --no-annotate --no-header --output-file requirements.lock

clean: ## remove everything that can be made again; data in var/ stays
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.*
