# SPDX-License-Identifier: Apache-2.0
#
# Every target sets up what it needs: on a fresh Debian with Swift, git and make, `make demo` and `make test`
# are whole commands. All of them share one build, in release mode; `make test CONFIG=debug` builds another.

CONFIG ?= release
SWIFT  := swift
BIN    := .build/$(CONFIG)
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 60

.DEFAULT_GOAL := help
.PHONY: demo test check fmt bench long live fuzz mutants conformance install help build-tieout

demo: build-tieout ## The whole loop on samples/: import, reconcile, promise, plan, hand over, confirm, report
	$(BIN)/tieout demo

test: ## Every test, style and conformance included
	@scripts/install.sh test
	$(SWIFT) build -c $(CONFIG) --build-tests
	$(SWIFT) test -c $(CONFIG) --skip-build --disable-xctest

check: ## The gate before a commit: format lint, then build and every test
	$(SWIFT) format lint --strict --parallel --recursive Sources Tests Package.swift
	@$(MAKE) --no-print-directory test

fmt: ## Formats every source file in place
	$(SWIFT) format format --in-place --parallel --recursive Sources Tests Package.swift

bench: build-tieout ## Tieout beside sqlite3, DuckDB, xmllint, lxml, openpyxl, calamine and dlt, and matching at three sizes
	@scripts/install.sh bench
	$(SWIFT) build -c $(CONFIG) --product workload
	.build/bench/bin/python -B scripts/bench/bench.py --tieout $(BIN)/tieout --workload $(BIN)/workload $(BENCH_ARGS)

conformance: ## Every file of the shared corpus: agreed, differed, refused, by format
	@scripts/install.sh test
	$(SWIFT) build -c $(CONFIG) --build-tests
	$(SWIFT) test -c $(CONFIG) --skip-build --disable-xctest --filter ConformanceTests | grep -E 'agreed|refused|Test run'

fuzz: ## Feeds every parser with libFuzzer, FUZZ_SECONDS (60) each; fails when an input crashes it
	@scripts/install.sh build
	scripts/fuzz.py --seconds $(FUZZ_SECONDS)

mutants: ## Breaks rules of Ledger and Outbox one at a time; the Store tests must fail for each
	@scripts/install.sh test
	scripts/mutants.py

long: ## What takes too long for every push, with every repeat count raised; its log is docs/long.log
	@scripts/install.sh test
	@scripts/long.sh $(CONFIG)

live: build-tieout ## A real Tryton with 2,000 invoices: a hundred kills, then its open items and ours to the cent
	@scripts/install.sh test
	python3 Tests/Integration/tryton.py live $${TMPDIR:-/tmp}/tieout-tryton $(BIN)/tieout $(LIVE_ARGS)

install: ## What build-tieout made, with mappings and policies, below PREFIX (/usr/local)
	install -D -m 755 $(BIN)/tieout $(DESTDIR)$(PREFIX)/bin/tieout
	install -d -m 755 $(DESTDIR)$(PREFIX)/share/tieout
	cp -R mappings policies $(DESTDIR)$(PREFIX)/share/tieout/
	chmod -R u=rwX,go=rX $(DESTDIR)$(PREFIX)/share/tieout

build-tieout:
	@scripts/install.sh build
	$(SWIFT) build -c $(CONFIG) --product tieout

help: ## This list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
