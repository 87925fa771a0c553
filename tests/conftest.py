"""What all tests share: which engine runs what."""

import os

import pytest

os.environ.setdefault("ACCESSSIM_ENGINE", "simpy")  # sweeps would take the compiled one: what is told apart here is told by tests of its own


@pytest.fixture
def queue_days(either_engine: str) -> int:
    """Days of a replication of a queue: fewer by SimPy, whose rows are the same."""
    return 70_000 if either_engine == "fast" else 20_000


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sweeps and searches by the compiled engine, as they are where it is installed."""
    monkeypatch.delenv("ACCESSSIM_ENGINE")


@pytest.fixture(params=["simpy", "fast"])
def either_engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each test of a module once by each engine: its `simulate` is that engine's."""
    from accesssim.clinic import engines

    engine: str = request.param

    def simulate(scenario, *, seed, replication=0):
        return engines.simulate(scenario, seed=seed, replication=replication, engine=engine)

    monkeypatch.setattr(request.module, "simulate", simulate)
    return engine
