"""IAM: who may do what, with enforcement on and off."""

import json

import pytest
from botocore.exceptions import ClientError
from conftest import resource

TRUST_LAMBDA = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}],
}


def document(*statements):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement} for statement in statements]}


def role(*statements, trust=TRUST_LAMBDA, **properties):
    policies = [{"PolicyName": "p", "PolicyDocument": document(*statements)}] if statements else []
    return resource("AWS::IAM::Role", AssumeRolePolicyDocument=trust, Policies=policies, **properties)


def arn(server, stacks, name, logical_id="Role"):
    return server.client("iam").get_role(RoleName=stacks.id(name, logical_id))["Role"]["Arn"]


def denied(call, **arguments):
    with pytest.raises(ClientError) as refusal:
        call(**arguments)
    assert refusal.value.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException")
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    return refusal.value.response["Error"]["Message"]


def empty(server, bucket):
    s3 = server.client("s3")
    for item in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
        s3.delete_object(Bucket=bucket, Key=item["Key"])


def test_a_role_may_what_its_policy_says_and_nothing_else(server, stacks, enforced):
    name = stacks.create(
        {
            "Bucket": resource("AWS::S3::Bucket"),
            "Role": role(
                {"Action": "s3:GetObject", "Resource": {"Fn::Sub": "${Bucket.Arn}/datasets/*"}},
                {"Action": "s3:PutObject", "Resource": {"Fn::Sub": "${Bucket.Arn}/results/*"}},
                {
                    "Action": "s3:ListBucket",
                    "Resource": {"Fn::GetAtt": ["Bucket", "Arn"]},
                    "Condition": {"StringLike": {"s3:prefix": "datasets/*"}},
                },
            ),
        }
    )
    bucket = stacks.id(name, "Bucket")
    admin = server.client("s3")
    admin.put_object(Bucket=bucket, Key="datasets/a b+c.csv", Body=b"1")
    admin.put_object(Bucket=bucket, Key="other", Body=b"1")
    s3 = server.client("s3", credentials=server.as_service(arn(server, stacks, name)))
    assert s3.get_object(Bucket=bucket, Key="datasets/a b+c.csv")["Body"].read() == b"1"
    assert s3.head_object(Bucket=bucket, Key="datasets/a b+c.csv")["ContentLength"] == 1
    assert s3.list_objects_v2(Bucket=bucket, Prefix="datasets/")["KeyCount"] == 1
    s3.put_object(Bucket=bucket, Key="results/r", Body=b"2")
    upload = s3.create_multipart_upload(Bucket=bucket, Key="results/m")["UploadId"]
    part = s3.upload_part(Bucket=bucket, Key="results/m", UploadId=upload, PartNumber=1, Body=b"3")["ETag"]
    s3.complete_multipart_upload(
        Bucket=bucket, Key="results/m", UploadId=upload, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part}]}
    )
    message = denied(s3.get_object, Bucket=bucket, Key="other")
    assert "s3:GetObject on resource: arn:aws:s3:::" in message
    denied(s3.put_object, Bucket=bucket, Key="datasets/x", Body=b"")
    denied(s3.delete_object, Bucket=bucket, Key="results/r")
    denied(s3.delete_objects, Bucket=bucket, Delete={"Objects": [{"Key": "results/r"}]})
    denied(s3.list_objects_v2, Bucket=bucket)
    denied(s3.copy_object, Bucket=bucket, Key="results/c", CopySource={"Bucket": bucket, "Key": "other"})
    denied(s3.get_bucket_encryption, Bucket=bucket)
    denied(server.client("sqs", credentials=server.as_service(arn(server, stacks, name))).list_queues)
    empty(server, bucket)


