"""What each shipped scenario's journal is, so that any machine can be held to it."""

from accesssim.clinic.engines import Engine, simulate
from accesssim.world.files import load

WEEKS, SEED = 30, 1

GOLDENS = {
    "baseline": "53878edad68b8e1f5610d7bb8438a105446acd707c77da53d9c1553fafe20299",
    "buy_places": "3c2675b444b3667472840620aac0228c0e450a18f1db7f3c34db65240ca2ea86",
    "care_for_carers": "1a85b1a8fd60250ed4efd56563e9e20de696a8496c265c00ee159a7f39abef99",
    "clear_the_backlog": "4540d6de9d563a5737a0f028a200477ce0f5d7a1fe2deb52c30cf2530ddda0ce",
    "crisis_capacity": "cc19257ed22a5fad1fb39187d148dfab8b5ac54ce908dfdf2c106108ef59d666",
    "funding_cut": "cc9ca3224808624d6c86b698d8e2349ac1ea5036af37c69fd713b7fda422d37d",
    "funding_growth": "9df3af72a77c563d9b11bf428ce83ff71464dcb392ed55641ef1ad38c4285aad",
    "groups_first": "779c75d4e39d0f95e4204e2b6538af856a2618a338d859e2c737718e96c9a0b5",
    "pooled_sites": "96270bed42fbf529c199e9ac607b4f961e5188216cda6efab5c157a9b447c9ec",
    "published/assertive_outreach": "09a06d2e68070b6c042f4189e1b41b7f1e841c1bb6ba8de069d1e4237ac1bb90",
    "published/demand_and_capacity_by_hand": "27e7826c90fbeefb28dc5e1f0e0b3eb137cc8cb0cb50d2c6a365f91921752d82",
    "published/social_prescribing": "6141a6d4056c8d24373975e36e7fa3bd3faf431b71aa4071f07149f63f78c823",
    "published/therapy_places_of_a_nation": "4a2123d1bbbeecbbaba94e76b711850396cfe7945ab3b142c4de4f4175828769",
    "published/waiting_list_arithmetic": "06704556bf224feefe1de807968ff8e4c47f3aea9cb8b7be6f36d8ce94e887be",
    "red_tape_cut": "b1012b92f4cb9554d9ce7a79cef4562a3545b2a5e819c03f8836ebe88303362e",
    "stigma_campaign": "53878edad68b8e1f5610d7bb8438a105446acd707c77da53d9c1553fafe20299",
    "target_pressure": "6534bd76ea388e52bf7863c19c516fca7c22c855c9d57041891d1f6fe94a18c8",
    "textbook_queue": "858e385a9115d0b4bd21165455c2e16efb1193828c5e0cf97b7d57bc7ff6c0aa",
    "trauma_informed": "f10bdb38b1c5621571b9dedaeae6382671b79bf498fbcb95e119dcaa9772fdd7",
    "urgent_reserve": "b340f4a2c685984bdf65f09e3dbc54a4c50f97e191fdb30d4a4b694fedb5825d",
}
"""SHA-256 of the journal of each shipped scenario (a country, which has the baseline's rules, takes too long), reduced to `WEEKS`. A change here is a change of
results: say why in the commit."""


def digest(name: str, engine: Engine) -> str:
    """The same, as it is on this machine."""
    return simulate(load(name).replace({"run.weeks": WEEKS, "run.warm_up_weeks": 0}), seed=SEED, engine=engine).digest()
