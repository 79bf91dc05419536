"""A published copy of the made-up series, looked at from outside."""

import subprocess
import sys

from tongbao_office.tree import read_list

FOLDER = "reports/demo/2021-q2"


def versions(folder):
    return [version.number for version in read_list(folder).bulletins[0].versions]


def checked(folder, *options):
    """The checker that lies beside the index, with Python alone, in a copy elsewhere."""
    command = [sys.executable, "-I", "-S", folder / "verify.py", folder, *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", env={})
