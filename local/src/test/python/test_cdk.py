"""The real CDK command line under IAM: who may deploy through the bootstrap's roles, and who may look."""

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import Server, Stacks, keys, resource
from test_authorization import denied, document

ACCOUNT, REGION = "123456789012", "us-east-1"
CDK = Path(__file__).resolve().parents[4] / "node_modules" / ".bin" / "cdk"
VERSION = "/cdk-bootstrap/hnb659fds/version"
ASSETS = f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"


def bootstrap_role(purpose):
    return f"arn:aws:iam::{ACCOUNT}:role/cdk-hnb659fds-{purpose}-role-{ACCOUNT}-{REGION}"


class Cdk:
    """Runs the command line on an app that is synthesised already."""

    def __init__(self, server, folder):
        assert CDK.is_file(), f"no CDK command line at {CDK}: run tools/install"
        assert shutil.which("node"), "no node on the PATH: install Node 20 or newer"
        self.server, self.folder = server, folder

    def app(self, resources):
        """An assembly with one stack, as the CDK writes it."""
        app = self.folder / "cdk.out"
        app.mkdir(exist_ok=True)
        version = {"Type": "AWS::SSM::Parameter::Value<String>", "Default": VERSION}
        template = json.dumps({"Resources": resources, "Parameters": {"BootstrapVersion": version}})
        name = hashlib.sha256(template.encode()).hexdigest()
        key = f"{name}.json"
        destination = {
            "bucketName": ASSETS,
            "objectKey": key,
            "region": REGION,
            "assumeRoleArn": bootstrap_role("file-publishing"),
        }
        files = {name: {"source": {"path": "Tiny.template.json", "packaging": "file"}, "destinations": {"here": destination}}}
        needs = {"requiresBootstrapStackVersion": 6, "bootstrapStackVersionSsmParameter": VERSION}
        stack = {
            "templateFile": "Tiny.template.json",
            "stackName": "tiny-Data",
            "assumeRoleArn": bootstrap_role("deploy"),
            "cloudFormationExecutionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/cdk-hnb659fds-cfn-exec-role-{ACCOUNT}-{REGION}",
            "lookupRole": {"arn": bootstrap_role("lookup"), **needs},
            "stackTemplateAssetObjectUrl": f"s3://{ASSETS}/{key}",
            "additionalDependencies": ["Tiny.assets"],
            **needs,
        }
        artifacts = {
            "Tiny.assets": {"type": "cdk:asset-manifest", "properties": {"file": "Tiny.assets.json", **needs}},
            "Tiny": {
                "type": "aws:cloudformation:stack",
                "environment": f"aws://{ACCOUNT}/{REGION}",
                "properties": stack,
                "dependencies": ["Tiny.assets"],
                "displayName": "tiny/Data",
            },
        }
        for file, content in (
            ("Tiny.template.json", template),
            ("Tiny.assets.json", json.dumps({"version": "36.0.0", "files": files, "dockerImages": {}})),
            ("manifest.json", json.dumps({"version": "36.0.0", "artifacts": artifacts})),
        ):
            (app / file).write_text(content)
        return str(app)

    def run(self, credentials, *arguments):
        """Runs it with these credentials and nothing of the user's; gives the exit code and all that it printed."""
        names = {"aws_access_key_id": None, "aws_secret_access_key": None, "aws_session_token": None}
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CDK_"))}
        environment |= {name.upper(): credentials[name] for name in names if name in credentials}
        environment |= {
            "HOME": str(self.folder),
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": self.server.endpoint,
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            "CDK_DISABLE_VERSION_CHECK": "1",
            "CDK_NOTICES": "false",
            "NO_PROXY": "localhost,127.0.0.1",
            "CI": "true",
        }
        done = subprocess.run(
            [str(CDK), *arguments], cwd=self.folder, env=environment, capture_output=True, text=True, timeout=90
        )
        return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    started = Server(tmp_path_factory.mktemp("cdk-state"))
    yield started
    started.stop()


