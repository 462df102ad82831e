# `make run` and `make test` are all that a newcomer needs; each installs what it lacks, builds and goes.
SHELL := /bin/sh
JOBS ?= $(shell nproc)
CTEST = ctest --output-on-failure -j $(JOBS)
# Two clones share what ccache has: paths are taken relative to the tree.
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1
# Precompiled headers; and a fresh clone's files are all new: what counts is what is in them.
export CCACHE_SLOPPINESS := pch_defines,time_macros,include_file_mtime,include_file_ctime
# What a sanitizer's build is run with; the suppressions name third-party code only.
SANITIZER_ENV = ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1 \
  TSAN_OPTIONS=ignore_noninstrumented_modules=1:suppressions=$(CURDIR)/tests/support/tsan.supp LSAN_OPTIONS=suppressions=$(CURDIR)/tests/support/lsan.supp

.PHONY: help run test build bench bench-compare bench-instructions attacks soak tier-soak fuzz planted-bugs interop interop-long ui ui-check page-test page-images chart-test packaging-test asan tsan format tidy clean setup

help:
	@echo "make run      build, start the daemon, send it a made-up shop's traffic, show what was kept and why"
	@echo "make test     build and run every test"
	@echo "make build    the release build: build/release/tailrace"
	@echo "make bench    measure, and compare with the limit of the machine"
	@echo "make bench-compare  the same loads on Tailrace, the Collector and Jaeger, in turns (COMPARE='--cells all --rounds 5 --write')"
	@echo "make bench-instructions  instructions per span of each step on a span's way, against the record: more than 5 % above it fails (INSTRUCTIONS=--write: the record anew)"
	@echo "make attacks  attackers on sockets beside honest traffic, each half a minute (ATTACKS='--only reset --seconds 5'; --write: docs/ATTACKS.md)"
	@echo "make soak     twenty minutes of traffic with attackers and a backend that comes and goes: nothing may grow (SOAK_SECONDS=1200)"
	@echo "make tier-soak  three minutes of routers and samplers, one of these stopped and started again every 20 seconds: no span may lack (SOAK_SECONDS=180)"
	@echo "make fuzz     fuzz every parser for a while (FUZZ_SECONDS=60)"
	@echo "make planted-bugs  plant 37 bugs, one at a time, and see the simulation find each"
	@echo "make interop  real OpenTelemetry clients against the daemon, and its decisions against the real Collector's (fetches both once)"
	@echo "make interop-long  two tiers mixed with the Collector, and the alerts as Prometheus reads them: peers that take many minutes to build"
	@echo "make ui       build the page into collector/admin/ui/dist;  make ui-check: is that current, are its types right, do its unit tests pass"
	@echo "make page-test   the page in a headless Chromium, by a person's steps;  make page-images: the same, and docs/images/ anew"
	@echo "make chart-test      the Helm chart: rendered, valid in every version of Kubernetes, upgraded from any values to any other (fetches Helm once)"
	@echo "make packaging-test  the Debian package and the image, in Debian 12 roots made on the spot (needs root)"
	@echo "make asan     the tests under AddressSanitizer and UBSan;  make tsan: under ThreadSanitizer"
	@echo "make format   clang-format;  make tidy: clang-tidy;  make clean: remove build/"

setup:
	@scripts/setup

run: setup
	@cmake --preset release $(QUIET)
	@cmake --build build/release --target tailrace -j $(JOBS)
	@scripts/quickstart build/release/tailrace

test: setup
	@cmake --preset dev $(QUIET)
	@cmake --build build/dev -j $(JOBS)
	@$(CTEST) --test-dir build/dev

build: setup
	@cmake --preset release $(QUIET)
	@cmake --build build/release -j $(JOBS)

bench: build
	@python3 bench/run.py

bench-compare: build
	@python3 -m bench.compare $(COMPARE)

bench-instructions:
	@scripts/setup bench
	@cmake --preset release $(QUIET)
	@cmake --build build/release --target bench_instructions -j $(JOBS)
	@/usr/bin/python3 -B bench/instructions.py $(INSTRUCTIONS)

