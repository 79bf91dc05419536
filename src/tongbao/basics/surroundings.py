"""The environment that notebooks, workers and renderers are given: where things lie, and no secrets."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

_PASSED_ON = re.compile(
    "PATH|HOME|USER|LOGNAME|SHELL|PWD|LANG|LANGUAGE|LC_.*|TZ|TMPDIR|TMP|TEMP|TERM|NO_COLOR|SOURCE_DATE_EPOCH"
    "|TONGBAO_.*|PYTHON.*|PYDEVD_.*|VIRTUAL_ENV|CONDA_PREFIX|(LD|DYLD)_LIBRARY_PATH|FONTCONFIG_.*|XDG_.*|OMP_NUM_THREADS"
    "|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|USERPROFILE|(LOCAL)?APPDATA|PROGRAMDATA|PROGRAMFILES|IPYTHONDIR|JPY_.*"
    "|JUPYTER_(PATH|DATA_DIR|RUNTIME_DIR|CONFIG_DIR|CONFIG_PATH|PLATFORM_DIRS)|DENO_DIR"
    "|QUARTO_(PYTHON|PANDOC|TYPST|DENO|SHARE_PATH|BIN_PATH|LOG_LEVEL)"
)


def passed_on(environment: Mapping[str, str]) -> dict[str, str]:
    """What of an environment is passed on; a variable of an office's own is, if its name begins with ``TONGBAO_``.

    >>> passed_on({"PATH": "/bin", "TONGBAO_X": "1", "GITHUB_TOKEN": "secret", "JUPYTER_TOKEN": "secret"})
    {'PATH': '/bin', 'TONGBAO_X': '1'}
    """
    return {name: value for name, value in environment.items() if _PASSED_ON.fullmatch(name.upper())}


@contextmanager
def only_passed_on() -> Iterator[None]:
    """Take all else out of this process's environment for as long as it starts another."""
    before = dict(os.environ)
    for name in before.keys() - passed_on(before).keys():
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(before)
