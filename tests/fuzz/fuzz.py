"""Fuzz the readers: ``python tests/fuzz/fuzz.py [READER …] [-n INPUTS] [--jobs N] [--seed N] [--keep]``.

Inputs are good ones with changes, the same for the same seed. Each is either accepted or refused by an error of ours
that says where; within a second of the processor, a bounded memory, and a folder of its own: nothing outside it is
written, nothing but the program itself is read there, no process is started, nothing is connected to. One in twenty is
run with its lines traced, and is changed further if it reaches new ones. ``--keep`` writes what fails, and small inputs
that reached new lines, into ``tests/fuzz/corpus/<reader>/``.
"""

from __future__ import annotations

import argparse
import faulthandler
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
from pathlib import Path
from types import FrameType
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
for _path in ("src", "tests", "tests/verify", "tests/fuzz"):
    sys.path.insert(0, str(ROOT / _path))

from targets import READERS, told  # noqa: E402  # found by the lines above

from tongbao.basics.errors import TongbaoError  # noqa: E402  # same

warnings.filterwarnings("ignore")  # of libraries, about what they are given
CORPUS = HERE / "corpus"
SOURCE = str(ROOT / "src")
APART = "from tongbao.reading.apart import "  # where old workbooks are read
SECONDS, MEMORY = 1.0, 1 << 30
TRACED, POOL, SMALL = 20, 300, 2000
_WRITES = {"os.remove": 0, "os.rmdir": 0, "os.mkdir": 0, "os.rename": 1, "os.link": 1, "os.symlink": 1, "os.chmod": 0, "os.truncate": 0}  # fmt: skip
_NEVER = ("subprocess.", "socket.connect", "socket.bind", "socket.getaddrinfo", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.startfile", "ctypes.dlopen", "pickle.")  # fmt: skip


class SlowError(BaseException):
    """More than the time an input may take of the processor."""


class EscapeError(BaseException):
    """Something outside the folder was touched."""


class _Fence:
    """What may be touched while an input is read."""

    def __init__(self, folder: Path) -> None:
        self.up = False
        self.inside = (str(folder),)
        known = {
            sys.prefix,
            sys.base_prefix,
            os.path.realpath(sys.prefix),
            SOURCE,
            str(ROOT / "tests"),
            str(ROOT / "reports"),
        }
        self.program = (
            *known,
            "/usr/share/zoneinfo",
            "/dev/null",
            "/dev/urandom",
            "/proc/",
            "/sys/",
            "/etc/localtime",
            "/lib",
            "/usr/lib",
        )
        sys.addaudithook(self)

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.up:
            return
        paths: tuple[object, ...] = ()
        if event == "open":
            path, mode, flags = arguments
            writes = bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)) or bool(mode and set(mode) & set("wax+"))
            allowed = (*self.inside, "/dev/null") if writes else (*self.inside, *self.program)
            if isinstance(path, int) or "__pycache__" in str(path):
                return
            real = os.path.realpath(os.fsdecode(path))
            if not real.startswith(allowed):
                self._stop(f"{event} {real} {mode}")
        elif event in _WRITES:
            paths = arguments[: _WRITES[event] + 1]
        elif (
            event == "subprocess.Popen"
            and arguments[1][:2] == [sys.executable, "-c"]
            and arguments[1][2].startswith(APART)
        ) or (event == "ctypes.dlopen" and arguments == (None,)):
            return
        elif event.startswith(_NEVER):
            self._stop(f"{event} {arguments}"[:200])
        for path in paths:
            if isinstance(path, str | bytes | os.PathLike) and not os.path.realpath(os.fsdecode(path)).startswith(
                self.inside
            ):
                self._stop(f"{event} {path!r}")

    def _stop(self, what: str) -> None:
        self.up = False
        raise EscapeError(what)


class _Lines:
    """The lines of ours that inputs have reached."""

    def __init__(self) -> None:
        self.seen: set[tuple[str, int]] = set()
        self.fresh = False

    def __call__(self, frame: FrameType, event: str, _: object) -> Any:
        return self._line if frame.f_code.co_filename.startswith(SOURCE) else None

    def _line(self, frame: FrameType, event: str, _: object) -> Any:
        if event == "line":
            place = frame.f_code.co_filename, frame.f_lineno
            if place not in self.seen:
                self.seen.add(place)
                self.fresh = True
        return self._line


def _too_slow(*_: object) -> None:
    raise SlowError(f"more than {SECONDS} s")


