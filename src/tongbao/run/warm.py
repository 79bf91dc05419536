"""What the warm parent imports and warms up, so that what is forked from it has it already."""

import atexit
import gc
import sys
from importlib import import_module

NEEDED = (
    *("nbformat", "papermill", "pandas", "altair", "duckdb", "ipykernel.ipkernel", "ipykernel.kernelapp"),
    "tongbao.notebook",
)


def _warm_up() -> None:
    # The debugger takes a third of a kernel's start, and nobody debugs a notebook that papermill runs.
    without = sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]  # how an import is refused
    modules = {name: import_module(name) for name in NEEDED}
    if without is None:
        del sys.modules["debugpy"]
    notebook = modules["nbformat"].v4.new_notebook()
    modules["nbformat"].validate(notebook)  # reads its schema
    chart = modules["altair"].Chart(modules["pandas"].DataFrame({"x": [0]}))
    chart.mark_bar().encode(x="x:Q").to_dict(validate=False)
    # Forked processes share these pages as long as nobody counts references in them.
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)  # for those libraries that want their objects gone at the end


_warm_up()
