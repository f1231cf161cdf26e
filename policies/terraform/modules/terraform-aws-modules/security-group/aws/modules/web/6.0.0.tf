# terraform-aws-modules/security-group/aws//modules/web, version 6.0.0 and newer: the preset was removed.
# Facts: docs/UPGRADE-6.0.md of the module's repository.
