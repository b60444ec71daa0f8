package dev.mlinfra.cost.internal.pulumi.gcp;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.internal.pulumi.Assumption;
import dev.mlinfra.cost.internal.pulumi.Fleet;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import dev.mlinfra.cost.internal.pulumi.Rate;
import dev.mlinfra.cost.internal.pulumi.Text;
import dev.mlinfra.template.Value;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/** Jobs of Cloud Run: nothing runs between their executions. */
final class CloudRunJobPricer implements PulumiPricer {
  private static final String TASK = "template.template.";

  @Override
  public Set<String> types() {
    return Set.of("gcp:cloudrunv2/job:Job");
  }

  @Override
  public void price(Inputs in) {
    Optional<Rate> rate = in.known(() -> CloudRun.rate(in, in.at(TASK + "containers"), true));
    double tasks = Math.max(1, in.number("template.taskCount", 1));
    double retries =
        in.number(TASK + "maxRetries", Assumption.of("cloudrun.jobMaxRetries").value());
    double seconds = seconds(in);
    Fleet fleet = new Fleet(0, OptionalDouble.empty(), "a job that is started from outside");
    rate.ifPresent(it -> fleet.bill(in, it));
    in.bill()
        .job(
            OptionalInt.of((int) retries + 1),
            Optional.of(Duration.ofSeconds((long) seconds)),
            rate.map(
                it ->
                    new Charge(
                        tasks, it.most(), "%s tasks of one execution".formatted(Text.of(tasks)))),
            OptionalInt.empty());
  }

  /** {@code 600s}. */
  private static double seconds(Inputs in) {
    String path = TASK + "timeout";
    return Inputs.text(in.at(path), path)
        .map(text -> text.endsWith("s") ? text.substring(0, text.length() - 1) : text)
        .map(text -> Inputs.number(new Value.Text(text), 0, path))
        .orElse(Assumption.of("cloudrun.jobTimeoutSeconds").value());
  }
}