def test_logs_and_queues_are_decided_by_their_names(server, stacks, enforced):
    name = stacks.create(
        {
            "Mine": resource("AWS::Logs::LogGroup"),
            "Other": resource("AWS::Logs::LogGroup"),
            "Queue": resource("AWS::SQS::Queue"),
            "OtherQueue": resource("AWS::SQS::Queue"),
            "Role": role(
                {"Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": {"Fn::GetAtt": ["Mine", "Arn"]}},
                {"Action": "sqs:SendMessage", "Resource": {"Fn::GetAtt": ["Queue", "Arn"]}},
            ),
        }
    )
    credentials = server.as_service(arn(server, stacks, name))
    logs = server.client("logs", credentials=credentials)
    mine = stacks.id(name, "Mine")
    logs.create_log_stream(logGroupName=mine, logStreamName="s")
    logs.put_log_events(logGroupName=mine, logStreamName="s", logEvents=[{"timestamp": 1, "message": "m"}])
    assert "because no identity-based policy allows" in denied(
        logs.create_log_stream, logGroupName=stacks.id(name, "Other"), logStreamName="s"
    )
    sqs = server.client("sqs", credentials=credentials)
    sqs.send_message(QueueUrl=stacks.id(name, "Queue"), MessageBody="m")
    denied(sqs.send_message, QueueUrl=stacks.id(name, "OtherQueue"), MessageBody="m")
    denied(sqs.receive_message, QueueUrl=stacks.id(name, "Queue"))


def test_the_permissions_boundary_limits_a_role(server, stacks, enforced):
    name = stacks.create(
        {
            "Boundary": resource(
                "AWS::IAM::ManagedPolicy", PolicyDocument=document({"Action": "s3:Get*", "Resource": "*"})
            ),
            "Bucket": resource("AWS::S3::Bucket"),
            "Role": role({"Action": "s3:*", "Resource": "*"}, PermissionsBoundary={"Ref": "Boundary"}),
        }
    )
    s3 = server.client("s3", credentials=server.as_service(arn(server, stacks, name)))
    bucket = stacks.id(name, "Bucket")
    s3.get_bucket_location(Bucket=bucket)
    assert "permissions boundary" in denied(s3.put_object, Bucket=bucket, Key="k", Body=b"")


def test_a_boundary_must_exist(server, stacks, enforced):
    absent = "arn:aws:iam::123456789012:policy/of-the-organization"
    name = stacks.create({"Role": role(PermissionsBoundary=absent)})
    assert stacks.status(name) == "ROLLBACK_COMPLETE"
    assert f"Scope ARN: {absent} does not exist or is not attachable" in stacks.failures(name)
    iam = server.client("iam")
    with pytest.raises(ClientError, match="NoSuchEntity.*Scope ARN"):
        iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(TRUST_LAMBDA), PermissionsBoundary=absent)
    name = stacks.create({"Role": role(PermissionsBoundary="arn:aws:iam::aws:policy/ReadOnlyAccess")})
    assert stacks.status(name) == "CREATE_COMPLETE"


