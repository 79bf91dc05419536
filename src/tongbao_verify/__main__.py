"""Check the bulletins of a project, of its _site, or of a published copy: python -m tongbao_verify FOLDER."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tongbao_verify.checker import check, find_bulletins


def main(arguments: list[str] | None = None) -> int:
    """Check every bulletin in a folder; 0 where all holds, 1 with left-overs, 2 where nothing can be checked."""
    parser = argparse.ArgumentParser(prog="tongbao_verify", description=__doc__)
    parser.add_argument("folder", type=Path, help="a project, its _site, or a folder with pages and their records")
    parser.add_argument("--raw", type=Path, help="the folder that holds data/raw, if not FOLDER or one above it")
    parser.add_argument("--json", action="store_true", help="print the accounts for machines")
    options = parser.parse_args(arguments)
    accounts, problem = [], f"no bulletin with its record in {options.folder}"
    try:
        accounts = [check(bulletin) for bulletin in find_bulletins(options.folder, options.raw)]
    except (OSError, ValueError, KeyError) as error:
        problem = str(error)
    if not accounts:
        print(f"cannot be checked: {problem}", file=sys.stderr)  # noqa: T201
        return 2
    if options.json:
        records = [vars(account) | {"left": [item._asdict() for item in account.left]} for account in accounts]
        print(json.dumps(records, ensure_ascii=False, indent=1))  # noqa: T201
    for account in accounts if not options.json else ():
        print(f"{account.bulletin}: {len(account.left) or 'nothing'} left over of {account.held.total()}")  # noqa: T201
        lines = [" | ".join(filter(None, item)) for item in account.left]
        print(*lines, *(f"not read here: {note}" for note in account.notes), sep="\n")  # noqa: T201
    return int(any(account.left for account in accounts))


if __name__ == "__main__":
    sys.exit(main())
