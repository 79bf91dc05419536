"""What the warm parent imports and warms up, so that what is forked from it has it already."""

import atexit
import gc
import platform
import sys
from importlib import import_module

import pandas as pd

from tongbao.bulletin.reviews import load_reviews
from tongbao.bulletin.schemas import schema_text
from tongbao.definition import kinds

NEEDED = (
    *("nbformat", "papermill", "pandas.io.formats.csvs", "pandas.io.formats.html", "altair", "duckdb", "openpyxl"),
    *(
        "ipykernel.debugger",
        "ipykernel.ipkernel",
        "ipykernel.kernelapp",
        "ipykernel.zmqshell",
        "tornado.platform.asyncio",
    ),
    *("IPython.core.debugger", "IPython.core.oinspect", "IPython.extensions.storemagic", "tongbao.notebook"),
    "tongbao_chance.display",
)


def _warm_up() -> None:
    # The debugger takes a third of a kernel's start, and nobody debugs a notebook that papermill runs.
    without = sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]  # how an import is refused
    modules = {name: import_module(name) for name in NEEDED}
    if without is None:
        del sys.modules["debugpy"]
    kinds.checks(), kinds.rules(), load_reviews()
    schema_text("findings")  # which stands beside each page
    notebook = modules["nbformat"].v4.new_notebook()
    modules["nbformat"].validate(notebook)  # reads its schema
    chart = modules["altair"].Chart(pd.DataFrame({"x": [0]}))
    chart.mark_bar().encode(x="x:Q").to_dict(validate=False)
    platform.platform()  # asks a program, and remembers the answer
    # Forked processes share these pages as long as nobody counts references in them.
    gc.collect()
    gc.freeze()
    gc.enable()  # see `begin_warm_parent`
    atexit.register(gc.unfreeze)  # for those libraries that want their objects gone at the end


_warm_up()
