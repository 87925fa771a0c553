"""What is assumed of exhaustion, of pressure, and of care for carers: the section `wellbeing`."""

from accesssim.world.sections.conditions import ALWAYS, COMPLEX_PEOPLE, COURSES, above, differ, where
from accesssim.world.sections.declare import Section, fact, lever, setting

_CARE, _TAPE_WEARS = where("loops.care_for_carers", True), where("loops.red_tape", True)


class Wellbeing(Section):
    """Exhaustion, what feeds it, what it does, and what care for carers does."""

    supervision_hours: float = lever(
        1.5, "hours per week", "supervision of a full-time therapist", low=0, high=40, matters=ALWAYS
    )
    supervision_group_size: float = lever(
        3.0,
        "people",
        "therapists supervised together; the supervisor's hour is shared among them",
        low=1,
        high=50,
        matters=above(".supervision_hours", 0),
    )
    protected_hours: float = lever(1.0, "hours per week", "protected time", low=0, high=40, matters=ALWAYS)
    peer_support: float = lever(
        0.0, "share", "how much of a peer support programme is in place", low=0, high=1, matters=ALWAYS
    )
    development: float = lever(
        0.0, "share", "how much of a development programme is in place", low=0, high=1, matters=ALWAYS
    )
    peer_support_hours: float = setting(
        0.5,
        "hours per week",
        "hours of a full peer support programme",
        low=0,
        high=40,
        matters=above(".peer_support", 0),
    )
    development_hours: float = setting(
        0.5, "hours per week", "hours of a full development programme", low=0, high=40, matters=above(".development", 0)
    )
    expectation: float = fact(
        0.2,
        "share",
        "expectations of clients, families and oneself",
        low=0,
        high=1,
        matters=above(".expectation_weight", 0),
    )
    target_pressure: float = lever(0.1, "share", "pressure of targets for quick results", low=0, high=1, matters=ALWAYS)
    expectation_weight: float = fact(
        0.3, "share", "weight of expectations in pressure", low=0, high=1, matters=above(".expectation", 0)
    )
    list_half_weeks: float = fact(
        12.0, "weeks", "weeks of work on the list at which its pressure is a half", above=0, matters=COURSES
    )
    overbooking_hours: float = fact(
        2.5,
        "hours per week",
        "extra hours booked under full pressure",
        low=0,
        high=20,
        matters=where("loops.overbooking", True),
    )
    overtime_limit_hours: float = lever(
        4.0, "hours per week", "overtime beyond which the service cancels", low=0, high=40, matters=ALWAYS
    )
    cover_share: float = fact(
        0.10,
        "share",
        "part of an absent colleague's booked hours that cannot wait and is shared",
        low=0,
        high=1,
        matters=COURSES,
    )
    strain_base: float = fact(0.25, "log-odds", "resting point of strain", low=-10, high=10, matters=ALWAYS)
    susceptibility_sd: float = fact(
        0.75, "log-odds", "spread of susceptibility between people", low=0, high=10, matters=ALWAYS
    )
    tempo_per_week: float = fact(0.045, "per week", "speed of strain and of recovery", low=0, high=5, matters=ALWAYS)
    workload_slope: float = fact(
        2.0, "log-odds", "per unit of needed over contracted hours", low=0, high=50, matters=ALWAYS
    )
    workload_reference: float = setting(
        0.90,
        "share",
        "needed over contracted hours that strains as usual",
        low=0,
        high=5,
        matters=above(".workload_slope", 0),
    )
    paperwork_slope: float = fact(
        1.5, "log-odds", "per unit of paperwork share of hours: meaning, not time", low=0, high=50, matters=_TAPE_WEARS
    )
    paperwork_reference: float = setting(
        0.24,
        "share",
        "paperwork share that strains as usual",
        low=0,
        high=1,
        matters=_TAPE_WEARS & above(".paperwork_slope", 0),
    )
    emotional_slope: float = fact(
        0.10, "log-odds", "per crisis (or complex session, weighted) a week", low=0, high=10, matters=ALWAYS
    )
    emotional_complex_weight: float = fact(
        0.15,
        "crises",
        "emotional load of a complex session",
        low=0,
        high=10,
        matters=COURSES & above(".emotional_slope", 0) & COMPLEX_PEOPLE,
    )
    emotional_reference: float = setting(
        1.0,
        "crises per week",
        "emotional load that strains as usual",
        low=0,
        high=100,
        matters=above(".emotional_slope", 0),
    )
    pressure_slope: float = fact(0.8, "log-odds", "per unit of pressure", low=0, high=50, matters=ALWAYS)
    pressure_reference: float = setting(
        0.35, "share", "pressure that strains as usual", low=0, high=1, matters=above(".pressure_slope", 0)
    )
    supervision_slope: float = fact(
        0.11,
        "log-odds per hour",
        "relief per weekly hour of supervision",
        low=-5,
        high=5,
        matters=_CARE & differ(".supervision_hours", ".supervision_reference"),
    )
    supervision_reference: float = setting(
        1.5,
        "hours per week",
        "supervision at which the resting point is stated",
        low=0,
        high=40,
        matters=(_CARE & differ(".supervision_slope", 0)) | above(".workload_slope", 0),
    )
    protected_slope: float = fact(
        0.10,
        "log-odds per hour",
        "relief per weekly hour of protected time",
        low=-5,
        high=5,
        matters=_CARE & differ(".protected_hours", ".protected_reference"),
    )
    protected_reference: float = setting(
        1.0,
        "hours per week",
        "protected time at which the resting point is stated",
        low=0,
        high=40,
        matters=(_CARE & differ(".protected_slope", 0)) | above(".workload_slope", 0),
    )
    peer_slope: float = fact(
        0.15,
        "log-odds",
        "relief of a full peer support programme",
        low=-5,
        high=5,
        matters=_CARE & above(".peer_support", 0),
    )
    development_slope: float = fact(
        0.10,
        "log-odds",
        "relief of a full development programme",
        low=-5,
        high=5,
        matters=_CARE & above(".development", 0),
    )
    newcomer_exhaustion: float = fact(0.25, "share", "exhaustion of a newcomer", low=0, high=1, matters=ALWAYS)
    short_absence_per_year: float = fact(
        1.0, "per year", "short sickness spells at exhaustion 0.45", low=0, high=50, matters=ALWAYS
    )
    short_absence_weeks: int = fact(
        1, "weeks", "length of a short spell", low=1, high=52, matters=above(".short_absence_per_year", 0)
    )
    long_absence_per_year: float = fact(
        0.16, "per year", "long sickness spells at exhaustion 0.45", low=0, high=50, matters=ALWAYS
    )
    long_absence_weeks: int = fact(
        12, "weeks", "length of a long spell", low=1, high=104, matters=above(".long_absence_per_year", 0)
    )
    absence_slope: float = fact(
        1.7,
        "log hazard",
        "rise of sickness with exhaustion",
        low=0,
        high=20,
        matters=above(".short_absence_per_year", 0) | above(".long_absence_per_year", 0),
    )
    leaving_slope: float = fact(
        1.6,
        "log hazard",
        "rise of leaving with exhaustion",
        low=0,
        high=20,
        matters=above("workforce.*.exhaustion_leaving_per_year", 0),
    )
