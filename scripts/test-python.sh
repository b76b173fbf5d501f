#!/bin/bash
# Runs the tests of the Python package, with a command that is built already.
#
#   scripts/test-python.sh [BINARY]         BINARY: .build/debug/ftreport
#   scripts/test-python.sh --wheel [WHEEL]  the wheel of dist/ in a fresh environment, with every CPython 3.9 to 3.14 here
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'test-python: %s\n' "$*" >&2; }

# mypy, and the libraries that read Arrow: their tests are skipped where they cannot be had.
libraries=(pyarrow pandas polars nanoarrow duckdb ipython mypy)

prepare() { # PYTHON FOLDER
  [ -x "$2/bin/pytest" ] && return
  "$1" -m venv "$2"
  "$2/bin/pip" install --quiet --disable-pip-version-check pytest
  for library in "${libraries[@]}"; do
    "$2/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: "$library" 2>/dev/null ||
      say "$library cannot be had for $("$1" --version); its tests are skipped"
  done
}

if [ "${1:-}" = --wheel ]; then
  wheel=${2:-$(ls dist/*.whl)}
  tried=0
  for minor in 9 10 11 12 13 14; do
    python=$(command -v "python3.$minor") || continue
    folder=$(mktemp -d)
    prepare "$python" "$folder"
    "$folder/bin/pip" install --quiet --disable-pip-version-check --no-index --force-reinstall "$wheel"
    say "CPython 3.$minor with $(basename "$wheel")"
    env -u FTREPORT_BINARY PATH="/usr/bin:/bin" "$folder/bin/pytest" -q -p no:cacheprovider --rootdir python python/tests
    rm -rf "$folder"
    tried=$((tried + 1))
  done
  [ "$tried" -gt 0 ] || say "no CPython from 3.9 to 3.14 is here"
  exit 0
fi

if ! command -v python3 >/dev/null 2>&1; then
  say "there is no python3 here: the tests of the Python package are left out"
  exit 0
fi
python3 -c 'import ensurepip, venv' 2>/dev/null || scripts/setup.sh --python
environment=.build/python
prepare python3 "$environment"
FTREPORT_BINARY=$PWD/${1:-.build/debug/ftreport}
export FTREPORT_BINARY PYTHONDONTWRITEBYTECODE=1
if [ -x "$environment/bin/mypy" ]; then
  (cd python && "../$environment/bin/mypy")
fi
PYTHONPATH=$PWD/python/src "$environment/bin/python" -m pytest -q -p no:cacheprovider --rootdir python python/tests action
