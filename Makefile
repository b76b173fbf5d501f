# Every target works on a machine with Swift 6.2 or later, git and make: `setup` installs what is missing.
RUN ?= samples/saves/tiny-random-qwen3/lora/sft
OUTPUT ?= .
SOURCES = Package.swift Sources Tests

# On Linux everything goes into the binary: it runs wherever there are Linux and /proc, and starts faster. No path of
# this folder gets into it, so that it is the same in any.
ifeq ($(shell uname -s),Linux)
STANDALONE = --static-swift-stdlib -Xlinker -s
STATIC = -Xswiftc -static-executable -Xlinker -s -Xlinker -Map=$(CURDIR)/.build/ftreport.map \
	-Xcc -ffile-prefix-map=$(CURDIR)=. -Xswiftc -file-prefix-map -Xswiftc $(CURDIR)=.
endif

.PHONY: report test bench lint format conversions fuzz sanitize interruptions promises bounds pickles pages growth verdicts statistics goldens fixtures \
	coverage client site release dist docs setup clean

## Builds ftreport and reports on a run: RUN=path (a sample by default), OUTPUT=folder (this one by default).
report: release
	.build/release/ftreport $(RUN) -o $(OUTPUT)

## Builds everything for debugging and runs all tests, those of the Python package too where there is a Python.
test: setup
	swift test --disable-xctest
	scripts/test-python.sh

## Says where the sources differ from the formatter's or break its rules.
lint:
	swift format lint --strict --parallel --recursive $(SOURCES)

## Says where the sources convert or calculate in a way that traps on numbers which a file may hold.
conversions: setup
	swift build
	scripts/check-conversions.sh

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

## Runs all tests under the sanitizers of addresses and of threads, and those of the C kernels under that of undefined behaviour.
sanitize: setup
# What a command still holds when it exits is no leak.
	ASAN_OPTIONS=detect_leaks=0 swift test --disable-xctest --scratch-path .build/address --sanitize address
	swift test --disable-xctest --scratch-path .build/thread --sanitize thread
	UBSAN_OPTIONS=halt_on_error=1 FTREPORT_TESTS=BytesTests,EventFileTests,WeightsTests swift test --disable-xctest \
	  --scratch-path .build/undefined --sanitize undefined

## Lets system calls fail, kills the command and runs two of it at once, and looks that nothing is lost (Linux, strace).
interruptions: release
	python3 scripts/check-interruptions.py

## Holds what SECURITY.md promises against the system calls of every verb: no network, no program, no write elsewhere (Linux, strace).
promises: release
	python3 scripts/check-promises.py

## Tries hostile and unlucky files, and holds time, memory and exit status against their bounds (wants crc32c from PyPI).
bounds: release
	python3 scripts/check-bounds.py

## Holds `verify` against Python's own readers of pickles, on streams of opcodes that chance writes.
pickles: release
	python3 scripts/check-pickles.py --binary .build/release/ftreport

## Looks that the script of pages is the one embedded, and drives pages in headless Chromium; SCREENSHOTS=folder keeps some.
pages: release
	python3 scripts/embed-page-script.py --check
	python3 scripts/check-pages.py .build/release/ftreport $(if $(SCREENSHOTS),--screenshots $(SCREENSHOTS))

## Measures how time and memory grow with points, tags, runs, output folders and tensors (wants crc32c from PyPI).
growth: release
	python3 scripts/measure-growth.py

## Holds verdicts against simulated trainings, healthy and sick, beside those of others; writes docs/verdicts.md.
verdicts: release .venv/bin/trainproof
	PATH="$(CURDIR)/.venv/bin:$$PATH" python3 scripts/verdicts .build/release/ftreport --wide 20 --peers 20 \
	  --markdown docs/verdicts.md

.venv/bin/trainproof:
	@scripts/setup.sh --bench
	python3 -m venv .venv
	.venv/bin/pip install --quiet trainproof==0.22.0 ftdoctor==0.1.0 trainspotter==0.2.6

## Measures how often verdicts err on simulated noise; writes docs/statistics.md. REPETITIONS (1000) a rate, RUNS for twins.
statistics: setup
	swift run -c release --package-path Benchmarks simulate-gates --repetitions $(or $(REPETITIONS),1000) \
	  samples/saves/tiny-random-qwen3/lora/sft samples/saves/tiny-random-qwen3/lora/sft_lr1e-4 $(RUNS) \
	  >.build/statistics.md
	mv .build/statistics.md docs/statistics.md

## Records the golden pages and pictures again, with those of the README, and shows what became different.
goldens: setup docs
	@swift build --build-tests
	@FTREPORT_RECORD_GOLDENS=1 swift test --skip-build --disable-xctest --filter ReportTests >.build/goldens.log 2>&1; \
	  grep -q 'recorded ' .build/goldens.log || { cat .build/goldens.log; exit 1; }
	@git status --short Tests/Fixtures/report/goldens docs README.md

## Writes the tests' fixtures again with the libraries that scripts/requirements-*.txt pin; ONLY=light does without torch.
fixtures:
	scripts/make-fixtures.sh $(ONLY)

## Builds README's example as a package of its own that depends on this one, and runs it.
client: setup
	scripts/check-client.sh

## Says which lines of the sources the tests run, by file and in all.
coverage: setup
	swift test --disable-xctest --enable-code-coverage --scratch-path .build/coverage
	scripts/coverage.sh

## Builds the documentation in .build/site: guide, verbs, schemas, gallery, each library; checks its links. BASE=path served under.
site: release
	@scripts/setup.sh --python
	scripts/make-site.sh .build/site $(BASE)

## Draws the README's pictures, and runs its examples, again.
docs: release
	scripts/update-docs.sh

## Builds .build/release/ftreport, as it ships.
release: setup
	@mkdir -p .build
	swift build -c release --product ftreport $(STATIC)

## Makes everything that a release consists of, into dist/: wheel, tar.gz, .deb, SBOM, checksums.
dist: setup
	@scripts/setup.sh --dist
	scripts/make-dist.sh

## Installs the system libraries that are missing (Debian packages, Homebrew formulae).
setup:
	@scripts/setup.sh

## Removes what was built.
clean:
	rm -rf .build
