package dev.mlinfra.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlinfra.tests.TrainingEnvironments;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code plan} says of a nightly task and of a fleet: expected, at most, and for each job. */
class TrainingPlanTest {
  private static final String ROOT = System.getProperty("mlinfra.root");

  @TempDir private static Path project;

  private static final Map<String, JsonNode> PLANS = new TreeMap<>();

  @BeforeAll
  static void plan() throws IOException {
    Path folder = Files.createDirectories(project.resolve("environments"));
    for (String name : List.of("pipeline.yaml", "fleet.yaml")) {
      Files.copy(Path.of("src/test/resources/training", name), folder.resolve(name));
    }
    Files.createFile(project.resolve("cdk.json"));
    Path assembly = TrainingEnvironments.synthesised(project);
    System.setProperty("mlinfra.root", project.toString());
    JsonMapper.shared()
        .readTree(run("--output", "json", "--assembly", assembly.toString()))
        .path("environments")
        .forEach(plan -> PLANS.put(plan.path("environment").asString(), plan));
    System.out.println(
        run("--env", "pipeline", "--env", "fleet", "--assembly", assembly.toString())
            .replaceAll("(?s)\n(Permissions|Resources):.*?\n\n", "\n"));
  }

  @AfterAll
  static void backToTheProject() {
    System.setProperty("mlinfra.root", ROOT);
  }

  private static String run(String... options) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> command = new ArrayList<>(List.of("plan"));
    command.addAll(List.of(options));
    int exitCode =
        Mlinfra.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(command.toArray(String[]::new));
    assertThat(exitCode).as("%s%n%s", out, err).isZero();
    return out.toString();
  }

  @Test
  void aNightlyTaskCostsQuartersOfADollar() {
    JsonNode cost = PLANS.get("pipeline").path("cost");

    // 30.4 nights x 10 minutes x (1 vCPU at 0.04048 + 2 GB at 0.004445)
    assertThat(line(cost, "Fargate").at("/expected/usd/high").asDouble())
        .isCloseTo(730 / 24.0 / 6 * 0.04937, within(1e-3));
    // Each night until the deadline of an hour.
    assertThat(line(cost, "Fargate").at("/worst/usd/high").asDouble())
        .isCloseTo(730 / 24.0 * 0.04937, within(1e-2));
    assertThat(cost.at("/expectedUsd/high").asDouble()).isLessThan(2);
    assertThat(job(cost, "nightly-pipeline").at("/usd/high").asDouble())
        .isCloseTo(0.04937, within(1e-3));
  }

  @Test
  void aJobOfTheFleetCanCostNoMoreThanItsBudget() {
    JsonNode cost = PLANS.get("fleet").path("cost");

    // 3 attempts x 2 h x 1.624 USD for a g5.4xlarge on demand
    assertThat(job(cost, "training").at("/usd/high").asDouble()).isCloseTo(9.744, within(1e-3));
    assertThat(cost.at("/expectedUsd/high").asDouble()).isBetween(5.0, 60.0);
    assertThat(cost.at("/worstUsd/high").asDouble())
        .isGreaterThan(cost.at("/expectedUsd/high").asDouble());
  }

  @Test
  void eachIsPricedWithEachWayOut() {
    PLANS.forEach(
        (name, plan) ->
            assertThat(plan.path("egress").findValuesAsString("egress"))
                .hasSize(name.startsWith("account") ? 0 : 3));
    JsonNode egress = PLANS.get("pipeline").path("egress");
    assertThat(egress.at("/0/expectedUsd/high").asDouble())
        .isLessThan(egress.at("/1/expectedUsd/high").asDouble());
    assertThat(egress.at("/1/expectedUsd/high").asDouble())
        .isLessThan(egress.at("/2/expectedUsd/high").asDouble());
  }

  private static JsonNode line(JsonNode cost, String what) {
    return find(cost.path("lines"), "what", what);
  }

  private static JsonNode job(JsonNode cost, String workload) {
    return find(cost.path("jobs"), "workload", workload);
  }

  private static JsonNode find(JsonNode list, String key, String value) {
    for (JsonNode one : list) {
      if (one.path(key).asString().equals(value)) {
        return one;
      }
    }
    throw new AssertionError("no " + value + " in " + list);
  }
}
