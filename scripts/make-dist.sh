#!/bin/bash
# Makes everything that a release consists of, into dist/: the same bytes every time, in any folder.
#
#   scripts/make-dist.sh          builds the static binary and packs it
#   scripts/make-dist.sh --pack   packs the static binary that is built already (.build/release/ftreport, .build/ftreport.map)
#
# Wheel, tar.gz, .deb, man pages and completions (in the last two), SBOM, SHA256SUMS. Linux alone; x86-64 is tested,
# aarch64 is prepared and untested.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
export LC_ALL=C TZ=UTC
umask 022

fail() {
  printf 'make-dist: %s\n' "$*" >&2
  exit 1
}

[ "$(uname -s)" = Linux ] || fail "releases are built on Linux"
version=$(sed -n 's/^  static let current = "\(.*\)"$/\1/p' Sources/ftreport/Version.swift)
[ -n "$version" ] || fail "Sources/ftreport/Version.swift has no version"
# The day of the version, of its changes: no clock is asked.
day=$(sed -n "s/^## $version - \([0-9-]*\)$/\1/p" CHANGELOG.md)
[ -n "$day" ] || fail "CHANGELOG.md has no heading '## $version - YYYY-MM-DD'"
SOURCE_DATE_EPOCH=$(date -u -d "$day" +%s)
export SOURCE_DATE_EPOCH

machine=$(uname -m)
case $machine in
x86_64) debian=amd64 platforms=manylinux2014_x86_64.musllinux_1_1_x86_64 ;;
aarch64) debian=arm64 platforms=manylinux2014_aarch64.musllinux_1_1_aarch64 ;;
*) fail "no release is made for $machine" ;;
esac

binary=$root/.build/release/ftreport
[ "${1:-}" = --pack ] || make --no-print-directory release
[ -x "$binary" ] || fail "$binary is missing"
! readelf -d "$binary" 2>/dev/null | grep -q NEEDED || fail "$binary is not static"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -rf dist
mkdir dist

# Tables for the unwinding of stacks are an eighth of the binary, and nothing in it unwinds: Swift throws by returning,
# and no C++ in it throws.
shipped=$work/ftreport
objcopy --remove-section=.eh_frame --remove-section=.eh_frame_hdr "$binary" "$shipped"
[ "$("$shipped" --version)" = "$version" ] || fail "the binary without its tables does not run"

# Man pages and completions.
python3 scripts/dist/manual.py "$binary" "$work/man" "$version"
mkdir "$work/completions"
"$binary" --generate-completion-script bash >"$work/completions/ftreport.bash"
"$binary" --generate-completion-script zsh >"$work/completions/_ftreport"
"$binary" --generate-completion-script fish >"$work/completions/ftreport.fish"

python3 scripts/dist/sbom.py .build/ftreport.map "$version" "$SOURCE_DATE_EPOCH" >"dist/ftreport-$version.cdx.json"

# Everything in one folder, its times those of the release.
packed() { # FOLDER NAME: NAME.tar.gz beside it
  (cd "$1" && find . -exec touch -hd "@$SOURCE_DATE_EPOCH" {} + &&
    tar --sort=name --format=ustar --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -cf - "$2") |
    gzip -9n >"dist/$2.tar.gz"
}
name=ftreport-$version-linux-$machine
mkdir -p "$work/tar/$name"
install -m 755 "$shipped" "$work/tar/$name/ftreport"
install -m 644 LICENSE CHANGELOG.md "dist/ftreport-$version.cdx.json" "$work/tar/$name/"
cp -r "$work/man" "$work/completions" "$work/tar/$name/"
packed "$work/tar" "$name"

# The Debian package.
deb=$work/deb
install -Dm 755 "$shipped" "$deb/usr/bin/ftreport"
for page in "$work"/man/*.1; do
  install -Dm 644 "$page" "$deb/usr/share/man/man1/${page##*/}"
done
gzip -9n "$deb"/usr/share/man/man1/*.1
# Whoever publishes the package is named in it, with an address that can be written to.
maintainer=${FTREPORT_MAINTAINER:-The ftreport authors <ftreport@localhost.localdomain>}
# A file that is read, and not run, names no shell.
mkdir -p "$deb/usr/share/bash-completion/completions"
sed '1{/^#!/d}' "$work/completions/ftreport.bash" >"$deb/usr/share/bash-completion/completions/ftreport"
install -Dm 644 "$work/completions/_ftreport" "$deb/usr/share/zsh/vendor-completions/_ftreport"
install -Dm 644 "$work/completions/ftreport.fish" "$deb/usr/share/fish/vendor_completions.d/ftreport.fish"
install -Dm 644 scripts/dist/copyright "$deb/usr/share/doc/ftreport/copyright"
install -Dm 644 scripts/dist/lintian-overrides "$deb/usr/share/lintian/overrides/ftreport"
install -Dm 644 "dist/ftreport-$version.cdx.json" "$deb/usr/share/doc/ftreport/ftreport.cdx.json"
{
  printf 'ftreport (%s) unstable; urgency=medium\n\n  * See https://keepachangelog.com and CHANGELOG.md of the release.\n\n' "$version"
  printf ' -- %s  %s\n' "$maintainer" "$(date -u -R -d "@$SOURCE_DATE_EPOCH")"
} | gzip -9n >"$work/changelog.gz"
install -Dm 644 "$work/changelog.gz" "$deb/usr/share/doc/ftreport/changelog.gz"
mkdir "$deb/DEBIAN"
(cd "$deb" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$deb/DEBIAN/md5sums"
sed -e "s/@VERSION@/$version/; s/@ARCHITECTURE@/$debian/" \
  -e "s/@MAINTAINER@/$maintainer/" \
  -e "s/@SIZE@/$(du -k --apparent-size -s "$deb/usr" | cut -f 1)/" scripts/dist/control >"$deb/DEBIAN/control"
find "$deb" -exec touch -hd "@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group -Zxz --build "$deb" "dist/ftreport_${version}_$debian.deb" >/dev/null

# The wheel, by hatchling, from a copy that lies as the repository does.
environment=.build/dist-python
if ! "$environment/bin/python" -c 'import hatchling, deflate' 2>/dev/null; then
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --requirement scripts/dist/requirements.txt
fi
mkdir -p "$work/source/Sources/ftreport"
cp -r python "$work/source/"
find "$work/source" -name __pycache__ -prune -exec rm -rf {} +
cp LICENSE "$work/source/python/"
cp Sources/ftreport/Version.swift "$work/source/Sources/ftreport/"
(cd "$work/source/python" && FTREPORT_WHEEL_BINARY=$shipped FTREPORT_WHEEL_PLATFORM=$platforms \
  "$root/$environment/bin/python" -m hatchling build --target wheel --directory "$root/dist") >"$work/wheel.log" 2>&1 || {
  cat "$work/wheel.log" >&2
  fail "the wheel was not built"
}
"$environment/bin/python" scripts/dist/pack.py dist/*.whl

(cd dist && sha256sum -- * >"$work/SHA256SUMS" && mv "$work/SHA256SUMS" SHA256SUMS)
ls -l dist | awk 'NR > 1 { printf "%9d  %s\n", $5, $9 }'
