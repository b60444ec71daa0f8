package dev.mlinfra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.template.Models;
import dev.mlinfra.template.Resource;
import dev.mlinfra.tests.TrainingEnvironments;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Networks, jobs, tasks and secrets on the embedded AWS: deployed by the real CDK CLI, read back
 * through their services, changed, and deployed again without a change.
 */
class TrainingDeploymentIT {
  /** Its role is bounded by tags of machines, which the emulator cannot decide. */
  private static final String DRILL = "interruptionDrill: true";

  private static final String NO_DRILL = "interruptionDrill: false";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"public-ip", "nat", "endpoints"})
  void isDeployedChangedAndDeployedAgain(String egress) {
    Path assembly =
        TrainingEnvironments.synthesised(
            TrainingEnvironments.changed(egress, text -> text.replace(DRILL, NO_DRILL)));
    try (LocalTraining training = LocalTraining.of(assembly, folder)) {
      Map<String, JsonNode> made = training.readBack();
      everyResourceOfTheTemplatesIsThere(assembly, made);
      says(egress, made);

      Path changed =
          TrainingEnvironments.synthesised(
              TrainingEnvironments.changed(
                  egress,
                  text -> text.replace(DRILL, NO_DRILL).replace("maxVcpus: 64", "maxVcpus: 8")));
      training.deploy(changed);
      Map<String, JsonNode> after = training.readBack();
      String spot = only(made, "AWS::Batch::ComputeEnvironment", "Spot");
      // With the fallback, five jobs are three on spot and two on demand.
      assertThat(spot(made, spot).path("maxvCpus").asInt()).isEqualTo(24);
      assertThat(spot(after, spot).path("maxvCpus").asInt()).isEqualTo(8);
      assertThat(after.get(spot).path("id")).isEqualTo(made.get(spot).path("id"));
      assertThat(after.keySet()).isEqualTo(made.keySet());

      assertThat(training.deploy(changed)).contains("(no changes)");
      assertThat(ids(training.readBack())).isEqualTo(ids(after));
      System.out.println("Not checked on the embedded AWS (" + egress + "):");
      training
          .aws()
          .notChecked()
          .forEach(one -> System.out.println("  " + one.what() + ": " + one.reason()));
    }
  }

  private static void everyResourceOfTheTemplatesIsThere(
      Path assembly, Map<String, JsonNode> made) {
    List<Resource> wanted =
        Models.read(assembly).stacks().stream()
            .filter(stack -> List.of("dev/Network", "dev/Training").contains(stack.id()))
            .flatMap(stack -> stack.resources().values().stream())
            .toList();

    assertThat(made).hasSameSizeAs(wanted);
    assertThat(made.values())
        .extracting(one -> one.path("type").asString())
        .containsExactlyInAnyOrderElementsOf(wanted.stream().map(Resource::type).toList());
  }

  private static void says(String egress, Map<String, JsonNode> made) {
    assertThat(shown(made, "AWS::EC2::NatGateway")).hasSize(egress.equals("nat") ? 1 : 0);
    assertThat(shown(made, "AWS::EC2::VPCEndpoint"))
        .hasSize(egress.equals("endpoints") ? 1 + 8 : 1);
    assertThat(shown(made, "AWS::EC2::Subnet"))
        .extracting(it -> it.path("MapPublicIpOnLaunch").asBoolean())
        .contains(egress.equals("public-ip"));
    JsonNode schedule = shown(made, "AWS::Scheduler::Schedule").get(0);
    assertThat(schedule.path("ScheduleExpressionTimezone").asString()).isEqualTo("Europe/Berlin");
    assertThat(
            schedule
                .at("/Target/EcsParameters/NetworkConfiguration/awsvpcConfiguration/AssignPublicIp")
                .asString())
        .isEqualTo(egress.equals("public-ip") ? "ENABLED" : "DISABLED");
    assertThat(shown(made, "AWS::Batch::JobDefinition").get(0).at("/retryStrategy/attempts"))
        .hasToString("3");
    assertThat(shown(made, "AWS::ECS::TaskDefinition")).hasSize(2);
    assertThat(shown(made, "AWS::SecretsManager::Secret")).hasSize(1);
  }

  private static JsonNode spot(Map<String, JsonNode> made, String name) {
    return made.get(name).at("/shown/computeResources");
  }

  private static String only(Map<String, JsonNode> made, String type, String part) {
    return made.keySet().stream()
        .filter(name -> made.get(name).path("type").asString().equals(type))
        .filter(name -> name.contains(part))
        .findFirst()
        .orElseThrow();
  }

  private static List<JsonNode> shown(Map<String, JsonNode> made, String type) {
    return made.values().stream()
        .filter(one -> one.path("type").asString().equals(type))
        .map(one -> one.path("shown"))
        .toList();
  }

  private static Map<String, String> ids(Map<String, JsonNode> made) {
    Map<String, String> ids = new TreeMap<>();
    made.forEach((name, one) -> ids.put(name, one.path("id").asString()));
    return ids;
  }
}
