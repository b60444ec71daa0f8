package dev.mlinfra.tests;

import static dev.mlinfra.testkit.TemplateAssertions.assertThatTemplate;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.Grant;
import dev.mlinfra.policy.Permissions;
import org.junit.jupiter.api.Test;

/** Who may do what, in the environments of this repository. */
class PermissionsTest {
  private final Permissions permissions = Permissions.of(Synthesis.model());

  @Test
  void areAsReviewed() {
    assertThatTemplate(Synthesis.model()).hasPermissions("permissions");
  }

  @Test
  void haveNoStar() {
    assertThat(permissions.identity()).noneMatch(grant -> grant.action().contains("*"));
    assertThat(permissions.identity())
        .filteredOn(grant -> !isBoundary(grant))
        .isNotEmpty()
        .noneMatch(grant -> grant.resource().equals("*"));
  }

  /** A boundary grants nothing; it has to name what IAM knows by a star alone. */
  @Test
  void aBoundaryHasAStarOnlyForActionsThatKnowNoResource() {
    assertThat(permissions.identity())
        .filteredOn(PermissionsTest::isBoundary)
        .filteredOn(grant -> grant.resource().equals("*"))
        .extracting(Grant::action)
        .containsOnly(
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
            "xray:PutTraceSegments");
  }

  private static boolean isBoundary(Grant grant) {
    return grant
        .principal()
        .matches("whoever has account-[0-9]+/Access:(Workload|Access)Boundary.*");
  }

  @Test
  void comeFromNoManagedPolicy() {
    assertThat(permissions.identity()).extracting(Grant::action).doesNotContain("managed policy");
  }

  @Test
  void trustNamesAService() {
    assertThat(permissions.trust())
        .extracting(Grant::principal)
        .containsOnly("Service ecs-tasks.amazonaws.com", "Service lambda.amazonaws.com");
  }
}
