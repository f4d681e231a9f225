# Every target can be run alone and again. `make help` lists them.

PYTHON ?= python3

VENV := .venv
BIN := $(VENV)/bin

# dbt reads the profile in the repository, never one in a home directory,
# and tells nobody.
export DBT_PROFILES_DIR := $(CURDIR)
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export DO_NOT_TRACK := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# A byte-compiled environment saves 3 s in each call of dbt.
unexport PYTHONDONTWRITEBYTECODE
# A Python environment of the caller must not shine through.
unexport PYTHONHOME
unexport PYTHONPATH

# An environment is made anew when its lock, or its place, changes.
stamp = $(1)/.installed-$(shell { cat $(2); echo '$(CURDIR)'; } \
	| cksum | cut -d ' ' -f 1)
DEV := $(call stamp,$(VENV),requirements/dev.txt)
SPARK := $(call stamp,$(VENV),requirements/spark.txt)
PARSER := $(call stamp,.venv-v2,requirements/parser.txt)
DUCKDB_LTS := $(call stamp,.venv-duckdb-lts,requirements/duckdb-lts.txt)
DBT_NEXT := $(call stamp,.venv-dbt-next,requirements/dbt-next.txt)
MCP := $(call stamp,.venv-mcp,requirements/mcp.txt)
METRICFLOW := $(call stamp,.venv-metrics,requirements/metrics.txt)
BENCH := $(call stamp,.venv-bench,requirements/bench.txt)
BOARD := $(call stamp,.venv-board,requirements/board.txt)
UV := $(call stamp,.venv-uv,requirements/uv.txt)
# What `make test` needs besides.
PROOF := $(PARSER) $(DUCKDB_LTS) $(METRICFLOW) $(BOARD)

