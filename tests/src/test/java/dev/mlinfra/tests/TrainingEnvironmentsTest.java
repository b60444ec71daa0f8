package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlinfra.core.Environment;
import dev.mlinfra.core.Usage;
import dev.mlinfra.cost.EgressChoice;
import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.Estimator;
import dev.mlinfra.cost.JobExposure;
import dev.mlinfra.policy.Finding;
import dev.mlinfra.policy.Gate;
import dev.mlinfra.policy.Report;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Stack;
import dev.mlinfra.testkit.Snapshots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** dev, staging and prod with training jobs, tasks and secrets, by each way out of the network. */
class TrainingEnvironmentsTest {
  private static final List<String> ENVIRONMENTS = List.of("dev", "staging", "prod");

  private static final Pattern CAPITALS = Pattern.compile("[A-Z]{2,}(?:_[A-Z]+)+|FAMILY");

  private static final Snapshots SNAPSHOTS =
      Snapshots.in(Path.of("src", "test", "resources", "training", "snapshots"));

  @SuppressWarnings("unused") // named by the tests below
  private static final List<String> EGRESS = TrainingEnvironments.EGRESS;

  @ParameterizedTest
  @FieldSource("EGRESS")
  void everyEnvironmentHasItsNetworkAndPassesTheGate(String egress) {
    Map<String, dev.mlinfra.core.Pattern> patterns =
        TrainingEnvironments.environments(TrainingEnvironments.project(egress)).values().stream()
            .collect(Collectors.toMap(Environment::name, Environment::pattern));
    Model model = TrainingEnvironments.model(egress);

    Report report = Gate.standard().withPatterns(patterns).check(model);

    assertThat(model.stacks())
        .extracting(Stack::id)
        .contains(ENVIRONMENTS.stream().map(name -> name + "/Network").toArray(String[]::new))
        .contains(ENVIRONMENTS.stream().map(name -> name + "/Training").toArray(String[]::new));
    assertThat(report.findings()).extracting(Finding::toString).isEmpty();
  }

  @ParameterizedTest
  @FieldSource("EGRESS")
  void networksAreAsReviewed(String egress) {
    SNAPSHOTS.matches("Network-" + egress + ".json", text(egress, "dev/Network"));
  }

  /** Of what runs in the network, only tasks know whether they have an address. */
  @ParameterizedTest
  @FieldSource("EGRESS")
  void trainingIsAsReviewedWhicheverTheWayOut(String egress) {
    String text = text(egress, "dev/Training");
    String given = "\"AssignPublicIp\" : \"%s\"";

    assertThat(text).contains(given.formatted(egress.equals("public-ip") ? "ENABLED" : "DISABLED"));
    SNAPSHOTS.matches(
        "Training.json", text.replace(given.formatted("DISABLED"), given.formatted("ENABLED")));
  }

  private static String text(String egress, String stack) {
    Model model = TrainingEnvironments.model(egress);
    return Snapshots.text(model, model.stack(stack).orElseThrow());
  }

  @Test
  void theWayOutIsAllThatDiffers() {
    for (String name : ENVIRONMENTS) {
      assertThat(types("nat", name)).contains("AWS::EC2::NatGateway");
      assertThat(types("public-ip", name)).doesNotContain("AWS::EC2::NatGateway");
      assertThat(types("endpoints", name))
          .doesNotContain("AWS::EC2::NatGateway", "AWS::EC2::InternetGateway");
    }
  }

  /** What docs/how-to/training.md writes in capitals is given by an output, or by an answer. */
  @Test
  void documentedCommandsTakeOutputs() throws IOException {
    String document = Files.readString(Synthesis.ROOT.resolve("docs/how-to/training.md"));
    Set<String> answers = Set.of("JOB_ID", "TASK_ARN", "TASK_DEFINITION");
    List<String> outputs =
        Stream.of("dev/Network", "dev/Training")
            .map(name -> TrainingEnvironments.model("public-ip").stack(name).orElseThrow())
            .flatMap(stack -> stack.outputs().keySet().stream())
            .toList();

    List<String> named =
        Pattern.compile("```sh\\n(.*?)```", Pattern.DOTALL)
            .matcher(document)
            .results()
            .flatMap(block -> CAPITALS.matcher(block.group(1)).results())
            .map(MatchResult::group)
            .filter(name -> !answers.contains(name))
            .distinct()
            .toList();

    assertThat(named).contains("JOB_QUEUE_ARN", "DRILL_TEMPLATE_ID", "TASK_CLUSTER_NAME");
    assertThat(named)
        .allSatisfy(
            name ->
                assertThat(outputs)
                    .anyMatch(
                        output -> output.toUpperCase(Locale.ROOT).endsWith(name.replace("_", ""))));
  }

