# Two commands matter: `make run` plans the first example, `make test` runs every suite.
# Needs python3, python3-venv and make; everything else goes into .venv.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:

# Every server and command a test starts would compile the package again.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv
STAMPS := .venv/stamps

# Seconds a suite may take before it counts as hung.
BUDGET_unit := 1500
BUDGET_property := 1200
BUDGET_theory := 1800
BUDGET_published := 1200
BUDGET_integration := 1200
BUDGET_e2e := 900
BUDGET_docs := 600
BUDGET_arch := 300
BUDGET_soak := 14400

# An empty suite is fine while its room is being built; a suite over its budget is not.
define suite
@if [ ! -d tests/$(1) ]; then echo "tests/$(1): no tests yet"; exit 0; fi; \
echo "== tests/$(1) (at most $(BUDGET_$(1)) s)"; \
code=0; timeout --kill-after=20 $(BUDGET_$(1)) $(BIN)/python -m pytest tests/$(1) -n auto --dist worksteal -q $(2) $(ARGS) || code=$$?; \
if [ $$code = 124 ]; then echo "tests/$(1): stopped, over its budget of $(BUDGET_$(1)) s" >&2; fi; \
if [ $$code != 5 ]; then exit $$code; fi
endef

.PHONY: help run test check lint format soak docs lock clean run-environment dev-environment browser devices \
	test-unit test-property test-theory test-published test-integration test-e2e test-docs test-arch

help: ## Say what can be made
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | while IFS=$$'\t' read -r name text; do printf '%-18s %s\n' "$$name" "$$text"; done

run: run-environment ## Plan examples/tashkent into build/tashkent
	$(BIN)/oncopolis plan examples/tashkent --out build/tashkent

# tests/unit comes last so that the closing line counts executed tests even while other suites are empty. One run
# tells everything: a suite that fails does not hide the later ones.
SUITES := lint test-docs test-arch test-theory test-published test-property test-integration test-e2e test-unit

test: dev-environment ## Everything CI runs
	@failed=; \
	for suite in $(SUITES); do \
		$(MAKE) --no-print-directory $$suite || failed="$$failed $$suite"; \
	done; \
	if [ "$$failed" ]; then echo "failed:$$failed" >&2; exit 1; fi

# What takes more than half a second, and what is done once more on PostgreSQL, is left to `make test`.
check: lint test-arch ## The quick part
	$(call suite,unit,-m "not slow and not soak" -k "not postgresql")

test-unit: dev-environment ## One thing at a time
	$(call suite,unit)

test-property: dev-environment ## What must hold for any input
	$(call suite,property)

test-theory: dev-environment ## Formulas with a known answer
	$(call suite,theory)

test-published: dev-environment ## Other people's tables
	$(call suite,published)

test-integration: dev-environment devices ## Commands and whole projects
	$(call suite,integration)

test-e2e: dev-environment browser ## Reports in a real browser
	$(call suite,e2e)

test-docs: dev-environment ## Documentation and code agree
	$(call suite,docs)

test-arch: dev-environment ## The house keeps its shape
	$(call suite,arch)

soak: dev-environment ## What takes long, outside CI
	timeout --kill-after=20 $(BUDGET_soak) $(BIN)/python -m pytest tests -m soak -q $(ARGS)

# Types take as long as all the rest, on one core: the rest is looked at meanwhile.
lint: dev-environment ## Style, types, layers, numbers in code, spelling
	@$(BIN)/mypy & types=$$!; failed=; \
	for check in "ruff check --no-cache" "ruff format --check" "lint-imports --no-cache" \
		"python tools/lint_numbers.py" codespell; do \
		echo "$$check"; $(BIN)/$$check || failed="$$failed, $$check"; \
	done; \
	echo mypy; wait $$types || failed="$$failed, mypy"; \
	if [ "$$failed" ]; then echo "lint failed: $${failed#, }" >&2; exit 1; fi

format: dev-environment ## Let ruff rewrite what it can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs: dev-environment ## Regenerate docs/reference from the code
	$(BIN)/python tools/make_reference.py

lock: $(STAMPS)/uv ## Resolve the dependencies again into requirements/
	tools/lock.sh $(UV)

clean: ## Remove what was built, the environment included
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# --- The environment -------------------------------------------------------------------------------------------------

run-environment: $(STAMPS)/run
dev-environment: $(STAMPS)/dev

$(STAMPS)/uv: requirements/uv.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	mkdir -p $(STAMPS)
	touch $@

# The development lock holds the run lock with the same versions, so a fresh development environment also runs.
$(STAMPS)/run: $(STAMPS)/uv requirements/run.txt pyproject.toml
	$(call sync,run)
	rm -f $(STAMPS)/dev
	touch $@

$(STAMPS)/dev: $(STAMPS)/uv requirements/dev.txt requirements/run.txt pyproject.toml
	$(call sync,dev)
	touch $(STAMPS)/run $@

# The build backend is in the lock, so the project is installed without an isolated (and unlocked) build environment.
define sync
$(UV) pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements/$(1).txt
$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
$(BIN)/python -m compileall -q src/oncopolis
endef

# Without them the tests that need one skip and say so.
browser:
	@tools/install_debian.sh chromium=chromium,fonts-noto-cjk

devices:
	@tools/install_debian.sh findscu=dcmtk mosquitto=mosquitto
