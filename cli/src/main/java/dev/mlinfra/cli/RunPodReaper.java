package dev.mlinfra.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which pods are to be deleted from outside, because nothing inside did. Only pods that
 * carry the mark of a stack are looked at.
 *
 * @param owner only pods of this stack, {@code project/stack}; empty: of every stack
 * @param maxAge how old a pod without a lease may get; empty: as old as it likes
 * @param idle ids of training pods that did nothing whenever they were looked at
 */
record RunPodReaper(Optional<String> owner, Optional<Duration> maxAge, Set<String> idle) {
  /** A GPU or processor that is less busy, in percent, does nothing. */
  static final int BUSY = 5;

  /** Time for the pod to end itself, so that both do not do it at once. */
  static final Duration GRACE = Duration.ofMinutes(10);

  RunPodReaper {
    idle = Set.copyOf(idle);
  }

  /**
   * A pod that is to go.
   *
   * @param pod the pod
   * @param reason why
   */
  record Doomed(RunPodPod pod, String reason) {}

  /** The pods that are to go. */
  List<Doomed> doomed(List<RunPodPod> pods, Instant now) {
    return pods.stream()
        .filter(pod -> pod.owner().isPresent())
        .filter(pod -> owner.isEmpty() || owner.equals(pod.owner()))
        .flatMap(pod -> reason(pod, now).map(reason -> new Doomed(pod, reason)).stream())
        .toList();
  }

  private Optional<String> reason(RunPodPod pod, Instant now) {
    if (pod.lease().isPresent() && pod.status().equals("EXITED")) {
      return Optional.of("it has finished and is not deleted");
    }
    if (pod.lease().isPresent() && idle.contains(pod.id())) {
      return Optional.of("its GPU and its processor do nothing");
    }
    Optional<Duration> longest = pod.lease().map(lease -> lease.plus(GRACE)).or(() -> maxAge);
    Duration age = pod.age(now);
    return longest
        .filter(most -> age.compareTo(most) > 0)
        .map(most -> "it is %s old; allowed: %s".formatted(words(age), words(most)));
  }

  /** Whether a pod runs long enough to be looked at, and does nothing now. */
  static boolean isIdle(RunPodPod pod, Instant now) {
    return pod.status().equals("RUNNING")
        && pod.age(now).compareTo(GRACE) > 0
        && pod.busy().isPresent()
        && pod.busy().getAsInt() < BUSY;
  }

  /** {@code 1 h 5 min}. */
  static String words(Duration time) {
    return time.toHours() == 0
        ? String.format(Locale.ROOT, "%d min", time.toMinutes())
        : String.format(Locale.ROOT, "%d h %d min", time.toHours(), time.toMinutesPart());
  }
}
