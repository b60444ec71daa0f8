package dev.mlinfra.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.core.CostTags;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TrainingRoleTest {
  private final TestStack stack = new TestStack();
  private final TrainingRole training =
      new TrainingRole(
          stack.scope(),
          "Training",
          TrainingRoleProps.builder()
              .data(new MlDataBucket(stack.scope(), "Data"))
              .rolePath("/ml/")
              .build());

  @Test
  void readsDatasetsAndWritesModelsAndNothingElse() {
    String bucket = stack.resources("AWS::S3::Bucket").keySet().iterator().next();
    assertThat(stack.grants())
        .containsExactly(
            "s3:GetObject on " + bucket + "/datasets/*", "s3:PutObject on " + bucket + "/models/*");
    assertThat(stack.properties("AWS::IAM::Role").path("Path").asString()).isEqualTo("/ml/");
    assertThat(training.getRole()).isNotNull();
  }

  @Test
  void onlyTasksOfThisAccountTakeItOn() {
    JsonNode trust = stack.properties("AWS::IAM::Role").at("/AssumeRolePolicyDocument/Statement");
    assertThat(trust).hasSize(1);
    assertThat(trust.at("/0/Principal/Service").asString()).isEqualTo("ecs-tasks.amazonaws.com");
    assertThat(trust.at("/0/Condition/StringEquals/aws:SourceAccount").asString())
        .isEqualTo("123456789012");
    assertThat(trust.at("/0/Condition/ArnLike/aws:SourceArn").asString())
        .isEqualTo("arn:aws:ecs:us-east-1:123456789012:*");
  }

  @Test
  void costTagsReachEverythingInTheScope() {
    AwsCostTags.of(
            new CostTags("p1", "dev", "team", "cc", "training", Map.of("data-class", "internal")))
        .applyTo(stack.scope());

    assertThat(stack.properties("AWS::IAM::Role").path("Tags"))
        .extracting(tag -> tag.path("Key").asString() + "=" + tag.path("Value").asString())
        .containsExactly(
            "cost-center=cc",
            "data-class=internal",
            "environment=dev",
            "managed-by=mlinfra",
            "owner=team",
            "project=p1",
            "workload=training");
    assertThat(stack.properties("AWS::S3::Bucket").path("Tags")).hasSize(7);
  }
}
