"""A page of the site: its text in HTML, and the frame around it."""
import dataclasses
import html
import os
import pathlib
import re
import shutil
import sys

from markdown_it import MarkdownIt

STYLE = """
:root { color-scheme: light dark; --ink: #1f2328; --page: #fff; --rule: #d1d9e0; --tint: #f6f8fa; --link: #0969da; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --page: #0d1117; --rule: #3d444d; --tint: #151b23; --link: #4493f8; }
}
body { margin: 0; color: var(--ink); background: var(--page); font: 16px/1.5 system-ui, sans-serif; }
nav { padding: 1em 1.5em; border-bottom: 1px solid var(--rule); display: flex; flex-wrap: wrap; gap: .3em 1em; }
main { max-width: 58em; margin: 0 auto; padding: 1em 1.5em 4em; }
a { color: var(--link); text-decoration: none; } a:hover { text-decoration: underline; }
nav a[aria-current] { color: inherit; font-weight: 600; }
pre, code { font: .9em/1.45 ui-monospace, monospace; background: var(--tint); border-radius: 4px; }
pre { padding: 1em; overflow-x: auto; } :not(pre) > code { padding: .1em .3em; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border: 1px solid var(--rule); padding: .35em .7em; text-align: left; vertical-align: top; }
img { max-width: 100%; }
"""


@dataclasses.dataclass
class Page:
    """A page at `path` of the site, with its body in HTML."""
    path: str
    title: str
    body: str

    def write(self, output, others):
        here = os.path.dirname(self.path)
        links = "".join(
            f'<a href="{os.path.relpath(path, here or ".")}"{" aria-current=page" if path == self.path else ""}>'
            f"{html.escape(title)}</a>" for title, path in others.items())
        target = output / self.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width">'
            f"<title>{html.escape(self.title)} – ftreport</title><style>{STYLE}</style></head>\n"
            f"<body><nav>{links}</nav><main>\n{self.body}\n</main></body></html>\n")


def place(source):
    """Where the page of a Markdown file stands: its own place, README.md as index.html."""
    path = pathlib.PurePath(source)
    return str(path.with_name("index.html") if path.name == "README.md" else path.with_suffix(".html"))


def slug(words):
    """The anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")


def render(root, source, title, guide, output):
    """The page of the Markdown file `source`, its links led to pages of the site; other files that they name are copied."""
    tokens = MarkdownIt("commonmark").enable("table")
    parsed = tokens.parse((root / source).read_text())
    folder = os.path.dirname(source)

    def led(target):
        if re.match(r"[a-z]+:|#", target):
            return target
        name, mark, anchor = target.partition("#")
        path = os.path.normpath(os.path.join(folder, name))
        if path in guide:
            path = place(path)
        elif (root / path).is_file():
            (output / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / path, output / path)
        elif os.path.join(path, "README.md") in guide or path == "docs/schema":
            path = os.path.join(path, "index.html")
        else:
            sys.exit(f"{source}: {target} is neither a page nor a file")
        return os.path.relpath(path, folder or ".") + mark + anchor

    for index, token in enumerate(parsed):
        if token.type == "heading_open":
            token.attrSet("id", slug(parsed[index + 1].content.replace("`", "")))
        for child in token.children or []:
            for name in ("href", "src"):
                if child.attrGet(name):
                    child.attrSet(name, led(child.attrGet(name)))
    return Page(place(source), title, tokens.renderer.render(parsed, tokens.options, {}))
