"""The GitHub workflow language: expressions, triggers, shell, what a step does, and what a run would do."""
