"""Who does the work: this process, threads or processes of its own, or any executor that is handed in.

A worker that dies (killed, or ended by the system for want of memory) costs what it was at, which is begun again,
however often others die. A task whose worker dies every time is in the end worked apart, so that it cannot take the
rest with it.
"""

import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar

from accesssim.clinic.stop import NEVER, Stop

T = TypeVar("T")
R = TypeVar("R")
Alone = Callable[[Callable[[Any], Any], Any], Any]

AHEAD = 1000
"""Tasks that an executor that is handed in holds at a time, so that a long list of scenarios is not pickled at once."""

_LOOK = 0.2
"""Seconds between two looks at whether the work is stopped."""

TRIES = 3
"""How often a task is begun again with others when the worker that may have had it dies; then it is worked apart."""


def cores() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def results(
    work: Callable[[T], R],
    tasks: Sequence[T],
    *,
    workers: int = 1,
    executor: Executor | None = None,
    apart: Callable[[T, Alone], R] | None = None,
    say: Callable[[str], None] = lambda _: None,
    threads: bool = False,
    stop: Stop = NEVER,
) -> Generator[tuple[int, R], None, None]:
    """Number and result of each task, as they are done.

    With one worker the work is done here, in order, but for `threads`: they are for work that lets others run meanwhile,
    and looks at `stop` itself, which is set as well when this ends before its end. Raises Stopped.

    `apart(task, alone)` works a task whose worker dies every time: piece by piece, each by `alone(work, piece)`, which
    gives None where the worker dies once more; without it, such a task is an error.
    """
    if executor is None and not threads and (workers <= 1 or len(tasks) <= 1):
        for number, task in enumerate(tasks):
            stop.look()
            yield number, work(task)
        return
    left, deaths = dict.fromkeys(range(len(tasks))), Counter[int]()
    while together := [number for number in left if deaths[number] < TRIES]:
        out: dict[Future[R], int] = {}
        try:
            at_once = min(workers, len(together))
            with (
                _in_threads(at_once, stop) if threads and executor is None else _at_work(executor, at_once) as (
                    who,
                    ahead,
                )
            ):
                for number, result in _through(who, work, tasks, together, ahead, out, deaths, stop):
                    del left[number]
                    yield number, result
        except BrokenProcessPool:
            if executor is not None:
                raise
            deaths.update(out.values())
            say(
                f"A worker died; what it may have been at is begun again: {', '.join(str(tasks[number]) for number in out.values())}."
            )
    for number in left:
        if apart is None:
            raise BrokenProcessPool
        say(f"{tasks[number]} ended its worker every time; it is worked piece by piece, alone.")
        yield number, apart(tasks[number], lambda piece, task: _alone(executor, piece, task))


def is_death(error: BaseException) -> bool:
    """Whether an error says that a worker died, here or on a cluster of Dask, which need not be installed to be asked."""
    return isinstance(error, BrokenProcessPool) or type(error).__name__ == "KilledWorker"


def _alone(executor: Executor | None, work: Callable[[T], R], task: T) -> R | None:
    """The result of a piece that nothing else is worked beside; None if the worker dies."""
    try:
        with _at_work(executor, 1) as (who, _):
            return who.submit(work, task).result()
    except Exception as error:
        if is_death(error):
            return None
        raise


@contextmanager
def _in_threads(workers: int, stop: Stop) -> Iterator[tuple[Executor, int]]:
    """Threads of this process, which end in a moment when the flag is set."""
    pool = ThreadPoolExecutor(workers)
    try:
        yield pool, 2 * workers
    except BaseException:
        stop.set()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _at_work(executor: Executor | None, workers: int) -> Iterator[tuple[Executor, int]]:
    """Who works, and how many tasks to give out at a time."""
    if executor is not None:
        yield executor, AHEAD
        return
    from multiprocessing import active_children, get_context

    _watch_quietly()
    others = active_children()
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_begin)
    calls: Any = pool._call_queue  # type: ignore[attr-defined]  # noqa: SLF001  its reader may be closed below
    try:
        yield pool, 2 * workers
    except BaseException:
        # An interrupt, a full disk, or nobody wants the rest: a shard that is not entered is done again.
        pool.shutdown(wait=False, cancel_futures=True)
        for child in active_children():
            if child not in others:
                child.terminate()
        if sys.version_info < (3, 11, 5):
            # A task on its way to dead workers would keep this process from ending (CPython's issue 94777). Later
            # Pythons close this end themselves, and to close it from two threads may close another file that has been
            # given its number meanwhile.
            calls._reader.close()  # noqa: SLF001
        raise
    pool.shutdown()


def _watch_quietly() -> None:
    """Start Python's watcher, which clears up after a process that is stopped at once, so that it does not tell the reader of it."""
    if os.name != "posix":
        return
    from multiprocessing import resource_tracker

    quiet = "ignore::UserWarning:multiprocessing.resource_tracker"
    sys.warnoptions.append(quiet)  # which it is started with
    try:
        resource_tracker.ensure_running()
    finally:
        sys.warnoptions.remove(quiet)


def _through(
    executor: Executor,
    work: Callable[[T], R],
    tasks: Sequence[T],
    numbers: Sequence[int],
    ahead: int,
    out: dict[Future[R], int],
    deaths: Counter[int],
    stop: Stop,
) -> Iterator[tuple[int, R]]:
    """Submit no more than `ahead` tasks at a time; `out` holds those that are given out, `deaths` how often the worker of one died.

    A pool of processes breaks as a whole, and raises; a cluster gives up a task alone, which is then submitted again, or left.
    """
    waiting = iter(numbers)
    out |= {executor.submit(work, tasks[number]): number for number in islice(waiting, ahead)}
    while out:
        done, _ = wait(out, timeout=_LOOK, return_when="FIRST_COMPLETED")  # an interrupt is not held up either
        stop.look()
        # What is good first.
        for future in sorted(done, key=lambda future: future.cancelled() or future.exception() is not None):
            try:
                result = future.result()
            except Exception as error:
                if isinstance(error, BrokenProcessPool) or not is_death(error):
                    raise
                number = out.pop(future)
                deaths[number] += 1
                if deaths[number] < TRIES:
                    out[executor.submit(work, tasks[number])] = number
                continue
            number = out.pop(future)
            for following in islice(waiting, 1):
                out[executor.submit(work, tasks[following])] = following
            yield number, result


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
