"""Vega-Lite specifications → SVG, by a process that has Vega's engine running if there is one.

The engine takes half a second to start, more than all else in a bulletin, and cannot be forked. So a build keeps one
that draws for all kernels; a worker of a cluster keeps its own, and so does a notebook run by hand. All draw the same.
"""

from __future__ import annotations

import json
import os
import re
import sys
import threading
from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import files
from multiprocessing import AuthenticationError, current_process
from multiprocessing.connection import Client, Listener
from secrets import token_hex
from typing import Any

import pylopdf_fonts_zh_cn
import vl_convert

_CLIP = re.compile(r"(?<=[\"#])clip\d+(?=[\")])")
# The face of all charts, and those that stand in for it, quicker to measure (tools/measures.py): one whose letters are
# as wide, and one of a single letter for drawings that say themselves where each text stands.
_FACE, _MEASURES, _PLACED = "Noto Sans SC, ", "Tongbao Measures, ", "Tongbao Placed, "
# Names the socket to the kernels of a build.
VARIABLE = "TONGBAO_DRAUGHTSMAN"
_KEY = 32  # bytes, as multiprocessing makes it


def to_svg(specification: dict[str, Any]) -> str:
    """The chart as SVG, text measured with the bundled fonts so that every machine draws the same.

    Raises:
        ValueError: not a chart that Vega-Lite knows.
    """
    name = os.environ.get(VARIABLE)
    if not name:
        return _draw(specification)
    try:
        with Client(f"\0{name}", "AF_UNIX", authkey=current_process().authkey) as draughtsman:
            draughtsman.send_bytes(json.dumps(specification).encode())
            drawn = draughtsman.recv_bytes().decode()
    except (OSError, EOFError, AuthenticationError):  # it is gone, or not ours
        return _draw(specification)
    if not drawn.startswith("<svg"):
        raise ValueError(drawn)
    return drawn


@cache
def at_work() -> dict[str, str]:
    """Have somebody draw for the processes that this one starts; returns what their environment must hold.

    Who draws for this one draws for them; else this one does, as long as it lives.
    """
    if sys.platform != "linux":
        return {}
    name = os.environ.get(VARIABLE)
    if not name:
        name = f"tongbao-{os.getpid()}-{token_hex(8)}"
        threading.Thread(target=_serve, args=(_door(name),), daemon=True).start()
    return {VARIABLE: name}


def draw_for_all(name: str) -> None:
    """Draw for whoever knows the name and this process's key, until this process is ended.

    The name is that of a socket of Linux' nameless kind, of which no file is left.
    """
    door = _door(name)
    _draw({"data": {"values": []}, "mark": "bar"})  # starts the engine, while nobody waits for it
    _serve(door)


def _door(name: str) -> Listener:
    return Listener(f"\0{name}", "AF_UNIX", backlog=64, authkey=current_process().authkey)


def _serve(door: Listener) -> None:
    while True:
        try:
            with door.accept() as visitor:
                try:
                    drawn = _draw(json.loads(visitor.recv_bytes()))
                except ValueError as error:
                    drawn = f"not drawn: {error}"
                visitor.send_bytes(drawn.encode())
        except (OSError, EOFError, AuthenticationError):  # gone before it was served, or not one of ours
            continue


def _draw(specification: dict[str, Any]) -> str:
    return _drawn(json.dumps(specification))


@lru_cache(maxsize=64)  # a preview makes the same bulletin again and again, and most of its charts stay as they are
def _drawn(text: str) -> str:
    specification = json.loads(text)
    _register_fonts()
    face = _PLACED if specification.get("autosize") == {"type": "none"} else _MEASURES
    measured = json.loads(text.replace(_FACE, f"{face}{_FACE}"))
    drawn = str(vl_convert.vegalite_to_svg(measured, vl_version="6.4")).replace(face, "")
    # Vega counts its clips through all that it has drawn: here they are named after the drawing, on each page once.
    name = sha256(json.dumps(specification, sort_keys=True).encode()).hexdigest()[:8]
    numbers: dict[str, int] = {}
    return _CLIP.sub(lambda found: f"clip-{name}-{numbers.setdefault(found[0], len(numbers))}", drawn)


def to_png(svg: str) -> bytes:
    """A drawing in pixels, three to one of its own, set in the same fonts."""
    _register_fonts()
    return bytes(vl_convert.svg_to_png(svg, scale=3))


@cache
def _register_fonts() -> None:
    # No font of this machine, which might bear the same name: fontconfig, where it is asked, knows of none.
    os.environ["FONTCONFIG_FILE"] = str(files("tongbao.display") / "no-fonts.conf")
    vl_convert.register_font_directory(str(pylopdf_fonts_zh_cn.sans_path().parent))
    vl_convert.register_font_directory(str(files("tongbao.display") / "measures"))


def _end_with(line: int) -> None:
    """End when who wants drawings closes the line, or is gone."""
    while os.read(line, 1):
        pass
    os._exit(0)


if __name__ == "__main__":
    current_process().authkey = os.read(0, _KEY)
    threading.Thread(target=_end_with, args=(0,), daemon=True).start()
    draw_for_all(sys.argv[1])
