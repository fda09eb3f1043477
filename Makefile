# Everything a person needs: `make run`, then `make test`. Both set up what is missing, once.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
STUDENT := $(VENV)/.student

.PHONY: run test check smoke docs-check clean

run: $(STUDENT)  ## teach a real model to differentiate (under 10 minutes on two cores)
	$(BIN)/skilladapt run runs/quickstart.toml --out out/quickstart

smoke: $(READY)  ## all stages with a tiny random model (under a minute)
	$(BIN)/skilladapt run runs/smoke.toml --out out/smoke

test: export OMP_NUM_THREADS := 1
test: check $(STUDENT)  ## every test, two at a time, with coverage
	$(BIN)/coverage run -m pytest -n 2
	$(BIN)/coverage combine -q
	$(BIN)/coverage report --fail-under=85 --skip-covered

check: $(READY)  ## format, lint and types
	$(BIN)/ruff format --check src tests benchmarks examples
	$(BIN)/ruff check src tests benchmarks examples
	$(BIN)/mypy

docs-check: $(STUDENT)  ## runs the README's commands that are too slow for `make test`
	$(BIN)/pytest -m docs --no-header

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

$(STUDENT): $(READY)
	$(BIN)/python -m skilladapt.models.smollm2
	@touch $@

clean:
	rm -rf $(VENV) out
