package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.core.Environment;
import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.Estimator;
import dev.mlinfra.policy.Finding;
import dev.mlinfra.policy.Gate;
import dev.mlinfra.policy.Report;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import dev.mlinfra.testkit.Snapshots;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** dev, staging and prod with a Kubernetes cluster; the files of the repository leave it off. */
class ClusterEnvironmentsTest {
  private static final Snapshots SNAPSHOTS =
      Snapshots.in(Path.of("src", "test", "resources", "cluster", "snapshots"));

  private static final String CLUSTER =
      """
        cluster:
          podRoles:
            - { namespace: ml-jobs, serviceAccount: churn, access: training }
            - { namespace: ml-inference, serviceAccount: churn, access: inference }
      """;

  private static Path project;
  private static Model model;

  @BeforeAll
  static void synthesise() {
    project = TrainingEnvironments.changed("nat", text -> text + CLUSTER);
    model = Models.read(TrainingEnvironments.synthesised(project));
  }

  @Test
  void everyEnvironmentPassesTheGate() {
    Map<String, dev.mlinfra.core.Pattern> patterns =
        TrainingEnvironments.environments(project).values().stream()
            .collect(Collectors.toMap(Environment::name, Environment::pattern));

    Report report = Gate.standard().withPatterns(patterns).check(model);

    assertThat(model.stacks()).extracting(it -> it.id()).contains("dev/Cluster", "prod/Cluster");
    assertThat(report.findings()).extracting(Finding::toString).isEmpty();
  }

  /** Control planes, machines and disks have prices; so the month at its worst is a number. */
  @Test
  void whatCostsIsPriced() {
    Estimate estimate =
        Estimator.standard().estimate(model).stream()
            .filter(it -> it.environment().equals("dev"))
            .findFirst()
            .orElseThrow();

    assertThat(estimate.notPriced())
        .extracting(Object::toString)
        .filteredOn(it -> it.contains("Cluster/"))
        .isEmpty();
    assertThat(estimate.items())
        .extracting(Object::toString)
        .filteredOn(it -> it.contains("/Cluster/"))
        .anyMatch(it -> it.contains("AWS::EKS::Cluster"))
        .anyMatch(it -> it.contains("g5."))
        .anyMatch(it -> it.contains("t3"));
  }

  @Test
  void clustersAreAsReviewed() {
    SNAPSHOTS.matches(
        "Cluster.json", Snapshots.text(model, model.stack("dev/Cluster").orElseThrow()));
  }
}
