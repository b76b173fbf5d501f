"""Packs a wheel anew, its files in their order with all that is said of them, by the smallest deflate that any reader of
zip files knows: a wheel may hold no other kind of compression.

    python scripts/dist/pack.py dist/ftreport-*.whl          (needs deflate, from requirements.txt)
"""
import os
import sys
import zipfile

import deflate


class Smallest:
    """A compressor as `zipfile` has them, which waits for the whole file."""

    def __init__(self):
        self.pieces = []

    def compress(self, piece):
        self.pieces.append(bytes(piece))
        return b""

    def flush(self):
        return bytes(deflate.deflate_compress(b"".join(self.pieces), 12))


zipfile._get_compressor = lambda kind, level=None: Smallest() if kind == zipfile.ZIP_DEFLATED else None
for path in sys.argv[1:]:
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(path + ".new", "w") as packed:
        for entry in source.infolist():
            packed.writestr(entry, source.read(entry))
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(path + ".new") as packed:
        assert [packed.read(entry) for entry in packed.infolist()] == [source.read(entry) for entry in source.infolist()]
    os.replace(path + ".new", path)
