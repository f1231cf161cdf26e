"""What a step does: gates with their teeth, deploys, and everything between, by a table that is data."""

from guardrail.actions.recognise.records import Recognition, Table, Where
from guardrail.actions.recognise.steps import recognise
from guardrail.actions.recognise.table import table

__all__ = ["Recognition", "Table", "Where", "recognise", "table"]
