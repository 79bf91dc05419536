"""What the warm parent imports and warms up, so that what is forked from it has it already."""

import atexit
import gc
import platform
from importlib import import_module

from tongbao.run.notebooks import left_out, nbformat

NEEDED = (
    *("papermill", "duckdb", "encodings.cp437", "encodings.utf_8_sig"),
    *("pandas.io.formats.csvs", "pandas.io.formats.html", "pandas.io.formats.string"),
    *(
        "ipykernel.debugger",
        "ipykernel.ipkernel",
        "ipykernel.kernelapp",
        "ipykernel.zmqshell",
        "tornado.platform.asyncio",
    ),
    *("IPython.core.debugger", "IPython.core.logger", "IPython.core.oinspect", "IPython.extensions.storemagic"),
    *("tongbao.notebook", "tongbao_chance.display", "tongbao.run.cells"),
)


def _warm_up() -> None:
    # The debugger takes a third of a kernel's start, and nobody debugs a notebook that papermill runs.
    with left_out("debugpy"):
        for name in NEEDED:
            import_module(name)
    import altair as alt
    import duckdb
    import pandas as pd

    from tongbao.bulletin.reviews import load_reviews
    from tongbao.bulletin.schemas import schema_text
    from tongbao.definition import kinds

    kinds.checks(), kinds.rules(), load_reviews()
    schema_text("findings")  # which stands beside each page
    nbformat.validate(nbformat.v4.new_notebook())  # type: ignore[no-untyped-call]  # reads its schema
    frame = pd.DataFrame({"x": ["0"]})
    alt.Chart(frame).mark_bar().encode(x="x").to_dict(validate=False)
    frame.to_html(), frame.to_string()
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("frame", frame).sql("SELECT x::DECIMAL(38, 12) FROM frame").fetchall()
    platform.platform()  # asks a program, and remembers the answer
    # Forked processes share these pages as long as nobody counts references in them. What is for the bin stays with
    # the rest: it is little, and to look for it takes as long as loading pandas.
    gc.freeze()
    gc.enable()
    gc.set_threshold(50_000)  # most of what a bulletin makes stays until it is done
    atexit.register(gc.unfreeze)  # for those libraries that want their objects gone at the end


gc.disable()  # nothing of what is loaded is for the bin
_warm_up()
