"""The CloudFormation engine: order, update, replacement, rollback, exports, deletion."""

import json

import pytest
from botocore.exceptions import ClientError
from conftest import resource


def queue(**properties):
    return resource("AWS::SQS::Queue", **properties)


BAD = resource("AWS::KMS::Alias", {"DependsOn": "Queue"}, AliasName="alias/bad", TargetKeyId="no-such-key")


def attributes(server, url):
    return server.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]


def exists(server, url):
    return url in server.client("sqs").list_queues().get("QueueUrls", [])


def test_resources_are_made_after_what_they_need_wherever_they_stand(stacks):
    name = stacks.create(
        {
            "Parameter": resource("AWS::SSM::Parameter", Type="String", Value={"Fn::Sub": "${Queue.Arn}-${Text}"}),
            "Later": queue() | {"DependsOn": ["Parameter"]},
            "Queue": queue(),
        },
        Parameters={"Text": {"Type": "String", "Default": "x"}},
    )
    events = stacks.api.describe_stack_events(StackName=name)["StackEvents"]
    done = [e["LogicalResourceId"] for e in reversed(events) if e["ResourceStatus"] == "CREATE_COMPLETE"]
    assert set(done) == {"Queue", "Parameter", "Later", name}
    assert done.index("Queue") < done.index("Parameter") < done.index("Later")


def test_a_circle_is_refused(stacks):
    name = stacks.create({"A": queue() | {"DependsOn": "B"}, "B": queue() | {"DependsOn": "A"}})
    assert stacks.status(name) == "ROLLBACK_COMPLETE"


def test_conditions_decide_what_is_made(stacks):
    name = stacks.create(
        {"On": queue(), "Off": queue() | {"Condition": "Never"}},
        Conditions={"Never": {"Fn::Equals": ["a", "b"]}},
    )
    listed = stacks.api.list_stack_resources(StackName=name)["StackResourceSummaries"]
    assert [r["LogicalResourceId"] for r in listed] == ["On"]


def test_an_update_changes_in_place_adds_and_removes(server, stacks):
    name = stacks.create({"Queue": queue(VisibilityTimeout=10), "Old": queue()})
    url, old = stacks.id(name, "Queue"), stacks.id(name, "Old")
    stacks.update(name, {"Queue": queue(VisibilityTimeout=20, Tags=[{"Key": "k", "Value": "v"}]), "New": queue()})
    assert stacks.status(name) == "UPDATE_COMPLETE"
    assert stacks.id(name, "Queue") == url
    assert attributes(server, url)["VisibilityTimeout"] == "20"
    assert server.client("sqs").list_queue_tags(QueueUrl=url)["Tags"] == {"k": "v"}
    assert not exists(server, old)
    assert exists(server, stacks.id(name, "New"))


def test_an_update_without_changes_is_refused(stacks):
    name = stacks.create({"Queue": queue()})
    with pytest.raises(ClientError, match="No updates are to be performed"):
        stacks.update(name, {"Queue": queue()})


def test_a_new_name_replaces_and_dependents_follow(server, stacks):
    template = {
        "Queue": queue(QueueName="first-name"),
        "Parameter": resource("AWS::SSM::Parameter", Type="String", Name="/replaced", Value={"Ref": "Queue"}),
    }
    name = stacks.create(template)
    first = stacks.id(name, "Queue")
    template["Queue"] = queue(QueueName="second-name")
    stacks.update(name, template)
    second = stacks.id(name, "Queue")
    assert not exists(server, first)
    assert exists(server, second)
    assert server.client("ssm").get_parameter(Name="/replaced")["Parameter"]["Value"] == second


def test_a_failed_creation_leaves_nothing_and_says_why(server, stacks):
    name = stacks.create(
        {
            "Queue": queue(QueueName="gone-after-rollback"),
            "Bad": BAD,
        }
    )
    assert stacks.status(name) == "ROLLBACK_COMPLETE"
    assert "no-such-key" in stacks.failures(name)
    assert not any("gone-after-rollback" in url for url in server.client("sqs").list_queues().get("QueueUrls", []))


def test_a_failed_update_goes_back(server, stacks):
    good = {"Queue": queue(VisibilityTimeout=10), "Going": queue()}
    name = stacks.create(good, Outputs={"Url": {"Value": {"Ref": "Queue"}}})
    url, going = stacks.id(name, "Queue"), stacks.id(name, "Going")
    stacks.update(name, {"Queue": queue(VisibilityTimeout=20), "Bad": BAD})
    assert stacks.status(name) == "UPDATE_ROLLBACK_COMPLETE"
    assert attributes(server, url)["VisibilityTimeout"] == "10"
    assert exists(server, going)
    listed = stacks.api.list_stack_resources(StackName=name)["StackResourceSummaries"]
    assert {r["LogicalResourceId"] for r in listed} == {"Queue", "Going"}
    stacks.update(name, {"Queue": queue(VisibilityTimeout=30)})
    assert attributes(server, url)["VisibilityTimeout"] == "30"


