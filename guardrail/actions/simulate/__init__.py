"""Plays a workflow through as GitHub would run it, with some of its steps made to fail.

ready = plan(pipeline)
simulate(ready, scenario, faults)       # -> Traces: every run, one for each answer to what no file tells
runs_ability(trace, step, order)        # whether an ability was carried out
story(pipeline, trace, faults, step)    # the run as a path of places with notes
"""

from guardrail.actions.simulate.plan import Plan, plan
from guardrail.actions.simulate.play import LIMIT, Traces, runs_ability, simulate
from guardrail.actions.simulate.story import story

__all__ = ["LIMIT", "Plan", "Traces", "plan", "runs_ability", "simulate", "story"]
