#!/bin/sh
# Says where a room converts a Double to a whole number, or calculates with steps, in a way that traps on numbers that a
# file may hold. The compiler does the looking: scripts/lint/TrappingArithmetic.swift hides the operations that trap.
# Needs the modules of a debug build (`swift build`).
set -eu
cd "$(dirname "$0")/.."
modules=.build/debug/Modules
if [ ! -d "$modules" ]; then swift build; fi
rooms=${*:-$(cd Sources && ls -d */ | tr -d / | grep -v '^C[A-Z]')}
includes=$(find Sources -name module.modulemap -exec dirname {} \; | sed 's/^/-I /' | tr '\n' ' ')
for build in .build/debug/C*.build; do
  if [ -f "$build/module.modulemap" ]; then includes="$includes -Xcc -fmodule-map-file=$build/module.modulemap"; fi
done
status=0
for room in $rooms; do
  # shellcheck disable=SC2046,SC2086
  found=$(swiftc -typecheck -module-name "$room" -parse-as-library -swift-version 6 -enable-bare-slash-regex \
    -enable-upcoming-feature ExistentialAny -enable-upcoming-feature InternalImportsByDefault \
    -enable-upcoming-feature MemberImportVisibility -enable-experimental-feature Lifetimes -package-name ftreport \
    -I "$modules" $includes $(find "Sources/$room" -name '*.swift') scripts/lint/TrappingArithmetic.swift \
    -diagnostic-style llvm 2>&1) || { echo "$room: does not compile with the check:"; echo "$found" | grep error: | head -5; status=1; continue; }
  lines=$(echo "$found" | grep 'warning: .* is deprecated: traps' | sort -u || true)
  if [ -n "$lines" ]; then echo "$lines" | sed "s|^$PWD/||"; status=1; fi
done
exit $status