# One thing at a time, whatever -j says: dbt's steps share target/ and one
# database file, which takes a single writer.
.NOTPARALLEL:
.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / \
		{ printf "  %-22s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# -- set-up -----------------------------------------------------------------

.PHONY: install
install: $(DEV) ## Make the environment .venv with the locked requirements

.PHONY: deps
deps: $(DEV) ## Install dbt's packages: hub, DBT_UTILS_PATH or our stand-in
	@$(BIN)/python scripts/install_packages.py

.PHONY: packages
packages: $(DEV)
	@$(BIN)/python scripts/install_packages.py --if-needed

# -- work -------------------------------------------------------------------

# Under a company's vars, `.venv/bin/python -m cst run --vars …` does the same.
.PHONY: build
build: packages ## Build the warehouse on DuckDB, test it, publish cst.duckdb
	@$(BIN)/python -m cst run
	@$(BIN)/python -m cst first-look

.PHONY: ask
ask: $(DEV) ## Answer a question: Q=复购率, Q=12; without Q, list them
	@$(BIN)/python -m cst ask "$$Q"

.PHONY: catalog
catalog: $(DEV) ## Write what assistants read: tables, metrics, an exam
	@test -f cst.duckdb || $(MAKE) build
	$(BIN)/python -m scripts.write_catalog

.PHONY: docs
docs: packages ## Write the documentation, one page that needs no server
	@test -f "$${CST_DUCKDB_PATH:-build/cst.duckdb}" || $(MAKE) build
	$(BIN)/python scripts/write_docs.py
	@echo "Open target/static_index.html in a browser."

.PHONY: board
board: $(BOARD) ## Write the boards, pages that need no server
	@test -f "$${CST_DUCKDB_PATH:-cst.duckdb}" || $(MAKE) build
	.venv-board/bin/python -m scripts.write_boards
	@echo "Open target/boards/index.html in a browser."

.PHONY: demo-cdnow
demo-cdnow: packages ## Run the warehouse over CDNOW's purchase log
	$(BIN)/python -m examples.cdnow

.PHONY: demo-complete-journey
demo-complete-journey: packages ## Run it over a grocer's Complete Journey
	$(BIN)/python -m examples.complete_journey

# -- proof ------------------------------------------------------------------

# A database without history: what older code published is no expected result,
# and another sample would be a feed that lies.
SAMPLE := target/sample/cst.duckdb

.PHONY: sample
sample: packages
	@mkdir -p $(dir $(SAMPLE)) && rm -f $(SAMPLE)
	CST_DUCKDB_PATH=$(SAMPLE) \
		$(BIN)/dbt build --exclude-resource-type unit_test

.PHONY: test
test: packages $(PROOF) ## Prove it all: lint, build, pytest
	@echo "== 1/4 lint =="
	@rm -f $(SAMPLE)
	@$(MAKE) --no-print-directory lint LINTED=$(SAMPLE)
	@rm -f $(SAMPLE)
	@echo "== 2/4 macro tests =="
	CST_DUCKDB_PATH=$(SAMPLE) $(BIN)/dbt run-operation test_all
	@echo "== 3/4 build, with data tests =="
	CST_DUCKDB_PATH=$(SAMPLE) $(BIN)/dbt build --exclude-resource-type unit_test
	@echo "== 4/4 pytest, with dbt's unit tests =="
	$(BIN)/python -m pytest -n 2 --durations 20 tests/python
	@echo "make test: all passed"

# A part of `make test`, by hand.
.PHONY: test-metrics
test-metrics: packages $(METRICFLOW) ## Ask MetricFlow, compare with the marts
	$(BIN)/python -m pytest tests/python/test_metrics.py \
		tests/python/test_metricflow.py

# Slow, and only of interest where the statistics change.
.PHONY: test-statistics
test-statistics: packages ## Try the effects in companies of known truth
	$(BIN)/python -m pytest -o pythonpath=tests/python tests/statistics

# Ten thousand hostile rows, every fault of a file, every feed that has to stop
# a build: minutes. `make test` tries the few that find the most.
.PHONY: test-hostile
test-hostile: packages ## Deliver what lies: hostile rows, files and feeds
	CST_LONG=1 $(BIN)/python -m pytest tests/hostile \
		$(addprefix tests/python/test_,cases.py delivered_files.py \
		erasure_is_complete.py hostile_feed.py stops.py \
		withdraw_published.py)

# Two months of the sample night by night, and random companies: an hour.
# `make test` tries one small company.
.PHONY: test-replay
test-replay: packages ## Unroll a feed by night: what is published stays
	$(BIN)/python -m pytest tests/replay

# Whole builds of three real shops and nine simulated ones, in other money, in
# another order: an hour or more. `make test` tries one small shop.
.PHONY: test-shops
test-shops: packages ## Ask what holds in any shop of many, in long
	$(BIN)/python -m pytest -n 2 --dist loadgroup tests/shops

# Ten thousand small populations, and what an oracle says of each customer:
# minutes. `make test` tries three hundred.
.PHONY: test-populations
test-populations: packages ## Ask who is on the list, in 10,000 populations
	$(BIN)/python -m pytest tests/populations

# Kills at hundreds of random points, and nights of the whole sample: an hour.
# `make test` tries a few of each.
.PHONY: test-faults
test-faults: packages ## Kill builds and publishing at random points, in long
	$(BIN)/python -m pytest tests/faults

# The linter has a database of its own: it wants no tables, and no lock. In `make
# test` it is the sample's path, so that all of its steps share one parse.
LINTED := target/lint.duckdb

.PHONY: lint
lint: packages $(PARSER) ## Check style and YAML: sqlfluff, parsers, bouncer
	@mkdir -p $(dir $(LINTED))
	CST_DUCKDB_PATH=$(LINTED) $(BIN)/dbt --no-partial-parse --warn-error parse \
		--show-all-deprecations
	CST_DUCKDB_PATH=$(LINTED) \
		$(BIN)/python scripts/lint_sql.py lint --processes 0 \
		$(wildcard models tests analyses)
	$(BIN)/python scripts/parse_v2.py
	$(BIN)/dbt-bouncer --config-file dbt-bouncer.yml

.PHONY: measure
measure: packages ## Measure the models: lines, CTEs, longest path
	@mkdir -p target
	CST_DUCKDB_PATH=target/lint.duckdb $(BIN)/dbt --quiet parse
	$(BIN)/python scripts/measure_models.py --check

# Needs a package that we do not depend on: DBT_PROJECT_EVALUATOR_PATH (and
# DBT_UTILS_PATH), or dbt's package hub.
.PHONY: evaluate
evaluate: packages ## Run dbt-project-evaluator, where it can be had
	@$(BIN)/python scripts/evaluate_project.py

.PHONY: test-spark
test-spark: packages $(SPARK) ## Build on Spark too and compare each table
	@sh scripts/check_java.sh
	$(BIN)/python -m pytest tests/spark
	$(BIN)/python scripts/compare_engines.py

# A build with every test by another dbt: five minutes.
.PHONY: test-dbt-next
test-dbt-next: sample $(DBT_NEXT) ## Build with the newest dbt, compare each table
	$(BIN)/python -m pytest tests/dbt_next

# Two builds and the unit tests by the alpha of dbt v2: three minutes. What the
# alpha does otherwise stands in the test.
.PHONY: test-dbt-v2
test-dbt-v2: sample $(PARSER) ## Build with the alpha of dbt v2, compare each table
	$(BIN)/python -m pytest tests/dbt_v2

# The exam through a server by which assistants read the published file.
.PHONY: test-assistants
test-assistants: sample $(MCP) ## Ask all questions through an MCP server
	$(BIN)/python -m pytest tests/assistants

# Two builds on each engine: ten minutes. `make test-spark` has nights of a few
# models.
.PHONY: test-spark-nights
test-spark-nights: packages $(SPARK) ## Publish two nights on Spark, in long
	@sh scripts/check_java.sh
	$(BIN)/python scripts/compare_nights.py

.PHONY: bench
bench: packages $(BENCH) ## Measure CPU and memory by size, beside other means
	$(BIN)/python -m scripts.bench_build .venv-bench/bin/python $(SIZES)
	$(BIN)/python -m scripts.bench_ltv .venv-bench/bin/python

# -- upkeep -----------------------------------------------------------------

.PHONY: lock
lock: $(UV) ## Lock the requirements anew (UPGRADE=--upgrade moves all pins)
	scripts/lock_requirements.sh "$(CURDIR)/.venv-uv/bin/uv" $(UPGRADE)

.PHONY: metrics
metrics: packages ## Write what follows from the registry of metrics
	$(BIN)/python -m scripts.write_metrics

.PHONY: figures
figures: sample ## Write the figures that pages quote from the sample
	$(BIN)/python -m scripts.write_figures
	$(BIN)/python -m scripts.draw_effect

.PHONY: clean
clean: ## Remove what was built, but not what is published
	rm -rf target logs dbt_packages .pytest_cache
	rm -f build/cst.duckdb build/cst.duckdb.wal build/cst.lock

# -- environments -----------------------------------------------------------

# Makes an empty environment in $(1), or says what is missing.
define make_venv
@command -v $(PYTHON) >/dev/null || { \
	echo "$(PYTHON) was not found: install Python 3.11 or newer, or say" \
		"which to take: make PYTHON=python3.12" >&2; exit 1; }
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	echo "Python 3.11 or newer is needed, but $(PYTHON) is" \
		"$$($(PYTHON) -V 2>&1). Say which to take:" \
		"make PYTHON=python3.11" >&2; exit 1; }
