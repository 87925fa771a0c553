"""An existing Dask.distributed cluster as the one who works; its workers write the shards, and only names travel back."""

import logging
from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor
from contextlib import contextmanager

from accesssim.world.errors import AccessSimError

_TIMEOUT = "10s"
_RETRIES = 3
"""How often a shard is begun again when the worker that had it is lost."""


class ClusterError(AccessSimError):
    """A cluster cannot be reached, or was lost."""


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """An executor on the cluster whose scheduler is at an address such as tcp://127.0.0.1:8786. Raises ClusterError."""
    try:
        from distributed import Client
        from distributed.comm.core import CommClosedError
    except ImportError:
        raise ClusterError("--dask needs Dask.distributed. Install it with: pip install 'accesssim[dask]'") from None
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # a lost cluster is told below, in one line
    try:
        client = Client(address, timeout=_TIMEOUT, set_as_default=False)
    except (OSError, ValueError):
        raise ClusterError(f"no Dask scheduler answers at {address}. Start one with: dask scheduler --host 127.0.0.1, and workers with: dask worker {address}") from None
    try:
        if not client.scheduler_info()["workers"]:
            raise ClusterError(f"the Dask scheduler at {address} has no workers. Start some with: dask worker {address}")
        yield client.get_executor(retries=_RETRIES)
    except (CancelledError, CommClosedError):
        raise ClusterError(f"the Dask cluster at {address} was lost. What is entered in the result folder is kept; the same command again goes on from there.") from None
    finally:
        client.close(timeout=2)
