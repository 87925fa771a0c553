"""A scenario file to start from, as `accesssim new` writes it."""

import json


def starter(name: str) -> str:
    """Text of a commented starter scenario.

    Its title is quoted, as JSON is YAML, because a bare name may be a number or a sign to YAML.
    """
    return f"""# {name}
#
# What it is      One sentence: which service, which change.
# What it answers The question you want answered.
# What it cannot  What the model leaves out that matters here.
extends: baseline                       # everything that is not said below is as there; see: accesssim show baseline
title: {json.dumps(name.replace("_", " ").capitalize(), ensure_ascii=False)}

demand:
  referrals_per_week: {{value: 154, source: "your own count", quality: measured}}

workforce:
  high_intensity:
    posts: 23                           # posts wished for; funding.annual_budget decides how many are paid

changes:                                # what comes into force later
  - from: week 26
    set:
      bureaucracy.level: 0.8            # a fifth less paperwork
"""
