# The front door. `make demo` installs what is needed, builds, and assesses real
# models; `make test` installs what is needed, builds, and runs the tests.

PREFIX ?= /usr/local
JOBS ?= $(shell nproc)
FUZZ_SECONDS ?= 60
FUZZ_PRESET ?= fuzz
PYTHON ?= /usr/bin/python3

.PHONY: all setup build demo test sanitize threads core bench fuzz lint layers format format-check install coverage clean

all: build

setup:
	@tools/setup.sh

build: setup
	@cmake --preset release > build-release.log 2>&1 || { cat build-release.log; exit 1; }
	@rm -f build-release.log
	@cmake --build --preset release -j $(JOBS) --target program

demo: build
	@$(PYTHON) tools/demo.py build/release/bin/ringfort

# Unit tests, golden cases, conformance, detection corpora, tools: of the program that ships.
test: setup
	@cmake --preset release > /dev/null
	@cmake --build --preset release -j $(JOBS)
	@ctest --preset release -j $(JOBS) --output-on-failure

# Every source and every unit test by clang, under the address and undefined-behavior sanitizers.
sanitize: setup
	@cmake --preset asan-ubsan > /dev/null
	@cmake --build --preset asan-ubsan -j $(JOBS) --target unit_tests
	@ctest --preset asan-ubsan -j $(JOBS) --output-on-failure -L unit

# The rooms that start threads or processes, under the thread sanitizer; of campaigns the workers.
# `make threads THREADED="application service ..."` for others: application needs five minutes more.
THREADED ?= isolation evidence_sqlite service
threads: setup
	@cmake --preset tsan > /dev/null
	@cmake --build --preset tsan -j $(JOBS) --target campaign_test $(addsuffix _test,$(THREADED))
	@for room in $(THREADED); do ctest --preset tsan -j $(JOBS) --output-on-failure -R "^$$room$$" || exit 1; done
	@GTEST_FILTER='*Workers*:Purse*' ctest --preset tsan --output-on-failure -R '^campaign$$'

# Every optional door shut: the core still builds and its tests pass.
core: setup
	@cmake --preset core > /dev/null
	@cmake --build --preset core -j $(JOBS) --target unit_tests
	@ctest --preset core -j $(JOBS) --output-on-failure -L unit

bench: build
	@$(PYTHON) benchmarks/compare_scanners.py build/release/bin/ringfort

# A long run: FUZZ_SECONDS=600 a target. What the sanitizers built serves for a short one.
fuzz: setup
	@cmake --preset $(FUZZ_PRESET) > /dev/null
	@cmake --build --preset $(FUZZ_PRESET) -j $(JOBS) --target fuzz_targets
	@$(PYTHON) tools/run_fuzzers.py build/$(FUZZ_PRESET)/bin fuzz/corpus $(FUZZ_SECONDS) --jobs $(JOBS)

lint: layers format-check

layers:
	@$(PYTHON) tools/check_layers.py src tools/layers.txt

format:
	@git ls-files -z '*.cc' '*.h' | xargs -0 clang-format -i

format-check: setup
	@git ls-files -z '*.cc' '*.h' | xargs -0 clang-format --dry-run --Werror

install: build
	@cmake --install build/release --prefix $(PREFIX)

# Lines that the unit tests reach, a folder a line; every file in build/coverage/html.
coverage: setup
	@cmake --preset coverage > /dev/null
	@cmake --build --preset coverage -j $(JOBS) --target unit_tests
	@find build/coverage -name '*.gcda' -delete
	@ctest --preset coverage -j $(JOBS) -L unit --output-on-failure
	@$(PYTHON) tools/coverage_table.py build/coverage

clean:
	@rm -rf build
