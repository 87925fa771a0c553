"""An existing Dask.distributed cluster as the one who works; its workers write the shards, and only names travel back."""

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor
from contextlib import contextmanager
from typing import Any

from accesssim.study.faults import WorkLost
from accesssim.world.errors import AccessSimError

_TIMEOUT = "10s"
_LOOK = 5.0
"""Seconds between two looks at whether there are workers."""
_RETRIES = 3
"""How often a shard is begun again when the worker that had it is lost."""


class ClusterError(AccessSimError):
    """A cluster cannot be reached."""


@contextmanager
def cluster(address: str, say: Callable[[str], None] = lambda _: None) -> Iterator[Executor]:
    """An executor on the cluster whose scheduler is at an address such as tcp://127.0.0.1:8786; `say` is told when its last worker is lost.

    Raises ClusterError, and WorkLost if the scheduler is lost.
    """
    try:
        from distributed import Client
        from distributed.comm.core import CommClosedError
    except ImportError:
        raise ClusterError("--dask needs Dask.distributed. Install it with: pip install 'accesssim[dask]'") from None
    for name in ("distributed.client", "distributed.core", "distributed.comm"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # a lost cluster is told below, in one line
    try:
        client = Client(address, timeout=_TIMEOUT, set_as_default=False)
    except (OSError, ValueError, TypeError):
        raise ClusterError(f"no Dask scheduler answers at {address}. Start one with: dask scheduler --host 127.0.0.1, and workers with: dask worker {address}") from None
    over = threading.Event()
    try:
        if not client.scheduler_info()["workers"]:
            raise ClusterError(f"the Dask scheduler at {address} has no workers. Start some with: dask worker {address}")
        threading.Thread(target=_watch, args=(client, address, say, over), daemon=True).start()
        yield client.get_executor(retries=_RETRIES)
    except (CancelledError, CommClosedError):
        raise WorkLost(f"the Dask cluster at {address} was lost. What is entered in the result folder is kept; the same command again goes on from there.") from None
    finally:
        over.set()
        client.close(timeout=2)


def _watch(client: Any, address: str, say: Callable[[str], None], over: threading.Event) -> None:
    """Say so when nobody is left to work: the sweep waits for workers to come, and whoever started it must know."""
    empty = False
    while not over.wait(_LOOK) and client.status == "running":
        gone = not client.scheduler_info()["workers"]
        if gone and not empty:
            say(f"The Dask scheduler at {address} has no workers left: waiting for some. Start them with: dask worker {address} (or stop with Ctrl-C: what is entered is kept)")
        empty = gone
