package dev.mlinfra.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.ValidationException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.services.ecr.Repository;
import software.amazon.awscdk.services.ecs.CfnCluster;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.Role;

class ImagePipelineRoleTest {
  private static final String PROVIDER =
      "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";

  private final TestStack stack = new TestStack();

  @Test
  void pushesOneRepositoryAndRunsOneFamilyOnOneCluster() {
    ImagePipelineRole pipeline = role(props -> props);

    String cluster = stack.resources("AWS::ECS::Cluster").keySet().iterator().next();
    assertThat(stack.statements())
        .isEqualTo(
            TestStack.json(
                """
                [
                  {
                    "Effect": "Allow",
                    "Action": [
                      "ecr:BatchCheckLayerAvailability",
                      "ecr:BatchGetImage",
                      "ecr:CompleteLayerUpload",
                      "ecr:InitiateLayerUpload",
                      "ecr:PutImage",
                      "ecr:UploadLayerPart"
                    ],
                    "Resource": "arn:aws:ecr:us-east-1:123456789012:repository/ml-agent/btc"
                  },
                  {
                    "Sid": "SignInToRegistry",
                    "Effect": "Allow",
                    "Action": "ecr:GetAuthorizationToken",
                    "Resource": "*"
                  },
                  {
                    "Sid": "ReadScans",
                    "Effect": "Allow",
                    "Action": "ecr:DescribeImageScanFindings",
                    "Resource": "arn:aws:ecr:us-east-1:123456789012:repository/ml-agent/btc"
                  },
                  {
                    "Sid": "RegisterTasks",
                    "Effect": "Allow",
                    "Action": "ecs:RegisterTaskDefinition",
                    "Resource": "arn:aws:ecs:us-east-1:123456789012:task-definition/btc:*"
                  },
                  {
                    "Sid": "RunTasks",
                    "Effect": "Allow",
                    "Action": "ecs:RunTask",
                    "Resource": "arn:aws:ecs:us-east-1:123456789012:task-definition/btc:*",
                    "Condition": {"ArnEquals": {"ecs:cluster": "CLUSTER"}}
                  },
                  {
                    "Sid": "WatchTasks",
                    "Effect": "Allow",
                    "Action": "ecs:DescribeTasks",
                    "Resource": "arn:aws:ecs:us-east-1:123456789012:task/CLUSTER/*"
                  },
                  {
                    "Sid": "TagTasks",
                    "Effect": "Allow",
                    "Action": "ecs:TagResource",
                    "Resource": [
                      "arn:aws:ecs:us-east-1:123456789012:task-definition/btc:*",
                      "arn:aws:ecs:us-east-1:123456789012:task/CLUSTER/*"
                    ],
                    "Condition": {
                      "StringEquals": {"ecs:CreateAction": ["RegisterTaskDefinition", "RunTask"]}
                    }
                  },
                  {
                    "Sid": "PassTaskRoles",
                    "Effect": "Allow",
                    "Action": "iam:PassRole",
                    "Resource": [
                      "arn:aws:iam::123456789012:role/btc-execution",
                      "arn:aws:iam::123456789012:role/btc-task"
                    ],
                    "Condition": {
                      "StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}
                    }
                  }
                ]
                """
                    .replace("CLUSTER", cluster)));
    assertThat(stack.warnings()).isEmpty();
    assertThat(pipeline.getRole()).isNotNull();
  }

