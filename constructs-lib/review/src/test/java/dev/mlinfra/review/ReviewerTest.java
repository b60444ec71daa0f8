package dev.mlinfra.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.core.Defaults;
import dev.mlinfra.core.Pattern;
import dev.mlinfra.core.Usage;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import dev.mlinfra.template.Stack;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReviewerTest {
  private static final String ROLE =
      "Role: {Type: 'AWS::IAM::Role', Properties: {AssumeRolePolicyDocument: {Statement: [{Effect:"
          + " Allow, Action: 'sts:AssumeRole', Principal: {Service: lambda.amazonaws.com}}]}}}";

  private static Model template(String resources) {
    return Models.parse("t.yaml", "Resources: " + resources);
  }

  private static Review review(String base, String head) {
    return Reviewer.standard().compare(template(base), template(head));
  }

  private static List<String> lines(Review review, Risk risk) {
    return review.items(risk).stream()
        .map(item -> item.what() + ": " + Words.change(item.before(), item.after()))
        .toList();
  }

  private static List<String> data(String base, String head) {
    return review(base, head).items(Risk.DATA).stream().map(ReviewItem::what).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                            | is deleted",
        ", DeletionPolicy: Delete    | is deleted",
        ", DeletionPolicy: Retain    | stays, and no stack manages it",
        ", DeletionPolicy: RetainExceptOnCreate | stays, and no stack manages it",
        ", DeletionPolicy: Snapshot  | is deleted after a snapshot",
      })
  void whatBecomesOfARemovedResource(String policy, String fate) {
    String given = policy == null ? "" : policy;

    assertThat(data("{T: {Type: 'AWS::DynamoDB::Table'" + given + "}}", "{}"))
        .containsExactly("is removed: it " + fate + "; it holds items");
  }

  @Test
  void aDatabaseIsDeletedAfterASnapshotUnlessItSaysOtherwise() {
    assertThat(data("{D: {Type: 'AWS::RDS::DBInstance'}}", "{}"))
        .containsExactly("is removed: it is deleted after a snapshot; it holds databases");
    assertThat(
            data("{D: {Type: 'AWS::RDS::DBInstance', Properties: {DBClusterIdentifier: c}}}", "{}"))
        .containsExactly("is removed: it is deleted; it holds databases");
  }

  @Test
  void aReplacementIsJudgedByItsOwnPolicy() {
    String template =
        "{T: {Type: 'AWS::DynamoDB::Table', DeletionPolicy: Retain%s, Properties: {TableName:"
            + " %s}}}";

    assertThat(data(template.formatted("", "a"), template.formatted("", "b")))
        .containsExactly(
            "is replaced by an empty one, because of TableName; the old one is deleted; it holds"
                + " items");
    String kept = ", UpdateReplacePolicy: Retain";
    assertThat(data(template.formatted(kept, "a"), template.formatted(kept, "b")))
        .containsExactly(
            "is replaced by an empty one, because of TableName; the old one stays, and no stack"
                + " manages it; it holds items");
  }

  @Test
  void whatMayBeReplacedIsSaid() {
    String template =
        "{T: {Type: 'AWS::DynamoDB::Table', Properties: {KeySchema: [{AttributeName: %s}]}}}";

    assertThat(data(template.formatted("a"), template.formatted("b")))
        .containsExactly(
            "may be replaced by an empty one, because of KeySchema[0].AttributeName; it holds"
                + " items");
  }

  @Test
  void whatIsNoLongerKeptIsSaid() {
    assertThat(
            lines(
                review(
                    "{B: {Type: 'AWS::S3::Bucket', DeletionPolicy: Retain}}",
                    "{B: {Type: 'AWS::S3::Bucket', DeletionPolicy: Delete}}"),
                Risk.DATA))
        .containsExactly("is no longer kept when it is removed; it holds objects: Retain → Delete");
    assertThat(
            data(
                "{B: {Type: 'AWS::S3::Bucket', DeletionPolicy: Delete}}",
                "{B: {Type: 'AWS::S3::Bucket', DeletionPolicy: Retain}}"))
        .isEmpty();
  }

  @Test
  void whatIsLostComesBeforeWhatStays() {
    assertThat(
            data(
                "{A: {Type: 'AWS::S3::Bucket', DeletionPolicy: Retain},"
                    + " B: {Type: 'AWS::DynamoDB::Table'}}",
                "{}"))
        .containsExactly(
            "is removed: it is deleted; it holds items",
            "is removed: it stays, and no stack manages it; it holds objects");
  }

  @Test
  void whatHoldsNothingIsNoRiskOfData() {
    Review review = review("{F: {Type: 'AWS::Lambda::Function'}}", "{}");

    assertThat(review.isDestructive()).isFalse();
    assertThat(lines(review, Risk.OTHER)).contains("is removed: nothing → nothing");
  }

  private static String policy(String statement) {
    return "{"
        + ROLE
        + ", P: {Type: 'AWS::IAM::Policy', Properties: {PolicyName: p, Roles: [{Ref: Role}],"
        + " PolicyDocument: {Statement: ["
        + statement
        + "]}}}}";
  }

  private static List<String> permissions(String base, String head) {
    return lines(review(policy(base), policy(head)), Risk.PERMISSIONS);
  }

  private static String allow(String action, String resource) {
    return "{Effect: Allow, Action: %s, Resource: '%s'}".formatted(action, resource);
  }

  @Test
  void aNewAction() {
    assertThat(
            permissions(
                allow("'s3:GetObject'", "arn:a/*"),
                allow("['s3:GetObject', 's3:PutObject']", "arn:a/*")))
        .containsExactly("may do more: nothing → s3:PutObject on arn:a/*");
  }

  @Test
  void aWiderAction() {
    assertThat(permissions(allow("'s3:GetObject'", "arn:a/*"), allow("'s3:Get*'", "arn:a/*")))
        .containsExactly("may do more: nothing → s3:Get* on arn:a/*");
  }

  @Test
  void aWiderResource() {
    assertThat(
            permissions(
                allow("'s3:GetObject'", "arn:a/models/*"), allow("'s3:GetObject'", "arn:a/*")))
        .containsExactly(
            "may do it on more resources: s3:GetObject on arn:a/models/* → s3:GetObject on"
                + " arn:a/*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'s3:Get*'", "'s3:*'", "'*'", "'S3:GETOBJECT'"})
  void whatAWildcardCoversIsNotNew(String action) {
    assertThat(permissions(allow(action, "*"), allow("'s3:GetObject'", "arn:a/*"))).isEmpty();
  }

  @Test
  void aDroppedCondition() {
    String with =
        "{Effect: Allow, Action: 's3:GetObject', Resource: '*', Condition: {StringEquals: {a: b}}}";

    assertThat(permissions(with, allow("'s3:GetObject'", "*")))
        .containsExactly(
            "may do it under another condition: s3:GetObject on * if StringEquals a = b →"
                + " s3:GetObject on *");
    assertThat(permissions(allow("'s3:GetObject'", "*"), with)).isEmpty();
  }

  @Test
  void aDroppedDenial() {
    String deny = "{Effect: Deny, Action: 's3:DeleteObject', Resource: '*'}";
    String allow = allow("'s3:GetObject'", "*");

    assertThat(permissions(deny + "," + allow, allow))
        .containsExactly("no longer denies: deny s3:DeleteObject on * → nothing");
    assertThat(permissions(allow, deny + "," + allow)).isEmpty();
  }

  @Test
  void whatIsAllowedNoMoreIsNoRisk() {
    Review review =
        review(
            policy(allow("['s3:GetObject', 's3:PutObject']", "*")),
            policy(allow("'s3:GetObject'", "*")));

    assertThat(review.isBroadening()).isFalse();
    assertThat(lines(review, Risk.OTHER)).contains("no longer allows: s3:PutObject on * → nothing");
  }

  @Test
  void aNewPrincipalOfAResource() {
    String queue =
        "{Q: {Type: 'AWS::SQS::Queue'}, P: {Type: 'AWS::SQS::QueuePolicy', Properties: {Queues:"
            + " [{Ref: Q}], PolicyDocument: {Statement: [{Effect: Allow, Action: 'sqs:SendMessage',"
            + " Resource: '*', Principal: %s}]}}}}";

    assertThat(
            lines(
                review(
                    queue.formatted("{AWS: '123456789012'}"),
                    queue.formatted("{AWS: ['123456789012', '210987654321']}")),
                Risk.PERMISSIONS))
        .containsExactly("lets in AWS 210987654321: nothing → sqs:SendMessage");
    assertThat(
            lines(
                review(queue.formatted("'*'"), queue.formatted("{AWS: '123456789012'}")),
                Risk.PERMISSIONS))
        .isEmpty();
  }

  @Test
  void aBoundaryThatGoes() {
    String role =
        "{R: {Type: 'AWS::IAM::Role', Properties: {%s AssumeRolePolicyDocument: {Statement: []}}}}";

    assertThat(
            lines(
                review(role.formatted("PermissionsBoundary: 'arn:b',"), role.formatted("")),
                Risk.PERMISSIONS))
        .containsExactly("has no permissions boundary any more: arn:b → nothing");
  }

  @Test
  void aRenamedRoleHasNoNewPermissions() {
    String statement = allow("'s3:GetObject'", "*");

    assertThat(
            review(
                    policy(statement),
                    policy(statement).replace("Role:", "Job:").replace("Ref: Role", "Ref: Job"))
                .items(Risk.PERMISSIONS))
        .isEmpty();
  }

  @Test
  void anAcknowledgementThatIsNewIsTold() {
    String queue = "{Q: {Type: 'AWS::SQS::Queue' %s}}";
    Review review =
        review(
            queue.formatted(""),
            queue.formatted(
                ", Metadata: {'mlinfra::acknowledge': [{rule: 'mlinfra::tags.missing', reason:"
                    + " 'nothing here is billed to anybody'}]}"));

    assertThat(lines(review, Risk.FINDINGS))
        .anyMatch(it -> it.contains("is acknowledged: nothing here is billed to anybody"))
        .anyMatch(it -> it.contains("no longer breaks mlinfra::tags.missing"));
    assertThat(review.newErrors()).isEmpty();
  }

  @Test
  void findingsOfBothSidesAreNotNew() {
    String queue = "{Q: {Type: 'AWS::SQS::Queue', Properties: {DelaySeconds: %d}}}";
    Review review = review(queue.formatted(1), queue.formatted(2));

    assertThat(review.gate().errors()).isNotEmpty();
    assertThat(review.newErrors()).isEmpty();
    assertThat(review.items(Risk.FINDINGS)).isEmpty();
  }

  @Test
  void anEndpointThatGoesIsMissed() {
    assertThat(
            lines(
                review(
                    "{E: {Type: 'AWS::EC2::VPCEndpoint', Properties: {ServiceName:"
                        + " com.amazonaws.us-east-1.s3}}}",
                    "{}"),
                Risk.REACH))
        .containsExactly(
            "is removed: who used it needs another way: com.amazonaws.us-east-1.s3 → nothing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "AWS::EC2::Subnet      | MapPublicIpOnLaunch: false | MapPublicIpOnLaunch: true",
        "AWS::RDS::DBInstance  | PubliclyAccessible: false  | PubliclyAccessible: true",
        "AWS::ElasticLoadBalancingV2::LoadBalancer | Scheme: internal | Scheme: internet-facing",
      })
  void whatBecomesPublic(String type, String before, String after) {
    String template = "{R: {Type: '%s', Properties: {%s}}}";

    assertThat(
            lines(
                review(template.formatted(type, before), template.formatted(type, after)),
                Risk.REACH))
        .anyMatch(it -> it.startsWith("becomes public: "));
  }

  @Test
  void aNewRouteToTheInternet() {
    assertThat(
            lines(
                review(
                    "{}",
                    "{R: {Type: 'AWS::EC2::Route', Properties: {DestinationCidrBlock:"
                        + " 0.0.0.0/0}}}"),
                Risk.REACH))
        .containsExactly(
            "is a new route to the internet: nothing → {DestinationCidrBlock: 0.0.0.0/0}");
  }

  @Test
  void theSameChangeInManyPlacesIsOneItem() {
    String template =
        "{A: {Type: 'AWS::SQS::Queue', Properties: {DelaySeconds: %1$d}},"
            + " B: {Type: 'AWS::SQS::Queue', Properties: {DelaySeconds: %1$d}}}";
    Review review = review(template.formatted(1), template.formatted(2));

    assertThat(review.items(Risk.OTHER)).hasSize(1);
    assertThat(review.items(Risk.OTHER).get(0).places())
        .extracting(ReviewItem.Place::where)
        .containsExactly("t:A", "t:B");
  }

  @Test
  void aLimitThatWasBrokenBeforeIsNotNew() {
    String bucket = "{B: {Type: 'AWS::S3::Bucket', Properties: {BucketName: %s}}}";
    Reviewer reviewer =
        Reviewer.standard()
            .withUsages(Map.of("t", new Usage(1, 1, 100_000)))
            .withBudgets(Map.of("t", Defaults.of(Pattern.BATCH).budget()));
    Review review =
        reviewer.compare(template(bucket.formatted("a")), template(bucket.formatted("b")));

    assertThat(review.overBudget()).hasSize(1);
    assertThat(review.items(Risk.COST)).isEmpty();
  }

  @Test
  void aPreviewOfPulumiIsBelieved() {
    Model base =
        Models.parse(
            "state.yaml",
            """
            deployment: {resources: [
              {urn: 'urn:pulumi:gcp-dev::p::gcp:storage/bucket:Bucket::a', type: 'gcp:storage/bucket:Bucket',
               custom: true, protect: true, inputs: {location: US, name: a-1}},
              {urn: 'urn:pulumi:gcp-dev::p::gcp:storage/bucket:Bucket::b', type: 'gcp:storage/bucket:Bucket',
               custom: true, inputs: {location: US}}]}
            """);
    Model head =
        Models.parse(
            "preview.yaml",
            """
            steps:
              - {op: update, urn: x, newState: {urn: 'urn:pulumi:gcp-dev::p::gcp:storage/bucket:Bucket::a',
                 type: 'gcp:storage/bucket:Bucket', custom: true, protect: true,
                 inputs: {location: US, name: 04da6b54-80e4-46f7-96ec-b56ff0331ba9, x: 1}}}
              - {op: replace, urn: x, replaceReasons: [location], newState: {
                 urn: 'urn:pulumi:gcp-dev::p::gcp:storage/bucket:Bucket::b',
                 type: 'gcp:storage/bucket:Bucket', custom: true, inputs: {location: EU}}}
            """);

    assertThat(lines(Reviewer.standard().compare(base, head), Risk.DATA))
        .containsExactly(
            "is replaced by an empty one, because of location; the old one is deleted; it holds"
                + " objects: US → EU");
    assertThat(Comparison.of(base, head).changes().get(0).differences())
        .containsExactly(new Difference("x", "", "1"));
  }

  @Test
  void anAliasOfPulumiIsTheSameResource() {
    String state =
        """
        deployment: {resources: [{urn: 'urn:pulumi:s::p::gcp:storage/bucket:Bucket::%s', custom: true,
          type: 'gcp:storage/bucket:Bucket', inputs: {location: US} %s}]}
        """;
    Model base = Models.parse("a.yaml", state.formatted("old", ""));
    Model head =
        Models.parse(
            "b.yaml",
            state.formatted(
                "new", ", aliases: ['urn:pulumi:s::p::gcp:storage/bucket:Bucket::old']"));

    assertThat(Comparison.of(base, head).changes()).isEmpty();
  }

  @Test
  void anotherNameOfAStackIsAnotherStack() {
    Model base = Example.base();
    Model head = Models.read(Path.of("src/test/resources/base"));
    Model renamed =
        new Model(
            head.kind(),
            head.stacks().stream()
                .map(
                    stack ->
                        new Stack(
                            stack.id(),
                            stack.name().map(name -> name + "2"),
                            stack.account(),
                            stack.region(),
                            stack.nestedIn(),
                            stack.file(),
                            stack.transforms(),
                            stack.parameters(),
                            stack.mappings(),
                            stack.conditions(),
                            stack.resources(),
                            stack.outputs()))
                .toList(),
            head.gaps());

    assertThat(Reviewer.standard().compare(base, renamed).items(Risk.DATA))
        .hasSize(3)
        .allMatch(item -> item.what().startsWith("becomes another stack"));
  }
}
