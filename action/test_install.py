"""The fetching of a release, against a server on this machine: good, tampered with, missing, kept."""

import functools
import hashlib
import http.server
import os
import pathlib
import platform
import re
import subprocess
import tarfile
import threading

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
VERSION = re.search(r'current = "(.*)"', (ROOT / "Sources/ftreport/Version.swift").read_text()).group(1)
NAME = f"ftreport-{VERSION}-linux-{platform.machine()}"

pytestmark = pytest.mark.skipif(platform.system() != "Linux", reason="releases are for Linux")


class Release:
    """A server of releases, and an empty tool cache."""

    def __init__(self, folder):
        self.files = folder / "served" / f"v{VERSION}"
        self.files.mkdir(parents=True)
        self.cache = folder / "tools"
        self.path_file = folder / "path"
        self.asked = []
        asked = self.asked

        class Handler(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *_):
                asked.append(self.path)

        handler = functools.partial(Handler, directory=str(folder / "served"))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def publish(self):
        content = self.files / NAME
        content.mkdir()
        (content / "ftreport").write_text("#!/bin/sh\necho it runs\n")
        (content / "ftreport").chmod(0o755)
        with tarfile.open(self.files / f"{NAME}.tar.gz", "w:gz") as archive:
            archive.add(content, NAME)
        digest = hashlib.sha256((self.files / f"{NAME}.tar.gz").read_bytes()).hexdigest()
        (self.files / "SHA256SUMS").write_text(f"{'0' * 64}  other.whl\n{digest}  {NAME}.tar.gz\n")

    def install(self, **settings):
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.cache), "RUNNER_TOOL_CACHE": str(self.cache),
            "FTREPORT_RELEASES": f"http://127.0.0.1:{self.server.server_port}", "GITHUB_PATH": str(self.path_file),
            "no_proxy": "127.0.0.1", **settings,
        }  # fmt: skip
        return subprocess.run(["bash", ROOT / "action/install.sh"], env=environment, capture_output=True, text=True)


@pytest.fixture
def release(tmp_path):
    release = Release(tmp_path)
    yield release
    release.server.shutdown()


def test_a_good_release_is_fetched_once(release):
    release.publish()
    for _ in range(2):
        outcome = release.install()
        assert outcome.returncode == 0, outcome.stderr
        command = outcome.stdout.strip()
        assert subprocess.run([command], capture_output=True, text=True).stdout == "it runs\n"
        assert release.path_file.read_text().splitlines()[-1] == os.path.dirname(command)
    assert len(release.asked) == 2  # the sums and the archive, the first time
    assert [path.name for path in (release.cache / "ftreport" / VERSION).iterdir() if "incoming" in path.name] == []


def test_one_that_was_tampered_with_is_refused(release):
    release.publish()
    archive = release.files / f"{NAME}.tar.gz"
    archive.write_bytes(archive.read_bytes() + b"\0")
    outcome = release.install()
    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert "not what its checksum says" in outcome.stderr
    assert not list(release.cache.rglob("*.complete"))
    assert release.install().returncode == 2  # and not kept


def test_one_whose_sum_is_missing_is_refused(release):
    release.publish()
    (release.files / "SHA256SUMS").write_text(f"{'0' * 64}  other.tar.gz\n")
    assert "does not name" in release.install().stderr


def test_one_that_is_not_there(release):
    outcome = release.install()
    assert outcome.returncode == 2
    assert "there is no such release" in outcome.stderr


def test_a_download_that_was_cut_short_before_leaves_nothing_behind(release):
    release.publish()
    kept = release.cache / "ftreport" / VERSION / ("x64" if platform.machine() == "x86_64" else "arm64")
    kept.mkdir(parents=True)  # without its mark
    assert release.install().returncode == 0
    assert (kept / "ftreport").exists()


def test_a_command_that_is_there_already(release):
    outcome = release.install(FTREPORT="/bin/true")
    assert (outcome.returncode, outcome.stdout) == (0, "/bin/true\n")
    assert release.asked == []
