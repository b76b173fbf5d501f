#!/bin/sh
# Builds and runs a package of its own that depends on this one and holds README's example, as a developer's would: with
# the product `Report` alone, from another folder.
#
# usage: scripts/check-client.sh
set -eu
cd "$(dirname "$0")/.."
root=$PWD
client=$root/.build/client
rm -rf "$client/Sources"
mkdir -p "$client/Sources/client"
cat >"$client/Package.swift" <<EOF
// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "client",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "ftreport", path: "$root")],
  targets: [.executableTarget(name: "client", dependencies: [.product(name: "Report", package: "ftreport")])])
EOF
{
  sed -n '/^```swift$/,/^```$/p' README.md | sed '/^```/d'
  printf '\nfor picture in try pictures(of: CommandLine.arguments[1]) { print(picture.prefix(4)) }\n'
} >"$client/Sources/client/main.swift"
swift build --package-path "$client"
"$(swift build --package-path "$client" --show-bin-path)/client" \
  samples/saves/tiny-random-qwen3/lora/sft >"$client/output"
grep -q '^final loss 4\.7' "$client/output"
grep -q '^<svg' "$client/output"
tail -2 "$client/output"
