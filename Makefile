# `make` lists the targets. Settings are variables of the environment: docs/operations.md.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Compiling 25,000 modules at installation costs more than compiling the imported ones at first use.
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --no-compile --use-pep517
PYTHON_CHECK := import ctypes, ensurepip, ssl, sys, venv, zlib; sys.exit(sys.version_info < (3, 10))
PYTHON_HELP := "$(PYTHON) cannot be used: Python 3.10 or newer with venv and ssl is needed." \
	"Debian and Ubuntu: apt install python3-venv. Another Python: make up PYTHON=python3.12"
SOURCES := requirements.lock pyproject.toml setup.py

.DEFAULT_GOAL := help
.PHONY: help up down status test bench lint types format lock

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

up: $(VENV)/installed ## set up everything and run the portal (DETACH=1: in the background)
	@$(BIN)/learningcity up

down: ## stop the portal
	@if [ -x $(BIN)/learningcity ]; then $(BIN)/learningcity down; else echo "Nothing runs."; fi

status: ## show what runs
	@if [ -x $(BIN)/learningcity ]; then $(BIN)/learningcity status || [ $$? = 3 ]; \
	else echo "Nothing runs."; fi

test: $(VENV)/installed-dev ## set up what the tests need and run them all (ARGS="tests/tables -x": some)
	@sh .ci/system
	$(BIN)/pytest --numprocesses logical --maxprocesses 4 --dist loadfile $(ARGS)

bench: $(VENV)/installed-dev ## measure against the budgets
	$(BIN)/python bench/run.py $(ARGS)
	$(BIN)/python bench/harvest.py
	$(BIN)/python bench/pages.py

lint: $(VENV)/installed-dev ## check style and who imports whom
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(VENV)/installed-dev ## check types
	@rm -rf build/types build/lib
	@$(PIP) --no-deps --no-build-isolation --target build/types .
	$(BIN)/basedpyright

format: $(VENV)/installed-dev ## put the code into shape
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

lock: $(VENV)/lock/bin/uv ## choose the versions of all dependencies anew
	UV_CUSTOM_COMPILE_COMMAND="make lock" $< pip compile $(LOCK) --output-file requirements.lock
	UV_CUSTOM_COMPILE_COMMAND="make lock" $< pip compile $(LOCK) --extra dev \
		--constraint requirements.lock --output-file requirements-dev.lock

LOCK := pyproject.toml --universal --python-version 3.10 --generate-hashes --upgrade --quiet

$(VENV)/installed: $(VENV)/bin/python $(SOURCES)
	@echo "Installing the pinned packages into $(VENV) (one to two minutes)"
	@$(PIP) --require-hashes --no-deps -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.lock
	@echo "Installing what tests and checks need"
	@$(PIP) --require-hashes --no-deps -r requirements-dev.lock
	@touch $@

$(VENV)/lock/bin/uv: | $(VENV)/bin/python
	@$(PYTHON) -m venv $(VENV)/lock
	@$(VENV)/lock/bin/pip install --quiet uv

$(VENV)/bin/python:
	@$(PYTHON) -c "$(PYTHON_CHECK)" || { printf '%s\n' $(PYTHON_HELP) >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
