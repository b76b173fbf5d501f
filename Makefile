# Every target works on a machine with Swift 6.2 or later, git and make: `setup` installs what is missing.
RUN ?= samples/saves/tiny-random-qwen3/lora/sft
OUTPUT ?= .
SOURCES = Package.swift Sources Tests

# On Linux the Swift library goes into the binary, which then runs on machines without Swift and starts faster.
ifeq ($(shell uname -s),Linux)
STANDALONE = --static-swift-stdlib -Xlinker -s
endif

.PHONY: report test bench lint format fuzz release docs setup clean

## Builds ftreport and reports on a run: RUN=path (a sample by default), OUTPUT=folder (this one by default).
report: release
	.build/release/ftreport $(RUN) -o $(OUTPUT)

## Builds everything for debugging and runs all tests.
test: setup
	swift test --disable-xctest

## Says where the sources differ from the formatter's or break its rules.
lint:
	swift format lint --strict --parallel --recursive $(SOURCES)

## Formats the sources in place.
format:
	swift format --in-place --parallel --recursive $(SOURCES)

## Measures the reading of event files beside a plain reader and, with PEERS=--peers, TensorBoard's readers.
bench: .venv/bin/tensorboard
	cd Benchmarks && swift build -c release --product read-events $(STANDALONE)
	cd Benchmarks && c++ -O2 -march=native -o events/floor events/floor.cpp
	cd Benchmarks && { test -d data || ../.venv/bin/python events/make_data.py data; }
	cd Benchmarks && ../.venv/bin/python events/measure.py data $(PEERS)

.venv/bin/tensorboard:
	@scripts/setup.sh --bench
	python3 -m venv .venv
	.venv/bin/pip install --quiet tensorboard tensorboard-data-server tbparse

## Fuzzes the parsers of untrusted bytes, SECONDS (60) for each.
fuzz: setup
	Fuzz/run $(or $(SECONDS),60)

## Draws the README's pictures, and runs its examples, again.
docs: release
	scripts/update-docs.sh

## Builds .build/release/ftreport, as it ships.
release: setup
	swift build -c release --product ftreport $(STANDALONE)

## Installs the system libraries that are missing (Debian packages, Homebrew formulae).
setup:
	@scripts/setup.sh

## Removes what was built.
clean:
	rm -rf .build