  private static List<String> types(String egress, String environment) {
    return TrainingEnvironments.model(egress)
        .stack(environment + "/Network")
        .orElseThrow()
        .resources()
        .values()
        .stream()
        .map(Resource::type)
        .toList();
  }

  static Stream<Arguments> pairs() {
    return EGRESS.stream().flatMap(made -> EGRESS.stream().map(asked -> Arguments.of(made, asked)));
  }

  /** What is said of a way out that was not synthesised is what it costs when it is. */
  @ParameterizedTest
  @MethodSource("pairs")
  void everyWayOutIsPricedAsIfItWereChosen(String made, String asked) {
    for (String environment : ENVIRONMENTS) {
      EgressChoice choice =
          EgressChoice.of(only(TrainingEnvironments.model(made), environment), estimator(made))
              .stream()
              .filter(it -> it.egress().equals(asked))
              .findFirst()
              .orElseThrow();
      Estimate wanted = estimate(asked, environment);

      assertThat(choice.chosen()).isEqualTo(made.equals(asked));
      assertThat(choice.estimate().expected().high())
          .isCloseTo(wanted.expected().high(), within(1e-6));
      assertThat(choice.estimate().worst().high()).isCloseTo(wanted.worst().high(), within(1e-6));
    }
  }

  @Test
  void theWaysOutDifferByWhatTheyAreMadeOf() {
    Map<String, Estimate> dev = new TreeMap<>();
    for (String egress : EGRESS) {
      dev.put(egress, estimate(egress, "dev"));
      System.out.println("dev, " + egress + ": " + dev.get(egress).expected());
    }

    double addresses = addresses(dev.get("public-ip"));
    // A gateway by the hour, its address, and a tenth of 100 GB of data through it.
    assertThat(difference(dev, "nat", "public-ip"))
        .isCloseTo(730 * (0.045 + 0.005) + 10 * 0.045 - addresses, within(1.0));
    assertThat(difference(dev, "endpoints", "public-ip")).isGreaterThan(100);
    assertThat(addresses).isBetween(0.0, 1.0);
  }

  private static double addresses(Estimate estimate) {
    return estimate.items().stream()
        .filter(item -> item.what().equals("public IPv4 addresses"))
        .mapToDouble(item -> item.expected().usd().high())
        .sum();
  }

  private static double difference(Map<String, Estimate> estimates, String one, String other) {
    return estimates.get(one).expected().high() - estimates.get(other).expected().high();
  }

  @Test
  void jobsAndTasksAreBoundedInEachEnvironment() {
    for (String environment : ENVIRONMENTS) {
      Estimate estimate = estimate("public-ip", environment);

      assertThat(estimate.notPriced()).isEmpty();
      assertThat(estimate.jobs())
          .filteredOn(job -> !job.workload().equals("prediction"))
          .hasSizeGreaterThanOrEqualTo(3)
          .extracting(JobExposure::usd)
          .allSatisfy(usd -> assertThat(usd).isPresent());
    }
  }

  private static Estimate estimate(String egress, String environment) {
    return estimator(egress).estimate(TrainingEnvironments.model(egress)).stream()
        .filter(it -> it.environment().equals(environment))
        .findFirst()
        .orElseThrow();
  }

  private static Estimator estimator(String egress) {
    Map<String, Usage> usages = new TreeMap<>();
    TrainingEnvironments.environments(TrainingEnvironments.project(egress))
        .forEach((name, environment) -> usages.put(name, environment.usage()));
    return Estimator.standard().withUsages(usages);
  }

  private static Model only(Model model, String environment) {
    return new Model(
        model.kind(),
        model.stacks().stream()
            .filter(stack -> model.environment(stack.id()).equals(environment))
            .toList(),
        List.of());
  }
}
