"""Fuzz the readers: ``python tests/fuzz/fuzz.py [READER …] [-n INPUTS] [--jobs N] [--seed N] [--keep]``.

Inputs are good ones with changes, the same for the same seed. Each is either accepted or refused by an error of ours
that says where; within a second of the processor, a bounded memory, and a folder of its own: nothing outside it is
written, nothing but the program itself is read there, no process is started, nothing is connected to. Some are run with
their lines traced, and are changed further if they reach new ones. ``--keep`` writes what fails, and small inputs that
reached new lines, into ``tests/fuzz/corpus/<reader>/``.

For speed, what is read in a process of its own is mostly read in a copy of one that waits, and DuckDB is started once.
"""

from __future__ import annotations

import argparse
import faulthandler
import gc
import hashlib
import json
import mmap
import os
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
for _path in ("src", "tests", "tests/verify", "tests/fuzz"):
    sys.path.insert(0, str(ROOT / _path))

from copies import Copies  # noqa: E402  # found by the lines above
from fence import EscapeError, Fence  # noqa: E402, F401  # same
from targets import GOOD, READERS, told  # noqa: E402  # same

from tongbao.basics.errors import TongbaoError  # noqa: E402  # same
from tongbao.reading import grid  # noqa: E402  # same

warnings.filterwarnings("ignore")  # of libraries, about what they are given
os.environ["RUST_BACKTRACE"] = "0"  # half a second for each panic that a library catches
CORPUS = HERE / "corpus"
SOURCE = str(ROOT / "src")
SECONDS, MEMORY = 1.0, 1 << 30
TRACED, SLOW_TRACED, POOL, SMALL = 20, 200, 300, 2000


class SlowError(BaseException):
    """More than the time an input may take of the processor."""


class _Lines:
    """The lines of ours that inputs have reached: how many, and whether the last one reached new ones."""

    def __init__(self) -> None:
        self.unseen: dict[CodeType, set[int]] = {}
        self.seen, self.fresh = 0, False

    def __call__(self, frame: FrameType, event: str, _: object) -> Any:
        code = frame.f_code
        unseen = self.unseen.get(code)
        if unseen is None:
            ours = code.co_filename.startswith(SOURCE)
            lines = {line for *_, line in code.co_lines() if line} if ours else set()
            unseen = self.unseen[code] = lines - {code.co_firstlineno}
        return self._line if unseen else None

    def _line(self, frame: FrameType, event: str, _: object) -> Any:
        unseen = self.unseen[frame.f_code]
        if frame.f_lineno in unseen:
            unseen.remove(frame.f_lineno)
            self.seen, self.fresh = self.seen + 1, True
        return self._line


def _too_slow(*_: object) -> None:
    raise SlowError(f"more than {SECONDS} s")


def _used() -> float:
    """Seconds of the processor that this process and those that it started have taken."""
    return time.process_time() + sum(os.times()[2:4]) + Copies.seconds


def run_one(name: str, data: bytes, folder: Path, fence: Fence, limit: float = 0) -> tuple[bool, float, str]:
    """Whether an input was accepted, the seconds it took of the processor, and what failed: empty, or where and how."""
    limit = limit or SECONDS
    reader, begun, accepted, fault = READERS[name], _used(), True, ""
    signal.setitimer(signal.ITIMER_PROF, limit)
    fence.up = True
    try:
        try:
            reader.read(data, folder)
        except reader.own as error:
            accepted = False
            if isinstance(error, TongbaoError):
                told(error, place=reader.places)
    except BaseException as error:  # whatever it is, it is a fault
        if isinstance(error, KeyboardInterrupt):
            raise
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(SOURCE)]
        where = f"{frames[-1].filename.removeprefix(SOURCE)}:{frames[-1].lineno}" if frames else "?"
        fault = f"{type(error).__name__} at {where}: {str(error)[:150]!r}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        fence.up = False
    took = _used() - begun
    if took > limit and not fault.startswith("SlowError"):  # whatever a library makes of the signal
        fault = f"SlowError: {took:.1f} s"
    return accepted, took, fault


