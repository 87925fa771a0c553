"""What each shipped scenario's journal is, so that any machine can be held to it."""

from dataclasses import dataclass

from accesssim.clinic.engines import Engine, simulate
from accesssim.study.verifying.states import states
from accesssim.world.reading.files import load

WEEKS, SEED = 30, 1

GOLDENS = {
    "baseline": "4d9a3682cb3da9e027efec34bf107d5659d5274ffa5bcdc7f772b0d2bb2d5dcc",
    "buy_places": "d32365a38f306f1416ca09615519704882c7e39349a891edd3fa3143f78b6af2",
    "care_for_carers": "482572cc01e161f891a1c07e080dffc100d26ac5e10ca3530bd56d8eb7c8fecb",
    "clear_the_backlog": "febc434742565c011e11c3ba0fb06ca3fb71ba172a8b1a6dd00f5d95a52d3bfc",
    "crisis_capacity": "97277d6276d4cfacc6c91da48ab8ff7ec0b42c626e78b7f5f8ac79748e6010ae",
    "funding_cut": "8207a85d5fb9c97f6c9d6ee1451446cb3e34964ed7c4b2d26e2fb409f3e719e2",
    "funding_growth": "903b662aa556df66ba556a4e6948e0f4f0f885e2dfef6c9efd929641fdfb5dfd",
    "groups_first": "791bfce441958ccbab883831fa8f428814dcd0d6d95c6a5bd0c3fdd93b19806b",
    "pooled_sites": "0794bcabb28b4d56db9f8c072f6a36a15996b7b73038b15d203264e8f37c943e",
    "published/assertive_outreach": "18ce016a42138032d8ced45fdc4208071d27213f632d75fc5e8aaf33abc6d5a6",
    "published/demand_and_capacity_by_hand": "a36023a39a15d761b94a00de88eea455b39e32d1dd340c090a61a45cb6e51cf7",
    "published/social_prescribing": "047bb2a4b7b5489fe4393f7895125d8023a7fd509c1a5e3100c63445feeaa676",
    "published/therapy_places_of_a_nation": "6832184a3ebe670dd1e9d219aaa68e4452086f347f75ec8109f377420ec031cf",
    "published/waiting_list_arithmetic": "4fe62f6b72c5d62a263ca1afc7b578fb5d6b2e37d0275828a5802b69c687ae0d",
    "red_tape_cut": "5ae09527d68fd778e610138e3d46c3369d3a9cf76de57e03defcaa579126d46d",
    "stigma_campaign": "4d9a3682cb3da9e027efec34bf107d5659d5274ffa5bcdc7f772b0d2bb2d5dcc",
    "target_pressure": "fc72b4841853a63b80adb9d8eafcba8641d334935c6d57ee152e530103d5548b",
    "textbook_queue": "858e385a9115d0b4bd21165455c2e16efb1193828c5e0cf97b7d57bc7ff6c0aa",
    "trauma_informed": "897a26a56c2d707f5c19fb86691561e4d6cbb78efb199faa1e3efb30a9408dd9",
    "urgent_reserve": "11508084e90272ac4602e76d579d3cc232e69f6eff04cab94c00dd7470d76f2b",
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
