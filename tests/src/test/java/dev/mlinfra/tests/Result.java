package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * What a program gave.
 *
 * @param output both of its streams
 */
record Result(int exitCode, String output) {
  private static final int LONGEST_MINUTES = 10;

  /**
   * Runs a program to its end.
   *
   * @param log where its output is kept
   */
  static Result of(ProcessBuilder builder, Path log) throws IOException, InterruptedException {
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertThat(process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES))
          .as(() -> "%s did not end".formatted(builder.command()))
          .isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return new Result(process.exitValue(), Files.readString(log));
  }
}
