"""A list of the software that a lock installs here, for machines (CycloneDX 1.6): ``python tools/sbom.py LOCK FILE``.

Each package with its version, its licence as its own metadata say it, and the hashes by which the lock knows its files;
only those that the lock has for this system. The same lock and packages give the same bytes. ``make sbom`` writes it.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageMetadata, metadata
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
_OSI = "License :: OSI Approved :: "


def pins(lock: str) -> Iterator[tuple[str, str, list[str]]]:
    """Name, version and SHA-256 hashes of what a lock has for this system."""
    for entry in re.split(r"\n(?=\S)", lock.strip()):
        requirement = Requirement(entry.partition(" \\\n")[0])
        if requirement.marker is None or requirement.marker.evaluate():
            version = next(iter(requirement.specifier)).version
            yield requirement.name, version, re.findall("--hash=sha256:([0-9a-f]{64})", entry)


def licence(said: PackageMetadata) -> str:
    """A package's licence in its own words: an SPDX expression, a name, or what its classifiers say."""
    classified = [line.removeprefix(_OSI) for line in said.get_all("Classifier") or () if line.startswith(_OSI)]
    stated = (said.get("License") or "").strip().partition("\n")[0]
    is_name = not re.match("UNKNOWN|Copyright|This ", stated)
    return said.get("License-Expression") or (stated if is_name else "") or "; ".join(classified)


def bill(lock: str) -> Bom:
    """The list."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    components, licences = [], LicenseFactory()
    for name, version, hashes in pins(lock):
        words = licence(metadata(name))
        components.append(
            Component(
                name=name,
                version=version,
                type=ComponentType.LIBRARY,
                bom_ref=f"{name}@{version}",
                purl=PackageURL("pypi", name=name, version=version),
                licenses=[licences.make_from_string(words)] if words else [],
                hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in hashes],
            )
        )
    made = Bom(components=components, serial_number=uuid5(NAMESPACE_URL, lock))
    name, version = project["name"], project["version"]
    made.metadata.component = Component(name=name, version=version, type=ComponentType.APPLICATION, bom_ref=name)
    made.register_dependency(made.metadata.component, components)
    return made


def main(lock: Path, target: Path) -> None:
    """Write the list."""
    record = json.loads(JsonV1Dot6(bill(lock.read_text("utf-8"))).output_as_string())
    del record["metadata"]["timestamp"]  # by which it would be another each time
    target.write_text(json.dumps(record, ensure_ascii=False, indent=2, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
