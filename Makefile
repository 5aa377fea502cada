# Everything a manager, an analyst or a developer does here, one word each. `make` alone lists them.
# Needs make and a Python 3.11 to 3.13 (PYTHON=/path/to/python3 chooses one); no root. README has the ways without make.

VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

# Set, it has every process of the tests rewrite and compile all tests again: more than the collection takes otherwise
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help report lab test unit check format bench soak audit coverage mutate constraints clean

help: ## list these commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 14

report: $(VENV)/.ready ## make the quarterly report (ARGS="--quarter 2021Q4 --bureau data/raw/NAME" and so on)
	@$(BIN)/ronghe report $(ARGS) || [ $$? -eq 1 ] # 1: published, with rejected rows that the report lists

lab: $(VENV)/.ready ## open the notebooks in JupyterLab
	@$(BIN)/ronghe lab $(ARGS)

test: $(VENV)/.ready-dev ## run the tests (those that need a browser say so and are skipped where there is none)
	@$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

unit: $(VENV)/.ready-dev ## run the tests of functions alone: no started process, no browser, no whole report (two and a half minutes)
	@$(BIN)/python -m pytest -n auto --dist worksteal -m "not process and not benchmark" $(ARGS)

check: $(VENV)/.ready-dev ## check style, types and that the notebooks hold no outputs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/nbstripout --verify $(wildcard notebooks/*.ipynb)

format: $(VENV)/.ready-dev ## put the code in shape and strip the notebooks
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/nbstripout $(wildcard notebooks/*.ipynb)

bench: $(VENV)/.ready-dev ## measure time and memory
	@$(BIN)/python -m pytest tests/benchmarks -m benchmark -s -p no:xdist $(ARGS)

soak: $(VENV)/.ready-dev ## 200 quarters of generated bureaus, with bad days in between (an hour or two)
	@$(BIN)/python -m tests.soak $(ARGS)

audit: $(VENV)/.ready-dev ## compare the dependencies with what is known of their faults, where that can be had
	@$(BIN)/python -m tools.audit_dependencies $(ARGS)

coverage: $(VENV)/.ready-dev ## how much of the code the tests reach, by lines and branches (an hour; not the browsers' tests)
	@rm -rf $(VENV)/coverage && mkdir $(VENV)/coverage
	-@COVERAGE_FILE=$(abspath $(VENV))/coverage/data $(BIN)/python -m coverage run -m pytest -n auto --dist worksteal --ignore=tests/browser $(ARGS)
	-@COVERAGE_FILE=$(abspath $(VENV))/coverage/data $(BIN)/python -m coverage combine -q # but what a killed process left
	@COVERAGE_FILE=$(abspath $(VENV))/coverage/data $(BIN)/python -m coverage report -i --skip-covered --sort=cover
	@COVERAGE_FILE=$(abspath $(VENV))/coverage/data $(BIN)/python -m coverage json -i -q -o $(VENV)/coverage/report.json
	@$(BIN)/python -m tools.branch_coverage $(VENV)/coverage/report.json

mutate: $(VENV)/.ready-dev ## break the statistics in one place at a time: does a test fail? (20 to 60 minutes)
	@$(BIN)/python -m tools.mutate --fail-under 85 $(ARGS)

constraints: $(VENV)/.ready-dev ## renew constraints.txt with today's releases, for every supported Python and system
	$(BIN)/python -m pip install --quiet uv
	( echo "# Exact versions that are tested, for Python 3.11 to 3.13 on Linux, macOS and Windows; renewed by: make constraints"; \
	  $(BIN)/uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 --fork-strategy fewest \
	  --all-extras --no-header --no-annotate --no-emit-index-url --no-emit-find-links ) > $(VENV)/constraints.txt
	mv $(VENV)/constraints.txt constraints.txt

clean: ## remove the environment and the caches (never data or reports)
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis

# Set-up. The report needs less than the tests, so each has its own mark; a mark is newer than what it was made from.
$(BIN)/python:
	@sh tools/make_venv.sh $(VENV)

$(VENV)/.ready: pyproject.toml constraints.txt | $(BIN)/python
	@sh tools/install.sh $(VENV) .
	@touch $@

$(VENV)/.ready-dev: pyproject.toml constraints.txt | $(BIN)/python
	@sh tools/install.sh $(VENV) '.[dev,browser,cluster]'
	@touch $(VENV)/.ready $@
