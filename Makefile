# `make bulletins` and `make test` work in a fresh clone with Python 3.11, make and git.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup bulletins test test-long mutants check checker schemas catalogue examples reference lock bench bench-large clean

help: ## Show these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(STAMP) ## Make .venv and install what requirements.lock pins; does nothing when that is done

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@

bulletins: setup ## Build every bulletin into _site/
	$(BIN)/tongbao build

test: setup ## Run the tests
	$(BIN)/python -m pytest

test-long: setup ## Run the tests that build or try a lot
	$(BIN)/python -m pytest -m long

mutants: setup ## Put in sixty faults, one by one, and see whether tests and checker catch them (takes an hour)
	$(BIN)/python tools/mutants.py --write docs/proof.md

check: setup ## Lint, format and type checks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

checker: setup ## Write the checker as one file that needs nothing but Python: _site/tongbao_verify.py
	@mkdir -p _site
	$(BIN)/python tools/bundle_checker.py _site/tongbao_verify.py

schemas: setup ## Write the JSON schemas of series.yml and of the records a build leaves
	$(BIN)/python -m tongbao.bulletin.schemas schemas

catalogue: setup ## Bring the Chinese messages in step with the code, and compile them
	$(BIN)/python tools/catalogue.py

examples: setup ## Write the pages of examples in both languages from docs/examples/
	$(BIN)/python tools/examples.py

reference: setup ## Write the theme's Word template
	$(BIN)/python tools/reference_docx.py theme/reference.docx

lock: ## Pin the newest versions again (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --all-extras --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --upgrade pyproject.toml -o requirements.lock

bench: setup ## Measure reading against peers, and the findings of a made-up province
	$(BIN)/python benchmarks/read_workbooks.py
	$(BIN)/python benchmarks/count_records.py
	$(BIN)/python benchmarks/findings.py

bench-large: setup ## Count 100 million case records (takes about ten minutes)
	$(BIN)/python benchmarks/count_records.py 1e8 --only-tongbao

clean: ## Remove everything that was built
	rm -rf _site .tongbao theme/vega.js index.ipynb reports/*/*.ipynb reports/*/*.csv reports/*/*.json
	find data/processed -mindepth 1 ! -name README.md -delete