def run_one(name: str, data: bytes, folder: Path, fence: _Fence, limit: float = SECONDS) -> tuple[bool, float, str]:
    """Whether an input was accepted, the seconds it took of the processor, and what failed: empty, or where and how."""
    reader, begun, accepted, fault = READERS[name], time.process_time(), True, ""
    children = sum(os.times()[2:4])
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
    took = time.process_time() - begun + sum(os.times()[2:4]) - children
    if not fault and took > limit:
        fault = f"SlowError: {took:.1f} s"
    return accepted, took, fault


def known(name: str) -> list[bytes]:
    """Inputs kept from earlier runs."""
    return [path.read_bytes() for path in sorted((CORPUS / name).glob("*")) if path.is_file()]


def fuzz(name: str, count: int, seed: int, current: mmap.mmap) -> dict[str, Any]:
    """Give a reader what is kept and ``count`` more inputs; returns what came of it."""
    signal.signal(signal.SIGPROF, _too_slow)
    folder = Path(os.environ["TMPDIR"])
    fence, lines, rng = _Fence(folder), _Lines(), random.Random(f"{name} {seed}")
    seeds, kept = READERS[name].seeds(), known(name)
    result: dict[str, Any] = {
        "reader": name,
        "inputs": 0,
        "accepted": 0,
        "refused": 0,
        "slowest": 0.0,
        "faults": {},
        "new": [],
    }
    for data in seeds:  # also imports what is imported late
        run_one(name, data, folder, fence, 60)
    pages = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (pages + MEMORY, resource.RLIM_INFINITY))
    pool = [*seeds, *kept]
    for number in range(-len(kept), count):
        data = kept[number] if number < 0 else READERS[name].change(rng, rng.choice(pool), pool)
        current.seek(0)
        current.write(len(data).to_bytes(8, "little") + data[: len(current) - 8])
        traced = number < 0 or number % TRACED == 0
        lines.fresh = False
        if traced and count > 1000:
            sys.settrace(lines)
            accepted, took, fault = run_one(name, data, folder, fence, 30)
            sys.settrace(None)
        else:
            accepted, took, fault = run_one(name, data, folder, fence)
            result["slowest"] = max(result["slowest"], took)
        result["inputs"] += 1
        result["accepted" if accepted else "refused"] += 1
        if lines.fresh and number >= 0:
            pool.append(data)
            if len(pool) > POOL:
                del pool[len(seeds)]
            if len(data) <= SMALL and not fault:
                result["new"].append(data.hex())
        if fault:
            old = result["faults"].get(fault.partition(": ")[0])
            times = (old or {"times": 0})["times"] + 1
            if old is None or len(data) * 2 < len(old["data"]):
                old = {"said": fault, "data": data.hex()}
            result["faults"][fault.partition(": ")[0]] = old | {"times": times}
    return result


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
        fault = {"said": f"the process ended with status {status}", "data": current[8 : 8 + size].hex(), "times": 1}
        return {
            "reader": name,
            "inputs": 0,
            "accepted": 0,
            "refused": 0,
            "slowest": 0.0,
            "faults": {"died": fault},
            "new": [],
        }
    found: dict[str, Any] = json.loads(told_)
    return found


def shares(count: int, jobs: int, step: int = 20_000) -> Iterator[int]:
    """A number of inputs in parts for processes."""
    step = max(1, min(step, -(-count // jobs)))
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
    failed = 0
    with ThreadPoolExecutor(options.jobs) as pool:
        made = {
            name: [
                pool.submit(in_child, name, share, options.seed + at)
                for at, share in enumerate(shares(-(-options.n // READERS[name].share), options.jobs))
            ]
            for name in options.readers or READERS
        }
        for name, parts in made.items():
            results = [part.result() for part in parts]
            total = {key: sum(one[key] for one in results) for key in ("inputs", "accepted", "refused")}
            faults = {key: fault for one in results for key, fault in one["faults"].items()}
            slowest = max(one["slowest"] for one in results)
            print(
                f"{name:16} {total['inputs']:9} inputs {total['accepted']:9} accepted {total['refused']:9} refused, slowest {slowest:.2f} s, {len(faults)} faults",
                flush=True,
            )
            for fault in faults.values():
                print(
                    f"    {fault['times']}× {fault['said']}\n        {bytes.fromhex(fault['data'])[:160]!r}", flush=True
                )
            failed += len(faults)
            if options.keep:
                _keep(
                    name,
                    [*(fault["data"] for fault in faults.values()), *(data for one in results for data in one["new"])],
                )
    return int(failed > 0)


def _keep(name: str, inputs: list[str], at_most: int = 40) -> None:
    folder = CORPUS / name
    folder.mkdir(parents=True, exist_ok=True)
    for data in map(bytes.fromhex, inputs):
        if len(list(folder.iterdir())) < at_most:
            (folder / hashlib.sha256(data).hexdigest()[:12]).write_bytes(data)


if __name__ == "__main__":
    sys.exit(main())
