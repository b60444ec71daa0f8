package dev.mlinfra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private final StringWriter out = new StringWriter();

  @Test
  void tellsRowsBytesSpeedAndTheTimeLeft() {
    assertThat(ProgressBar.line(1_234_567, 25_000_000, 100_000_000, 2))
        .isEqualTo(
            " 25 % [######..................] 1,234,567 rows, 25.0 of 100.0 MB, 617,284 rows/s, 6 s"
                + " left");
  }

  @Test
  void knowsNoTimeBeforeTheFirstByteAndIsFullAtTheEnd() {
    assertThat(ProgressBar.line(0, 0, 10, 1)).startsWith("  0 % [....").doesNotContain("left");
    assertThat(ProgressBar.line(5, 10, 10, 1))
        .startsWith("100 % [########################] 5 rows")
        .endsWith("0 s left");
    assertThat(ProgressBar.line(0, 0, 0, 1)).startsWith("100 %");
  }

  @Test
  void overwritesItsLineAndTakesItAway() throws Exception {
    try (ProgressBar bar = new ProgressBar(new PrintWriter(out), true)) {
      bar.show(1, 1, 2); // too early to be seen
      assertThat(out.toString()).isEmpty();
      Thread.sleep(210);
      bar.show(1, 1, 2);
      assertThat(out.toString()).startsWith("\r 50 % [");
    }
    String[] lines = out.toString().split("\r", -1);
    assertThat(lines).hasSize(4);
    assertThat(lines[2]).isBlank().hasSameSizeAs(lines[1]);
    assertThat(lines[3]).isEmpty();
  }

  @Test
  void saysNothingWhenNobodyLooksOn() throws Exception {
    try (ProgressBar bar = new ProgressBar(new PrintWriter(out), false)) {
      Thread.sleep(210);
      bar.show(1, 1, 2);
    }
    assertThat(out.toString()).isEmpty();
  }
}
