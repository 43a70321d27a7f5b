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
BUILD_PACKAGES := git libpcap-dev libsqlite3-dev libssl-dev libyaml-dev pkg-config
# Programs the tests compare with, on loopback.
PEER_PACKAGES := chromium nginx openssl python3 python3-jsonschema

.PHONY: help demo test test-fast build bench format lint install packages peer-packages unit-build

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
	swift build -c release --static-swift-stdlib --product miping
	swift build -c release --static-swift-stdlib --product miping-benchmarks
	@bin="$$(swift build -c release --show-bin-path)"; "$$bin/miping-benchmarks" "$$bin/miping"

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
