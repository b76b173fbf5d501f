#!/bin/bash
# Holds the static release binary against another build of the command (the debug build of the tests, which is dynamic):
# the same bytes of every verb over all samples; and runs it in a root that holds nothing but it.
#
#   scripts/check-static.sh [STATIC] [OTHER]
set -euo pipefail
cd "$(dirname "$0")/.."
static=$PWD/${1:-.build/release/ftreport}
other=$PWD/${2:-.build/debug/ftreport}

fail() {
  printf 'check-static: %s\n' "$*" >&2
  exit 1
}

readelf -d "$static" | grep -q NEEDED && fail "$static needs shared libraries"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
count=0
same() { # ARGUMENT…
  for side in static other; do
    "${!side}" "$@" >"$folder/$side.output" 2>"$folder/$side.errors" || echo "status $?" >>"$folder/$side.errors"
  done
  cmp -s "$folder/static.output" "$folder/other.output" || fail "another output: ftreport $*"
  cmp -s "$folder/static.errors" "$folder/other.errors" || fail "other complaints: ftreport $*"
  count=$((count + 1))
}
for run in samples samples/saves/*/*/*; do
  for format in md json ndjson term mimebundle; do same report --format "$format" "$run"; done
  for format in ndjson csv arrow; do same export --format "$format" "$run"; done
  same verify --format json "$run"
  same compare --format json samples/saves/tiny-random-qwen3/lora/sft "$run"
  for checkpoint in "$run"/checkpoint-*; do
    [ ! -d "$checkpoint" ] || same inspect --format json "$checkpoint"
  done
done
same --help
same report nowhere
for side in static other; do
  mkdir "$folder/$side"
  (cd samples/saves && "${!side}" report . -o "$folder/$side" --quiet)
done
diff -r "$folder/static" "$folder/other" || fail "another folder of pages"
printf 'check-static: %s outputs and %s files are the same\n' "$count" "$(find "$folder/static" -type f | wc -l)"

# A root with the binary and /proc; then without /proc, which it has to say.
bare() { # WITH-PROC ARGUMENT…: in a root of its own
  unshare --map-root-user --mount --pid --fork sh -c '
    [ "$1" = no ] || mount -t proc proc "$2/proc"
    root=$2; shift 2; exec chroot "$root" /ftreport "$@"' sh "$1" "$folder/bare" "${@:2}"
}
mkdir -p "$folder/bare/proc" "$folder/bare/run"
cp "$static" "$folder/bare/ftreport"
cp -r samples/saves/tiny-random-qwen3/lora/sft "$folder/bare/run/sft"
if ! unshare --map-root-user --mount --pid --fork true 2>/dev/null; then
  echo "check-static: no namespaces here: the run in a bare root is left out"
  exit 0
fi
bare yes report --format md /run/sft | grep -q 'best evaluation loss is 4\.753' || fail "it does not run in a bare root"
[ "$(bare yes export /run/sft | wc -l)" = 461 ] || fail "it does not export in a bare root"
set +e
said=$(bare no report /run/sft 2>&1)
status=$?
set -e
[ "$status" = 2 ] || fail "without /proc: status $status: $said"
grep -q '/proc is not mounted' <<<"$said" || fail "without /proc it says: $said"
echo "check-static: runs in a root of its own, and says where /proc is missing"