  @Test
  void recordsTheImageReadsTheLogAndPutsOneObjectWhereAsked() {
    role(
        props ->
            props
                .imageParameter("/mlinfra/ml-agent/dev/images/btc")
                .logGroup("/ecs/btc")
                .dataObject("my-bucket/datasets/prices.csv"));

    assertThat(stack.statements().valueStream().skip(8).toList())
        .isEqualTo(
            TestStack.json(
                    """
                    [
                      {
                        "Sid": "RecordImage",
                        "Effect": "Allow",
                        "Action": [
                          "ssm:GetParameter", "ssm:GetParameterHistory", "ssm:PutParameter"
                        ],
                        "Resource": "arn:aws:ssm:us-east-1:123456789012:parameter/mlinfra/ml-agent/dev/images/btc"
                      },
                      {
                        "Sid": "ReadLog",
                        "Effect": "Allow",
                        "Action": "logs:GetLogEvents",
                        "Resource": "arn:aws:logs:us-east-1:123456789012:log-group:/ecs/btc:log-stream:*"
                      },
                      {
                        "Sid": "UploadData",
                        "Effect": "Allow",
                        "Action": "s3:PutObject",
                        "Resource": "arn:aws:s3:::my-bucket/datasets/prices.csv"
                      }
                    ]
                    """)
                .valueStream()
                .toList());
  }

  @Test
  void onlyRunsOfItsSubjectTakeItOn() {
    role(props -> props.roleName("btc-pipeline").rolePath("/ml/"));

    assertThat(stack.trust())
        .isEqualTo(
            TestStack.json(
                """
                [{
                  "Effect": "Allow",
                  "Action": "sts:AssumeRoleWithWebIdentity",
                  "Principal": {"Federated": "%s"},
                  "Condition": {
                    "StringEquals": {
                      "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                      "token.actions.githubusercontent.com:sub": "repo:acme/btc:ref:refs/heads/main"
                    }
                  }
                }]
                """
                    .formatted(PROVIDER)));
    assertThat(stack.properties("AWS::IAM::Role").path("RoleName").asString())
        .isEqualTo("btc-pipeline");
    assertThat(stack.properties("AWS::IAM::Role").path("Path").asString()).isEqualTo("/ml/");
    assertThat(stack.properties("AWS::IAM::Role").path("MaxSessionDuration").asInt())
        .isEqualTo(3600);
  }

  @Test
  void refusesEverythingThatIsWrongAtOnce() {
    assertThatThrownBy(
            () ->
                role(
                    props ->
                        props
                            .addSubjects(GitHubSubject.pullRequest("acme/btc"))
                            .taskFamily("btc*")
                            .imageParameter("/mlinfra/*")
                            .logGroup("/ecs/*")
                            .dataObject("my-bucket/*")
                            .roleName("a b")
                            .rolePath("ml")))
        .isInstanceOf(ValidationException.class)
        .hasMessageStartingWith("ImagePipelineRole 'Test/Pipeline' has 7 problems")
        .hasMessageContainingAll(
            "subjects: given 'repo:acme/btc:pull_request'",
            "taskFamily: given 'btc*'; allowed: 1 to 255 letters, digits, _ and -",
            "imageParameter: given '/mlinfra/*'; allowed: a name below /mlinfra/",
            "logGroup: given '/ecs/*'; allowed: 1 to 512 letters, digits and _ / . # -",
            "dataObject: given 'my-bucket/*'; allowed: bucket/key, without * ? $",
            "roleName: given 'a b'",
            "rolePath: given 'ml'");
  }

  private ImagePipelineRole role(UnaryOperator<ImagePipelineRoleProps.Builder> change) {
    return new ImagePipelineRole(
        stack.scope(),
        "Pipeline",
        change
            .apply(
                ImagePipelineRoleProps.builder()
                    .provider(GitHubOidcProvider.fromExistingArn(PROVIDER))
                    .addSubjects(GitHubSubject.branch("acme/btc", "main"))
                    .repository(
                        ImageRepository.fromExisting(
                            Repository.fromRepositoryName(
                                stack.scope(), "Repository", "ml-agent/btc")))
                    .cluster(CfnCluster.Builder.create(stack.scope(), "Cluster").build())
                    .taskFamily("btc")
                    .taskRole(existing("btc-task"))
                    .executionRole(existing("btc-execution")))
            .build());
  }

  private IRole existing(String name) {
    return Role.fromRoleName(stack.scope(), name, name);
  }
}
