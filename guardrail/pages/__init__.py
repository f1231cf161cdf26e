"""Policies as pages: documentation, SARIF help, `guardrail explain`, the catalogue."""
