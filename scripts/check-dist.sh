#!/bin/bash
# Checks what scripts/make-dist.sh made: contents, sizes, sums, the Debian package, the wheel in a fresh environment.
#
#   scripts/check-dist.sh           what is in dist/
#   scripts/check-dist.sh --again   builds it once more from a copy in another folder: the same bytes
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
  printf 'check-dist: %s\n' "$*" >&2
  exit 1
}

if [ "${1:-}" = --again ]; then
  copy=$(mktemp -d)
  trap 'rm -rf "$copy"' EXIT
  git archive HEAD | tar -x -C "$copy"
  mkdir -p "$copy/.build"
  # The packages' sources, to ask nobody for them again; what is built is built anew.
  cp -r .build/checkouts .build/repositories .build/workspace-state.json "$copy/.build/" 2>/dev/null || true
  "$copy/scripts/make-dist.sh" >/dev/null
  diff -r dist "$copy/dist" || fail "another folder gives other bytes"
  echo "check-dist: the same bytes from another folder"
  exit 0
fi

(cd dist && sha256sum --check --strict --quiet SHA256SUMS) || fail "SHA256SUMS does not fit"
version=$(sed -n 's/^  static let current = "\(.*\)"$/\1/p' Sources/ftreport/Version.swift)
wheel=$(ls dist/*.whl)
[ "$(stat -c %s "$wheel")" -le 9000000 ] || fail "$wheel is larger than 9 MB"
case $wheel in *-py3-none-manylinux2014_*.musllinux_1_1_*) ;; *) fail "$wheel has other tags" ;; esac
unzip -l "$wheel" | grep -q "ftreport-$version.data/scripts/ftreport" || fail "$wheel holds no binary"
grep -aq "$PWD" .build/release/ftreport && fail "the binary holds the path of this folder"
python3 - "dist/ftreport-$version.cdx.json" <<'P' || fail "the SBOM lacks something"
import json, sys
names = {c["name"]: c for c in json.load(open(sys.argv[1]))["components"]}
assert {"glibc", "libstdc++", "zlib", "protobuf-c", "libyaml", "swift", "swift-argument-parser"} <= set(names), names
assert all(c["version"] not in ("", "unknown") and c["licenses"] for c in names.values()), names
P
deb=$(ls dist/*.deb)
# Until FTREPORT_MAINTAINER says who publishes it, the package has no address.
unsaid=bad-distribution-in-changes-file
[ -n "${FTREPORT_MAINTAINER:-}" ] || unsaid=$unsaid,bogus-mail-host,bogus-mail-host-in-debian-changelog
if command -v lintian >/dev/null; then
  lintian --fail-on error,warning --suppress-tags "$unsaid" "$deb" || fail "lintian complains of $deb"
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
dpkg-deb -x "$deb" "$folder/deb"
[ "$("$folder/deb/usr/bin/ftreport" --version)" = "$version" ] || fail "$deb is of another version"
for page in "$folder"/deb/usr/share/man/man1/*.gz; do
  zcat "$page" >"$folder/page.1"
  if command -v mandoc >/dev/null; then mandoc -T lint -W error "$folder/page.1"; fi
  grep -q '^.SH EXIT STATUS' "$folder/page.1" || [ "${page##*/}" != ftreport.1.gz ] || fail "$page has no exit status"
done
tar -xzf dist/ftreport-*-linux-*.tar.gz -C "$folder"
[ "$("$folder"/ftreport-*/ftreport --version)" = "$version" ] || fail "the tar.gz is of another version"

# From nothing to the first report, as somebody with the wheel at hand has it.
start=$(date +%s%N)
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-index "$wheel"
(cd "$folder" && "$folder/venv/bin/ftreport" "$OLDPWD/samples/saves/tiny-random-qwen3/lora/sft" --quiet)
printf 'check-dist: wheel to first report in %d ms, the environment made first\n' $((($(date +%s%N) - start) / 1000000))
"$folder/venv/bin/python" -c 'import ftreport; print(ftreport.binary())' | grep -q "$folder/venv/bin/ftreport" ||
  fail "the package finds another binary"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-index --target "$folder/target" "$wheel"
PYTHONPATH=$folder/target python3 -c 'import ftreport; print(ftreport.binary())' | grep -q "$folder/target/bin/ftreport" ||
  fail "with --target the package finds another binary"
echo "check-dist: all is well"