def _start_duckdb_once(*, optimized: bool) -> None:
    """Every connection becomes one of its own to one database: starting one takes longer than a small file.

    Its plans for some rows take longer than the rows; not so for a file that only says that it has many.
    """
    import duckdb

    start = partial(duckdb.connect, config={"threads": 1, "autoinstall_known_extensions": False})
    database = start()

    def connect(**_: object) -> duckdb.DuckDBPyConnection:
        nonlocal database
        try:
            connection = database.cursor()
            if not optimized:
                connection.execute("PRAGMA disable_optimizer")
        except duckdb.FatalException:  # an input before has ended it
            database = start()
            return database.cursor()
        return connection

    duckdb.connect = connect


def known(name: str) -> list[bytes]:
    """Inputs kept from earlier runs."""
    return [path.read_bytes() for path in sorted((CORPUS / name).glob("*")) if path.is_file()]


def _result(name: str) -> dict[str, Any]:
    counts = dict.fromkeys(("inputs", "accepted", "refused", "seconds", "slowest", "lines"), 0)
    return {"reader": name, **counts, "faults": {}, "new": []}


def fuzz(name: str, count: int, seed: int, current: mmap.mmap) -> dict[str, Any]:
    """Give a reader what is kept and ``count`` more inputs; returns what came of it."""
    signal.signal(signal.SIGPROF, _too_slow)
    folder, reader, result = Path(os.environ["TMPDIR"]), READERS[name], _result(name)
    fence, lines, rng = Fence(folder), _Lines(), random.Random(f"{name} {seed}")
    seeds, kept, follow = reader.seeds(), known(name), lines if count > 1000 else None
    GOOD.update(seeds)
    for data in seeds:  # also imports what is imported late
        sys.settrace(follow)
        _tally(result, data, *run_one(name, data, folder, fence, 60))
        sys.settrace(None)
    if name in ("xls", "ods"):
        grid.told_apart = Copies(folder).told_apart
    if "duckdb" in sys.modules:
        _start_duckdb_once(optimized=name == "parquet")
    arrow = sys.modules.get("pyarrow")
    if arrow is not None:  # pandas takes it where it is; its own pool reserves gigabytes
        arrow.set_memory_pool(arrow.system_memory_pool())
    gc.freeze()
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, resource.RLIM_INFINITY))
    pool, first = [*seeds, *kept], lines.seen
    begun = _used()
    for number in range(-len(kept), count):
        data = kept[number] if number < 0 else reader.change(rng, rng.choice(pool), pool)
        current.seek(0)
        current.write(len(data).to_bytes(8, "little") + data[: len(current) - 8])
        lines.fresh = False
        if follow and (number < 0 or number % (SLOW_TRACED if reader.slow else TRACED) == 0):
            sys.settrace(follow)
            accepted, took, fault = run_one(name, data, folder, fence, 30)
            sys.settrace(None)
        else:
            accepted, took, fault = run_one(name, data, folder, fence)
            if fault.startswith("SlowError"):  # or the machine was
                accepted, took, fault = run_one(name, data, folder, fence)
            result["slowest"] = max(result["slowest"], took)
        if number < 0:
            first = lines.seen
        elif lines.fresh:
            pool.append(data)
            if len(pool) > POOL:
                del pool[len(seeds)]
            if len(data) <= SMALL and not fault:
                result["new"].append(data.hex())
        _tally(result, data, accepted, took, fault)
    return result | {"seconds": _used() - begun, "lines": lines.seen - first}


def _tally(result: dict[str, Any], data: bytes, accepted: bool, _took: float, fault: str) -> None:
    result["inputs"] += 1
    result["accepted" if accepted else "refused"] += 1
    if fault:
        _add_fault(result["faults"], {"said": fault, "data": data.hex(), "times": 1})


def _add_fault(faults: dict[str, Any], fault: dict[str, Any]) -> None:
    """Of one fault the shortest input, if it is much shorter, and how often it was met."""
    old = faults.setdefault(fault["said"].partition(": ")[0], fault)
    if old is not fault:
        shorter = fault if len(fault["data"]) * 2 < len(old["data"]) else old
        faults[fault["said"].partition(": ")[0]] = shorter | {"times": old["times"] + fault["times"]}


