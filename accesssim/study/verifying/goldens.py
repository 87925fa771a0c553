"""What each shipped scenario's journal is, so that any machine can be held to it."""

from dataclasses import dataclass

from accesssim.clinic.engines import Engine, simulate
from accesssim.study.verifying.states import states
from accesssim.world.reading.files import load

WEEKS, SEED = 30, 1

GOLDENS = {
    "baseline": "fb3b654aca518ef06b30a796661ecccb3610f1dffe4739215a58a291b2970d65",
    "buy_places": "9844564e3d4a41acc1d3e20cfb093d16747b9d1365cade940a770d54ab07880c",
    "care_for_carers": "35b31d4fbd25eb7670770047d717a53a5a785dd92a1f61bf0cde400f14167106",
    "clear_the_backlog": "b5fdc3468c0b671bfe7093d0356fbcc9a47eb34c83428d70b2e7d0b2a3ebbf91",
    "crisis_capacity": "cf2ff087174722acca4a210e2a9e345d451f68ef4cb3bbd340f7107a794574e6",
    "funding_cut": "2988013b88c07a9df1e5bcf63bea1522d7c0ca7a904cd22df98e3152ee258ba6",
    "funding_growth": "f6092522e238a93c1c92628d54a8ef1494e64b6ef43306108523754e4cc7a6d1",
    "groups_first": "d6ed28ddc3381acd3f15a2544b33e76c12b4ac58f5fc934d55ebc301b2af274d",
    "pooled_sites": "1bbb2fd1249e6bb32e80c6e347b807a69fcdb53e7a65117e6288e3a39a039d21",
    "published/assertive_outreach": "18ce016a42138032d8ced45fdc4208071d27213f632d75fc5e8aaf33abc6d5a6",
    "published/demand_and_capacity_by_hand": "a36023a39a15d761b94a00de88eea455b39e32d1dd340c090a61a45cb6e51cf7",
    "published/social_prescribing": "047bb2a4b7b5489fe4393f7895125d8023a7fd509c1a5e3100c63445feeaa676",
    "published/therapy_places_of_a_nation": "6832184a3ebe670dd1e9d219aaa68e4452086f347f75ec8109f377420ec031cf",
    "published/waiting_list_arithmetic": "4fe62f6b72c5d62a263ca1afc7b578fb5d6b2e37d0275828a5802b69c687ae0d",
    "red_tape_cut": "a88cad6febba73c2a44553031638239b75f1db98832e93b28450d8643ecc3e86",
    "stigma_campaign": "fb3b654aca518ef06b30a796661ecccb3610f1dffe4739215a58a291b2970d65",
    "target_pressure": "e7ab2771c9b608fc92fe44081e31b7fd4efcdb3325298490dd195655165fcec0",
    "textbook_queue": "858e385a9115d0b4bd21165455c2e16efb1193828c5e0cf97b7d57bc7ff6c0aa",
    "trauma_informed": "a481ee82501ac38e3f76fabc62e40652dace893b2d4ed18edc5dcdb91c0f6eca",
    "urgent_reserve": "c7561a6ca148591ff270682cf771332e7605243c0e332d3494287f0d46819c50",
}
"""SHA-256 of the journal of each shipped scenario (a country, which has the baseline's rules, takes too long),
reduced to `WEEKS`. A change here is a change of results: say why in the commit."""


@dataclass(frozen=True)
class Found:
    """What a journal is on this machine: its digest, and rows after which a person would be nowhere, or in two states."""

    digest: str
    impossible: tuple[str, ...] = ()


def looked_at(name: str, engine: Engine) -> Found:
    """The journal of a shipped scenario, as it is on this machine."""
    scenario = load(name).replace({"run.weeks": WEEKS, "run.warm_up_weeks": 0})
    journal = simulate(scenario, seed=SEED, engine=engine)
    return Found(journal.digest(), tuple(states(journal)[1]))
