"""What the warm parent imports and warms up, so that what is forked from it has it already."""

import atexit
import gc
import platform
import sys
from importlib import import_module

# What would be loaded along the way for seconds, and nobody uses here: the debugger of a notebook that papermill runs,
# and the grammar of addresses that ``jsonschema`` holds against a notebook if JupyterLab has brought it.
_LEFT_OUT = ("debugpy", "rfc3987_syntax")
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
    refused = [name for name in _LEFT_OUT if sys.modules.setdefault(name, None) is None]  # type: ignore[arg-type]  # how
    for name in NEEDED:
        import_module(name)
    for name in refused:
        del sys.modules[name]
    import altair as alt
    import nbformat
    import pandas as pd

    from tongbao.bulletin.reviews import load_reviews
    from tongbao.bulletin.schemas import schema_text
    from tongbao.definition import kinds

    kinds.checks(), kinds.rules(), load_reviews()
    schema_text("findings")  # which stands beside each page
    nbformat.validate(nbformat.v4.new_notebook())  # type: ignore[no-untyped-call]  # reads its schema
    alt.Chart(pd.DataFrame({"x": [0]})).mark_bar().encode(x="x").to_dict(validate=False)
    platform.platform()  # asks a program, and remembers the answer
    # Forked processes share these pages as long as nobody counts references in them.
    gc.collect()
    gc.freeze()
    gc.enable()
    atexit.register(gc.unfreeze)  # for those libraries that want their objects gone at the end


gc.disable()  # nothing of what is loaded is for the bin
_warm_up()
