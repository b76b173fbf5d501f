#!/usr/bin/env python3
"""Makes a software bill of materials (CycloneDX 1.6) of the static binary from the linker's map.

    scripts/dist/sbom.py MAP VERSION EPOCH >ftreport.cdx.json

Every archive and start file that the linker took something from must be known in components.json: an unknown one is an
error, so that no library gets in unnamed.
"""

import datetime
import json
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
COMPONENTS = json.loads((HERE / "components.json").read_text())


def inputs(text):
    """The archives and objects that are named in the map, outside the build folder."""
    found = set()
    for word in re.findall(r"(/[^\s:()]+\.(?:a|o))\b", text):
        if "/.build/" not in word and not word.startswith("/tmp/"):
            found.add(word)
    return sorted(found)


def component(path):
    """What `path` is a part of: a key of components.json."""
    name = pathlib.PurePath(path).name
    if "/swift_static/" in path or "/swift/" in path or name.startswith("swiftrt"):
        stem = name.removeprefix("lib").split(".")[0]
        if "dispatch" in stem or stem == "BlocksRuntime":
            return "dispatch"
        if "Collections" in stem or "RopeModule" in stem:
            return "collections"
        if "oundation" in stem:
            return "foundation"
        return "swift"
    if re.fullmatch(r"(S?crt[1in].*|gcrt.*|rcrt.*)\.o", name):
        return "crt"
    if re.fullmatch(r"crt(begin|end).*\.o", name):
        return "libgcc"
    stem = re.sub(r"(-[\d.]+)?\.(a|o)$", "", name)
    if stem.startswith("clang_rt") or stem.startswith("libclang_rt"):
        return "swift"
    if stem not in COMPONENTS:
        sys.exit(f"sbom.py: {path} is linked in and not known in components.json")
    return stem


def version_of(key):
    package = COMPONENTS[key].get("package")
    if package is None:
        said = subprocess.run(["swift", "--version"], capture_output=True, text=True, check=True).stdout
        return re.search(r"Swift version (\S+)", said).group(1)
    query = ["dpkg-query", "-W", "-f=${Version}", package]
    asked = subprocess.run(query, capture_output=True, text=True)
    return asked.stdout.strip() if asked.returncode == 0 else "unknown"


def entry(name, version, license, type="library"):
    expression = {"expression": license} if " " in license else {"license": {"id": license}}
    return {"type": type, "bom-ref": f"{name}@{version}", "name": name, "version": version, "licenses": [expression]}


def main():
    map_path, version, epoch = sys.argv[1:]
    paths = inputs(pathlib.Path(map_path).read_text(errors="replace"))
    if not any(path.endswith("libc.a") for path in paths):
        sys.exit(f"sbom.py: {map_path} names no libc.a: is it the map of the static binary?")
    entries = {}
    for path in paths:
        key = component(path)
        known = COMPONENTS[key]
        entries.setdefault(known["name"], entry(known["name"], version_of(key), known["license"]))
    for pin in json.loads((ROOT / "Package.resolved").read_text())["pins"]:
        used = pin["state"].get("version", pin["state"]["revision"])
        entries[pin["identity"]] = entry(pin["identity"], used, "Apache-2.0 WITH Swift-exception")
    time = datetime.datetime.fromtimestamp(int(epoch), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    document = {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": {"timestamp": time, "component": entry("ftreport", version, "Apache-2.0", "application")},
        "components": [entries[name] for name in sorted(entries)],
        "dependencies": [
            {"ref": f"ftreport@{version}", "dependsOn": [entries[name]["bom-ref"] for name in sorted(entries)]}
        ],
    }
    print(json.dumps(document, indent=2))


main()
