"""What a reader of a run's rows must know, from its scenario."""

from collections.abc import Sequence

from accesssim.world.calendar import DAYS_PER_WEEK
from accesssim.world.journal.journal import Header
from accesssim.world.nothing import NO_STAFF
from accesssim.world.scenario import Scenario


def header(
    scenario: Scenario, days: int, post_staff: Sequence[int], seed: int, replication: int, engine: str
) -> Header:
    """What a reader of a run's rows must know."""
    now = scenario.in_force(0)
    groups, scales = list(now.workforce), (now.triage.depression_scale, now.triage.anxiety_scale)
    return Header(
        scenario=scenario.name,
        scenario_digest=scenario.digest(),
        seed=seed,
        replication=replication,
        engine=engine,
        days=days,
        warm_up_days=now.run.warm_up_weeks * DAYS_PER_WEEK,
        groups=tuple(groups),
        teams=tuple(now.teams),
        pathways=tuple(now.pathways),
        steps=tuple(now.bureaucracy.steps),
        post_staff=tuple(post_staff),
        session_hours=tuple(path.session_hours for path in now.pathways.values()),
        pathway_groups=tuple(
            NO_STAFF if path.group is None else groups.index(path.group) for path in now.pathways.values()
        ),
        cut_offs=(scales[0].cut_off, scales[1].cut_off),
        reliable_changes=(scales[0].reliable_change, scales[1].reliable_change),
        assessment_is_first_contact=now.triage.assess and now.triage.assessment_is_first_contact,
        currency=now.funding.currency,
    )