def test_a_boundary_may_be_named_by_its_arn(server, stacks, enforced):
    first = stacks.create(
        {
            name: resource("AWS::IAM::ManagedPolicy", ManagedPolicyName=name, PolicyDocument=document({"Action": action, "Resource": "*"}))
            for name, action in (("mlinfra-boundary", "sqs:*"), ("narrow", "s3:*"))
        }
    )
    assert stacks.failures(first) == ""
    by_name = {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/mlinfra-boundary"}
    name = stacks.create({"Role": role({"Action": ["sqs:*", "iam:*"], "Resource": "*"}, PermissionsBoundary=by_name)})
    session = server.as_service(arn(server, stacks, name))
    server.client("sqs", credentials=session).list_queues()
    assert "permissions boundary" in denied(server.client("iam", credentials=session).list_roles)
    # A boundary that is put later holds for the sessions that there are.
    server.client("iam").put_role_permissions_boundary(
        RoleName=stacks.id(name, "Role"), PermissionsBoundary="arn:aws:iam::123456789012:policy/narrow"
    )
    assert "permissions boundary" in denied(server.client("sqs", credentials=session).list_queues)


def test_a_boundary_that_was_deleted_allows_nothing_and_says_so(server, stacks, enforced):
    iam = server.client("iam")
    policy = document({"Action": "s3:*", "Resource": "*"})
    boundary = iam.create_policy(PolicyName="short-lived", PolicyDocument=json.dumps(policy))["Policy"]["Arn"]
    name = stacks.create({"Role": role({"Action": "s3:*", "Resource": "*"}, PermissionsBoundary=boundary)})
    s3 = server.client("s3", credentials=server.as_service(arn(server, stacks, name)))
    s3.list_buckets()
    iam.delete_policy(PolicyArn=boundary)
    assert f"its permissions boundary {boundary} does not exist" in denied(s3.list_buckets)
    sqs = server.client("sqs", credentials=server.as_service(arn(server, stacks, name)))
    assert f"its permissions boundary {boundary} does not exist" in denied(sqs.list_queues)


def test_a_customers_key_needs_permission_too(server, stacks, enforced):
    key_statement = {"Action": ["kms:GenerateDataKey"], "Resource": {"Fn::GetAtt": ["Key", "Arn"]}}
    s3_statement = {"Action": ["s3:PutObject", "s3:GetObject"], "Resource": "*"}
    rule = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": {"Fn::GetAtt": ["Key", "Arn"]}}}
    name = stacks.create(
        {
            "Key": resource("AWS::KMS::Key", KeyPolicy=document({"Action": "kms:*", "Principal": "*", "Resource": "*"})),
            "Bucket": resource("AWS::S3::Bucket", BucketEncryption={"ServerSideEncryptionConfiguration": [rule]}),
            "Role": role(s3_statement, key_statement),
            "Without": role(s3_statement),
        }
    )
    bucket = stacks.id(name, "Bucket")
    with_key = server.client("s3", credentials=server.as_service(arn(server, stacks, name)))
    with_key.put_object(Bucket=bucket, Key="k", Body=b"1")
    assert "kms:Decrypt" in denied(with_key.get_object, Bucket=bucket, Key="k")
    without = server.client("s3", credentials=server.as_service(arn(server, stacks, name, "Without")))
    assert "kms:GenerateDataKey" in denied(without.put_object, Bucket=bucket, Key="k", Body=b"1")
    empty(server, bucket)


def ecs_tasks_from(account):
    return {
        "Principal": {"Service": "ecs-tasks.amazonaws.com"},
        "Condition": {
            "StringEquals": {"aws:SourceAccount": account},
            "ArnLike": {"aws:SourceArn": f"arn:aws:ecs:us-east-1:{account}:*"},
        },
    }


@pytest.mark.parametrize(
    ("trust", "service", "allowed"),
    [
        ({"Principal": {"Service": "lambda.amazonaws.com"}}, "lambda.amazonaws.com", True),
        ({"Principal": {"Service": "ec2.amazonaws.com"}}, "lambda.amazonaws.com", False),
        (ecs_tasks_from("123456789012"), "ecs-tasks.amazonaws.com@my-task", True),
        (ecs_tasks_from("999999999999"), "ecs-tasks.amazonaws.com", False),
        # Lambda sends no source, so nothing may depend on one.
        (
            {
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}},
            },
            "lambda.amazonaws.com",
            False,
        ),
        ({"Principal": {"AWS": "123456789012"}}, "somebody", True),
        ({"Principal": {"AWS": "999999999999"}}, "somebody", False),
        ({"Principal": {"AWS": "123456789012"}}, "lambda.amazonaws.com", False),
    ],
)
def test_trust_policies_hold_with_enforcement_off(server, stacks, trust, service, allowed):
    name = stacks.create({"Role": role(trust=document({"Action": "sts:AssumeRole", **trust}))})
    role_arn = arn(server, stacks, name)
    if allowed:
        assert server.as_service(role_arn, service)["aws_session_token"]
    else:
        message = denied(server.client("sts").assume_role, RoleArn=role_arn, RoleSessionName=service)
        assert "trust policy does not allow it" in message


def test_assuming_what_does_not_exist_or_with_a_session_policy_is_denied(server, stacks):
    sts = server.client("sts")
    assert "does not exist" in denied(
        sts.assume_role, RoleArn="arn:aws:iam::123456789012:role/none", RoleSessionName="lambda.amazonaws.com"
    )
    name = stacks.create({"Role": role()})
    assert "session policies" in denied(
        sts.assume_role, RoleArn=arn(server, stacks, name), RoleSessionName="lambda.amazonaws.com", Policy="{}"
    )


def test_right_signatures_are_accepted_with_a_query_and_without_a_body(server, enforced):
    api = server.client("lambda")
    assert api.list_functions(MaxItems=5, FunctionVersion="ALL")["Functions"] is not None
    with pytest.raises(ClientError, match="ResourceNotFound|Function not found"):
        api.get_function_configuration(FunctionName="no-such", Qualifier="$LATEST")


