# terraform-aws-modules/iam/aws//modules/iam-assumable-role-with-oidc, version 6.0.0 and newer: merged into iam-role.
# Facts: docs/UPGRADE-6.0.md of the module's repository.
