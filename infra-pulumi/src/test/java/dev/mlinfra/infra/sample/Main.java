package dev.mlinfra.infra.sample;

import java.util.concurrent.CountDownLatch;

/** A program that does what its stack is called. */
public final class Main {
  private Main() {}

  /** Says how large the common pool is, then ends, fails or waits. */
  public static void main(String[] arguments) throws InterruptedException {
    System.out.println(
        "the common pool has "
            + System.getProperty("java.util.concurrent.ForkJoinPool.common.parallelism"));
    switch (System.getenv("PULUMI_STACK")) {
      case "sample-exit3" -> System.exit(3);
      case "sample-wait" -> new CountDownLatch(1).await();
      default -> System.exit(0);
    }
  }
}