def in_child(name: str, count: int, seed: int) -> dict[str, Any]:
    """``fuzz`` in a process and folder of its own; one that dies leaves the input that it died of."""
    current = mmap.mmap(-1, 1 << 24)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read)
            status = 1
            faulthandler.disable()  # who dies is told by the parent
            sys.dont_write_bytecode = True  # beside what is imported late, which is outside the folder
            try:
                os.environ["TMPDIR"] = tempfile.tempdir = os.path.realpath(folder)
                os.chdir(folder)
                with os.fdopen(write, "wb") as out:
                    out.write(json.dumps(fuzz(name, count, seed, current)).encode())
                status = 0
            except BaseException:  # noqa: BLE001  # of the fuzzer itself
                traceback.print_exc()
            finally:
                os._exit(status)
        os.close(write)
        with os.fdopen(read, "rb") as told_by_child:
            told_ = told_by_child.read()
        _, status = os.waitpid(child, 0)
    if status or not told_:
        size = int.from_bytes(current[:8], "little")
        fault = {
            "said": f"died: the process ended with status {status}",
            "data": current[8 : 8 + size].hex(),
            "times": 1,
        }
        return _result(name) | {"faults": {"died": fault}}
    found: dict[str, Any] = json.loads(told_)
    return found


def shares(count: int) -> Iterator[int]:
    """A number of inputs in parts for processes, the same on every machine."""
    step = 5_000 if count <= 20_000 else 20_000
    while count > 0:
        yield min(step, count)
        count -= step


def main(arguments: list[str] | None = None) -> int:
    """Fuzz; 0 where nothing failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("readers", nargs="*", choices=[[], *READERS], help="default: all")
    parser.add_argument("-n", type=int, default=1000, help="inputs for each reader")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args(arguments)
    print(HEAD, flush=True)
    failed = 0
    with ThreadPoolExecutor(options.jobs) as pool:
        made = {
            name: [pool.submit(in_child, name, share, options.seed + at) for at, share in enumerate(shares(options.n))]
            for name in options.readers or READERS
        }
        for name, parts in made.items():
            total = _result(name)
            for number, part in enumerate(parts, start=1):
                _add(total, part.result(), keep=options.keep)
                if number == len(parts) or number % 10 == 0:
                    _print_row(total)
            failed += len(total["faults"])
    return int(failed > 0)


HEAD = f"{'reader':16} {'inputs':>9} {'seconds':>8} {'a second':>8} {'accepted':>9} {'refused':>9} {'slowest':>8} {'new lines':>9} {'faults':>6}"


def _add(total: dict[str, Any], part: dict[str, Any], *, keep: bool) -> None:
    """One part's figures to the others'; what is to be kept is kept at once."""
    for key in ("inputs", "accepted", "refused", "seconds"):
        total[key] += part[key]
    for key in ("slowest", "lines"):
        total[key] = max(total[key], part[key])
    for fault in part["faults"].values():
        print(f"    {fault['times']}× {fault['said']}\n        {bytes.fromhex(fault['data'])[:160]!r}", flush=True)
        _add_fault(total["faults"], fault)
    if keep:
        _keep(part["reader"], [fault["data"] for fault in part["faults"].values()], sys.maxsize)
        _keep(part["reader"], part["new"], 8 if READERS[part["reader"]].slow else 40)


def _print_row(total: dict[str, Any]) -> None:
    """A row under ``HEAD``; seconds are the processor's."""
    seconds = total["seconds"]
    print(
        f"{total['reader']:16} {total['inputs']:9} {seconds:8.1f} {total['inputs'] / max(seconds, 0.01):8.0f} {total['accepted']:9} "
        f"{total['refused']:9} {total['slowest']:8.2f} {total['lines']:9} {len(total['faults']):6}",
        flush=True,
    )


def _keep(name: str, inputs: list[str], at_most: int) -> None:
    folder = CORPUS / name
    for data in map(bytes.fromhex, inputs):
        folder.mkdir(parents=True, exist_ok=True)
        if len(list(folder.iterdir())) < at_most:
            (folder / hashlib.sha256(data).hexdigest()[:12]).write_bytes(data)


if __name__ == "__main__":
    sys.exit(main())
