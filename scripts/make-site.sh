#!/bin/sh
# Builds the documentation of every library as one static site.
#
#   scripts/make-site.sh FOLDER [BASE]    BASE: the path that it will be served under, for example ftreport
set -eu
cd "$(dirname "$0")/.."
output=$1
targets=$(sed -n 's/.*\.library(name: "\([A-Za-z]*\)".*/--target \1/p' Package.swift)
rm -rf "$output"
mkdir -p "$(dirname "$output")"
# shellcheck disable=SC2086 # a list of words
FTREPORT_SITE=1 swift package --allow-writing-to-directory "$output" generate-documentation $targets \
  --enable-experimental-combined-documentation --transform-for-static-hosting \
  ${2:+--hosting-base-path "$2"} --output-path "$output"
echo "$output/index.html"
