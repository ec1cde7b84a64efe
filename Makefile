# make plan: the grouping plan of the Tanger sample in 980 million MAD, in six minutes and a half at most (SAMPLE=two_towns: a second). make test: all that CI runs. Both make .venv first; only Python 3.11+ is needed.
PYTHON ?= python3
BIN := .venv/bin
SAMPLE ?= tanger
BUDGET ?= $(if $(filter tanger,$(SAMPLE)),980000000)

.PHONY: plan test slow bench clean
.DELETE_ON_ERROR:

plan: .venv/installed-cli
	$(BIN)/gst-opt plan $(SAMPLE) $(if $(BUDGET),--budget $(BUDGET)) --out out/$(SAMPLE)

test: .venv/installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -n 2

slow: .venv/installed-dev
	$(BIN)/python -m pytest -q -n 2 -m slow

bench: .venv/installed-bench
	set -e; for file in $$(grep -l __main__ benchmarks/*.py); do \
		name=$$(basename $$file .py); echo "== $$name"; $(BIN)/python -m benchmarks.$$name; \
	done

clean:
	rm -rf .venv out build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "gst_opt needs Python 3.11 or later; $(PYTHON) is: $$($(PYTHON) --version 2>&1)"; \
		echo "Name another one: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 2; }
	$(PYTHON) -m venv .venv
	touch $@

.venv/installed-%: .venv/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[$*]'
	touch $@
