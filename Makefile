# Two commands do everything on a Debian machine with a Swift toolchain: `make demo` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

PREFIX ?= /usr/local
DESTDIR ?=
DEMO ?= miping-demo

SOURCES := Package.swift Sources Probes Reports Tests
# What the package is linked with; git fetches the Swift packages.
BUILD_PACKAGES := git libpcap-dev libpq-dev libsqlite3-dev libssl-dev libyaml-dev pkg-config
# Named after the server's version: 15 in Debian 12, 17 in Debian 13.
PGAUDIT := $(shell . /etc/os-release; [ "$$VERSION_ID" = 12 ] && echo postgresql-15-pgaudit || echo postgresql-17-pgaudit)
# Programs the tests compare with, on loopback.
PEER_PACKAGES := chromium nginx openssl postgresql $(PGAUDIT) python3 python3-jsonschema python3-venv
# Scanners that `make bench` measures beside ours; sslyze comes from PyPI.
BENCH_PACKAGES := nmap sslscan

# Instrumented builds are kept apart from the others.
FUZZ_BUILD := MIPING_FUZZ=1 swift build -c release --scratch-path .build/fuzz \
  -Xswiftc -sanitize=fuzzer -Xswiftc -enable-testing -Xswiftc -use-ld=lld
FUZZ_RUNS ?= 1000000

.PHONY: help demo test test-fast build bench fuzz format lint install packages peer-packages unit-build

help:
	@sed -n 's/^## //p' Makefile

## make demo       install what is missing, build, assess the built-in bank, leave miping-demo/report.html
demo: packages
	@echo "== build"
	swift build --product miping
	@echo "== demo"
	"$$(swift build --show-bin-path)/miping" demo -o "$(DEMO)"

## make test       format lint, strict build, import check, catalog, unit, golden and peer tests
test: packages peer-packages lint unit-build
	@echo "== tests, other programs on loopback among them"
	MIPING_PEERS=1 swift test --skip-build --disable-xctest --no-parallel

## make test-fast  the same without other programs
test-fast: packages lint unit-build
	@echo "== tests"
	swift test --skip-build --disable-xctest --no-parallel

## make build      a release build
build: packages
	swift build -c release --static-swift-stdlib --product miping

## make bench      speed, beside reference programs in the same run
bench: packages peer-packages
	@.ci/packages $(BENCH_PACKAGES)
	swift build -c release --static-swift-stdlib --product miping
	swift build -c release --static-swift-stdlib --product miping-benchmarks
	@[ -x .build/sslyze/bin/sslyze ] || { python3 -m venv .build/sslyze && \
	  .build/sslyze/bin/pip install --quiet sslyze; } || echo "sslyze cannot be installed here"
	@bin="$$(swift build -c release --show-bin-path)"; \
	  "$$bin/miping-benchmarks" "$$bin/miping" "$(CURDIR)/.build/sslyze/bin/sslyze"

## make fuzz       a million inputs each to the readers of handshakes, certificates, PIN blocks, messages, logs
fuzz: packages
	@echo "== build"
	$(FUZZ_BUILD) --product miping-fuzz
	@fuzz="$$($(FUZZ_BUILD) --show-bin-path)/miping-fuzz"; seeds=.build/fuzz/seeds; \
	"$$fuzz" seeds $$seeds; mkdir -p .build/fuzz/found; \
	for target in records handshake certificates capture pinblocks messages pinlogs; do \
	  echo "== $$target"; \
	  "$$fuzz" $$target -runs=$(FUZZ_RUNS) -max_len=65536 -timeout=10 -rss_limit_mb=1024 \
	    -print_final_stats=1 -verbosity=0 -artifact_prefix=.build/fuzz/found/$$target- $$seeds/$$target; \
	done

## make format     format every source file
format:
	swift format --in-place --recursive $(SOURCES)

## make lint       check the format only
lint:
	@echo "== format"
	swift format lint --strict --recursive $(SOURCES)

## make install    release build into PREFIX=/usr/local, below DESTDIR where given
install: build
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/share/miping"
	install -m 755 "$$(swift build -c release --show-bin-path)/miping" "$(DESTDIR)$(PREFIX)/bin/miping"
	rm -rf "$(DESTDIR)$(PREFIX)/share/miping/Controls"
	cp -R Controls "$(DESTDIR)$(PREFIX)/share/miping/Controls"

unit-build:
	@echo "== build: warnings are errors, undeclared imports are errors"
	swift build --build-tests --explicit-target-dependency-import-check error
	@echo "== catalog"
	"$$(swift build --show-bin-path)/miping" catalog check Controls

packages:
	@.ci/swift-version
	@.ci/packages $(BUILD_PACKAGES)

peer-packages:
	@.ci/packages $(PEER_PACKAGES)
