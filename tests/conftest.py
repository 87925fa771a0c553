"""What all tests share: which engine runs what."""

import os

import pytest

# Left to itself, whatever runs takes the compiled one, or makes it ready in the background. Tests name it: they patch SimPy's,
# nothing here is compiled by chance, and which engine is taken is told by tests of its own (tests/test_engines.py).
os.environ.setdefault("ACCESSSIM_ENGINE", "simpy")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """All tests run on every processor, up to eight.

    Files and tests that are named run in this process, where they begin at once and a debugger reaches them.
    """
    from accesssim.study.running.pool import cores

    return 0 if any(".py" in named for named in config.args) else min(cores(), 8)


def pytest_configure(config: pytest.Config) -> None:
    """Compile before several workers begin, each of which would compile for itself."""
    if config.getoption("numprocesses") and not config.option.collectonly:  # a worker has none of its own
        from accesssim.clinic import engines

        engines.prepare("fast", say=print)


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sweeps and searches by the compiled engine, as they are where it is ready."""
    monkeypatch.setenv("ACCESSSIM_ENGINE", "fast")


@pytest.fixture(params=["simpy", "fast"])
def either_engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A test once by each engine: the `simulate` of its module is that engine's."""
    from accesssim.clinic import engines

    engine: str = request.param

    def simulate(scenario, *, seed, replication=0):
        return engines.simulate(scenario, seed=seed, replication=replication, engine=engine)

    monkeypatch.setattr(request.module, "simulate", simulate)
    return engine


@pytest.fixture
def both_engines(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """For what takes many replications: the `simulate` of the test's module is the compiled engine's.

    SimPy leaves the same rows of the first replication, or the test fails.
    """
    from accesssim.clinic import service
    from accesssim.clinic.compiled import engine as compiled

    def simulate(scenario, *, seed, replication=0):
        journal = compiled.simulate(scenario, seed=seed, replication=replication)
        if replication == 0:
            assert service.simulate(scenario, seed=seed) == journal
        return journal

    monkeypatch.setattr(request.module, "simulate", simulate)
