"""The process on a cluster's worker that makes an order: ``python -m tongbao.build.remote FOLDER``."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from dataclasses import replace
from pathlib import Path

from tongbao.basics.errors import TongbaoError, ToolError
from tongbao.build.build import engine_record
from tongbao.build.cluster import ORDER, RESULT, Shipped, write_files
from tongbao.build.making import make
from tongbao.bulletin.manifest import code_hash
from tongbao.definition.project import Project
from tongbao.display.fonts import prepare_fonts
from tongbao.render.engines import choose_engine


def make_shipped(folder: Path) -> None:
    """Unpack the order in ``folder``, make it, pack what came out.

    Raises:
        ToolError: code, libraries or fonts are others here than where the order comes from.
    """
    shipped: Shipped = pickle.loads((folder / ORDER).read_bytes())  # noqa: S301  # came over Dask, which runs code
    if shipped.order is None:
        raise ToolError("no order was sent")
    project = Project(folder / "project")
    made = project.made / "shipped"
    made.mkdir(parents=True)
    write_files(shipped.files, project.root)
    (project.root / "reports").mkdir(exist_ok=True)
    wanted, engine = shipped.order.tasks[0].manifest, engine_record(project, choose_engine(shipped.order.engine))
    if (wanted.code, dict(wanted.engine)) != (code_hash(), engine):
        raise ToolError("a worker has another version of Tongbao, of its libraries or fonts", found=str(engine))
    prepare_fonts(project)
    outcomes = make(replace(shipped.order, root=project.root, folder=made))
    names = {name for outcome in outcomes for name in outcome.files}
    files = {name: (made / name).read_bytes() for name in names}
    (folder / RESULT).write_bytes(pickle.dumps(Shipped(files, outcomes=tuple(outcomes))))


def _end_with_worker() -> None:
    """End this process and its kernels when the worker is gone, which holds the other end of our input."""
    while os.read(0, 1):  # not sys.stdin: whoever reads that holds it, also when this process wants to end
        pass
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    threading.Thread(target=_end_with_worker, daemon=True).start()
    try:
        make_shipped(Path(sys.argv[1]))
    except TongbaoError as error:
        sys.exit(str(error))
