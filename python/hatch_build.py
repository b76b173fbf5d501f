"""Puts the static binary into the wheel, as the script `ftreport`.

FTREPORT_WHEEL_BINARY names it, FTREPORT_WHEEL_PLATFORM the platforms that it runs on. Without them a wheel has the
Python package alone, which looks for a binary on PATH.
"""

import os
import pathlib
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BinaryHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        binary = os.environ.get("FTREPORT_WHEEL_BINARY")
        if not binary or version == "editable":
            return
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{os.environ['FTREPORT_WHEEL_PLATFORM']}"
        build_data["shared_scripts"][str(pathlib.Path(binary).resolve())] = "ftreport"
