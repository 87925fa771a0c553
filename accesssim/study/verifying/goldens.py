"""What each shipped scenario's journal is, so that any machine can be held to it."""

from dataclasses import dataclass

from accesssim.clinic.engines import Engine, simulate
from accesssim.study.verifying.states import states
from accesssim.world.reading.files import load

WEEKS, SEED = 30, 1

GOLDENS = {
    "baseline": "51b7d58c7700802f4e3d8d10c4736f361a36b8cb7bd934c4223a63ed9ce17417",
    "buy_places": "6ba0cf4993af888b293ca55e25442a6af39769370743f0091d9defc087077775",
    "care_for_carers": "f4a6d0f2aa45f5e0743a48232d12533326a3dec31eaa44fa893b3a24f0f0fb3d",
    "clear_the_backlog": "fbb997de335868248ed71cf4ed5e56d19f71ca10aa7a17df76f8d038e4088894",
    "crisis_capacity": "40e7383d7aa405d8175404901cef6ffb0a0e8c4f19fceaa27d574153e6849834",
    "funding_cut": "9ba833c3a1b4858f4f8580ff5eb413629e334917a6c94756bcd3e23cdea9b3e6",
    "funding_growth": "d9796d4a2e2f69ff3ac606dccc9d21888db11cd8526ec4a6c64aabd5159a0a50",
    "groups_first": "49ecf3cf835d5258ae9d6af02a709f55ff8d415f672dedf3da48aac63d5d7bff",
    "pooled_sites": "75ce399749606886f170455d225c750e93cb4eb79cfde8597759f8b1ea8330fd",
    "published/assertive_outreach": "18ce016a42138032d8ced45fdc4208071d27213f632d75fc5e8aaf33abc6d5a6",
    "published/demand_and_capacity_by_hand": "1a5581fdd27b5ad11003a78ca105ca18c92e6312fbd6c84b165f55ddeca50f98",
    "published/social_prescribing": "b3ba291b7df4b465d5c18fcc12a2cf92c4b74f41d544d29bfbfee75c655841b5",
    "published/therapy_places_of_a_nation": "29582c912e737d0ee9aef3971752e1319a7809752b1bc3042a798e583d984eda",
    "published/waiting_list_arithmetic": "29885c13af689b306ca67195e41e1513cf0aed3098d070a0c47bcea6e8a5787d",
    "red_tape_cut": "8c0283eb05a3287561e927c35ee567dc62973859c4468262751450d813d61892",
    "stigma_campaign": "51b7d58c7700802f4e3d8d10c4736f361a36b8cb7bd934c4223a63ed9ce17417",
    "target_pressure": "2a856d5b42a53af35f207822b8a6b8faf5bbcfe189e4ba0e9a2356406716fbe4",
    "textbook_queue": "858e385a9115d0b4bd21165455c2e16efb1193828c5e0cf97b7d57bc7ff6c0aa",
    "trauma_informed": "46814a390d89b7711b6ad1b8a69523ec59b85ce92aaad46cbf97d5312fa4bf38",
    "urgent_reserve": "7d45582305a1ad665b68ad897ffca078b3fe2937235b7b32f04cc980066fe7f6",
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
