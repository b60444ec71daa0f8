package dev.mlinfra.cost.internal.pulumi.runpod;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.internal.pulumi.Assumption;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import dev.mlinfra.cost.internal.pulumi.Rate;
import dev.mlinfra.cost.internal.pulumi.Requests;
import dev.mlinfra.template.Value;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Serverless endpoints of RunPod: workers that come with requests. Also those that always run are
 * counted at the price of those that come, which is the higher one.
 */
final class EndpointPricer implements PulumiPricer {
  @Override
  public Set<String> types() {
    return Set.of("runpod:Endpoint", "runpod:ServerlessEndpoint");
  }

  @Override
  public void price(Inputs in) {
    Optional<Rate> rate = in.known(() -> Gpu.rate(in, "serverless-flex", pools(in)));
    double least =
        Inputs.number(in.first("workers.min", "workersMin"), 0, "the least number of workers");
    Assumption usual = Assumption.of("runpod.workersMax");
    Value given = in.first("workers.max", "workersMax");
    double most = Inputs.number(given, usual.value(), "the highest number of workers");
    String whyMost = Inputs.isAbsent(given) ? usual.toString() : "its highest number of workers";
    rate.ifPresent(it -> Requests.bill(in, it, least, OptionalDouble.of(most), whyMost));
    // It takes no tags; what it answers are predictions.
    in.bill()
        .job(
            "prediction",
            OptionalInt.of(1),
            timeout(in),
            rate.map(it -> new Charge(1, it.most(), "one worker of the dearest kind")),
            OptionalInt.of((int) Math.max(least, most)));
  }

  /**
   * {@code ADA_24,AMPERE_24,-NVIDIA L4} or a list; what starts with a minus is left out of a pool.
   */
  private static List<String> pools(Inputs in) {
    Value pools = in.first("gpu.pools", "gpuIds");
    if (pools.isSymbolic()) {
      throw Inputs.unusable(pools, "the pools");
    }
    if (Inputs.isAbsent(pools)) {
      return List.of();
    }
    return pools.oneOrMany().stream()
        .flatMap(pool -> Inputs.text(pool, "the pools").stream())
        .flatMap(text -> Stream.of(text.split(",", -1)))
        .map(String::strip)
        .filter(pool -> !pool.isEmpty() && !pool.startsWith("-"))
        .toList();
  }

  /** In milliseconds; 0 is none. */
  private static Optional<Duration> timeout(Inputs in) {
    Value given = in.first("timeout", "executionTimeoutMs");
    return given
        .asNumber()
        .map(Number::doubleValue)
        .filter(millis -> millis > 0 && millis <= 1e12)
        .map(millis -> Duration.ofMillis(millis.longValue()));
  }
}
