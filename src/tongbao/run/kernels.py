"""Warm kernels for whoever speaks Jupyter's protocol, as papermill by hand and JupyterLab; builds need none."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from tongbao.basics.surroundings import passed_on
from tongbao.run.bound import can_fork
from tongbao.run.forge import Wanted, forge


class WarmProvisioner(LocalProvisioner):
    """Forks the kernel that a kernelspec names; where that cannot be, starts an ordinary one.

    The entry point ``tongbao-warm`` of ``jupyter_client.kernel_provisioners``.
    """

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel with the arguments of a command that runs ``ipykernel_launcher``; without secrets around it."""
        kwargs["env"] = passed_on(kwargs.get("env") or os.environ)
        if not can_fork():
            self.log.warning("kernels cannot be forked on %s: an ordinary one is started", sys.platform)
            return await super().launch_kernel(cmd, **kwargs)
        self.cwd = kwargs.get("cwd") or str(Path.cwd())
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        forked = forge().fork(Wanted(_be_kernel, tuple(arguments), str(self.cwd), kwargs["env"], os.getpid()))
        self.process = cast("Any", forked)
        self.pid = self.pgid = forked.pid
        return self.connection_info


class WarmManager(AsyncKernelManager):
    """Starts what the kernelspec ``tongbao`` names, also where that is not installed."""

    @property
    def kernel_spec(self) -> KernelSpec:
        """The kernelspec that the package brings."""
        return KernelSpec.from_resource_dir(str(Path(__file__).parent / "kernelspec"))


def _be_kernel(*arguments: str) -> None:
    from ipykernel.kernelapp import IPKernelApp  # imported by the parent already

    app = IPKernelApp.instance()
    # 1: its starter is watched already, and nobody is to be told how to reach it.
    app.initialize([*arguments, "--IPKernelApp.parent_handle=1"])  # type: ignore[no-untyped-call]
    app.start()  # type: ignore[no-untyped-call]
