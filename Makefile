# `make bulletins` and `make test` work in a fresh clone with Python 3.11, make and git.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV := $(VENV)/.installed-dev

# Packages are not compiled as they are installed: Python does that for the modules that are used, once, where it may.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup lab bulletins test test-long mutants check checker fuzz schemas catalogue examples reference measures sbom audit lock \
	bench bench-large clean

help: ## Show these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(STAMP) ## Make .venv and install what bulletins need, as requirements.lock pins it; does nothing when that is done

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) tools/install.py $(VENV) $<
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@cd $(VENV)/lib/python*/site-packages && echo ../../../../src > _tongbao.pth # from here: Python reads it by the locale
	@$(BIN)/python -m compileall -q src
	@touch $@

# Further locks hold the first one's pins, too, and install what it lacks.
$(STAMP)-%: requirements-%.lock | $(STAMP)
	@$(PYTHON) tools/install.py $(VENV) $<
	@touch $@

lab: $(STAMP)-lab ## Open the notebooks in JupyterLab
	$(BIN)/jupyter lab

bulletins: setup ## Build every bulletin into _site/
	$(BIN)/tongbao build

test: $(DEV) ## Run the ordinary tests, in about three minutes
	$(BIN)/python -m pytest

test-long: $(DEV) ## Run all others: further cases, what builds or tries a lot, properties on more examples
	$(BIN)/python -m pytest -m "further or long or hypothesis" --hypothesis-profile thorough

N ?= 1000000
fuzz: $(DEV) ## Give each reader N hostile inputs (a million; takes a day), on all processors; keeps those that break it
	$(BIN)/python tests/fuzz/fuzz.py -n $(N) --jobs $$($(BIN)/python -c "import os; print(os.cpu_count())") --keep

mutants: $(DEV) ## Put in sixty faults, one by one, and see whether tests and checker catch them (takes an hour)
	$(BIN)/python tools/mutants.py --write docs/proof.md

check: $(DEV) ## Lint, format and type checks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

checker: setup ## Write the checker as one file that needs nothing but Python: _site/tongbao_verify.py
	@mkdir -p _site
	$(BIN)/python -m tongbao_office.checker_file _site/tongbao_verify.py

schemas: setup ## Write the JSON schemas of series.yml and of the records a build leaves
	$(BIN)/python -m tongbao.bulletin.schemas schemas

catalogue: $(DEV) ## Bring the Chinese messages in step with the code, and compile them
	$(BIN)/python tools/catalogue.py

examples: setup ## Write the pages of examples in both languages from docs/examples/
	$(BIN)/python tools/examples.py

reference: setup ## Write the theme's Word template
	$(BIN)/python tools/reference_docx.py theme/reference.docx

measures: setup ## Write the font that charts are measured with (needs fonttools)
	$(BIN)/python tools/measures.py

COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-annotate --no-header --group build pyproject.toml
ALL := $(VENV)/all.lock

sbom: $(DEV) ## List the packages of requirements.lock with licences and hashes: sbom.cdx.json (CycloneDX)
	$(BIN)/python tools/sbom.py requirements.lock sbom.cdx.json

audit: $(DEV) ## Ask whether faults are known of what the locks pin; says what could not be asked
	$(BIN)/python tools/audit.py

lock: ## Pin the newest versions again (needs uv)
	$(COMPILE) --upgrade --all-extras -o $(ALL)
	$(COMPILE) --constraint $(ALL) -o requirements.lock
	$(COMPILE) --constraint $(ALL) --extra dask --extra dev -o requirements-dev.lock
	$(COMPILE) --constraint $(ALL) --extra lab -o requirements-lab.lock

bench: $(DEV) ## Measure reading, findings, a batch and nothing to do against peers; writes docs/performance.md (an hour)
	$(BIN)/python benchmarks/read_workbooks.py
	$(BIN)/python benchmarks/count_records.py
	$(BIN)/python benchmarks/findings.py
	$(BIN)/python benchmarks/batch.py --json docs/performance/batch-embedded-engine.json
	$(BIN)/python benchmarks/again.py --json docs/performance/again.json
	$(BIN)/python benchmarks/site_pages.py --json docs/performance/site.json
	$(BIN)/python benchmarks/page.py docs/performance

bench-large: $(DEV) ## Count 100 million case records (takes about ten minutes)
	$(BIN)/python benchmarks/count_records.py 1e8 --only-tongbao

clean: ## Remove everything that was built
	rm -rf _site _review .tongbao index.ipynb reports/*/*.ipynb reports/*/*.csv reports/*/*.json
	find data/processed -mindepth 1 ! -name README.md -delete
