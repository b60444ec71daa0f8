package dev.mlinfra.runpod.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.pulumi.core.Output;
import dev.mlinfra.runpod.RunPodTrainingPodArgs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * What runs in a training pod beside the training: it deletes the pod when the training has ended,
 * the GPU does nothing, or the time is over. A pod is billed until it is deleted, so the program
 * never gives up.
 */
public final class Guard {
  /**
   * The container's command. The program comes by a variable, since the image is the user's own.
   */
  public static final String ARGS =
      "python3 -u -c \"import os; exec(os.environ['GUARD_PROGRAM'])\"";

  private Guard() {}

  /** The environment variables that it reads. */
  public static Map<String, String> variables(RunPodTrainingPodArgs args) {
    Map<String, String> variables = new TreeMap<>();
    variables.put("GUARD_PROGRAM", program());
    variables.put("GUARD_COMMAND", args.getCommand());
    variables.put("GUARD_MAX_SECONDS", Long.toString(args.getMaxLifetime().toSeconds()));
    variables.put("GUARD_IDLE_SECONDS", Long.toString(args.getIdleTimeout().toSeconds()));
    return variables;
  }

  /** The secret with a key that may delete the pod, by the variable that it reads. */
  public static Map<String, Output<String>> key(RunPodTrainingPodArgs args) {
    return args.getTerminationKey().map(key -> Map.of("GUARD_API_KEY", key)).orElse(Map.of());
  }

  /** The program. */
  static String program() {
    try (InputStream stream = Guard.class.getResourceAsStream("guard.py")) {
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
