"""What prints need from this machine: fonts for Typst."""

from __future__ import annotations

import shutil
from pathlib import Path

from tongbao.definition.project import Project
from tongbao.display.fonts import find_fonts


def prepare_assets(project: Project) -> None:
    """Assemble ``.tongbao/fonts``, unless it is there."""
    assemble_fonts(project.root, project.work / "fonts")


def assemble_fonts(root: Path, folder: Path) -> None:
    """Put every font that prints of a project may take into a folder, and nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {path.name: path for path in find_fonts(root)}
    for stale in folder.iterdir():
        if stale.name not in wanted:
            stale.unlink(missing_ok=True)
    for name, path in wanted.items():
        if not (folder / name).exists():
            (folder / name).unlink(missing_ok=True)  # a link whose target has moved
            _link(path, folder / name)


def _link(source: Path, target: Path) -> None:
    try:
        target.symlink_to(source)
    except FileExistsError:  # another notebook was quicker
        pass
    except OSError:  # Windows without the right to make links
        shutil.copyfile(source, target)
