"""Each resource type: made, read back through its service's API, changed, deleted."""

import io
import json
import zipfile

import pytest
from botocore.exceptions import ClientError
from conftest import resource

TAGS = [{"Key": "project", "Value": "p"}, {"Key": "owner", "Value": "o"}]
OTHER_TAGS = [{"Key": "project", "Value": "q"}]
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}],
}


def allow(action):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}


def archive(text):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as zipped:
        zipped.writestr(zipfile.ZipInfo("file.txt"), text)
    return content.getvalue()


@pytest.fixture(scope="module")
def code(server):
    s3 = server.client("s3")
    s3.create_bucket(Bucket="archives")
    for key in ("one", "two", "layer-one", "layer-two"):
        s3.put_object(Bucket="archives", Key=f"{key}.zip", Body=archive(key))
    return lambda key: {"S3Bucket": "archives", "S3Key": f"{key}.zip"}


def test_bucket(server, stacks):
    s3 = server.client("s3")
    rules = [
        {
            "Id": "datasets",
            "Status": "Enabled",
            "Prefix": "datasets/",
            "ExpirationInDays": 90,
            "Transitions": [{"StorageClass": "STANDARD_IA", "TransitionInDays": 30}],
        },
        {
            "Id": "tidy",
            "Status": "Enabled",
            "ExpiredObjectDeleteMarker": True,
            "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 3},
        },
    ]
    block = dict.fromkeys(("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True)
    by_default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": {"Fn::GetAtt": ["Key", "Arn"]}}
    encryption = {"BucketKeyEnabled": True, "ServerSideEncryptionByDefault": by_default}
    template = {
        "Key": resource("AWS::KMS::Key", KeyPolicy=allow("kms:*")),
        "Logs": resource("AWS::S3::Bucket", AccessControl="LogDeliveryWrite"),
        "Bucket": resource(
            "AWS::S3::Bucket",
            BucketName="a-named-bucket",
            BucketEncryption={"ServerSideEncryptionConfiguration": [encryption]},
            LifecycleConfiguration={"Rules": rules},
            OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            PublicAccessBlockConfiguration=block,
            VersioningConfiguration={"Status": "Enabled"},
            NotificationConfiguration={"EventBridgeConfiguration": {"EventBridgeEnabled": True}},
            LoggingConfiguration={"DestinationBucketName": {"Ref": "Logs"}, "LogFilePrefix": "access/"},
            Tags=TAGS,
        ),
    }
    name = stacks.create(template)
    assert stacks.failures(name) == ""
    bucket = {"Bucket": "a-named-bucket"}
    shown = s3.get_bucket_encryption(**bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert shown["BucketKeyEnabled"] is True
    assert shown["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"].endswith(stacks.id(name, "Key"))
    datasets, tidy = s3.get_bucket_lifecycle_configuration(**bucket)["Rules"]
    assert datasets["Filter"] == {"Prefix": "datasets/"}
    assert datasets["Expiration"] == {"Days": 90}
    assert datasets["Transitions"] == [{"Days": 30, "StorageClass": "STANDARD_IA"}]
    assert tidy["Expiration"] == {"ExpiredObjectDeleteMarker": True}
    assert tidy["NoncurrentVersionExpiration"] == {"NoncurrentDays": 7}
    assert tidy["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 3}
    owner = s3.get_bucket_ownership_controls(**bucket)["OwnershipControls"]["Rules"]
    assert owner == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    assert s3.get_public_access_block(**bucket)["PublicAccessBlockConfiguration"] == block
    assert s3.get_bucket_versioning(**bucket)["Status"] == "Enabled"
    assert s3.get_bucket_notification_configuration(**bucket)["EventBridgeConfiguration"] == {}
    logs = s3.get_bucket_logging(**bucket)["LoggingEnabled"]
    assert (logs["TargetBucket"], logs["TargetPrefix"]) == (stacks.id(name, "Logs"), "access/")
    assert s3.get_bucket_tagging(**bucket)["TagSet"] == TAGS
    properties = template["Bucket"]["Properties"]
    properties.update(Tags=OTHER_TAGS, LifecycleConfiguration={"Rules": [{**rules[0], "ExpirationInDays": 30}]})
    properties["VersioningConfiguration"] = {"Status": "Suspended"}
    for gone in ("BucketEncryption", "NotificationConfiguration", "LoggingConfiguration", "PublicAccessBlockConfiguration"):
        del properties[gone]
    stacks.update(name, template)
    assert stacks.status(name) == "UPDATE_COMPLETE"
    assert [r["Expiration"]["Days"] for r in s3.get_bucket_lifecycle_configuration(**bucket)["Rules"]] == [30]
    assert s3.get_bucket_versioning(**bucket)["Status"] == "Suspended"
    assert s3.get_bucket_tagging(**bucket)["TagSet"] == OTHER_TAGS
    assert "EventBridgeConfiguration" not in s3.get_bucket_notification_configuration(**bucket)
    assert "LoggingEnabled" not in s3.get_bucket_logging(**bucket)
    with pytest.raises(ClientError, match="NoSuchPublicAccessBlockConfiguration"):
        s3.get_public_access_block(**bucket)
    stacks.delete(name)
    assert "a-named-bucket" not in [b["Name"] for b in s3.list_buckets()["Buckets"]]


def test_bucket_policy_follows_its_template(server, stacks):
    s3 = server.client("s3")
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": {"Fn::Sub": "${B.Arn}/x/*"}}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    template = {
        "B": resource("AWS::S3::Bucket"),
        "P": resource("AWS::S3::BucketPolicy", Bucket={"Ref": "B"}, PolicyDocument=document),
    }
    name = stacks.create(template)
    bucket = stacks.id(name, "B")
    assert '"s3:PutObject"' in s3.get_bucket_policy(Bucket=bucket)["Policy"]
    statement["Action"] = "s3:GetObject"
    stacks.update(name, template)
    assert '"s3:GetObject"' in s3.get_bucket_policy(Bucket=bucket)["Policy"]
    del template["P"]
    stacks.update(name, template)
    with pytest.raises(ClientError, match="NoSuchBucketPolicy"):
        s3.get_bucket_policy(Bucket=bucket)


def test_roles_and_policies(server, stacks):
    iam = server.client("iam")
    template = {
        "Managed": resource("AWS::IAM::ManagedPolicy", PolicyDocument=allow("sqs:*"), Path="/team/", Description="d"),
        "Role": resource(
            "AWS::IAM::Role",
            RoleName="a-role",
            Path="/team/",
            Description="first",
            MaxSessionDuration=7200,
            AssumeRolePolicyDocument=TRUST,
            ManagedPolicyArns=[{"Ref": "Managed"}, "arn:aws:iam::aws:policy/ReadOnlyAccess"],
            PermissionsBoundary={"Ref": "Managed"},
            Policies=[{"PolicyName": "inline", "PolicyDocument": allow("s3:*")}],
            Tags=TAGS,
        ),
        "Policy": resource("AWS::IAM::Policy", PolicyName="extra", PolicyDocument=allow("kms:*"), Roles=[{"Ref": "Role"}]),
    }
    name = stacks.create(template)
    assert stacks.failures(name) == ""
    role = iam.get_role(RoleName="a-role")["Role"]
    assert (role["Path"], role["Description"], role["MaxSessionDuration"]) == ("/team/", "first", 7200)
    assert role["AssumeRolePolicyDocument"] == TRUST
    assert role["Tags"] == TAGS
    managed = stacks.id(name, "Managed")
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == managed
    assert set(iam.list_role_policies(RoleName="a-role")["PolicyNames"]) == {"inline", "extra"}
    assert len(iam.list_attached_role_policies(RoleName="a-role")["AttachedPolicies"]) == 2
    properties = template["Role"]["Properties"]
    del properties["PermissionsBoundary"]
    properties.update(
        Description="second",
        ManagedPolicyArns=[{"Ref": "Managed"}],
        Policies=[{"PolicyName": "other", "PolicyDocument": allow("s3:Get*")}],
        Tags=OTHER_TAGS,
    )
    template["Managed"]["Properties"]["PolicyDocument"] = allow("sqs:Send*")
    template["Policy"]["Properties"]["PolicyDocument"] = allow("kms:Decrypt")
    stacks.update(name, template)
    assert stacks.failures(name) == ""
    role = iam.get_role(RoleName="a-role")["Role"]
    assert (role["Description"], role["Tags"]) == ("second", OTHER_TAGS)
    assert "PermissionsBoundary" not in role
    assert set(iam.list_role_policies(RoleName="a-role")["PolicyNames"]) == {"other", "extra"}
    assert iam.get_role_policy(RoleName="a-role", PolicyName="extra")["PolicyDocument"] == allow("kms:Decrypt")
    version = iam.get_policy(PolicyArn=managed)["Policy"]["DefaultVersionId"]
    shown = iam.get_policy_version(PolicyArn=managed, VersionId=version)["PolicyVersion"]["Document"]
    assert shown == allow("sqs:Send*")
    stacks.delete(name)
    for gone in (lambda: iam.get_role(RoleName="a-role"), lambda: iam.get_policy(PolicyArn=managed)):
        with pytest.raises(ClientError, match="NoSuchEntity"):
            gone()


def test_roles_and_managed_policies_change_in_place_and_are_replaced(server, stacks):
    iam = server.client("iam")
    template = {
        "First": resource("AWS::IAM::ManagedPolicy", PolicyDocument=allow("sqs:*"), ManagedPolicyName="first", Description=""),
        "Second": resource("AWS::IAM::ManagedPolicy", PolicyDocument=allow("s3:*"), Path="/"),
        "Role": resource(
            "AWS::IAM::Role",
            RoleName="changing",
            AssumeRolePolicyDocument=TRUST,
            MaxSessionDuration=7200,
            PermissionsBoundary={"Ref": "First"},
        ),
    }
    name = stacks.create(template)
    assert stacks.failures(name) == ""
    first, role_id = stacks.id(name, "First"), iam.get_role(RoleName="changing")["Role"]["RoleId"]
    assert first == "arn:aws:iam::123456789012:policy/first"
    properties = template["Role"]["Properties"]
    trust = {**TRUST, "Statement": [{**TRUST["Statement"][0], "Principal": {"Service": "ec2.amazonaws.com"}}]}
    properties.update(MaxSessionDuration=43200, PermissionsBoundary={"Ref": "Second"}, AssumeRolePolicyDocument=trust)
    template["First"]["Properties"]["Roles"] = [{"Ref": "Role"}]
    stacks.update(name, template)
    assert stacks.failures(name) == ""
    role = iam.get_role(RoleName="changing")["Role"]
    assert (role["RoleId"], role["MaxSessionDuration"], role["AssumeRolePolicyDocument"]) == (role_id, 43200, trust)
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == stacks.id(name, "Second")
    attached = iam.list_attached_role_policies(RoleName="changing")["AttachedPolicies"]
    assert [policy["PolicyArn"] for policy in attached] == [first]
    del properties["MaxSessionDuration"], template["First"]["Properties"]["Roles"]
    properties["RoleName"] = "changed"
    template["First"]["Properties"].update(ManagedPolicyName="renamed", Description="d")
    stacks.update(name, template)
    assert stacks.failures(name) == ""
    assert iam.get_role(RoleName="changed")["Role"]["MaxSessionDuration"] == 3600
    renamed = iam.get_policy(PolicyArn="arn:aws:iam::123456789012:policy/renamed")["Policy"]
    assert renamed["Description"] == "d"
    for gone in (lambda: iam.get_role(RoleName="changing"), lambda: iam.get_policy(PolicyArn=first)):
        with pytest.raises(ClientError, match="NoSuchEntity"):
            gone()


def test_oidc_provider(server, stacks):
    iam = server.client("iam")
    properties = {
        "Url": "https://token.actions.githubusercontent.com",
        "ClientIdList": ["sts.amazonaws.com"],
        "ThumbprintList": ["a" * 40],
        "Tags": TAGS,
    }
    template = {"Provider": resource("AWS::IAM::OIDCProvider", **properties)}
    outputs = {"Arn": {"Value": {"Fn::GetAtt": ["Provider", "Arn"]}}}
    name = stacks.create(template, Outputs=outputs)
    assert stacks.failures(name) == ""
    arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
    assert stacks.id(name, "Provider") == arn
    assert stacks.api.describe_stacks(StackName=name)["Stacks"][0]["Outputs"][0]["OutputValue"] == arn
    shown = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert (shown["Url"], shown["ClientIDList"]) == ("token.actions.githubusercontent.com", ["sts.amazonaws.com"])
    assert (shown["ThumbprintList"], shown["Tags"]) == (["a" * 40], TAGS)

    again = stacks.create(template)
    assert stacks.status(again) == "ROLLBACK_COMPLETE"
    assert "EntityAlreadyExists" in stacks.failures(again)

    template["Provider"]["Properties"].update(ClientIdList=["sts.amazonaws.com", "other"], Tags=OTHER_TAGS)
    del template["Provider"]["Properties"]["ThumbprintList"]
    stacks.update(name, template, Outputs=outputs)
    assert stacks.failures(name) == ""
    shown = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert (shown["ClientIDList"], shown["Tags"]) == (["sts.amazonaws.com", "other"], OTHER_TAGS)
    assert shown["ThumbprintList"] == []

    template["Provider"]["Properties"]["Url"] = "https://oidc.example.com/id/1"
    stacks.update(name, template, Outputs=outputs)
    assert stacks.failures(name) == ""
    replacement = "arn:aws:iam::123456789012:oidc-provider/oidc.example.com/id/1"
    listed = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    assert [provider["Arn"] for provider in listed] == [stacks.id(name, "Provider")] == [replacement]
    stacks.delete(name)
    assert iam.list_open_id_connect_providers()["OpenIDConnectProviderList"] == []


@pytest.mark.parametrize("url", ["token.example.com", "http://token.example.com"])
def test_an_oidc_provider_has_an_https_address(stacks, url):
    name = stacks.create({"Provider": resource("AWS::IAM::OIDCProvider", Url=url)})
    assert stacks.status(name) == "ROLLBACK_COMPLETE"
    assert "Invalid Open ID Connect Provider URL" in stacks.failures(name)


def test_repository_with_every_property_changes_in_place(server, stacks):
    ecr = server.client("ecr")
    rule = {"rulePriority": 1, "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 3}, "action": {"type": "expire"}}
    lifecycle = json.dumps({"rules": [rule]})
    pull = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "ecr:BatchGetImage"}]}
    template = {
        "Key": resource("AWS::KMS::Key", KeyPolicy=allow("kms:*")),
        "Repository": resource(
            "AWS::ECR::Repository",
            RepositoryName="training",
            ImageTagMutability="IMMUTABLE",
            ImageScanningConfiguration={"ScanOnPush": True},
            EncryptionConfiguration={"EncryptionType": "KMS", "KmsKey": {"Fn::GetAtt": ["Key", "Arn"]}},
            LifecyclePolicy={"LifecyclePolicyText": lifecycle, "RegistryId": {"Ref": "AWS::AccountId"}},
            RepositoryPolicyText=pull,
            EmptyOnDelete=False,
            Tags=TAGS,
        ),
    }
    name = stacks.create(template, Outputs={"Uri": {"Value": {"Fn::GetAtt": ["Repository", "RepositoryUri"]}}})
    assert stacks.failures(name) == ""

    def shown():
        return ecr.describe_repositories(repositoryNames=["training"])["repositories"][0]

    def tags():
        listed = ecr.list_tags_for_resource(resourceArn=shown()["repositoryArn"])["tags"]
        return {tag["Key"]: tag["Value"] for tag in listed}

    assert shown()["encryptionConfiguration"]["encryptionType"] == "KMS"
    assert shown()["encryptionConfiguration"]["kmsKey"].endswith(stacks.id(name, "Key"))
    assert json.loads(ecr.get_repository_policy(repositoryName="training")["policyText"]) == pull
    assert json.loads(ecr.get_lifecycle_policy(repositoryName="training")["lifecyclePolicyText"]) == {"rules": [rule]}
    assert tags() == {"project": "p", "owner": "o"}
    properties = template["Repository"]["Properties"]
    properties.update(ImageTagMutability="MUTABLE", Tags=OTHER_TAGS)
    for gone in ("ImageScanningConfiguration", "LifecyclePolicy", "RepositoryPolicyText"):
        del properties[gone]
    stacks.update(name, template)
    assert stacks.failures(name) == ""
    assert (shown()["imageTagMutability"], shown()["imageScanningConfiguration"]) == ("MUTABLE", {"scanOnPush": False})
    assert tags() == {"project": "q"}
    for read, error in ((ecr.get_repository_policy, "RepositoryPolicyNotFound"), (ecr.get_lifecycle_policy, "LifecyclePolicyNotFound")):
        with pytest.raises(ClientError, match=error):
            read(repositoryName="training")
    stacks.delete(name)
    with pytest.raises(ClientError, match="RepositoryNotFound"):
        shown()


def test_key_alias_and_parameter_change_in_place(server, stacks):
    kms, ssm = server.client("kms"), server.client("ssm")
    template = {
        "One": resource("AWS::KMS::Key", KeyPolicy=allow("kms:*"), EnableKeyRotation=True, RotationPeriodInDays=180, Tags=TAGS),
        "Two": resource("AWS::KMS::Key", KeyPolicy=allow("kms:*"), PendingWindowInDays=7),
        "Alias": resource("AWS::KMS::Alias", AliasName="alias/state", TargetKeyId={"Fn::GetAtt": ["One", "Arn"]}),
        "Parameter": resource(
            "AWS::SSM::Parameter",
            Name="/mlinfra/account/key",
            Type="String",
            Value={"Fn::GetAtt": ["One", "Arn"]},
            Description="first",
            Tier="Standard",
            Tags={"project": "p", "owner": "o"},
        ),
    }
    name = stacks.create(template)
    assert stacks.failures(name) == ""
    one, two = stacks.id(name, "One"), stacks.id(name, "Two")
    assert kms.get_key_rotation_status(KeyId=one)["KeyRotationEnabled"] is True
    template["One"]["Properties"].update(KeyPolicy=allow("kms:Describe*"), Description="d", Tags=OTHER_TAGS, Enabled=False)
    template["Alias"]["Properties"]["TargetKeyId"] = {"Ref": "Two"}
    template["Parameter"]["Properties"].update(Description="second", Tier="Advanced", Tags={"project": "q"})
    stacks.update(name, template)
    assert stacks.failures(name) == ""
    assert "kms:Describe*" in kms.get_key_policy(KeyId=one, PolicyName="default")["Policy"]
    shown = kms.describe_key(KeyId=one)["KeyMetadata"]
    assert (shown["Description"], shown["Enabled"]) == ("d", False)
    assert kms.list_resource_tags(KeyId=one)["Tags"] == [{"TagKey": "project", "TagValue": "q"}]
    assert kms.describe_key(KeyId="alias/state")["KeyMetadata"]["KeyId"] == two
    described = ssm.describe_parameters(ParameterFilters=[{"Key": "Name", "Values": ["/mlinfra/account/key"]}])["Parameters"][0]
    assert (described["Description"], described["Tier"]) == ("second", "Advanced")
    listed = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId="/mlinfra/account/key")["TagList"]
    assert listed == [{"Key": "project", "Value": "q"}]
    stacks.delete(name)
    with pytest.raises(ClientError, match="ParameterNotFound"):
        ssm.get_parameter(Name="/mlinfra/account/key")
    assert kms.list_aliases(KeyId=two)["Aliases"] == []


def function_template(code, **properties):
    return {
        "Role": resource("AWS::IAM::Role", AssumeRolePolicyDocument=TRUST),
        "Queue": resource("AWS::SQS::Queue"),
        "Logs": resource("AWS::Logs::LogGroup"),
        "Layer": resource(
            "AWS::Lambda::LayerVersion",
            Content=code("layer-one"),
            Description="d",
            CompatibleRuntimes=["java17"],
            CompatibleArchitectures=["x86_64"],
        ),
        "Function": resource(
            "AWS::Lambda::Function",
            **{
                "FunctionName": "predict",
                "Code": code("one"),
                "Handler": "a.B::c",
                "Runtime": "java17",
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "MemorySize": 3008,
                "Timeout": 900,
                "Layers": [{"Ref": "Layer"}],
                "LoggingConfig": {"LogGroup": {"Ref": "Logs"}, "LogFormat": "JSON"},
                "Architectures": ["arm64"],
                "ReservedConcurrentExecutions": 10,
                "Environment": {"Variables": {"A": "1"}},
                "TracingConfig": {"Mode": "Active"},
                "EphemeralStorage": {"Size": 1024},
                "DeadLetterConfig": {"TargetArn": {"Fn::GetAtt": ["Queue", "Arn"]}},
                "KmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/k",
                "VpcConfig": {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]},
                "Description": "first",
                "Tags": TAGS,
                **properties,
            },
        ),
    }


def test_function(server, stacks, code):
    api = server.client("lambda")
    name = stacks.create(function_template(code))
    assert stacks.failures(name) == ""
    answer = api.get_function(FunctionName="predict")
    shown = answer["Configuration"]
    assert (shown["MemorySize"], shown["Timeout"], shown["Handler"], shown["Runtime"]) == (3008, 900, "a.B::c", "java17")
    assert [layer["Arn"] for layer in shown["Layers"]] == [stacks.id(name, "Layer")]
    assert (shown["LoggingConfig"]["LogGroup"], shown["LoggingConfig"]["LogFormat"]) == (stacks.id(name, "Logs"), "JSON")
    assert shown["Architectures"] == ["arm64"]
    assert shown["Environment"]["Variables"] == {"A": "1"}
    assert shown["TracingConfig"] == {"Mode": "Active"}
    assert shown["EphemeralStorage"] == {"Size": 1024}
    assert stacks.id(name, "Queue").rpartition("/")[2] in shown["DeadLetterConfig"]["TargetArn"]
    assert shown["KMSKeyArn"].endswith("key/k")
    assert shown["VpcConfig"]["SubnetIds"] == ["subnet-1"]
    assert shown["Description"] == "first"
    assert answer["Concurrency"]["ReservedConcurrentExecutions"] == 10
    assert answer["Tags"] == {"project": "p", "owner": "o"}
    key = {"X-Mlinfra-Key": server.key["secretAccessKey"]}
    assert server.get("/mlinfra/lambda/code?region=us-east-1&function=predict", headers=key).content == archive("one")
    layer = server.get(f"/mlinfra/lambda/layer?arn={stacks.id(name, 'Layer')}", headers=key)
    assert layer.content == archive("layer-one")
    template = function_template(
        code,
        Code=code("two"),
        MemorySize=512,
        Timeout=60,
        Architectures=["x86_64"],
        Environment={"Variables": {"B": "2"}},
        EphemeralStorage={"Size": 2048},
        TracingConfig={"Mode": "PassThrough"},
        LoggingConfig={"LogFormat": "Text"},
        Description="second",
        Tags=OTHER_TAGS,
    )
    template["Layer"]["Properties"]["Content"] = code("layer-two")
    del template["Function"]["Properties"]["ReservedConcurrentExecutions"]
    before = stacks.id(name, "Layer")
    stacks.update(name, template)
    assert stacks.failures(name) == ""
    answer = api.get_function(FunctionName="predict")
    shown = answer["Configuration"]
    assert (shown["MemorySize"], shown["Timeout"], shown["Description"]) == (512, 60, "second")
    assert shown["Architectures"] == ["x86_64"]
    assert shown["EphemeralStorage"] == {"Size": 2048}
    assert shown["TracingConfig"] == {"Mode": "PassThrough"}
    assert shown["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": "/aws/lambda/predict"}
    assert shown["Environment"]["Variables"] == {"B": "2"}
    # The layer is a new version, and the function follows although its own template did not change there.
    assert [layer["Arn"] for layer in shown["Layers"]] == [stacks.id(name, "Layer")] != [before]
    assert answer["Tags"] == {"project": "q"}
    assert "Concurrency" not in answer
    assert server.get("/mlinfra/lambda/code?region=us-east-1&function=predict", headers=key).content == archive("two")
    stacks.delete(name)
    assert "predict" not in [f["FunctionName"] for f in api.list_functions()["Functions"]]


def test_version_alias_event_invoke_config_permission(server, stacks, code):
    api = server.client("lambda")

    def template(version_id, archive_name, attempts):
        made = function_template(code, FunctionName="versioned", Code=code(archive_name))
        made[version_id] = resource("AWS::Lambda::Version", FunctionName={"Ref": "Function"})
        made["Alias"] = resource(
            "AWS::Lambda::Alias",
            FunctionName={"Ref": "Function"},
            FunctionVersion={"Fn::GetAtt": [version_id, "Version"]},
            Name="live",
        )
        made["Invoke"] = resource(
            "AWS::Lambda::EventInvokeConfig",
            {"DependsOn": "Alias"},
            FunctionName={"Ref": "Function"},
            Qualifier="live",
            MaximumRetryAttempts=attempts,
            MaximumEventAgeInSeconds=3600,
            DestinationConfig={"OnFailure": {"Destination": {"Fn::GetAtt": ["Queue", "Arn"]}}},
        )
        made["Permission"] = resource(
            "AWS::Lambda::Permission",
            FunctionName={"Ref": "Function"},
            Action="lambda:InvokeFunction",
            Principal="events.amazonaws.com",
            SourceAccount={"Ref": "AWS::AccountId"},
        )
        return made

    name = stacks.create(template("VersionA", "one", 1))
    assert stacks.failures(name) == ""
    assert api.get_alias(FunctionName="versioned", Name="live")["FunctionVersion"] == "1"
    shown = api.get_function_event_invoke_config(FunctionName="versioned", Qualifier="live")
    assert (shown["MaximumRetryAttempts"], shown["MaximumEventAgeInSeconds"]) == (1, 3600)
    assert shown["DestinationConfig"]["OnFailure"]["Destination"].startswith("arn:aws:sqs:")
    assert "events.amazonaws.com" in api.get_policy(FunctionName="versioned")["Policy"]
    stacks.update(name, template("VersionB", "two", 0))
    assert stacks.failures(name) == ""
    assert api.get_alias(FunctionName="versioned", Name="live")["FunctionVersion"] == "2"
    shown = api.get_function_event_invoke_config(FunctionName="versioned", Qualifier="live")
    assert shown["MaximumRetryAttempts"] == 0
    versions = [v["Version"] for v in api.list_versions_by_function(FunctionName="versioned")["Versions"]]
    assert versions == ["$LATEST", "2"]
    key = {"X-Mlinfra-Key": server.key["secretAccessKey"]}
    address = "/mlinfra/lambda/code?region=us-east-1&function=versioned&qualifier=live"
    assert server.get(address, headers=key).content == archive("two")


def test_log_group(server, stacks):
    logs = server.client("logs")
    name = stacks.create({"G": resource("AWS::Logs::LogGroup", LogGroupName="/g", RetentionInDays=30, KmsKeyId="arn:aws:kms:us-east-1:123456789012:key/k", Tags=TAGS)})
    group = logs.describe_log_groups(logGroupNamePrefix="/g")["logGroups"][0]
    assert (group["retentionInDays"], group["kmsKeyId"].rpartition("/")[2]) == (30, "k")
    arn = "arn:aws:logs:us-east-1:123456789012:log-group:/g"
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"project": "p", "owner": "o"}
    stacks.update(name, {"G": resource("AWS::Logs::LogGroup", LogGroupName="/g", RetentionInDays=7, Tags=OTHER_TAGS)})
    group = logs.describe_log_groups(logGroupNamePrefix="/g")["logGroups"][0]
    assert group["retentionInDays"] == 7
    assert "kmsKeyId" not in group
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"project": "q"}
    stacks.delete(name)
    assert logs.describe_log_groups(logGroupNamePrefix="/g")["logGroups"] == []


def test_queue_and_its_policy(server, stacks):
    sqs = server.client("sqs")
    document = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "sqs:*",
                "Resource": "*",
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ],
    }
    template = {
        "Q": resource(
            "AWS::SQS::Queue", QueueName="q", SqsManagedSseEnabled=True, MessageRetentionPeriod=1209600, Tags=TAGS
        ),
        "Encrypted": resource("AWS::SQS::Queue", KmsMasterKeyId="alias/aws/sqs", KmsDataKeyReusePeriodSeconds=600),
        "P": resource("AWS::SQS::QueuePolicy", Queues=[{"Ref": "Q"}], PolicyDocument=document),
    }
    name = stacks.create(template)
    assert stacks.failures(name) == ""
    url = stacks.id(name, "Q")

    def shown(queue):
        return sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]

    assert (shown(url)["SqsManagedSseEnabled"], shown(url)["MessageRetentionPeriod"]) == ("true", "1209600")
    assert "aws:SecureTransport" in shown(url)["Policy"]
    assert shown(stacks.id(name, "Encrypted"))["KmsMasterKeyId"] == "alias/aws/sqs"
    assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"project": "p", "owner": "o"}
    del template["P"], template["Q"]["Properties"]["MessageRetentionPeriod"]
    template["Q"]["Properties"]["Tags"] = OTHER_TAGS
    stacks.update(name, template)
    assert stacks.failures(name) == ""
    assert shown(url)["MessageRetentionPeriod"] == "345600"
    assert not shown(url).get("Policy")
    assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"project": "q"}


def test_key_alias_parameter_repository(server, stacks):
    kms, ssm, ecr = server.client("kms"), server.client("ssm"), server.client("ecr")
    lifecycle = '{"rules": [{"rulePriority": 1, "selection": {"tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 1}, "action": {"type": "expire"}}]}'
    template = {
        "Key": resource("AWS::KMS::Key", Description="d", KeyPolicy=allow("kms:*"), EnableKeyRotation=True, Tags=TAGS),
        "Alias": resource("AWS::KMS::Alias", AliasName="alias/a", TargetKeyId={"Ref": "Key"}),
        "Parameter": resource("AWS::SSM::Parameter", Name="/p", Type="String", Value="1", Tags={"project": "p"}),
        "Repository": resource(
            "AWS::ECR::Repository",
            ImageTagMutability="IMMUTABLE",
            LifecyclePolicy={"LifecyclePolicyText": lifecycle},
            ImageScanningConfiguration={"ScanOnPush": True},
        ),
        "Metadata": resource("AWS::CDK::Metadata", Analytics="v2"),
    }
    name = stacks.create(template)
    assert stacks.failures(name) == ""
    key = kms.describe_key(KeyId="alias/a")["KeyMetadata"]
    assert (key["KeyId"], key["Description"]) == (stacks.id(name, "Key"), "d")
    assert kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"] is True
    assert len(kms.list_resource_tags(KeyId=key["KeyId"])["Tags"]) == 2
    assert ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId="/p")["TagList"] == [{"Key": "project", "Value": "p"}]
    repository = ecr.describe_repositories(repositoryNames=[stacks.id(name, "Repository")])["repositories"][0]
    assert repository["imageTagMutability"] == "IMMUTABLE"
    assert repository["imageScanningConfiguration"] == {"scanOnPush": True}
    assert "untagged" in ecr.get_lifecycle_policy(repositoryName=stacks.id(name, "Repository"))["lifecyclePolicyText"]
    template["Key"]["Properties"]["EnableKeyRotation"] = False
    template["Parameter"]["Properties"]["Value"] = "2"
    stacks.update(name, template)
    assert stacks.failures(name) == ""
    assert kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"] is False
    assert ssm.get_parameter(Name="/p")["Parameter"]["Value"] == "2"
    stacks.delete(name)
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "PendingDeletion"
    assert kms.list_aliases(KeyId=key["KeyId"])["Aliases"] == []


def test_what_is_not_checked_is_said(server):
    listed = server.get("/mlinfra/not-checked").json()
    assert all(item["what"] and item["reason"] for item in listed)
    assert {"TLS", "KMS", "STS", "AWS::Lambda::EventInvokeConfig.Qualifier"} <= {item["what"] for item in listed}


def test_archives_need_the_key(server):
    assert server.get("/mlinfra/lambda/code?region=us-east-1&function=x").status_code == 403
    assert server.get("/mlinfra/nothing").status_code == 404


def event_invoke_template(code, references_alias):
    made = function_template(code, FunctionName="eager", Code=code("one"))
    made["Version"] = resource("AWS::Lambda::Version", FunctionName={"Ref": "Function"})
    made["Alias"] = resource(
        "AWS::Lambda::Alias",
        FunctionName={"Ref": "Function"},
        FunctionVersion={"Fn::GetAtt": ["Version", "Version"]},
        Name="live",
    )
    # Last in the template: an engine that goes through it from the top would hide what is missing.
    made["Invoke"] = resource(
        "AWS::Lambda::EventInvokeConfig",
        {"DependsOn": "Alias"} if references_alias else {},
        FunctionName={"Ref": "Function"},
        Qualifier="live",
        MaximumRetryAttempts=0,
    )
    return made


def test_an_event_invoke_config_that_does_not_wait_for_its_alias_fails(stacks, code):
    name = stacks.create(event_invoke_template(code, references_alias=False))
    assert stacks.status(name) == "ROLLBACK_COMPLETE"
    assert "The function alias or version eager:live does not exist" in stacks.failures(name)
    assert stacks.status(stacks.create(event_invoke_template(code, references_alias=True))) == "CREATE_COMPLETE"


def test_event_invoke_configs_need_an_existing_qualifier(server, stacks, code):
    name = stacks.create(event_invoke_template(code, references_alias=True))
    api = server.client("lambda")
    for qualifier in ("live", "1", "$LATEST"):
        api.put_function_event_invoke_config(FunctionName="eager", Qualifier=qualifier, MaximumRetryAttempts=1)
    api.put_function_event_invoke_config(FunctionName="eager", MaximumRetryAttempts=1)
    for operation in (api.put_function_event_invoke_config, api.update_function_event_invoke_config):
        for qualifier in ("dead", "2"):
            with pytest.raises(ClientError, match="ResourceNotFoundException.*eager:%s does not exist" % qualifier):
                operation(FunctionName="eager", Qualifier=qualifier, MaximumRetryAttempts=1)
    with pytest.raises(ClientError, match="ResourceNotFoundException.*eager:dead does not exist"):
        api.put_function_event_invoke_config(FunctionName="eager:dead", MaximumRetryAttempts=1)
    assert stacks.status(name) == "CREATE_COMPLETE"
