"""Terraform scanned: files to modules, modules to instances in every world that matters, verdicts to findings."""
