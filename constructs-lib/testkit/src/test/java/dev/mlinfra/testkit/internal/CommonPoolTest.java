package dev.mlinfra.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommonPoolTest {
  @Test
  void saysHowToStartWhereTheSdkWouldHang() {
    assertThat(CommonPool.problem(25, 1))
        .hasValueSatisfying(
            problem ->
                assertThat(problem)
                    .contains("on JDK 25 it needs 2 threads in the common pool, there is 1")
                    .endsWith("-Djava.util.concurrent.ForkJoinPool.common.parallelism=2"));
  }

  @Test
  void elsewhereThereIsNoProblem() {
    assertThat(CommonPool.problem(17, 1)).isEmpty();
    assertThat(CommonPool.problem(25, 2)).isEmpty();
  }
}
