package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.core.Environment;
import dev.mlinfra.core.EnvironmentLoader;
import dev.mlinfra.core.Usage;
import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.Estimator;
import dev.mlinfra.cost.Explained;
import dev.mlinfra.cost.LineItem;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What this repository deploys has a price, or a reason why it has none. */
class OwnCostTest {
  private static Model model;
  private static List<Estimate> estimates;

  @BeforeAll
  static void estimate() {
    EnvironmentLoader loader = new EnvironmentLoader();
    Map<String, Usage> usages =
        loader.list(Synthesis.ROOT.resolve("environments")).stream()
            .map(loader::load)
            .collect(Collectors.toMap(Environment::name, Environment::usage));
    model = Synthesis.model();
    estimates = Estimator.standard().withUsages(usages).estimate(model);
  }

  @Test
  void everyResourceIsPricedFreeOrBilledElsewhere() {
    for (Estimate estimate : estimates) {
      System.out.printf(
          "%s: %d resources, %d priced, %d free, %d elsewhere, %d not priced; expected %s, worst %s%n",
          estimate.environment(),
          estimate.resources(),
          estimate.items().stream().map(LineItem::resource).distinct().count(),
          count(estimate, Explained.Reason.FREE),
          count(estimate, Explained.Reason.ELSEWHERE),
          count(estimate, Explained.Reason.NOT_PRICED),
          estimate.expected(),
          estimate.worst());
    }
    Set<ResourceId> said =
        estimates.stream()
            .flatMap(
                estimate ->
                    Stream.concat(
                        estimate.items().stream().map(LineItem::resource),
                        estimate.explained().stream().map(Explained::resource)))
            .collect(Collectors.toSet());

    assertThat(said).containsAll(model.resources().stream().map(Resource::id).toList());
    assertThat(estimates).flatExtracting(Estimate::notPriced).isEmpty();
  }

  @Test
  void everyEnvironmentHasABill() {
    assertThat(estimates)
        .extracting(Estimate::environment)
        .contains("dev", "staging", "prod", "account-123456789012");
    assertThat(estimates).allMatch(estimate -> estimate.expected().low() > 0);
  }

  @Test
  void aPredictionHasABound() {
    assertThat(estimates)
        .filteredOn(estimate -> !estimate.environment().startsWith("account"))
        .allSatisfy(
            estimate ->
                assertThat(estimate.jobs())
                    .filteredOn(job -> job.workload().equals("prediction"))
                    .isNotEmpty()
                    .allMatch(job -> job.usd().isPresent()));
  }

  private static long count(Estimate estimate, Explained.Reason reason) {
    return estimate.explained().stream().filter(it -> it.reason() == reason).count();
  }
}
