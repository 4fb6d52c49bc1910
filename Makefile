# Two commands do everything: `make book` and `make test`. Each sets up what it needs.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help book pdf test test-all serve lab bench strip pins clean

# Python 3.11 to 3.14, with the parts that a virtual environment needs. A name on the PATH
# may be a shim that leads nowhere, so each candidate is asked. Where none answers, uv brings one.
SUITABLE = import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))
CANDIDATES = $(PYTHON) python3.11 python3.12 python3.13 python3.14 python3 python
FROM_UV := >=3.11,<3.15
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
PAPER ?= A4

help:
	@echo "make book    execute every lesson and build the site (LESSON=one-bit: that one, in seconds)"
	@echo "make pdf     the whole book as one PDF (PAPER=Letter for that size)"
	@echo "make test    prove it: package, lessons, site in a real browser"
	@echo "make test-all  the same, then what a release needs: JupyterLab, the pins alone, every page in every size"
	@echo "make serve   show the built site on http://127.0.0.1:$(PORT)"
	@echo "make lab     open the lessons in JupyterLab"
	@echo "make bench   losses, figures, build and pages beside others, as ratios"
	@echo "make strip   take the outputs out of the lessons, before a commit"
	@echo "make pins    renew the exact versions in requirements.txt"
	@echo "make clean   remove what was built, and the environment"

# A new pin installs into the environment that is there; only `make clean` starts afresh.
$(BIN)/python:
	@for candidate in $(CANDIDATES); do \
	  if "$$candidate" -c '$(SUITABLE)' 2>/dev/null; then python="$$candidate"; break; fi; \
	done; \
	if [ -n "$${python:-}" ]; then \
	  echo "Setting up $(VENV) with $$("$$python" --version) ..."; \
	  "$$python" -m venv $(VENV); \
	elif command -v uv >/dev/null; then \
	  echo "No suitable Python. Setting up $(VENV) with one that uv finds or downloads ..."; \
	  uv venv --quiet --seed --python '$(FROM_UV)' $(VENV); \
	else \
	  echo "No suitable Python. This book needs Python 3.11, 3.12, 3.13 or 3.14 with venv and ensurepip."; \
	  echo "  Debian or Ubuntu:  sudo apt-get install python3 python3-venv"; \
	  echo "  macOS:             brew install python@3.14"; \
	  echo "  anywhere else:     https://www.python.org/downloads/, or uv: https://docs.astral.sh/uv/"; \
	  echo "Have one elsewhere? Name it:  make $(MAKECMDGOALS) PYTHON=/path/to/python3.14"; \
	  exit 1; \
	fi

$(VENV)/.book: requirements.txt pyproject.toml | $(BIN)/python
	@echo "Installing what the book needs (a minute or two, once) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.test: $(VENV)/.book tests/requirements.txt
	@echo "Adding the test tools ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	@touch $@

# Without LESSON the site is written afresh, so that it can hold neither a page that is gone nor
# hide a warning that an earlier build has seen; only the lessons' results are kept. With it,
# that page is written anew, and what else has changed; no other lesson is executed.
book: $(VENV)/.book
	@echo "Building the site ..."
	@$(BIN)/python -m tools.book $(LESSON)
	@echo "The site is in _build/html. Open the address above in a browser, or run: make serve"

pdf: $(VENV)/.test
	@$(MAKE) --no-print-directory book
	@$(BIN)/python -m tools.pdf --paper $(PAPER)

# As many processes as cores. A file stays in one: its tests share a browser or a JupyterLab. Files in their
# order: with those of the most tests first, one process would wait a minute for the builds of the few.
test: $(VENV)/.test
	@$(MAKE) --no-print-directory book
	@echo "Testing ..."
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/oxlint --quiet
	@$(BIN)/oxfmt --check '**/*.js'
	@$(BIN)/mypy
	@$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

# What GitHub runs once a week: much of it takes long, and little of it breaks by a change of ours alone.
test-all: test
	@echo "Testing what is left ..."
	@$(BIN)/pytest -n auto --dist loadfile tests/weekly
	@$(BIN)/pytest -n auto -m hypothesis --hypothesis-profile=weekly tests/package

serve: book
	@$(BIN)/python -m tools.serve $(PORT)

lab: $(VENV)/.book
	@$(BIN)/jupyter lab book/intro.ipynb

bench: $(VENV)/.test book
	@$(BIN)/python benchmarks/accuracy.py
	@$(BIN)/python benchmarks/speed.py
	@$(BIN)/python benchmarks/figures.py
	@$(BIN)/python benchmarks/build.py
	@$(BIN)/python benchmarks/weight.py

strip: $(VENV)/.test
	@$(BIN)/nbstripout --keep-id --extra-keys "metadata.widgets metadata.language_info" book/*.ipynb

pins:
	@command -v uv >/dev/null || { echo "make pins needs uv: pip install uv"; exit 1; }
	@resolve="uv pip compile --quiet --upgrade --universal --fork-strategy fewest --python-version 3.11 --no-header --no-annotate"; \
	{ echo "-e ."; $$resolve pyproject.toml --extra lessons --extra book --extra lab; } > requirements.new; \
	mv requirements.new requirements.txt; \
	$$resolve --group test --constraint <(tail -n +2 requirements.txt) --output-file tests/requirements.txt
	@git diff --stat -- requirements.txt tests/requirements.txt

clean:
	@rm -rf _build $(VENV)
	@echo "Removed _build and $(VENV)."
