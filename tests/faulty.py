"""Run commands where nothing can be written: ``unshare -m python faulty.py read-only|full MOUNT BUILT JSON``.

In a mount namespace of its own a small file system in memory is mounted on MOUNT, the built project copied into it,
what ``setup`` lists run, and then the project made read-only or the disk filled to its last byte. Each of ``commands``
runs in a process forked from this one; on the disk that is full ``scarce`` does, too, with as many bytes as each of
``rooms`` of room. What it said, how it ended, which files it changed and what it left is printed as JSON.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

SIZE = "100m"
SECONDS = 15  # a preview goes on until it is interrupted


def sums(project):
    names = {path.relative_to(project).as_posix(): path for path in project.rglob("*") if path.is_file()}
    shown = {name: path for name, path in names.items() if not name.startswith(".tongbao")}
    return {name: sha256(path.read_bytes()).hexdigest() for name, path in shown.items()}


def interrupt(*_):
    raise KeyboardInterrupt


def run(project, arguments):
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        pid = os.fork()
        if pid == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            os.chdir(project)
            sys.argv = ["tongbao", *arguments]
            if arguments[0] == "preview":
                signal.signal(signal.SIGALRM, interrupt)
                signal.alarm(SECONDS)
            from tongbao.cli import main

            main()  # ends as the command does, with all that Python does at its end
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        said = []
        for stream in (out, err):
            stream.seek(0)
            said.append(stream.read().decode())
    return {"arguments": arguments, "code": code, "out": said[0], "err": said[1]}


def close(project):
    subprocess.run(["mount", "--bind", project, project], check=True)
    subprocess.run(["mount", "-o", "remount,ro,bind", project], check=True)


def fill(mount, room):
    for size in (65536, 1):
        try:
            with (mount / f"ballast-{size}").open("wb", buffering=0) as ballast:
                while True:
                    ballast.write(b"x" * size)
        except OSError:
            pass
    ballast = mount / "ballast-65536"
    os.truncate(ballast, ballast.stat().st_size - room)


def main(kind, mount, built, wanted):
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", mount], check=True)
    project = mount / "project"
    shutil.copytree(built, project, symlinks=True)
    for arguments in wanted["setup"]:
        done = run(project, arguments)
        if done["code"]:
            sys.exit(f"{arguments}: {done['err']}")
    for name in wanted["shortened"]:  # notebooks, which lack a cell then
        notebook = json.loads((project / name).read_text("utf-8"))
        notebook["cells"] = [cell for cell in notebook["cells"] if "annex" not in "".join(cell["source"])]
        (project / name).write_text(json.dumps(notebook), "utf-8")
    calls = [(arguments, 0) for arguments in wanted["commands"]]
    if kind == "read-only":
        close(project)
    else:
        calls += [(wanted["scarce"], room) for room in wanted["rooms"]]
    results, before = [], sums(project)
    for arguments, room in calls:
        if kind == "full":
            fill(mount, room)
        results.append(run(project, arguments))
        after = sums(project)
        results[-1]["changed"] = sorted(dict(before.items() ^ after.items()))
        results[-1]["left"] = [path.name for path in (project / ".tongbao").glob("made*")]
        before = after
    sys.stdout.write(json.dumps(results))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), json.loads(sys.argv[4]))