def test_exports_cross_stacks_and_are_guarded(server, stacks):
    outputs = {"Url": {"Value": {"Ref": "Queue"}, "Export": {"Name": "exporting:Url"}}}
    exporter = stacks.create({"Queue": queue()}, Outputs=outputs)
    importer = stacks.create(
        {"Parameter": resource("AWS::SSM::Parameter", Type="String", Value={"Fn::ImportValue": "exporting:Url"})}
    )
    value = server.client("ssm").get_parameter(Name=stacks.id(importer, "Parameter"))["Parameter"]["Value"]
    assert value == stacks.id(exporter, "Queue")
    described = stacks.api.describe_stacks(StackName=exporter)["Stacks"][0]["Outputs"][0]
    assert (described["OutputValue"], described["ExportName"]) == (value, "exporting:Url")
    with pytest.raises(ClientError, match=f"exporting:Url cannot be deleted as it is in use by {importer}"):
        stacks.delete(exporter)
    stacks.update(exporter, {"Queue": queue(), "More": queue()})
    assert stacks.status(exporter) == "UPDATE_ROLLBACK_COMPLETE"
    twice = stacks.create({"Queue": queue()}, Outputs=outputs)
    assert stacks.status(twice) == "ROLLBACK_COMPLETE"
    stacks.delete(importer)
    stacks.delete(exporter)
    names = [e["Name"] for e in stacks.api.list_exports()["Exports"]]
    assert "exporting:Url" not in names
    missing = stacks.create(
        {"Parameter": resource("AWS::SSM::Parameter", Type="String", Value={"Fn::ImportValue": "exporting:Url"})}
    )
    assert "No export named exporting:Url found" in stacks.failures(missing)


def test_retained_resources_stay_and_others_go(server, stacks):
    name = stacks.create(
        {
            "Kept": resource("AWS::S3::Bucket", {"DeletionPolicy": "Retain"}),
            "Gone": resource("AWS::S3::Bucket", {"DeletionPolicy": "Delete"}),
        }
    )
    kept, gone = stacks.id(name, "Kept"), stacks.id(name, "Gone")
    stacks.delete(name)
    s3 = server.client("s3")
    assert {b["Name"] for b in s3.list_buckets()["Buckets"]} & {kept, gone} == {kept}
    s3.delete_bucket(Bucket=kept)


def test_what_cannot_be_deleted_shows(server, stacks):
    name = stacks.create({"Bucket": resource("AWS::S3::Bucket")})
    bucket = stacks.id(name, "Bucket")
    s3 = server.client("s3")
    s3.put_object(Bucket=bucket, Key="k", Body=b"")
    stacks.delete(name)
    assert stacks.status(name) == "DELETE_FAILED"
    assert "not empty" in stacks.failures(name)
    s3.delete_object(Bucket=bucket, Key="k")
    stacks.delete(name)
    with pytest.raises(ClientError, match="does not exist"):
        stacks.status(name)


def test_change_sets_make_and_change_stacks(server, stacks):
    api = stacks.api
    body = json.dumps({"Resources": {"Queue": queue()}, "Outputs": {"Url": {"Value": {"Ref": "Queue"}}}})
    stacks.names.append("by-change-set")
    api.create_change_set(StackName="by-change-set", ChangeSetName="one", TemplateBody=body, ChangeSetType="CREATE")
    api.execute_change_set(StackName="by-change-set", ChangeSetName="one")
    assert stacks.status("by-change-set") == "CREATE_COMPLETE"
    assert api.describe_stacks(StackName="by-change-set")["Stacks"][0]["Outputs"][0]["OutputKey"] == "Url"
    body = json.dumps({"Resources": {"Queue": queue(VisibilityTimeout=7)}})
    api.create_change_set(StackName="by-change-set", ChangeSetName="two", TemplateBody=body, ChangeSetType="UPDATE")
    api.execute_change_set(StackName="by-change-set", ChangeSetName="two")
    assert attributes(server, stacks.id("by-change-set", "Queue"))["VisibilityTimeout"] == "7"
    api.delete_change_set(StackName="by-change-set", ChangeSetName="two")
    api.delete_change_set(StackName="by-change-set", ChangeSetName="never-was")


def test_a_previous_value_may_be_the_default(stacks):
    parameters = {"Text": {"Type": "String", "Default": "a"}}
    name = stacks.create({"P": resource("AWS::SSM::Parameter", Type="String", Value={"Ref": "Text"})}, Parameters=parameters)
    body = json.dumps({"Resources": {"P": resource("AWS::SSM::Parameter", Type="String", Value={"Fn::Sub": "${Text}b"})}, "Parameters": parameters})
    previous = [{"ParameterKey": "Text", "UsePreviousValue": True}]
    stacks.api.update_stack(StackName=name, TemplateBody=body, Parameters=previous)
    assert stacks.status(name) == "UPDATE_COMPLETE"


def test_a_missing_bootstrap_is_named(stacks):
    version = {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/cdk-bootstrap/none/version"}
    with pytest.raises(ClientError, match="Unable to fetch parameters ./cdk-bootstrap/none/version"):
        stacks.create({"Queue": queue()}, Parameters={"BootstrapVersion": version})


def test_everything_works_while_iam_is_enforced(stacks, enforced):
    name = stacks.create({"Queue": queue(), "Bucket": resource("AWS::S3::Bucket")})
    assert stacks.status(name) == "CREATE_COMPLETE"
