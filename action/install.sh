#!/bin/bash
# Puts the ftreport of this action's own version where later steps find it, and prints its path.
#
#   FTREPORT               a command that is there already: nothing is fetched
#   FTREPORT_BUILD         true: build from this repository with Swift instead of fetching
#   FTREPORT_REPOSITORY    owner/name whose releases are asked (GITHUB_ACTION_REPOSITORY; where this was cloned from)
#   FTREPORT_RELEASES      the address above the tags, in place of GitHub's: a mirror
#   RUNNER_TOOL_CACHE      where it is kept between jobs (a folder under $HOME without)
#
# Exit status: 0, or 2 where there is no such release, or it is not what its checksum says.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

fail() {
  printf 'ftreport: %s\n' "$*" >&2
  exit 2
}

found() { # PATH
  [ -z "${GITHUB_PATH:-}" ] || dirname "$1" >>"$GITHUB_PATH"
  printf '%s\n' "$1"
  exit 0
}

[ -z "${FTREPORT:-}" ] || found "$FTREPORT"
if [ "${FTREPORT_BUILD:-false}" = true ]; then
  make --no-print-directory -C "$here" release >&2 || fail "the build failed"
  found "$here/.build/release/ftreport"
fi

version=$(sed -n 's/^  static let current = "\(.*\)"$/\1/p' "$here/Sources/ftreport/Version.swift")
[ -n "$version" ] || fail "$here/Sources/ftreport/Version.swift has no version"
system=$(uname -s)
machine=$(uname -m)
[ "$system" = Linux ] || fail "there are releases for Linux alone, and this is $system; build: true builds one"
case $machine in
x86_64) architecture=x64 ;;
aarch64) architecture=arm64 ;;
*) fail "there is no release for $machine; build: true builds one" ;;
esac

# The layout of GitHub's tool cache: a folder, and a mark beside it once the folder is whole.
tools=${RUNNER_TOOL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/ftreport-tools}/ftreport/$version
kept=$tools/$architecture
if [ -f "$kept.complete" ] && [ -x "$kept/ftreport" ]; then
  found "$kept/ftreport"
fi

repository=${FTREPORT_REPOSITORY:-${GITHUB_ACTION_REPOSITORY:-}}
if [ -z "${FTREPORT_RELEASES:-}" ]; then
  if [ -z "$repository" ]; then
    origin=$(git -C "$here" config --get remote.origin.url 2>/dev/null)
    repository=$(sed -n 's#^.*github\.com[:/]\([^/]*/[^/]*\)$#\1#p' <<<"${origin%.git}")
  fi
  [ -n "$repository" ] || fail "FTREPORT_REPOSITORY is empty: name the repository whose releases are asked"
  FTREPORT_RELEASES=${GITHUB_SERVER_URL:-https://github.com}/$repository/releases/download
fi
name=ftreport-$version-linux-$machine
address=$FTREPORT_RELEASES/v$version

fetch() { # NAME FILE
  local status
  status=$(curl --silent --show-error --location --retry 3 --retry-connrefused --max-time 120 \
    --output "$2" --write-out '%{http_code}' "$address/$1" 2>"$work/curl") ||
    fail "$address/$1: $(cat "$work/curl")"
  [ "$status" != 404 ] || fail "$address/$1: there is no such release; build: true builds from source"
  [ "$status" = 200 ] || fail "$address/$1: status $status"
}

mkdir -p "$tools" || exit 2
work=$(mktemp -d "$tools/incoming.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
fetch SHA256SUMS "$work/SHA256SUMS"
fetch "$name.tar.gz" "$work/$name.tar.gz"
grep -F "  $name.tar.gz" "$work/SHA256SUMS" >"$work/wanted" ||
  fail "$address/SHA256SUMS does not name $name.tar.gz"
(cd "$work" && sha256sum --check --strict --quiet wanted >/dev/null 2>&1) ||
  fail "$address/$name.tar.gz is not what its checksum says: refused"
tar -xzf "$work/$name.tar.gz" -C "$work" || fail "$name.tar.gz cannot be unpacked"
[ -x "$work/$name/ftreport" ] || fail "$name.tar.gz holds no ftreport"
# Another job may have been faster; both have the same bytes.
rm -rf "$kept" && mv "$work/$name" "$kept" 2>/dev/null || [ -x "$kept/ftreport" ] || fail "$kept cannot be written"
touch "$kept.complete"
found "$kept/ftreport"
