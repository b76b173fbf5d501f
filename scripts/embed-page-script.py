#!/usr/bin/env python3
"""Writes Sources/Report/Writers/HTML/PageScript.swift from page.js beside it: the script without its comments
and the spaces that only a reader needs, and the hash by which a page's policy knows it. `--check` writes nothing, and fails where it is not current.
"""
import base64
import hashlib
import pathlib
import re
import sys

folder = pathlib.Path(__file__).parent.parent / "Sources/Report/Writers/HTML"
source = (folder / "page.js").read_text()
lines = (line.strip() for line in source.splitlines())
kept = "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"
# What the lines below would change the meaning of.
assert not re.search(r"([+-]) +\1|[^:'] // ", kept), "page.js has two signs side by side, or a comment behind code"
# Spaces around signs go too, where they do not stand in a text, and the ends of lines that open something or are closed.
pieces = re.split(r"('[^'\n]*'|`[^`]*`)", kept)


def tightened(code):
    return re.sub(r" *([=,:?!{}()\[\]<>+*/%&|;-]+) *", r"\1", code)


def kept_text(text):
    """A text as it is, but for the spaces in what a template computes, where that holds no text again."""
    return re.sub(r"\$\{([^{}']*)\}", lambda code: "${" + tightened(code[1]) + "}", text) if text[0] == "`" else text


script = "".join(kept_text(piece) if piece[:1] in ("'", "`") else tightened(piece) for piece in pieces)
script = re.sub(r"([{(\[,])\n", r"\1", re.sub(r"\n([})\].:&|])", r"\1", script))


def digest(text):
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


body = "".join(f"    {line}\n" for line in script.splitlines())
swift = f'''// Written by scripts/embed-page-script.py from page.js: change that file, and run the script.

/// The script of a page, and the hash by which its policy lets a browser run it and nothing else.
enum PageScript {{
  /// The SHA-256 of `text` in Base64.
  static let hash = "{digest(script)}"
  /// The SHA-256 of `page.js`, by which a test sees that it has changed.
  static let sourceHash = "{digest(source)}"

  // swift-format-ignore
  /// `page.js` without its comments and the spaces that only a reader needs.
  static let text = #"""
{body}
    """#
}}
'''
path = folder / "PageScript.swift"
if "--check" in sys.argv[1:]:
    sys.exit(None if path.read_text() == swift else f"{path.name} is not what page.js gives: run {sys.argv[0]}")
path.write_text(swift)
print(f"{len(script.encode())} bytes")
