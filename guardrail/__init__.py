"""guardrail: judge what stands between a commit and a running cluster."""

__version__ = "0.1.0"
