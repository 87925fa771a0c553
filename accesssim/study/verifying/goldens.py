"""What each shipped scenario's journal is, so that any machine can be held to it."""

from dataclasses import dataclass

from accesssim.clinic.engines import Engine, simulate
from accesssim.study.verifying.states import states
from accesssim.world.reading.files import load

WEEKS, SEED = 30, 1

GOLDENS = {
    "baseline": "f0cc838ab310d83e0c0f27c34ead27ee6fee61d36d3195e61abcdbce893c994a",
    "buy_places": "3659ba97de8d27af2d9e814733e1ed1f5b0715d3fbc5af3551da2c2e3100c3ec",
    "care_for_carers": "77cd8569ee43746539beec5c6ea575a18a5fb57160e27bc6b8e59efb2f1ce21c",
    "clear_the_backlog": "c930076e67a96d62b133b336df9c9cc477950c40788847fd7a5176f33e581e5c",
    "crisis_capacity": "0bb092cf7b417c9e546879dc8deac5245396e69ea1256ccb76739d0f9f5a9905",
    "funding_cut": "2b0c8476ec743df94eb71ee40f42cecb93e5f63d23cdb4900f39201a14f2158c",
    "funding_growth": "397819c456895082d0479bdae8cb9d88e8113fe00fd72e5623f270a74cfcc62d",
    "groups_first": "d89c6098ab81078c88fc9b48c8cc18f846512d7d4274957e3b3f41109afb9a09",
    "pooled_sites": "b0e666b48b0c4a307dde5ce8631c696d5917992cbe4a27d8800871c7f53682b2",
    "published/assertive_outreach": "18ce016a42138032d8ced45fdc4208071d27213f632d75fc5e8aaf33abc6d5a6",
    "published/demand_and_capacity_by_hand": "1a5581fdd27b5ad11003a78ca105ca18c92e6312fbd6c84b165f55ddeca50f98",
    "published/social_prescribing": "b3ba291b7df4b465d5c18fcc12a2cf92c4b74f41d544d29bfbfee75c655841b5",
    "published/therapy_places_of_a_nation": "29582c912e737d0ee9aef3971752e1319a7809752b1bc3042a798e583d984eda",
    "published/waiting_list_arithmetic": "29885c13af689b306ca67195e41e1513cf0aed3098d070a0c47bcea6e8a5787d",
    "red_tape_cut": "64c8acfa76f8773f27cc4154b87645b6c2b27b0ce256fe8fe02d0f5b6d889a81",
    "stigma_campaign": "f0cc838ab310d83e0c0f27c34ead27ee6fee61d36d3195e61abcdbce893c994a",
    "target_pressure": "df7db56aea00ce90e0647130623e45b741ce02e6b9ac903fccea786da10fc4ba",
    "textbook_queue": "858e385a9115d0b4bd21165455c2e16efb1193828c5e0cf97b7d57bc7ff6c0aa",
    "trauma_informed": "eda83450ba533eaee9e910541399fa822dfe7f8f2405b7dc8b7c03ab790d2f40",
    "urgent_reserve": "f3f39671d93ad6f37a7a2ceac31a66b4bd75bf4b292a81d58991c3228c7f11fd",
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
