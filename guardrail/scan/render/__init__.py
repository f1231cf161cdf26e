"""Charts and overlays made into the manifests they stand for, by the tools that do so, each finding where it is edited."""