attacks: setup
	@cmake --preset release $(QUIET)
	@cmake --build build/release --target tailrace -j $(JOBS)
	@TAILRACE_BINARY=$(CURDIR)/build/release/tailrace /usr/bin/python3 -B tests/attacks/run.py $(ATTACKS)

soak: setup
	@cmake --preset release $(QUIET)
	@cmake --build build/release --target tailrace -j $(JOBS)
	@TAILRACE_BINARY=$(CURDIR)/build/release/tailrace /usr/bin/python3 -B tests/attacks/soak.py --seconds $(or $(SOAK_SECONDS),1200)

tier-soak: setup
	@cmake --preset release $(QUIET)
	@cmake --build build/release --target tailrace -j $(JOBS)
	@TAILRACE_BINARY=$(CURDIR)/build/release/tailrace PYTHONPATH=$(CURDIR) /usr/bin/python3 -B tests/e2e/tier_soak_test.py $(or $(SOAK_SECONDS),180)

fuzz:
	@scripts/setup fuzz
	@scripts/fuzz

planted-bugs: setup
	@scripts/planted-bugs

# Configuration `interop` is what these tests are registered under: they need peers from package registries.
interop:
	@scripts/setup interop
	@scripts/peers
	@cmake --preset dev $(QUIET)
	@cmake --build build/dev --target tailrace -j $(JOBS)
	@ctest --output-on-failure --test-dir build/dev -C interop -L interop --no-tests=error

interop-long:
	@scripts/setup interop
	@scripts/peers collector router promtool
	@cmake --preset dev $(QUIET)
	@cmake --build build/dev --target tailrace -j $(JOBS)
	@ctest --output-on-failure --test-dir build/dev -C interop-long -L interop-long --no-tests=error

# The page. What is built is committed, so that nothing else needs Node; whoever changes it builds it and commits both.
UI = collector/admin/ui
$(UI)/node_modules/.package-lock.json: $(UI)/package-lock.json
	@cd $(UI) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

ui:
	@scripts/setup page
	@$(MAKE) --no-print-directory $(UI)/node_modules/.package-lock.json
	@cd $(UI) && npm run --silent build

ui-check:
	@scripts/setup page
	@$(MAKE) --no-print-directory $(UI)/node_modules/.package-lock.json
	@cd $(UI) && npm run --silent check

# Registered under the configuration `page`: they need Chromium, and axe-core out of the page's own packages.
page-test page-images:
	@scripts/setup page
	@$(MAKE) --no-print-directory $(UI)/node_modules/.package-lock.json
	@cmake --preset dev $(QUIET)
	@cmake --build build/dev --target tailrace -j $(JOBS)
	@$(if $(filter page-images,$@),TAILRACE_PAGE_IMAGES=$(CURDIR)/docs/images) ctest --output-on-failure --test-dir build/dev -C page -L page --no-tests=error

chart-test:
	@scripts/setup chart
	@scripts/peers helm schemas
	@cmake --preset dev $(QUIET)
	@cmake --build build/dev --target tailrace -j $(JOBS)
	@$(CTEST) --test-dir build/dev -C chart -L chart --no-tests=error

packaging-test:
	@scripts/setup packaging
	@cmake --preset dev $(QUIET)
	@cmake --build build/dev --target tailrace -j $(JOBS)
	@ctest --output-on-failure --test-dir build/dev -C packaging -L packaging --no-tests=error

asan tsan: setup
	@cmake --preset $@ $(QUIET)
	@cmake --build build/$@ -j $(JOBS)
	@$(SANITIZER_ENV) $(CTEST) --test-dir build/$@ -LE no-sanitizer

format:
	@scripts/setup lint
	@find base proto config processors collector bench tests \( -name '*.h' -o -name '*.cc' \) -print0 \
	  | xargs -0 clang-format-14 -i

tidy:
	@scripts/setup lint
	@cmake --preset dev $(QUIET)
	@find base proto config processors collector -name '*.cc' -print0 \
	  | xargs -0 -n 4 -P $(JOBS) clang-tidy-14 -p build/dev --quiet

clean:
	@rm -rf build tailrace-out