def test_a_wrong_signature_is_refused(server, enforced):
    wrong = {"aws_access_key_id": server.key["accessKeyId"], "aws_secret_access_key": "wrong"}
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        server.client("sqs", credentials=wrong).list_queues()


def bucket_with_policy(**statement):
    return {
        "Bucket": resource("AWS::S3::Bucket"),
        "Policy": resource(
            "AWS::S3::BucketPolicy",
            Bucket={"Ref": "Bucket"},
            PolicyDocument=document(
                {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": {"Fn::Sub": "${Bucket.Arn}/*"}, **statement}
            ),
        ),
    }


def test_a_tls_only_policy_does_not_block_and_a_real_denial_does(server, stacks):
    s3 = server.client("s3")
    name = stacks.create(bucket_with_policy(Condition={"Bool": {"aws:SecureTransport": "false"}}))
    bucket = stacks.id(name, "Bucket")
    s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"1"
    empty(server, bucket)
    name = stacks.create(bucket_with_policy(Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}))
    with pytest.raises(ClientError, match="403|AccessDenied|Forbidden"):
        s3.put_object(Bucket=stacks.id(name, "Bucket"), Key="k", Body=b"1")


def test_a_policy_that_cannot_be_decided_is_refused_when_it_is_put(server, stacks):
    name = stacks.create(bucket_with_policy(Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}))
    assert stacks.status(name) == "ROLLBACK_COMPLETE"
    assert "operator IpAddress is not known to the embedded AWS" in stacks.failures(name)
    name = stacks.create({"Role": role({"Action": "s3:*", "Resource": "*", "Condition": {"DateLessThan": {"a:b": "1"}}})})
    assert "operator DateLessThan is not known" in stacks.failures(name)
    queue = stacks.id(stacks.create({"Queue": resource("AWS::SQS::Queue")}), "Queue")
    bad = document({"Principal": "*", "Action": "sqs:*", "Resource": "*", "Condition": {"Bool": {"aws:Odd": "true"}}})
    with pytest.raises(ClientError, match="key aws:Odd is not known"):
        server.client("sqs").set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps(bad)})


def test_a_queue_policy_can_deny(server, stacks, enforced):
    deny = {"Effect": "Deny", "Principal": "*", "Action": "sqs:SendMessage", "Resource": {"Fn::GetAtt": ["Queue", "Arn"]}}
    name = stacks.create(
        {
            "Queue": resource("AWS::SQS::Queue"),
            "Policy": resource("AWS::SQS::QueuePolicy", Queues=[{"Ref": "Queue"}], PolicyDocument=document(deny)),
        }
    )
    queue = stacks.id(name, "Queue")
    assert "resource-based" in denied(server.client("sqs").send_message, QueueUrl=queue, MessageBody="m")


def test_metrics_are_put_into_the_namespace_that_is_granted(server, stacks, enforced):
    by_namespace = {"StringEquals": {"cloudwatch:namespace": "mine"}}
    name = stacks.create({"Role": role({"Action": "cloudwatch:PutMetricData", "Resource": "*", "Condition": by_namespace})})
    cloudwatch = server.client("cloudwatch", credentials=server.as_service(arn(server, stacks, name)))
    data = [{"MetricName": "count", "Value": 1}]
    cloudwatch.put_metric_data(Namespace="mine", MetricData=data)
    assert "cloudwatch:PutMetricData" in denied(cloudwatch.put_metric_data, Namespace="other", MetricData=data)


def test_tasks_run_in_the_cluster_that_is_granted(server, stacks, enforced):
    by_cluster = {"ArnEquals": {"ecs:cluster": {"Fn::GetAtt": ["Mine", "Arn"]}}}
    name = stacks.create(
        {
            "Mine": resource("AWS::ECS::Cluster"),
            "Role": role({"Action": "ecs:ListTasks", "Resource": "*", "Condition": by_cluster}),
        }
    )
    ecs = server.client("ecs", credentials=server.as_service(arn(server, stacks, name)))
    assert ecs.list_tasks(cluster=stacks.id(name, "Mine"))["taskArns"] == []
    assert "ecs:ListTasks" in denied(ecs.list_tasks, cluster="other")
