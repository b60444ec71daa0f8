package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Projects of CodeBuild, by the minute. */
final class BuildPricer implements Pricer {
  private static final double DEFAULT_TIMEOUT_MINUTES = 60;
  private static final Map<String, String> PLATFORMS =
      Map.of("LINUX_CONTAINER", "Linux", "ARM_CONTAINER", "ARM", "LINUX_GPU_CONTAINER", "GPU");

  @Override
  public Set<String> types() {
    return Set.of("AWS::CodeBuild::Project");
  }

  @Override
  public void price(Bill bill) {
    String platform =
        PLATFORMS.getOrDefault(bill.property("Environment.Type").asText().orElse(""), "Linux");
    String size = bill.property("Environment.ComputeType").asText().orElse("");
    String item =
        platform
            + " "
            + size.toLowerCase(Locale.ROOT)
                .replace("build_", "")
                .replaceFirst("general1_", "general1.");
    Aws.used(
        bill,
        "minutes",
        "codebuild",
        item,
        Amount.of(Assumption.of("codebuild.buildsPerMonth"))
            .times(Assumption.of("codebuild.minutesPerBuild")));
    Optional<Double> timeout = Numbers.of(bill, "TimeoutInMinutes", DEFAULT_TIMEOUT_MINUTES);
    bill.job(
        OptionalInt.of(1),
        timeout.map(minutes -> Duration.ofSeconds(Math.round(minutes * 60))),
        bill.awsPrice("codebuild", item).map(price -> new Charge(60, price, "60 minutes")),
        Numbers.whole(bill.property("ConcurrentBuildLimit")));
  }
}
