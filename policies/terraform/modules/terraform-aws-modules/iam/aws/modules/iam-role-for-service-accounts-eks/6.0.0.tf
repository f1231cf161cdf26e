# terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks, version 6.0.0 and newer: renamed.
# Facts: docs/UPGRADE-6.0.md of the module's repository.
