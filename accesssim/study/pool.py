"""Who does the work: this process, processes of its own, or any executor that is handed in."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 1000
"""Tasks that an executor that is handed in holds at a time, so that a long list of scenarios is not pickled at once."""

TRIES = 3
"""How often work is begun again when a worker dies before giving up."""


def cores() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def results(work: Callable[[T], R], tasks: list[T], *, workers: int = 1, executor: Executor | None = None) -> Iterator[tuple[int, R]]:
    """Number and result of each task, as they are done.

    With one worker the work is done here, in order. If a worker of our own is killed, what it was at is begun again.
    """
    if executor is not None:
        yield from _through(executor, work, tasks, list(range(len(tasks))), ahead=AHEAD)
        return
    if workers <= 1 or len(tasks) <= 1:
        for number, task in enumerate(tasks):
            yield number, work(task)
        return
    left = list(range(len(tasks)))
    for attempt in range(TRIES):
        try:
            for number, result in _own(work, tasks, left, min(workers, len(left))):
                left.remove(number)
                yield number, result
        except BrokenProcessPool:
            if attempt == TRIES - 1:
                raise
        else:
            return


def _own(work: Callable[[T], R], tasks: list[T], left: list[int], workers: int) -> Iterator[tuple[int, R]]:
    from multiprocessing import active_children, get_context

    others = active_children()
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_begin)
    try:
        yield from _through(pool, work, tasks, list(left), ahead=2 * workers)
    except BaseException:  # an interrupt, or nobody wants the rest: a shard that is not entered is done again
        pool.shutdown(wait=False, cancel_futures=True)
        for child in active_children():
            if child not in others:
                child.terminate()
        raise
    pool.shutdown()


def _through(executor: Executor, work: Callable[[T], R], tasks: list[T], numbers: list[int], ahead: int) -> Iterator[tuple[int, R]]:
    """Submit no more than `ahead` tasks at a time: a long list of scenarios is not pickled at once."""
    waiting = iter(numbers)
    running: dict[Future[R], int] = {executor.submit(work, tasks[number]): number for number in islice(waiting, ahead)}
    while running:
        done, _ = wait(running, return_when="FIRST_COMPLETED")
        for future in done:
            number = running.pop(future)
            for following in islice(waiting, 1):
                running[executor.submit(work, tasks[following])] = following
            yield number, future.result()


def _begin() -> None:
    """In a worker: interrupts are the parent's business, and nobody outlives the parent."""
    from multiprocessing import parent_process

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.join,), daemon=True).start()


def _end_with(join: Callable[[], None]) -> None:
    join()
    os._exit(1)