@pytest.fixture(scope="module")
def administrator(server):
    return {"aws_access_key_id": server.key["accessKeyId"], "aws_secret_access_key": server.key["secretAccessKey"]}


@pytest.fixture(scope="module")
def cdk(server, administrator, tmp_path_factory):
    """The command line in an account that has its bootstrap, with IAM enforced from the start."""
    server.enforce_iam(True)
    made = Cdk(server, tmp_path_factory.mktemp("cdk"))
    app = made.app({"Queue": resource("AWS::SQS::Queue")})
    code, output = made.run(administrator, "bootstrap", f"aws://{ACCOUNT}/{REGION}", "--app", app)
    assert code == 0, output
    return made


@pytest.fixture
def session(server, cdk):
    """Makes a role of the account with the given statements, and gives a session of it."""
    iam, made = server.client("iam"), []

    def begin(*statements):
        name = f"session-{len(made)}"
        trust = document({"Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"})
        role_arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        made.append(name)
        iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps(document(*statements)))
        return keys(server.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="somebody"))

    yield begin
    for name in made:
        iam.delete_role_policy(RoleName=name, PolicyName="p")
        iam.delete_role(RoleName=name)


@pytest.fixture
def undeployed(server, cdk):
    """Deletes what a test deploys."""
    yield
    Stacks(server).delete("tiny-Data")


ROLES = [bootstrap_role(purpose) for purpose in ("deploy", "file-publishing", "lookup")]
TRUST = {"Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
RESOURCES = {
    "Queue": resource("AWS::SQS::Queue", QueueName="tiny"),
    "Role": resource("AWS::IAM::Role", RoleName="tiny", AssumeRolePolicyDocument=document(TRUST)),
}
DEPLOY = ("deploy", "--all", "--method=direct", "--require-approval", "never", "--app")


def test_the_bootstrap_makes_its_roles(server, cdk):
    iam = server.client("iam")
    for purpose in ("deploy", "file-publishing", "image-publishing", "lookup"):
        name = bootstrap_role(purpose).rpartition("/")[2]
        trust = iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]["Statement"]
        assert {(s["Action"], s["Principal"]["AWS"]) for s in trust} == {("sts:AssumeRole", ACCOUNT), ("sts:TagSession", ACCOUNT)}
        assert trust[0]["Condition"] == {"Null": {"sts:ExternalId": "true"}}
    execution = f"cdk-hnb659fds-cfn-exec-role-{ACCOUNT}-{REGION}"
    trust = iam.get_role(RoleName=execution)["Role"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust == [{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "cloudformation.amazonaws.com"}}]
    attached = iam.list_attached_role_policies(RoleName=execution)["AttachedPolicies"]
    assert [policy["PolicyName"] for policy in attached] == ["AdministratorAccess"]
    deploy = iam.get_role_policy(RoleName=bootstrap_role("deploy").rpartition("/")[2], PolicyName="default")
    passed = [s for s in deploy["PolicyDocument"]["Statement"] if s["Action"] == "iam:PassRole"]
    assert passed[0]["Resource"] == f"arn:aws:iam::{ACCOUNT}:role/{execution}"
    publishing = iam.list_role_policies(RoleName=bootstrap_role("file-publishing").rpartition("/")[2])["PolicyNames"]
    assert len(publishing) == 1


def test_the_lookup_role_reads_and_no_more(server, cdk, session, administrator, undeployed):
    code, output = cdk.run(administrator, *DEPLOY, cdk.app(RESOURCES))
    assert code == 0, output
    changed = cdk.app({**RESOURCES, "Queue": resource("AWS::SQS::Queue", QueueName="tiny", VisibilityTimeout=7)})
    look = session({"Action": "sts:AssumeRole", "Resource": bootstrap_role("lookup")})
    code, output = cdk.run(look, "diff", "--all", "--method=template", "--app", changed)
    assert code == 0, output
    assert "[+] VisibilityTimeout" in output
    lookup = keys(
        server.client("sts", credentials=look).assume_role(RoleArn=bootstrap_role("lookup"), RoleSessionName="somebody")
    )
    server.client("ssm", credentials=lookup).get_parameter(Name=VERSION)
    denied(server.client("sqs", credentials=lookup).create_queue, QueueName="more")


