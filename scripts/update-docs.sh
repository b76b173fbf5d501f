#!/bin/sh
# Draws the README's picture again, and runs its example again, with .build/release/ftreport or $FTREPORT_BINARY.
set -eu
cd "$(dirname "$0")/.."
runs=$PWD/samples/saves/tiny-random-qwen3/lora
ftreport=${FTREPORT_BINARY:-$PWD/.build/release/ftreport}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"$ftreport" --quiet "$runs/sft_resumed"
"$ftreport" "$runs/sft_diverged" >session
cd - >/dev/null
cp "$folder/sft_resumed.report/loss.svg" docs/sft_resumed.svg
awk -v session="$folder/session" '
  /^```$/ { skipping = 0 }
  !skipping
  /^\$ ftreport samples.*sft_diverged$/ { while ((getline line < session) > 0) print line; skipping = 1 }
' README.md >"$folder/README.md"
cp "$folder/README.md" README.md
