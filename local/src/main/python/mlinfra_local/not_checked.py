"""What a green run against the embedded AWS does not prove.

NOT_HELD lists properties that are accepted and kept but that no service API of the emulator shows again or acts on.
NOT_CHECKED lists behaviour that AWS has and the emulator has not. Both are shown to users at /mlinfra/not-checked.
"""

from __future__ import annotations

NOT_HELD = [
    ("AWS::Lambda::EventInvokeConfig", "Qualifier", "moto keeps one configuration for each function, not for each alias"),
    ("AWS::Lambda::Permission", "FunctionName", "moto keeps one policy for each function, not for each alias"),
    ("AWS::Lambda::Alias", "ProvisionedConcurrencyConfig", "kept with the stack only; nothing is kept warm"),
    ("AWS::Lambda::LayerVersion", "Content", "moto does not give layer archives back; mlinfra serves them itself"),
    ("AWS::S3::Bucket", "LifecycleConfiguration.Rules.*.NewerNoncurrentVersions", "moto forgets it; the days are kept"),
    ("AWS::KMS::Key", "PendingWindowInDays", "used on deletion only; a deleted key stays listed as pending"),
    ("AWS::KMS::Key", "RotationPeriodInDays", "moto keeps whether a key rotates, not how often"),
    ("AWS::SSM::Parameter", "Policies", "moto does not expire parameters"),
    ("AWS::Batch::ComputeEnvironment", "UpdatePolicy", "kept with the stack only; there are no machines to wait for"),
    ("AWS::Batch::ComputeEnvironment", "ComputeResources.UpdateToLatestImageVersion", "kept with the stack only"),
    ("AWS::ECR::Repository", "RepositoryPolicyText", "kept and readable, never evaluated"),
]

NOT_CHECKED = [
    ("TLS", "requests come over loopback without TLS; aws:SecureTransport counts as true"),
    ("network", "aws:SourceVpc and aws:SourceVpce are always absent; VpcConfig of a function is kept, not acted on"),
    (
        "CloudFormation",
        "works under the stack's role or as its caller, but with the calls that this emulator makes, which may be fewer"
        " than the service's; they count as the caller's own (aws:ViaAWSService is false)",
    ),
    ("CloudFormation", "SSM parameters of a template, client ids of an OIDC provider and the key of a log group are not asked for by IAM"),
    ("CloudFormation", "Rules, parameter constraints, stack policies, stack tags on resources, and drift are not evaluated"),
    (
        "IAM",
        "resource names are known for S3, SQS, IAM, STS, Lambda, CloudFormation, CloudWatch Logs, SSM, ECR and KMS;"
        " other services are decided against '*'",
    ),
    ("IAM", "iam:PassRole is asked for by CloudFormation and Lambda only; aws:RequestTag and aws:TagKeys are absent from requests to S3"),
    ("IAM", "ecs:CreateAction is absent from every request: what is granted by it is not allowed here"),
    ("IAM", "a caller needs sts:AssumeRole in its own policies even where the trust policy names it, which is enough on AWS"),
    ("STS", "signatures of web identity tokens and codes of MFA devices are not verified; sessions do not expire"),
    ("IAM", "an organization's own policies do not exist here: a permissions boundary must be made before a role can have it"),
    ("KMS", "key policies are kept, not evaluated; the caller's own kms permissions are checked where S3 or SQS uses a customer's key"),
    ("quotas", "service quotas, throttling and account limits do not exist here"),
    ("S3", "lifecycle rules, event notifications, access logs and Block Public Access are kept and readable, nothing acts on them"),
    ("CloudWatch Logs", "retention is kept and readable; nothing expires"),
    ("Batch", "environments, queues and job definitions are kept and readable; no machine starts and no job runs"),
    ("ECS", "clusters and task definitions are kept and readable; no container runs and no image is pulled"),
    ("EC2", "networks, endpoints and launch templates are kept and readable; nothing flows, endpoint policies are not evaluated"),
    ("EC2", "placement groups and network interfaces of EFA do not exist here: jobs on several nodes cannot be deployed"),
    ("FIS", "a drill on a fleet cannot be deployed: its role is bounded by tags of machines, which IAM here does not know"),
    ("EventBridge", "rules and schedules are kept and readable; nothing of Batch, ECS or EC2 happens, and no schedule starts anything"),
    ("SNS", "subscriptions by mail are kept; no mail is sent"),
    ("CloudWatch", "alarms are kept and readable; no metric of a service that does not run reaches them"),
    ("Lambda", "reserved concurrency and the architecture are kept, not acted on; a function runs as a child process of this machine"),
]


def as_json() -> list[dict[str, str]]:
    """Both lists in one shape: what, and why it is not checked."""
    held = [{"what": f"{type_name}.{name}", "reason": reason} for type_name, name, reason in NOT_HELD]
    return held + [{"what": what, "reason": reason} for what, reason in NOT_CHECKED]
