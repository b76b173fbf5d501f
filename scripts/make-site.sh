#!/bin/sh
# Builds the documentation as one static site: the guide, the verbs' help, the JSON schemas, a gallery of reports on the
# samples, and the articles and symbols of every library. Fails where a link of the site leads nowhere.
#
#   scripts/make-site.sh FOLDER [BASE]    BASE: the path that it will be served under, for example ftreport
set -eu
cd "$(dirname "$0")/.."
output=$1
base=${2:-}
binary=${FTREPORT_BINARY:-.build/release/ftreport}
tools=.build/site-tools
[ -x "$tools/bin/python" ] || python3 -m venv "$tools"
"$tools/bin/python" -m pip install --quiet --requirement scripts/requirements-site.txt
rm -rf "$output"
mkdir -p "$output"

targets=$(sed -n 's/.*\.library(name: "\([A-Za-z]*\)".*/--target \1/p' Package.swift)
# shellcheck disable=SC2086 # a list of words
FTREPORT_SITE=1 swift package --allow-writing-to-directory "$output/library" generate-documentation $targets \
  --enable-experimental-combined-documentation --transform-for-static-hosting \
  --hosting-base-path "${base:+$base/}library" --output-path "$output/library"

"$tools/bin/python" scripts/site "$binary" "$output"
echo "$output/index.html"
