"""The Terraform language: syntax with positions, values of which some are not known, functions, modules."""
