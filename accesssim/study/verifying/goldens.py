"""What each shipped scenario's journal is, so that any machine can be held to it."""

from dataclasses import dataclass

from accesssim.clinic.engines import Engine, simulate
from accesssim.study.verifying.states import states
from accesssim.world.reading.files import load

WEEKS, SEED = 30, 1

GOLDENS = {
    "baseline": "65ec6b8099b3ebc1668c606f51c229f4e773aac36bcb840a78505c5e85fc6b16",
    "buy_places": "94f27fc20d04b26c033b5453016abd6a5bbdb5e9be3484b537b812580f9f8ba8",
    "care_for_carers": "55802f884d531ef7bb8959218c903572720673233eb6d6e023de832d4aacbc28",
    "clear_the_backlog": "5ced2784cbdc8dc6fb49637f956dd96a81f7a2eff703c9ab208db268c905d493",
    "crisis_capacity": "7a8245bcefd287efc1ccb8cfd089628f1c70d2adf40aaab3ffb222733a73357e",
    "funding_cut": "11b8b1d8e5dea9c1073833ec286c07f9101cebb578280f45aa750a8fb225e2b6",
    "funding_growth": "85ed9b4c049f99c1c09f53524180b15b4f691ff82325477f2c7cab68e31a0b33",
    "groups_first": "61471d86f19d56ef2f230c1907110a0c0283374771d5cb8f3877ecbd2ea9b947",
    "pooled_sites": "c1fb02d5fe95f775e1fd619130de8d19229216b1f9af1503ad6292f2234abdcf",
    "published/assertive_outreach": "09a06d2e68070b6c042f4189e1b41b7f1e841c1bb6ba8de069d1e4237ac1bb90",
    "published/demand_and_capacity_by_hand": "27e7826c90fbeefb28dc5e1f0e0b3eb137cc8cb0cb50d2c6a365f91921752d82",
    "published/social_prescribing": "047bb2a4b7b5489fe4393f7895125d8023a7fd509c1a5e3100c63445feeaa676",
    "published/therapy_places_of_a_nation": "573096a83c91d8603fba2cee1302f626a0a0349663b592c68e701d336d21affa",
    "published/waiting_list_arithmetic": "4fe62f6b72c5d62a263ca1afc7b578fb5d6b2e37d0275828a5802b69c687ae0d",
    "red_tape_cut": "9082d9dc0e2845f8abc7679662ecda27ac3c0da560e47861d2a2466353a7c9d5",
    "stigma_campaign": "65ec6b8099b3ebc1668c606f51c229f4e773aac36bcb840a78505c5e85fc6b16",
    "target_pressure": "b4014125cfcdd4ed95668905b69b8106f14d9c32588a1add5efdc7e809d20400",
    "textbook_queue": "858e385a9115d0b4bd21165455c2e16efb1193828c5e0cf97b7d57bc7ff6c0aa",
    "trauma_informed": "e99849aec34b823e603ef68fe7f6a8f295bba47b2fca7d82551060a42598741c",
    "urgent_reserve": "6694f6820047aeb96dde60689c61d55af70ee6eb1c20db2d734e980ba72f8bdf",
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
