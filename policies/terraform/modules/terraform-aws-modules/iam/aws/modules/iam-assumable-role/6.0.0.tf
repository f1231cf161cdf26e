# terraform-aws-modules/iam/aws//modules/iam-assumable-role, version 6.0.0 and newer: renamed to iam-role.
# Facts: docs/UPGRADE-6.0.md of the module's repository.
