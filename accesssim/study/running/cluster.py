"""An existing Dask.distributed cluster as the one who works; its workers write the shards, and only names travel back."""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor
from contextlib import contextmanager
from typing import Any

from accesssim.study.faults import WorkLost
from accesssim.world.errors import AccessSimError

_TIMEOUT = 10.0
"""Seconds in which a scheduler must answer."""
_LOOK = 1.0
"""Seconds between two looks at which workers there are."""
_RETRIES = 3
"""How often a shard is begun again when the worker that had it is lost."""


class ClusterError(AccessSimError):
    """A cluster cannot be reached."""


@contextmanager
def cluster(address: str, say: Callable[[str], None] = lambda _: None) -> Iterator[Executor]:
    """An executor on the cluster whose scheduler is at an address such as tcp://127.0.0.1:8786; `say` is told when a worker is lost, or the last one.

    Raises ClusterError, and WorkLost if the scheduler is lost.
    """
    try:
        from distributed import Client
        from distributed.comm.core import CommClosedError
    except ImportError:
        raise ClusterError("--dask needs Dask.distributed. Install it with: pip install 'accesssim[dask]'") from None
    for name in ("distributed.client", "distributed.core", "distributed.comm", "tornado.application"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # a lost cluster is told below, in one line
    try:
        asyncio.run(asyncio.wait_for(_identity(address), _TIMEOUT))
        client = Client(address, timeout=_TIMEOUT, set_as_default=False)
    except Exception:  # noqa: BLE001  who knows what listens there, and what it says
        raise ClusterError(
            f"no Dask scheduler answers at {address or 'no address'}. Start one with: dask scheduler --host "
            "127.0.0.1, and name it as --dask tcp://127.0.0.1:8786"
        ) from None
    over = threading.Event()
    try:
        if not client.scheduler_info()["workers"]:
            raise ClusterError(
                f"the Dask scheduler at {address} has no workers. Start some with: dask worker {address}"
            )
        threading.Thread(target=_watch, args=(client, address, say, over), daemon=True).start()
        yield client.get_executor(retries=_RETRIES)
    except (CancelledError, CommClosedError):
        raise WorkLost(
            f"the Dask cluster at {address} was lost. What is entered in the result folder is kept; the same command again goes on from there."
        ) from None
    finally:
        over.set()
        client.close(timeout=2)


async def _identity(address: str) -> None:
    """Ask a scheduler who it is, before a client begins to: one that gets no answer cannot be closed without a long wait and a traceback."""
    from distributed.comm.core import connect
    from distributed.core import send_recv

    comm = await connect(address, timeout=_TIMEOUT)
    try:
        await send_recv(comm, op="identity")
    finally:
        comm.abort()


def _watch(client: Any, address: str, say: Callable[[str], None], over: threading.Event) -> None:
    """Say so when a worker is lost, and when nobody is left to work: the sweep waits for workers to come, and whoever started it must know."""
    known: set[str] = set()
    while not over.wait(_LOOK) and client.status == "running":
        here = set(client.scheduler_info()["workers"])
        for gone in sorted(known - here):
            say(f"The Dask worker at {gone} is gone; what it was at is begun again by another.")
        if known and not here:
            say(
                f"The Dask scheduler at {address} has no workers left: waiting for some. Start them with: dask "
                f"worker {address} (or stop with Ctrl-C: what is entered is kept)"
            )
        known = here
