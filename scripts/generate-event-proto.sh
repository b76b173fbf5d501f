#!/bin/sh
# Generates Sources/CEventProto from proto/*.proto with protoc-c (Debian: protobuf-c-compiler).
#
#   scripts/generate-event-proto.sh           writes the files
#   scripts/generate-event-proto.sh --check   writes nothing; exits 1 where the committed files are not current
set -eu
cd "$(dirname "$0")/.."
target=Sources/CEventProto

command -v protoc-c >/dev/null || { echo "protoc-c is missing: apt-get install protobuf-c-compiler" >&2; exit 2; }
# The version that the committed files come from: others lay the same code out in another way.
version=$(protoc-c --version | head -1)
if [ "${1:-}" = --check ] && [ "$version" != "protobuf-c 1.4.1" ]; then
  echo "not compared: the committed files are of protobuf-c 1.4.1, this is $version" >&2
  exit 0
fi
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
protoc-c --proto_path=proto --c_out="$fresh" proto/*.proto

case "${1:-}" in
--check)
  status=0
  for file in "$fresh"/*.c; do
    cmp -s "$file" "$target/$(basename "$file")" || { echo "not current: $target/$(basename "$file")" >&2; status=1; }
  done
  for file in "$fresh"/*.h; do
    cmp -s "$file" "$target/include/$(basename "$file")" ||
      { echo "not current: $target/include/$(basename "$file")" >&2; status=1; }
  done
  committed=$(ls "$target"/*.pb-c.c | wc -l)
  [ "$committed" -eq "$(ls "$fresh"/*.c | wc -l)" ] || { echo "$target has files of no .proto" >&2; status=1; }
  exit $status
  ;;
"")
  rm -f "$target"/*.pb-c.c "$target"/include/*.pb-c.h
  cp "$fresh"/*.c "$target/"
  cp "$fresh"/*.h "$target/include/"
  ;;
*)
  echo "usage: $0 [--check]" >&2
  exit 2
  ;;
esac
