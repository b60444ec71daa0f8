package dev.mlinfra.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Shows the steps of long work: what is being done, that it goes on, how long it took. */
final class Steps {
  private static final int SECONDS_PER_DOT = 2;

  private final PrintWriter out;
  private final int count;
  private int number;

  Steps(PrintWriter out, int count) {
    this.out = out;
    this.count = count;
  }

  /**
   * Does one step.
   *
   * @param title what it does, as a short phrase
   * @param work does it and says in a few words what came of it
   */
  void step(String title, Supplier<String> work) {
    number++;
    out.printf(Locale.ROOT, "[%2d/%d] %s ", number, count, title);
    out.flush();
    long start = System.nanoTime();
    ScheduledExecutorService dots =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "dots");
              thread.setDaemon(true);
              return thread;
            });
    ScheduledFuture<?> unused =
        dots.scheduleAtFixedRate(
            () -> {
              out.print('.');
              out.flush();
            },
            SECONDS_PER_DOT,
            SECONDS_PER_DOT,
            TimeUnit.SECONDS);
    boolean done = false;
    try {
      String result = work.get();
      done = true;
      dots.shutdownNow();
      out.printf(Locale.ROOT, " %.1f s: %s%n", (System.nanoTime() - start) / 1e9, result);
    } finally {
      dots.shutdownNow();
      if (!done) {
        out.println(" failed");
      }
      out.flush();
    }
  }
}
