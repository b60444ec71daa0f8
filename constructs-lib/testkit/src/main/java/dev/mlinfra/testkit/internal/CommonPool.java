package dev.mlinfra.testkit.internal;

import java.util.Optional;
import java.util.concurrent.ForkJoinPool;

/**
 * The JVM's common pool, as Pulumi's SDK needs it: on JDK 25 version 1.36.1 waits for ever when the
 * pool has one thread, which it has on two processors (pulumi/pulumi-java issue 2270).
 */
public final class CommonPool {
  private static final String PARALLELISM = "java.util.concurrent.ForkJoinPool.common.parallelism";
  private static final int NEEDED = 2;
  private static final int FIRST_JDK = 25;

  private CommonPool() {}

  /** Why a program would wait for ever in this JVM; empty: it will not. */
  public static Optional<String> problem() {
    return problem(Runtime.version().feature(), ForkJoinPool.getCommonPoolParallelism());
  }

  static Optional<String> problem(int jdk, int parallelism) {
    return jdk >= FIRST_JDK && parallelism < NEEDED
        ? Optional.of(
            "Pulumi's SDK would wait for ever: on JDK %d it needs %d threads in the common pool, there is %d; start the tests with -D%s=%d"
                .formatted(jdk, NEEDED, parallelism, PARALLELISM, NEEDED))
        : Optional.empty();
  }
}
