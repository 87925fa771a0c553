"""What each shipped scenario's journal is, so that any machine can be held to it."""

from dataclasses import dataclass

from accesssim.clinic.engines import Engine, simulate
from accesssim.study.verifying.states import states
from accesssim.world.reading.files import load

WEEKS, SEED = 30, 1

GOLDENS = {
    "baseline": "d7dbb32ac425ee56debd6f50628565cd9aa415c9372d8b0254c7948ea2d297b6",
    "buy_places": "6d7f20a8a348137d85a145ac2baae07ebc2077dfe19eb71357074e5202b507ee",
    "care_for_carers": "ffc22e83a4104cebe63f7c04414800ab569c11e1548abe1863bc7267c4e25e8a",
    "clear_the_backlog": "0336823fe746f5b1109e3be420b289b586a2a90d94b2f17cc33650f837cf2beb",
    "crisis_capacity": "f16a356b81f86cfc9a48a2ac8a7d5154e73702fee5c79284a2c3e69456a57aca",
    "funding_cut": "9ad5c068ac14db617a91d603e7ca1f9c23701101cafeb691add39c87799b5eee",
    "funding_growth": "45d0fc3a7e302186af4f1f15b29e27829f8f0c30f3404ae8f6c18936b399f296",
    "groups_first": "802f7991fc836edf2d4c5867cfc79e2214339cda499e6f4c5b76124003b3277b",
    "pooled_sites": "df85b3c8ca2de03da3d2f30864246cbc78a9635a14f688e750ca0b9790f5533d",
    "published/assertive_outreach": "09a06d2e68070b6c042f4189e1b41b7f1e841c1bb6ba8de069d1e4237ac1bb90",
    "published/demand_and_capacity_by_hand": "a36023a39a15d761b94a00de88eea455b39e32d1dd340c090a61a45cb6e51cf7",
    "published/social_prescribing": "047bb2a4b7b5489fe4393f7895125d8023a7fd509c1a5e3100c63445feeaa676",
    "published/therapy_places_of_a_nation": "6832184a3ebe670dd1e9d219aaa68e4452086f347f75ec8109f377420ec031cf",
    "published/waiting_list_arithmetic": "4fe62f6b72c5d62a263ca1afc7b578fb5d6b2e37d0275828a5802b69c687ae0d",
    "red_tape_cut": "6f7a47ec8ea57eaf0950a64aad007a906e9621a582df8b199f2f6f991b7621a9",
    "stigma_campaign": "d7dbb32ac425ee56debd6f50628565cd9aa415c9372d8b0254c7948ea2d297b6",
    "target_pressure": "4364428dc222d727e1834e8644bee18bdb066db424afdfde143cd6fd8cc2f6dd",
    "textbook_queue": "858e385a9115d0b4bd21165455c2e16efb1193828c5e0cf97b7d57bc7ff6c0aa",
    "trauma_informed": "351af44c4c68e8e54480c15ec075107625bb5227b250938be58aef1ba8bbd95a",
    "urgent_reserve": "92dc390f1bb5679690e4d05d833a77b2b20394c9ac10d0b2e12388f096ba4b2e",
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