def test_who_may_only_take_on_the_bootstrap_roles_may_deploy_change_and_destroy(server, cdk, session, undeployed):
    pipeline = session({"Action": "sts:AssumeRole", "Resource": ROLES})
    code, output = cdk.run(pipeline, *DEPLOY, cdk.app(RESOURCES))
    assert code == 0, output
    stack = server.client("cloudformation").describe_stacks(StackName="tiny-Data")["Stacks"][0]
    assert stack["RoleARN"].endswith(f"cfn-exec-role-{ACCOUNT}-{REGION}")
    assert server.client("iam").get_role(RoleName="tiny")["Role"]["RoleName"] == "tiny"
    published = server.client("s3").list_objects_v2(Bucket=ASSETS)["Contents"]
    assert [item["Key"].endswith(".json") for item in published] == [True]
    changed = {**RESOURCES, "Queue": resource("AWS::SQS::Queue", QueueName="tiny", VisibilityTimeout=7)}
    code, output = cdk.run(pipeline, *DEPLOY, cdk.app(changed))
    assert code == 0, output
    queue = server.client("sqs").get_queue_url(QueueName="tiny")["QueueUrl"]
    shown = server.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    assert shown["VisibilityTimeout"] == "7"
    code, output = cdk.run(pipeline, "destroy", "--all", "--force", "--app", cdk.app(changed))
    assert code == 0, output
    assert server.client("sqs").list_queues().get("QueueUrls", []) == []


@pytest.mark.parametrize("missing", ["deploy", "file-publishing"])
def test_without_one_of_the_roles_nothing_is_deployed(server, cdk, session, undeployed, missing):
    allowed = [role for role in ROLES if role != bootstrap_role(missing)]
    # A template of its own: one that was published before would not be published again.
    resources = {"Queue": resource("AWS::SQS::Queue", QueueName=f"without-{missing}")}
    code, output = cdk.run(session({"Action": "sts:AssumeRole", "Resource": allowed}), *DEPLOY, cdk.app(resources))
    assert code != 0
    assert f"current credentials could not be used to assume '{bootstrap_role(missing)}'" in output
    assert server.client("sqs").list_queues().get("QueueUrls", []) == []


LOOK = (
    {
        "Action": ["cloudformation:GetTemplate", "cloudformation:DescribeStacks"],
        "Resource": f"arn:aws:cloudformation:*:{ACCOUNT}:stack/tiny-*/*",
    },
    {"Action": "ssm:GetParameter", "Resource": f"arn:aws:ssm:*:{ACCOUNT}:parameter{VERSION}"},
)


def test_a_difference_needs_leave_to_read_that_stack_only(server, cdk, session, administrator, undeployed):
    code, output = cdk.run(administrator, *DEPLOY, cdk.app(RESOURCES))
    assert code == 0, output
    changed = cdk.app({**RESOURCES, "Queue": resource("AWS::SQS::Queue", QueueName="tiny", VisibilityTimeout=7)})
    look = ("diff", "--all", "--method=template", "--app", changed)
    code, output = cdk.run(session(*LOOK), *look)
    assert code == 0, output
    assert "[+] VisibilityTimeout" in output
    assert "Role" not in output.partition("Resources")[2]
    other = {**LOOK[0], "Resource": f"arn:aws:cloudformation:*:{ACCOUNT}:stack/other-*/*"}
    code, output = cdk.run(session(other, LOOK[1]), *look)
    assert code != 0
    assert "is not authorized to perform: cloudformation:" in output
    code, output = cdk.run(session(*LOOK), *DEPLOY, changed)
    assert code != 0
    assert f"current credentials could not be used to assume '{bootstrap_role('file-publishing')}'" in output
