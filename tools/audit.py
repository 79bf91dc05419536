"""Ask whether faults are known of what the locks pin: ``make audit``.

pip-audit asks the package index about each version. Exit code 1 if a fault is known; 0 if none is, and also where the
index cannot be asked or does not answer for a package, which is said.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements-dev.lock", "requirements-lab.lock")  # which hold the first lock's pins, too
OPTIONS = ("--no-deps", "--disable-pip", "--require-hashes", "--progress-spinner=off", "--format=json", "--timeout=15")


def told(lock: str, answer: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """What to say of an answer, and whether it is a fault."""
    packages = answer["dependencies"]
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    for package in packages:
        for fault in package.get("vulns", ()):
            mended = ", ".join(fault["fix_versions"]) or "none yet"
            names = ", ".join([fault["id"], *fault["aliases"]])
            yield f"{lock}: {package['name']} {package['version']}: {names}; mended in {mended}", True
    yield f"{lock}: {len(packages) - len(skipped)} of {len(packages)} packages audited", False
    if skipped:
        yield f"{lock}: NOT audited, the index does not answer for them: {', '.join(skipped)}", False


def main() -> int:
    """Audit each lock; returns the exit code."""
    faults = 0
    for lock in LOCKS:
        command = [sys.executable, "-m", "pip_audit", *OPTIONS, "-r", str(ROOT / lock)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
        try:
            answer = json.loads(done.stdout)
        except ValueError:
            why = (done.stderr.strip().splitlines() or ["no answer"])[-1]
            sys.stdout.write(f"{lock}: NOT audited, the index cannot be asked: {why}\n")
            continue
        for line, fault in told(lock, answer):
            sys.stdout.write(f"{line}\n")
            faults += fault
    return min(faults, 1)


if __name__ == "__main__":
    sys.exit(main())
