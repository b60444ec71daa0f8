package dev.mlinfra.benchmarks;

import com.pulumi.Pulumi;
import com.pulumi.core.Output;

/** The smallest Pulumi program in Java: one output, no resource. */
public final class HelloPulumi {
  private HelloPulumi() {}

  /** Pulumi's language host starts it. */
  public static void main(String[] arguments) {
    // As this project's launcher does, or it would wait for ever on JDK 25 with two processors.
    System.setProperty("java.util.concurrent.ForkJoinPool.common.parallelism", "2");
    Pulumi.run(context -> context.export("hello", Output.of("world")));
  }
}
