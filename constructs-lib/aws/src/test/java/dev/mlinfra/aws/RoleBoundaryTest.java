package dev.mlinfra.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.aws.internal.Arns;
import dev.mlinfra.aws.internal.BoundaryPolicy;
import dev.mlinfra.core.ValidationException;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.iam.PermissionsBoundary;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RoleBoundaryTest {
  /** The quota of a managed policy; white space does not count. */
  private static final int MOST_CHARACTERS = 6144;

  private final TestStack stack = new TestStack();

  @Nested
  class ForWorkloads {

    @Test
    void namesWhatTheyMayDoInTheirOwnAccount() {
      RoleBoundary boundary = boundary(RolePurpose.WORKLOADS);

      assertThat(TestStack.shown(stack.properties("AWS::IAM::ManagedPolicy")))
          .isEqualTo(
              TestStack.json(
                  """
                  {
                    "Description": "The most that workloads may do",
                    "ManagedPolicyName": "bounds",
                    "Path": "/",
                    "PolicyDocument": {
                      "Version": "2012-10-17",
                      "Statement": [
                        {
                          "Sid": "OwnData",
                          "Effect": "Allow",
                          "Action": [
                            "kms:Decrypt",
                            "kms:GenerateDataKey",
                            "s3:AbortMultipartUpload",
                            "s3:GetObject",
                            "s3:GetObjectVersion",
                            "s3:ListBucket",
                            "s3:ListMultipartUploadParts",
                            "s3:PutObject",
                            "sqs:SendMessage"
                          ],
                          "Resource": [
                            "arn:aws:kms:*:123456789012:key/*",
                            "arn:aws:s3:::*",
                            "arn:aws:sqs:*:123456789012:*"
                          ],
                          "Condition": {"StringEquals": {"aws:ResourceAccount": "123456789012"}}
                        },
                        {
                          "Sid": "Logs",
                          "Effect": "Allow",
                          "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                          "Resource": ["arn:aws:logs:*:123456789012:log-group:*"]
                        },
                        {
                          "Sid": "Functions",
                          "Effect": "Allow",
                          "Action": ["lambda:InvokeFunction"],
                          "Resource": ["arn:aws:lambda:*:123456789012:function:*"]
                        },
                        {
                          "Sid": "Runs",
                          "Effect": "Allow",
                          "Action": [
                            "states:DescribeExecution",
                            "states:StartExecution",
                            "states:StopExecution"
                          ],
                          "Resource": [
                            "arn:aws:states:*:123456789012:execution:*",
                            "arn:aws:states:*:123456789012:stateMachine:*"
                          ]
                        },
                        {
                          "Sid": "Images",
                          "Effect": "Allow",
                          "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                          "Resource": ["arn:aws:ecr:*:123456789012:repository/*"]
                        },
                        {
                          "Sid": "Secrets",
                          "Effect": "Allow",
                          "Action": [
                            "secretsmanager:GetSecretValue",
                            "ssm:GetParameters"
                          ],
                          "Resource": [
                            "arn:aws:secretsmanager:*:123456789012:secret:*",
                            "arn:aws:ssm:*:123456789012:parameter/*"
                          ]
                        },
                        {
                          "Sid": "Tasks",
                          "Effect": "Allow",
                          "Action": [
                            "ecs:RunTask",
                            "ecs:TagResource"
                          ],
                          "Resource": [
                            "arn:aws:ecs:*:123456789012:task/*",
                            "arn:aws:ecs:*:123456789012:task-definition/*"
                          ]
                        },
                        {
                          "Sid": "TaskRoles",
                          "Effect": "Allow",
                          "Action": [
                            "iam:PassRole"
                          ],
                          "Resource": [
                            "arn:aws:iam::123456789012:role/*"
                          ],
                          "Condition": {
                            "StringEquals": {
                              "iam:PassedToService": "ecs-tasks.amazonaws.com"
                            }
                          }
                        },
                        {
                          "Sid": "Jobs",
                          "Effect": "Allow",
                          "Action": [
                            "batch:SubmitJob"
                          ],
                          "Resource": [
                            "arn:aws:batch:*:123456789012:job-definition/*",
                            "arn:aws:batch:*:123456789012:job-queue/*"
                          ]
                        },
                        {
                          "Sid": "Machines",
                          "Effect": "Allow",
                          "Action": [
                            "ecs:DeregisterContainerInstance",
                            "ecs:Poll",
                            "ecs:RegisterContainerInstance",
                            "ecs:StartTelemetrySession",
                            "ecs:SubmitAttachmentStateChanges",
                            "ecs:SubmitContainerStateChange",
                            "ecs:SubmitTaskStateChange",
                            "ecs:UpdateContainerInstancesState"
                          ],
                          "Resource": [
                            "arn:aws:ecs:*:123456789012:cluster/*",
                            "arn:aws:ecs:*:123456789012:container-instance/*"
                          ]
                        },
                        {
                          "Sid": "Drill",
                          "Effect": "Allow",
                          "Action": [
                            "ec2:SendSpotInstanceInterruptions"
                          ],
                          "Resource": [
                            "arn:aws:ec2:*:123456789012:instance/*"
                          ]
                        },
                        {
                          "Sid": "NetworkInterfaces",
                          "Effect": "Allow",
                          "Action": [
                            "ec2:AssignPrivateIpAddresses",
                            "ec2:CreateNetworkInterface",
                            "ec2:DeleteNetworkInterface",
                            "ec2:UnassignPrivateIpAddresses"
                          ],
                          "Resource": ["arn:aws:ec2:*:123456789012:*/*"]
                        },
                        {
                          "Sid": "KnowNoResource",
                          "Effect": "Allow",
                          "Action": [
                            "batch:DescribeJobs",
                            "cloudwatch:PutMetricData",
                            "ec2:DescribeInstances",
                            "ec2:DescribeNetworkInterfaces",
                            "ec2:DescribeSubnets",
                            "ecr:GetAuthorizationToken",
                            "ecs:DiscoverPollEndpoint",
                            "logs:CreateLogDelivery",
                            "logs:DeleteLogDelivery",
                            "logs:DescribeLogGroups",
                            "logs:DescribeResourcePolicies",
                            "logs:GetLogDelivery",
                            "logs:ListLogDeliveries",
                            "logs:PutResourcePolicy",
                            "logs:UpdateLogDelivery",
                            "xray:GetSamplingRules",
                            "xray:GetSamplingTargets",
                            "xray:PutTelemetryRecords",
                            "xray:PutTraceSegments"
                          ],
                          "Resource": ["*"]
                        }
                      ]
                    }
                  }
                  """));
      assertThat(stack.warnings()).isEmpty();
      assertThat(boundary.getPolicy()).isNotNull();
    }

    @Test
    void holdsEveryActionThatIsGrantedAndNoOther() {
      EveryConstruct.workloads(stack.scope());

      assertThat(stack.actions()).isEqualTo(BoundaryPolicy.actions(RolePurpose.WORKLOADS, false));
    }

    @Test
    void letsBucketsBeEmptiedWhenAsked() {
      new RoleBoundary(
          stack.scope(),
          "Boundary",
          RoleBoundaryProps.builder()
              .policyName("bounds")
              .purpose(RolePurpose.WORKLOADS)
              .dataDeletion(true)
              .build());

      JsonNode statements =
          TestStack.shown(
              stack.properties("AWS::IAM::ManagedPolicy").at("/PolicyDocument/Statement"));
      assertThat(statements.path(13))
          .isEqualTo(
              TestStack.json(
                  """
                  {
                    "Sid": "EmptyBuckets",
                    "Effect": "Allow",
                    "Action": [
                      "s3:DeleteObject",
                      "s3:DeleteObjectVersion",
                      "s3:GetBucketPolicy",
                      "s3:GetBucketTagging",
                      "s3:ListBucketVersions",
                      "s3:PutBucketPolicy"
                    ],
                    "Resource": ["arn:aws:s3:::*"],
                    "Condition": {"StringEquals": {"aws:ResourceAccount": "123456789012"}}
                  }
                  """));
      assertThat(statements.path(14))
          .isEqualTo(
              TestStack.json(
                  """
                  {
                    "Sid": "LogGroups",
                    "Effect": "Allow",
                    "Action": ["logs:CreateLogGroup"],
                    "Resource": ["arn:aws:logs:*:123456789012:log-group:/aws/lambda/*"]
                  }
                  """));
      assertThat(stack.warnings())
          .singleElement()
          .asString()
          .contains("delete every version of data", "mlinfra::roleBoundary.dataDeletion");
    }

    /** The CDK grants its function these actions in the bucket's policy, as patterns. */
    @Test
    void deletesOnlyByWhatTheCdkGrantsItsFunction() {
      TestStack emptied = new TestStack(Map.of("mlinfra:allowDataLoss", true));
      new MlDataBucket(
          emptied.scope(),
          "Data",
          MlDataBucketProps.builder().removalPolicy(RemovalPolicy.DESTROY).build());
      List<Pattern> granted =
          emptied
              .properties("AWS::S3::BucketPolicy")
              .at("/PolicyDocument/Statement")
              .valueStream()
              .filter(statement -> statement.path("Effect").asString().equals("Allow"))
              .flatMap(statement -> TestStack.texts(statement.path("Action")).stream())
              .map(action -> Pattern.compile(action.replace("*", ".*")))
              .toList();
      SortedSet<String> deletion =
          new TreeSet<>(BoundaryPolicy.actions(RolePurpose.WORKLOADS, true));
      deletion.removeAll(BoundaryPolicy.actions(RolePurpose.WORKLOADS, false));
      deletion.remove("logs:CreateLogGroup");

      assertThat(granted).isNotEmpty();
      assertThat(deletion)
          .hasSize(6)
          .allSatisfy(
              action ->
                  assertThat(granted)
                      .as(action)
                      .anyMatch(pattern -> pattern.matcher(action).matches()));
    }
  }

  @Nested
  class ForAccess {

    @Test
    void namesWhatTheyMayDo() {
      boundary(RolePurpose.ACCESS);

      assertThat(
              TestStack.shown(
                  stack.properties("AWS::IAM::ManagedPolicy").at("/PolicyDocument/Statement")))
          .isEqualTo(
              TestStack.json(
                  """
                  [
                    {
                      "Sid": "BootstrapRoles",
                      "Effect": "Allow",
                      "Action": ["sts:AssumeRole"],
                      "Resource": ["arn:aws:iam::*:role/cdk-*"]
                    },
                    {
                      "Sid": "Stacks",
                      "Effect": "Allow",
                      "Action": [
                        "cloudformation:DescribeStackEvents",
                        "cloudformation:DescribeStackResources",
                        "cloudformation:DescribeStacks",
                        "cloudformation:GetTemplate",
                        "cloudformation:ListStackResources"
                      ],
                      "Resource": ["arn:aws:cloudformation:*:123456789012:stack/*"]
                    },
                    {
                      "Sid": "OwnData",
                      "Effect": "Allow",
                      "Action": [
                        "kms:Decrypt",
                        "kms:Encrypt",
                        "kms:GenerateDataKey",
                        "s3:DeleteObject",
                        "s3:GetObject",
                        "s3:GetObjectVersion",
                        "s3:ListBucket",
                        "s3:PutObject"
                      ],
                      "Resource": ["arn:aws:kms:*:123456789012:key/*", "arn:aws:s3:::*"],
                      "Condition": {"StringEquals": {"aws:ResourceAccount": "123456789012"}}
                    },
                    {
                      "Sid": "Functions",
                      "Effect": "Allow",
                      "Action": ["lambda:InvokeFunction"],
                      "Resource": ["arn:aws:lambda:*:123456789012:function:*"]
                    },
                    {
                      "Sid": "Logs",
                      "Effect": "Allow",
                      "Action": [
                        "logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents"
                      ],
                      "Resource": ["arn:aws:logs:*:123456789012:log-group:*"]
                    },
                    {
                      "Sid": "Parameters",
                      "Effect": "Allow",
                      "Action": [
                        "ssm:GetParameter",
                        "ssm:GetParameterHistory",
                        "ssm:GetParameters",
                        "ssm:GetParametersByPath",
                        "ssm:PutParameter"
                      ],
                      "Resource": ["arn:aws:ssm:*:123456789012:parameter/mlinfra/*"]
                    },
                    {
                      "Sid": "Images",
                      "Effect": "Allow",
                      "Action": [
                        "ecr:BatchCheckLayerAvailability",
                        "ecr:BatchGetImage",
                        "ecr:CompleteLayerUpload",
                        "ecr:DescribeImageScanFindings",
                        "ecr:InitiateLayerUpload",
                        "ecr:PutImage",
                        "ecr:UploadLayerPart"
                      ],
                      "Resource": ["arn:aws:ecr:*:123456789012:repository/*"]
                    },
                    {
                      "Sid": "Tasks",
                      "Effect": "Allow",
                      "Action": [
                        "ecs:DescribeTasks",
                        "ecs:RegisterTaskDefinition",
                        "ecs:RunTask",
                        "ecs:StopTask",
                        "ecs:TagResource"
                      ],
                      "Resource": [
                        "arn:aws:ecs:*:123456789012:task/*",
                        "arn:aws:ecs:*:123456789012:task-definition/*"
                      ]
                    },
                    {
                      "Sid": "TaskRoles",
                      "Effect": "Allow",
                      "Action": ["iam:PassRole"],
                      "Resource": ["arn:aws:iam::123456789012:role/*"],
                      "Condition": {
                        "StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}
                      }
                    },
                    {
                      "Sid": "Jobs",
                      "Effect": "Allow",
                      "Action": [
                        "batch:SubmitJob",
                        "batch:TerminateJob"
                      ],
                      "Resource": [
                        "arn:aws:batch:*:123456789012:job-definition/*",
                        "arn:aws:batch:*:123456789012:job-queue/*",
                        "arn:aws:batch:*:123456789012:job/*"
                      ]
                    },
                    {
                      "Sid": "KnowNoResource",
                      "Effect": "Allow",
                      "Action": ["batch:DescribeJobs", "ecr:GetAuthorizationToken"],
                      "Resource": ["*"]
                    }
                  ]
                  """));
    }

    @Test
    void holdsEveryActionThatIsGrantedAndNoOther() {
      EveryConstruct.access(stack.scope());

      assertThat(stack.actions()).isEqualTo(BoundaryPolicy.actions(RolePurpose.ACCESS, false));
    }
  }

  @Test
  void ofClustersHoldsEveryActionThatIsGrantedAndNoOther() {
    EveryConstruct.clusters(stack.scope());

    assertThat(stack.actions()).isEqualTo(BoundaryPolicy.actions(RolePurpose.CLUSTERS, false));
  }

  @ParameterizedTest
  @EnumSource
  void hasNoStarInActions(RolePurpose purpose) {
    assertThat(BoundaryPolicy.actions(purpose, true)).noneMatch(action -> action.contains("*"));
  }

  @ParameterizedTest
  @EnumSource
  void fitsTheQuota(RolePurpose purpose) {
    Arns longest = new Arns("aws-us-gov", "123456789012", List.of("*"));
    String text =
        JsonMapper.shared()
            .writeValueAsString(
                BoundaryPolicy.document(BoundaryPolicy.statements(purpose, longest, true)));

    assertThat(text).hasSizeLessThanOrEqualTo(MOST_CHARACTERS);
  }

  @Test
  void goesOnEveryRoleOfAScope() {
    RoleBoundary boundary = boundary(RolePurpose.WORKLOADS);
    task("Task");
    PermissionsBoundary.of(stack.scope()).apply(boundary.getPolicy());

    assertThat(TestStack.show(stack.properties("AWS::IAM::Role").path("PermissionsBoundary")))
        .isEqualTo(stack.resources("AWS::IAM::ManagedPolicy").keySet().iterator().next());
  }

  @Test
  void takesAPath() {
    new RoleBoundary(
        stack.scope(),
        "Boundary",
        RoleBoundaryProps.builder()
            .policyName("bounds")
            .purpose(RolePurpose.ACCESS)
            .path("/ml/")
            .build());

    assertThat(stack.properties("AWS::IAM::ManagedPolicy").path("Path").asString())
        .isEqualTo("/ml/");
  }

  @Test
  void refusesEverythingThatIsWrongAtOnce() {
    assertThatThrownBy(
            () ->
                new RoleBoundary(
                    stack.scope(),
                    "Boundary",
                    RoleBoundaryProps.builder()
                        .policyName("a b")
                        .purpose(RolePurpose.ACCESS)
                        .path("ml")
                        .dataDeletion(true)
                        .build()))
        .isInstanceOf(ValidationException.class)
        .hasMessageStartingWith("RoleBoundary 'Test/Boundary' has 3 problems")
        .hasMessageContainingAll(
            "policyName: given 'a b'; allowed: 1 to 128 letters, digits and + = , . @ _ -",
            "path: given 'ml'; allowed: / or a path between slashes, such as /ml/",
            "dataDeletion: given true together with purpose ACCESS;"
                + " allowed: true with purpose WORKLOADS;"
                + " fix: what empties a bucket is a workload");
  }

  private RoleBoundary boundary(RolePurpose purpose) {
    return new RoleBoundary(
        stack.scope(),
        "Boundary",
        RoleBoundaryProps.builder().policyName("bounds").purpose(purpose).build());
  }

  private Role task(String id) {
    return Role.Builder.create(stack.scope(), id)
        .assumedBy(new ServicePrincipal("ecs-tasks.amazonaws.com"))
        .build();
  }
}
