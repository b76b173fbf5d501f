#!/usr/bin/env python3
"""Holds the page of hostile texts (Tests/Fixtures/report/goldens/escaping.md) against CommonMark renderers.

Every text stands in the same blocks, so that each of its pages has to come out with the elements of the first, whose
text is harmless, and with no attribute but those that Markdown gives. Run it after recording that page again:

    pip install cmarkgfm markdown-it-py
    scripts/check-escaping.py
"""
import pathlib
import sys
from html.parser import HTMLParser

import cmarkgfm
from cmarkgfm.cmark import Options
from markdown_it import MarkdownIt

PAGE = pathlib.Path(__file__).parent.parent / "Tests/Fixtures/report/goldens/escaping.md"
ALLOWED = {("a", "href"), ("img", "src"), ("img", "alt"), ("th", "align"), ("td", "align"), ("pre", "lang"),
           ("code", "class"), ("pre", "class"), ("th", "style"), ("td", "style")}


class Shape(HTMLParser):
    """The elements of each page, which begins with a heading of level 1."""

    def __init__(self):
        super().__init__()
        self.pages, self.faults = [], []

    def handle_starttag(self, tag, attributes):
        if tag == "h1":
            self.pages.append([])
        self.pages[-1].append(tag)
        for name, _ in attributes:
            if (tag, name) not in ALLOWED:
                self.faults.append(f"page {len(self.pages)}: <{tag} {name}>")

    def handle_comment(self, data):
        self.faults.append(f"page {len(self.pages)}: a comment")


def check(name, html):
    shape = Shape()
    shape.feed(html)
    faults = shape.faults
    for number, page in enumerate(shape.pages):
        if page != shape.pages[0]:
            faults.append(f"page {number}: {page} for {shape.pages[0]}")
    print(f"{name}: {len(shape.pages)} pages, {len(faults)} faults")
    for fault in faults[:20]:
        print("  " + fault)
    return not faults and len(shape.pages) > 100


text = PAGE.read_text()
options = Options.CMARK_OPT_UNSAFE
renderers = {
    "cmark-gfm": cmarkgfm.github_flavored_markdown_to_html(text, options),
    "markdown-it": MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text),
}
sys.exit(0 if all([check(name, html) for name, html in renderers.items()]) else 1)
