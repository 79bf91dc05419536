"""What pages and prints need from this machine: fonts for Typst, the page's chart library."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from tongbao.definition.project import Project
from tongbao.display.fonts import find_fonts

_EXPORTS = "window.vegaEmbed = vegaEmbed;"


def prepare_assets(project: Project) -> None:
    """Assemble ``.tongbao/fonts`` and ``theme/vega.js``, unless they are there."""
    folder = project.work / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {path.name: path for path in find_fonts(project.root)}
    for stale in folder.iterdir():
        if stale.name not in wanted:
            stale.unlink(missing_ok=True)
    for name, path in wanted.items():
        if not (folder / name).exists():
            (folder / name).unlink(missing_ok=True)  # a link whose target has moved
            _link(path, folder / name)
    script = project.root / "theme" / "vega.js"
    if not script.exists():
        import vl_convert  # takes long, and is needed once

        # Whole or not at all: notebooks run side by side, and each asks for the assets.
        with tempfile.NamedTemporaryFile(dir=script.parent, delete=False) as file:
            file.write(vl_convert.javascript_bundle(_EXPORTS, vl_version="6.4").encode())
        Path(file.name).replace(script)


def _link(source: Path, target: Path) -> None:
    try:
        target.symlink_to(source)
    except FileExistsError:  # another notebook was quicker
        pass
    except OSError:  # Windows without the right to make links
        shutil.copyfile(source, target)
