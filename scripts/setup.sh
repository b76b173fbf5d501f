#!/bin/sh
# Installs the system packages that ftreport is built with, where they are missing, and says which.
#
#   scripts/setup.sh              what a build needs
#   scripts/setup.sh --generator  also protoc-c, which only the check of the generated code needs
#   scripts/setup.sh --bench      also what the benchmarks' peers are built and run with
#   scripts/setup.sh --python     also what the tests of the Python package are run with
#   scripts/setup.sh --dist       also what a release is made with
set -eu

say() { printf 'set-up: %s\n' "$*" >&2; }
fail() {
  say "$*"
  exit 1
}

command -v swift >/dev/null 2>&1 ||
  fail "there is no swift on PATH; install Swift 6.2 or later from https://www.swift.org/install"

case ${1:-} in
'') further= further_formulae= ;;
--generator) further=protobuf-c-compiler further_formulae= ;;
--bench) further="g++ python3-venv" further_formulae=python ;;
--python) further=python3-venv further_formulae=python ;;
--dist) further="python3-venv dpkg-dev lintian binutils" further_formulae= ;;
*) fail "unknown option $1" ;;
esac

# Runs a command as root: as it is for root, through sudo for others.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif ! command -v sudo >/dev/null 2>&1; then
    fail "not root and without sudo; as root run: $*"
  elif [ -t 0 ]; then
    sudo "$@"
  else
    sudo -n "$@"
  fi
}

with_apt() {
  packages="libprotobuf-c-dev zlib1g-dev libyaml-dev libsqlite3-dev $further"
  command -v pkg-config >/dev/null 2>&1 || packages="$packages pkg-config"
  missing=
  for package in $packages; do
    case $(dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null || true) in
    ii*) ;;
    *) missing="$missing $package" ;;
    esac
  done
  [ -n "$missing" ] || return 0
  say "installing Debian packages:$missing"
  log=$(mktemp)
  as_root apt-get -qq update >"$log" 2>&1 || {
    cat "$log" >&2
    say "apt-get update failed; trying with the package lists that are here"
  }
  # shellcheck disable=SC2086 # a list of words
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
    -o DPkg::Lock::Timeout=300 install $missing >"$log" 2>&1 || {
    cat "$log" >&2
    fail "apt-get could not install:$missing"
  }
  rm -f "$log"
}

with_brew() {
  missing=
  for formula in protobuf-c libyaml sqlite pkgconf $further_formulae; do
    brew list --formula --versions "$formula" >/dev/null 2>&1 || missing="$missing $formula"
  done
  [ -n "$missing" ] || return 0
  say "installing Homebrew formulae:$missing"
  # shellcheck disable=SC2086 # a list of words
  brew install $missing >&2
}

# Another system: the libraries may be there, under names that only its owner knows.
with_pkg_config() {
  command -v pkg-config >/dev/null 2>&1 || fail "install pkg-config and the headers of libprotobuf-c, zlib, libyaml, sqlite3"
  for library in libprotobuf-c zlib yaml-0.1 sqlite3; do
    pkg-config --exists "$library" || fail "install the headers of $library (pkg-config does not find it)"
  done
}

if command -v apt-get >/dev/null 2>&1; then
  with_apt
elif command -v brew >/dev/null 2>&1; then
  with_brew
else
  with_pkg_config
fi
