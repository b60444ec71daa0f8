package dev.mlinfra.infra.runpod;

import static dev.mlinfra.testkit.TemplateAssertions.assertThatTemplate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.Environment;
import dev.mlinfra.core.EnvironmentLoader;
import dev.mlinfra.core.Usage;
import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.Estimator;
import dev.mlinfra.template.Model;
import dev.mlinfra.testkit.PulumiGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the stacks of the shipped environments hold, under review. */
class RunPodStackTest {
  private static final Path ENVIRONMENTS =
      Path.of(System.getProperty("mlinfra.root"), "environments");

  @TempDir Path folder;

  private static Model dev() {
    return graph("dev", ENVIRONMENTS).capture();
  }

  private static PulumiGraph graph(String environment, Path folder) {
    return PulumiGraph.of(
            context -> RunPodStack.define(context, Main.environment(folder, context.stackName())))
        .project("ml-agent")
        .stack("runpod-" + environment)
        .output(
            "mlinfra-runpod:index:Endpoint",
            "requestUrls",
            Map.of("run", "https://run.example.com", "runSync", "https://runsync.example.com"));
  }

  private Path environment(String runpod) throws IOException {
    Files.copy(ENVIRONMENTS.resolve("base.yaml"), folder.resolve("base.yaml"));
    Files.writeString(
        folder.resolve("test.yaml"),
        """
        schema: mlinfra/v1
        extends: base.yaml
        environment: test
        """
            + runpod);
    return folder;
  }

  @Test
  void isAsReviewed() {
    assertThatTemplate(dev()).matchesSnapshot("runpod-dev");
  }

  @Test
  void isTheSameInEveryRunAndLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr-TR"));
      assertThatTemplate(dev()).matchesSnapshot("runpod-dev");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void passesTheGateWithItsCostTags() {
    assertThatTemplate(dev()).passesGate().hasCostTags();
  }

  @Test
  void costsWhatItsEnvironmentAllows() {
    EnvironmentLoader loader = new EnvironmentLoader();
    Environment environment = loader.load(loader.file(ENVIRONMENTS, "dev"));
    Map<String, Usage> usages = Map.of("dev", environment.usage());

    List<Estimate> estimates = Estimator.standard().withUsages(usages).estimate(dev());

    assertThat(estimates).hasSize(1);
    Estimate estimate = estimates.get(0);
    System.out.printf(
        "runpod-dev: expected %s, at most %s a month%n", estimate.expected(), estimate.worst());
    assertThat(estimate.environment()).isEqualTo("dev");
    assertThat(estimate.notPriced()).isEmpty();
    assertThat(estimate.expected().high()).isBetween(7.0, environment.budget().monthlyUsd());
    assertThat(estimate.worst().high()).isLessThan(environment.budget().worstCaseMonthlyUsd());
    assertThat(estimate.unbounded()).isEmpty();
  }

  @Test
  void trainsWhereTheVolumeIs() throws IOException {
    Path environments =
        environment(
            """
            runpod:
              dataCenter: EU-RO-1
              endpoint:
                image: registry.example.com/worker:1
                secrets: { MODEL_KEY: model-key }
              training:
                image: registry.example.com/training:1
                command: python3 train.py
                dataGb: 0.05
                maxLifetime: PT1H
            """);

    Model model = graph("test", environments).capture();

    assertThatTemplate(model)
        .hasProperty("mlinfra-runpod:index:Pod", "mounts.network.path", "/workspace")
        .hasProperty("mlinfra-runpod:index:Pod", "env.GUARD_MAX_SECONDS", "3600")
        .hasProperty("mlinfra-runpod:index:Pod", "env.TAG_WORKLOAD", "training")
        .hasProperty(
            "mlinfra-runpod:index:Endpoint", "env.MODEL_KEY", "{{ RUNPOD_SECRET_model-key }}")
        .passesGate();
  }

  @Test
  void theCommunityCloudTrainsWithoutTheVolume() throws IOException {
    Path environments =
        environment(
            """
            runpod:
              dataCenter: EU-RO-1
              endpoint: { image: "registry.example.com/worker:1" }
              training:
                image: registry.example.com/training:1
                command: python3 train.py
                dataGb: 0.05
                cloud: community
            """);

    assertThatTemplate(graph("test", environments).capture())
        .hasProperty("mlinfra-runpod:index:Pod", "cloud", "COMMUNITY");
  }

  @Test
  void saysWhatIsMissing() {
    assertThatThrownBy(() -> graph("prod", ENVIRONMENTS).capture())
        .hasMessageContaining(
            "runpod: is missing; allowed: a section that says what is deployed on RunPod");
    assertThatThrownBy(() -> graph("moon", ENVIRONMENTS).capture()).hasMessageContaining("moon");
  }
}
