"""What the emulator does not know is refused, all of it at once."""

import pytest
from botocore.exceptions import ClientError
from conftest import resource
from mlinfra_local import resources


def test_everything_unknown_is_named_in_one_message(stacks):
    with pytest.raises(ClientError) as refusal:
        stacks.create(
            {
                "Good": resource("AWS::SQS::Queue"),
                "Table": resource("AWS::DynamoDB::Table", TableName="t"),
                "Queue": resource("AWS::SQS::Queue", QueName="q"),
                "Bucket": resource(
                    "AWS::S3::Bucket",
                    LifecycleConfiguration={"Rules": [{"Fn::If": ["C", {"ExpirationDays": 1}, {"Ref": "AWS::NoValue"}]}]},
                ),
                "Key": resource("AWS::KMS::Key", {"CreationPolicy": {}}),
                "Dynamic": resource("AWS::SSM::Parameter", Type="String", Value="{{resolve:ssm:/x}}"),
            },
            name="unknown-things",
        )
    message = refusal.value.response["Error"]["Message"]
    assert refusal.value.response["Error"]["Code"] == "ValidationError"
    assert "Stack unknown-things: the embedded AWS does not know it" in message
    assert "Table: type AWS::DynamoDB::Table" in message
    assert "Queue (AWS::SQS::Queue): property QueName (known and close: QueueName)" in message
    assert "property LifecycleConfiguration.Rules[0].ExpirationDays" in message
    assert "Key (AWS::KMS::Key): attribute CreationPolicy" in message
    assert "dynamic reference {{resolve:ssm:/x}}" in message
    assert "Good" not in message
    with pytest.raises(ClientError, match="does not exist"):
        stacks.status("unknown-things")


def test_an_update_is_checked_too(stacks):
    name = stacks.create({"Queue": resource("AWS::SQS::Queue")})
    with pytest.raises(ClientError, match="Queue .AWS::SQS::Queue.: property Colour"):
        stacks.update(name, {"Queue": resource("AWS::SQS::Queue", Colour="red")})
    assert stacks.status(name) == "CREATE_COMPLETE"


def test_the_known_properties_are_those_of_the_vendors_schemas():
    """cfn-lint carries the vendor's resource schemas: an invented name here would be a wrong promise."""
    manager = pytest.importorskip("cfnlint.schema").PROVIDER_SCHEMA_MANAGER
    wrong = []
    for name, resource_type in resources.ALL.items():
        if name == "AWS::CDK::Metadata":
            continue
        known = manager.get_resource_schema("us-east-1", name).schema["properties"]
        wrong += [f"{name}.{key}" for key in resource_type.properties if key not in known]
    assert wrong == []
