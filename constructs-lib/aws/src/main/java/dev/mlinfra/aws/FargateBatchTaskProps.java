package dev.mlinfra.aws;

import dev.mlinfra.core.Defaults;
import dev.mlinfra.core.Pattern;
import java.util.List;
import java.util.Optional;
import org.immutables.value.Value;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.sns.ITopic;

/** Properties of {@link FargateBatchTask}. */
@Value.Immutable
@PropsStyle
public interface FargateBatchTaskProps extends FargateProps {

  /**
   * When it runs: {@code cron(0 2 * * ? *)}, {@code rate(1 day)} or {@code
   * at(2027-01-31T02:00:00)}. Default: when somebody starts it.
   */
  Optional<String> getSchedule();

  /** Time zone of the schedule, such as {@code Europe/Berlin}. Default: UTC. */
  @Value.Default
  default String getTimeZone() {
    return "UTC";
  }

  /**
   * How long one run may take, 1 minute to 24 hours. ECS has no such limit, so a second container
   * of the same image sleeps that long and ends the task; the image needs {@code sleep}. Default: 1
   * hour.
   */
  @Value.Default
  default Duration getMaxRuntime() {
    return Duration.seconds(Defaults.of(Pattern.BATCH).task().maxRuntime().toSeconds());
  }

  /**
   * Whether it runs on spot capacity, which costs less and may be taken away with two minutes'
   * notice; nothing starts it again then. Default: no.
   */
  @Value.Default
  default boolean isSpot() {
    return false;
  }

  /** How often the schedule tries again to start it, 0 to 10. Default: 2. */
  @Value.Default
  default int getStartRetries() {
    return 2;
  }

  /**
   * Age at which a start is given up and put into the queue, 1 minute to 24 hours. Default: 1 hour.
   */
  @Value.Default
  default Duration getMaxStartAge() {
    return Duration.hours(1);
  }

  /** Topic that is told of every end, good or bad. Default: one of its own. */
  Optional<ITopic> getNotifications();

  /** Mail addresses that the topic tells; each must confirm. At most 20. Default: none. */
  List<String> getEmails();

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds {@link FargateBatchTaskProps}. */
  final class Builder extends ImmutableFargateBatchTaskProps.Builder {}
}