@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	echo "$(PYTHON) lacks the venv module:" \
		"apt-get install python3-venv" >&2; exit 1; }
@test ! -L $(1) || { \
	echo "$(1) is a link: what it leads to is not emptied. Remove the link" \
		"to have an environment here" >&2; exit 1; }
@$(PYTHON) -m venv --clear $(1)
endef

# Installs the lock $(2) with the pip $(1), and options $(3).
define install_lock
@$(1) install -qq --compile --require-hashes $(3) -r $(2) || { \
	echo "Installing $(2) failed, see above. Does pip reach its package" \
		"index?" >&2; exit 1; }
@touch $@
endef

$(DEV):
	@echo "Making $(VENV): about a minute"
	$(call make_venv,$(VENV))
	$(call install_lock,$(BIN)/pip,requirements/dev.txt)

$(SPARK): $(DEV)
	@echo "Adding Spark to $(VENV): about a minute"
	$(call install_lock,$(BIN)/pip,requirements/spark.txt)

$(PARSER):
	$(call make_venv,.venv-v2)
	$(call install_lock,.venv-v2/bin/pip,requirements/parser.txt)

$(DUCKDB_LTS): $(DEV)
	@rm -rf .venv-duckdb-lts
	$(call install_lock,$(BIN)/pip,requirements/duckdb-lts.txt,--target \
		.venv-duckdb-lts)

# For a test that is run by hand.
.PHONY: duckdb-lts
duckdb-lts: $(DUCKDB_LTS)

$(DBT_NEXT):
	$(call make_venv,.venv-dbt-next)
	$(call install_lock,.venv-dbt-next/bin/pip,requirements/dbt-next.txt)

$(METRICFLOW):
	$(call make_venv,.venv-metrics)
	$(call install_lock,.venv-metrics/bin/pip,requirements/metrics.txt)

$(MCP):
	$(call make_venv,.venv-mcp)
	$(call install_lock,.venv-mcp/bin/pip,requirements/mcp.txt)

$(BENCH):
	$(call make_venv,.venv-bench)
	$(call install_lock,.venv-bench/bin/pip,requirements/bench.txt)

$(BOARD):
	@echo "Making .venv-board: about a minute"
	$(call make_venv,.venv-board)
	$(call install_lock,.venv-board/bin/pip,requirements/board.txt)

# For a test that is run by hand.
.PHONY: board-tools
board-tools: $(BOARD)

$(UV):
	$(call make_venv,.venv-uv)
	$(call install_lock,.venv-uv/bin/pip,requirements/uv.txt)
