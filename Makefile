# Everything a person runs. Each target makes the environment it needs; `make` alone lists them.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh
VENV := .venv
PY := $(VENV)/bin/python
RUN := env -u PYTHONDONTWRITEBYTECODE $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO := demo
NAME ?= spine

# The first interpreter of 3.11 or newer that is found; PYTHON=… chooses another.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

.PHONY: help
help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): constraints.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "error: no Python 3.11 or newer on PATH; install one or say PYTHON=/path/to/python"; exit 1; }
	@echo "setting up $(VENV) with $$($(PYTHON) --version) (once; later runs skip this)"
	@$(PYTHON) -m venv $(VENV) || { echo "error: '$(PYTHON) -m venv' failed; on Debian and Ubuntu install python3-venv"; exit 1; }
	@sed -n '/^uv==/,/[^\\]$$/p' constraints.txt > $(VENV)/uv.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $(VENV)/uv.txt
	@$(VENV)/bin/uv pip install --quiet --python $(PY) --require-hashes -r constraints.txt
	@$(VENV)/bin/uv pip install --quiet --python $(PY) --no-deps --no-build-isolation -e .
	@touch $@

.PHONY: install
install: $(STAMP) ## Make the environment from pinned, hashed packages

.PHONY: demo
demo: $(STAMP) ## Run the main job on simulated units: contracts in, a signed release out
	@$(RUN)/clearinghouse demo --dir $(DEMO)

.PHONY: test
test: $(STAMP) ## Lint, types, import rules and every test
	@$(RUN)/ruff check .
	@$(RUN)/ruff format --check .
	@$(RUN)/lint-imports --no-logo || $(RUN)/lint-imports
	@$(RUN)/mypy
	@$(RUN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: quick
quick: $(STAMP) ## The fast tests alone: no services, no Airflow
	@$(RUN)/python -m pytest -q -m "not service and not airflow and not slow and not exhaustive"

.PHONY: exhaustive
exhaustive: $(STAMP) ## The long tests that `make test` leaves out, and new texts for every property
	@$(RUN)/python -m pytest -n 2 -m exhaustive
	@$(RUN)/python -m pytest -n 2 -m "not exhaustive and not service and not airflow" --hypothesis-profile=search

.PHONY: format
format: $(STAMP) ## Rewrite sources in the house style
	@$(RUN)/ruff check --fix . ; $(RUN)/ruff format .

.PHONY: real
real: $(STAMP) ## Ingest the real public feeds beside the repository and release the mixes of them
	@$(RUN)/python -m tests.real

.PHONY: airflow
airflow: $(STAMP) ## Start Airflow on the demo units, on loopback
	@$(RUN)/python -m infra.airflow_demo

.PHONY: leaks
leaks: $(STAMP) ## After demo: does a planted value stand anywhere outside the units?
	@$(RUN)/python -m tests.leaks --demo $(DEMO)

.adapters/.installed: tests/adapters/requirements.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "error: no Python 3.11 or newer on PATH; say PYTHON=/path/to/python"; exit 1; }
	@$(PYTHON) -m venv .adapters
	@.adapters/bin/python -m pip install --quiet --disable-pip-version-check "$$(grep '^torch==' tests/adapters/requirements.txt)"
	@.adapters/bin/python -m pip install --quiet --disable-pip-version-check -r tests/adapters/requirements.txt "$$(sed -n 's/^dependencies = \["\(.*\)"\]/\1/p' pyproject.toml)"
	@touch $@

.PHONY: adapters
adapters: .adapters/.installed ## Test the reader with PyTorch, JAX, Grain and others, in an environment of their own
	@.adapters/bin/python -m pytest -q -p no:cacheprovider tests/adapters

.PHONY: bench
bench: $(STAMP) ## Measure: NAME=spine (see benchmarks/)
	@$(RUN)/python -m benchmarks.$(NAME)

.PHONY: train-names
train-names: $(STAMP) ## Train the models of names again; the same files come out
	@$(RUN)/python -m governance.names.train

.PHONY: lock
lock: $(STAMP) ## Resolve constraints.txt again from pyproject.toml
	@$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --all-extras --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-annotate --no-header pyproject.toml -o constraints.txt

.PHONY: clean
clean: ## Remove what these targets made
	rm -rf $(VENV) $(DEMO) real .airflow .leaks .adapters build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
