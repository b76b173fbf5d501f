#!/bin/sh
# Draws the pictures of README and docs/TOUR.md again, and runs their examples again, with .build/release/ftreport or $FTREPORT_BINARY.
set -eu
cd "$(dirname "$0")/.."
ftreport=${FTREPORT_BINARY:-$PWD/.build/release/ftreport}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/bin" "$folder/session"
ln -s "$ftreport" "$folder/bin/ftreport"
ln -s "$PWD/samples" "$folder/session/samples"
PATH=$folder/bin:$PATH

runs=samples/saves/tiny-random-qwen3/lora
(cd "$folder/session" && ftreport --quiet $runs/sft_resumed && ftreport compare $runs/sft $runs/sft_lr1e-4 -o . >/dev/null)
cp "$folder/session/sft_resumed.report/loss.svg" docs/sft_resumed.svg
cp "$folder/session/sft_lr1e-4-against-sft.report/comparison.svg" docs/comparison.svg

# What follows a line `$ command` up to the end of its block is what the command prints.
for page in README.md docs/TOUR.md; do
  awk -v session="$folder/session" '
    /^```$/ { skipping = 0 }
    !skipping
    /^\$ ftreport / {
      command = "cd " session " && " substr($0, 3)
      while ((command | getline line) > 0) print line
      close(command)
      skipping = 1
    }
  ' "$page" >"$folder/page.md"
  cp "$folder/page.md" "$page"
done
