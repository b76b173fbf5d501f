"""Which links of a folder of pages lead nowhere."""
import html.parser
import pathlib
import urllib.parse


class Links(html.parser.HTMLParser):
    """What a page refers to, and what in it can be referred to."""

    def __init__(self, text):
        super().__init__()
        self.targets, self.anchors = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.targets.append(value)
            if name in ("id", "name") and value:
                self.anchors.add(value)


def broken(folder):
    """A line for each link of a page below `folder` that leads to no file or no anchor; pages of DocC draw themselves."""
    folder = pathlib.Path(folder).resolve()
    pages = {path: Links(path.read_text()) for path in sorted(folder.rglob("*.html"))
             if path.relative_to(folder).parts[0] != "library"}
    faults = []
    for path, page in pages.items():
        for target in page.targets:
            parts = urllib.parse.urlsplit(target)
            if parts.scheme or parts.netloc:
                continue
            file = (path.parent / urllib.parse.unquote(parts.path)).resolve() if parts.path else path
            name = path.relative_to(folder)
            if folder not in file.parents or not file.is_file():
                faults.append(f"{name}: {target} leads to no file")
            elif parts.fragment and file in pages and urllib.parse.unquote(parts.fragment) not in pages[file].anchors:
                faults.append(f"{name}: {target} leads to no anchor")
    return faults
