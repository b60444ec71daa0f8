"""Another account than the default one: everything carries it and works under it."""

import json
import subprocess
import sys

import pytest
from botocore.exceptions import ClientError
from conftest import SOURCES, Server, Stacks, resource

ACCOUNT = "210987654321"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    started = Server(tmp_path_factory.mktemp("other"), "--account", ACCOUNT, "--fingerprint", "abc")
    yield started
    started.stop()


def document(*statements):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement} for statement in statements]}


def test_the_files_and_the_health_name_the_account(server):
    assert server.key["account"] == ACCOUNT
    assert server.get("/mlinfra/health").json()["account"] == ACCOUNT
    known = json.loads((server.state / "server.json").read_text())
    assert (known["account"], known["fingerprint"]) == (ACCOUNT, "abc")


def test_what_the_cdk_bootstrap_makes_carries_the_account(server):
    stacks = Stacks(server)
    bucket_name = {"Fn::Sub": "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}"}
    trust = document({"Action": "sts:AssumeRole", "Principal": {"AWS": {"Ref": "AWS::AccountId"}}})
    name = stacks.create(
        {
            "Key": resource(
                "AWS::KMS::Key",
                KeyPolicy=document(
                    {"Action": "kms:*", "Resource": "*", "Principal": {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}}
                ),
            ),
            "Bucket": resource("AWS::S3::Bucket", BucketName=bucket_name),
            "Policy": resource(
                "AWS::S3::BucketPolicy",
                Bucket={"Ref": "Bucket"},
                PolicyDocument=document(
                    {
                        "Action": "s3:GetObject",
                        "Principal": {"AWS": {"Ref": "AWS::AccountId"}},
                        "Resource": {"Fn::Sub": "${Bucket.Arn}/shared/*"},
                    }
                ),
            ),
            "Images": resource("AWS::ECR::Repository", RepositoryName="images"),
            "Version": resource("AWS::SSM::Parameter", Name="/cdk-bootstrap/hnb659fds/version", Type="String", Value="28"),
            "Queue": resource("AWS::SQS::Queue", QueueName="failures"),
            "Logs": resource("AWS::Logs::LogGroup", LogGroupName="/logs"),
            "Boundary": resource(
                "AWS::IAM::ManagedPolicy",
                PolicyDocument=document({"Action": ["s3:*", "sqs:*"], "Resource": "*"}),
            ),
            "Role": resource(
                "AWS::IAM::Role",
                RoleName="publishing",
                AssumeRolePolicyDocument=trust,
                PermissionsBoundary={"Ref": "Boundary"},
                Policies=[
                    {
                        "PolicyName": "p",
                        "PolicyDocument": document(
                            {"Action": "s3:PutObject", "Resource": {"Fn::Sub": "${Bucket.Arn}/*"}},
                            {"Action": "sqs:SendMessage", "Resource": {"Fn::GetAtt": ["Queue", "Arn"]}},
                        ),
                    }
                ],
            ),
        },
        Outputs={
            logical_id: {"Value": {"Fn::GetAtt": [logical_id, "Arn"]}}
            for logical_id in ("Key", "Images", "Queue", "Role", "Logs")
        },
    )
    assert stacks.failures(name) == ""
    outputs = {o["OutputKey"]: o["OutputValue"] for o in stacks.api.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]}
    assert [value.split(":")[4] for value in outputs.values()] == [ACCOUNT] * 5
    assert ACCOUNT in stacks.api.describe_stacks(StackName=name)["Stacks"][0]["StackId"]
    bucket, url = stacks.id(name, "Bucket"), stacks.id(name, "Queue")
    assert bucket == f"cdk-hnb659fds-assets-{ACCOUNT}-us-east-1"
    assert url.endswith(f"/{ACCOUNT}/failures")
    assert server.client("sts").get_caller_identity()["Account"] == ACCOUNT
    assert server.client("iam").get_role(RoleName="publishing")["Role"]["Arn"] == outputs["Role"]

    server.enforce_iam(True)
    try:
        session = server.as_service(outputs["Role"], "somebody")
        s3, sqs = (server.client(service, credentials=session) for service in ("s3", "sqs"))
        assert server.client("sts", credentials=session).get_caller_identity()["Arn"].startswith(f"arn:aws:sts::{ACCOUNT}:")
        s3.put_object(Bucket=bucket, Key="shared/asset.zip", Body=b"1")
        # Allowed by the bucket's policy alone.
        assert s3.get_object(Bucket=bucket, Key="shared/asset.zip")["Body"].read() == b"1"
        sqs.send_message(QueueUrl=url, MessageBody="m")
        with pytest.raises(ClientError, match="not authorized to perform: sqs:ReceiveMessage"):
            sqs.receive_message(QueueUrl=url)
        with pytest.raises(ClientError, match="not authorized to perform: s3:DeleteObject"):
            s3.delete_object(Bucket=bucket, Key="shared/asset.zip")
        server.client("s3").delete_object(Bucket=bucket, Key="shared/asset.zip")
        stacks.delete(name)
    finally:
        server.enforce_iam(False)
    assert server.client("s3").list_buckets()["Buckets"] == []


@pytest.mark.parametrize("given", ["12345678901", "1234567890123", "12345678901x", ""])
def test_what_is_no_account_is_refused(given, tmp_path):
    command = [sys.executable, "-B", str(SOURCES / "server.py"), "--state", str(tmp_path / "state"), "--account", given]
    run = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert run.returncode == 2
    assert "allowed 12 digits" in run.stderr
