#!/bin/sh
# Prints how much of each room the tests run, from what `make coverage` measured; with --lines each file.
set -eu
cd "$(dirname "$0")/.."
folder=$(swift build --scratch-path .build/coverage --show-bin-path)
tests=$(find "$folder" -maxdepth 1 -name '*.xctest' | head -n 1)
# On macOS a bundle, on Linux the program itself.
[ ! -d "$tests" ] || tests=$tests/Contents/MacOS/$(basename "$tests" .xctest)
# The toolchain's own: others do not read the format of its profiles.
cov=$(dirname "$(readlink -f "$(command -v swift)")")/llvm-cov
[ -x "$cov" ] || cov="xcrun llvm-cov"
# shellcheck disable=SC2086 # perhaps two words
$cov report "$tests" -instr-profile="$folder/codecov/default.profdata" \
  -ignore-filename-regex='(Tests|\.build|checkouts)/' >.build/coverage.txt
if [ "${1:-}" = --lines ]; then
  cat .build/coverage.txt
else
  # Columns 8 and 9: lines, and those that never ran.
  awk -v root="$PWD/Sources/" '
    { sub(root, ""); sub("^Sources/", "") }
    split($1, path, "/") > 1 && $8 ~ /^[0-9]+$/ { lines[path[1]] += $8; missed[path[1]] += $9 }
    $1 == "TOTAL" { total = sprintf("%-20s %6d lines  %5.1f %%", "all", $8, 100 * (1 - $9 / $8)) }
    END {
      for (room in lines)
        printf "%-20s %6d lines  %5.1f %%\n", room, lines[room], 100 * (1 - missed[room] / lines[room]) | "sort"
      close("sort")
      print total
    }' .build/coverage.txt
fi
