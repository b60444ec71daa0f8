package dev.mlinfra.policy.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class NeededServicesTest {

  @Test
  void aWorkloadAlwaysNeedsWhatItCannotStartWithout() {
    assertThat(NeededServices.of("ecs-instance", Set.of(), Set.of()))
        .containsExactly("ecs-agent", "ecs-telemetry", "ecs");
  }

  @Test
  void imagesOfEcrAreAlsoLayersInS3() {
    assertThat(NeededServices.of("fargate-task", Set.of("ecr-image"), Set.of()))
        .containsExactly("ecr.api", "ecr.dkr", "s3");
  }

  @Test
  void whatARoleIsAllowedIsNeeded() {
    assertThat(NeededServices.of("lambda-function", Set.of(), Set.of("s3:Get*", "S3:PutObject")))
        .containsExactly("s3");
    assertThat(NeededServices.of("lambda-function", Set.of(), Set.of("bedrock:InvokeModel", "a:B")))
        .containsExactly("bedrock-runtime");
  }

  @Test
  void whatTheServiceDoesItselfIsNot() {
    assertThat(
            NeededServices.of(
                "lambda-function",
                Set.of("awslogs"),
                Set.of("logs:PutLogEvents", "sqs:ReceiveMessage", "sqs:SendMessage")))
        .isEmpty();
  }

  @Test
  void anUnknownWorkloadNeedsNothing() {
    assertThat(NeededServices.of("spaceship", Set.of(), Set.of())).isEmpty();
  }
}
