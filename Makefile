# Every target works on a machine with Swift 6.2 or later, git and make: `setup` installs what is missing.
RUN ?= samples/saves/tiny-random-qwen3/lora/sft
OUTPUT ?= .
SOURCES = Package.swift Sources Tests

.PHONY: report test lint format release setup clean

## Builds ftreport and reports on a run: RUN=path (a sample by default), OUTPUT=folder (this one by default).
report: setup
	swift build -c release --product ftreport
	.build/release/ftreport $(RUN) -o $(OUTPUT)

## Builds everything for debugging and runs all tests.
test: setup
	swift test

## Says where the sources differ from the formatter's or break its rules.
lint:
	swift format lint --strict --parallel --recursive $(SOURCES)

## Formats the sources in place.
format:
	swift format --in-place --parallel --recursive $(SOURCES)

## Builds .build/release/ftreport to ship: the Swift library within, symbols stripped.
release: setup
	swift build -c release --product ftreport --static-swift-stdlib -Xlinker -s

## Installs the system libraries that are missing (Debian packages, Homebrew formulae).
setup:
	@scripts/setup.sh

## Removes what was built.
clean:
	rm -rf .build
