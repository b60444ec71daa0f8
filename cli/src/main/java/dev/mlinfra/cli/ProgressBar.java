package dev.mlinfra.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** One line that tells how far a prediction has come, and is gone when it ends. */
final class ProgressBar implements AutoCloseable {
  private static final long NANOS_BETWEEN = Duration.ofMillis(200).toNanos();
  private static final int WIDTH = 24;

  private final PrintWriter out;
  private final boolean visible;
  private final long start = System.nanoTime();
  private long shownAt = start;
  private int length;

  /**
   * Begins.
   *
   * @param visible false when nobody looks on; then nothing is written
   */
  ProgressBar(PrintWriter out, boolean visible) {
    this.out = out;
    this.visible = visible;
  }

  /** Shows how far it has come, a few times a second at most. */
  void show(long rows, long bytesRead, long bytes) {
    long now = System.nanoTime();
    if (!visible || now - shownAt < NANOS_BETWEEN) {
      return;
    }
    shownAt = now;
    overwrite(line(rows, bytesRead, bytes, (now - start) / 1e9));
  }

  /** Takes the line away. */
  @Override
  public void close() {
    if (length > 0) {
      overwrite("");
      out.print('\r');
      out.flush();
    }
  }

  private void overwrite(String line) {
    out.print('\r' + line + " ".repeat(Math.max(0, length - line.length())));
    out.flush();
    length = line.length();
  }

  /** The line; the time left is as if all bytes took the same time. */
  static String line(long rows, long bytesRead, long bytes, double seconds) {
    double done = bytes == 0 ? 1 : Math.min(1, (double) bytesRead / bytes);
    int full = (int) (done * WIDTH);
    String left =
        done == 0
            ? ""
            : String.format(Locale.ROOT, ", %.0f s left", Math.ceil(seconds / done - seconds));
    return String.format(
        Locale.ROOT,
        "%3.0f %% [%s%s] %,d rows, %.1f of %.1f MB, %,.0f rows/s%s",
        Math.floor(done * 100),
        "#".repeat(full),
        ".".repeat(WIDTH - full),
        rows,
        bytesRead / 1e6,
        bytes / 1e6,
        rows / seconds,
        left);
  }
}
