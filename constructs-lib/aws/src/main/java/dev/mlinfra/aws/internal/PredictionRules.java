package dev.mlinfra.aws.internal;

import dev.mlinfra.aws.PredictionLambdaProps;
import dev.mlinfra.core.PredictionSettings;
import dev.mlinfra.core.Problem;
import dev.mlinfra.prediction.PredictionAssets;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Size;
import software.amazon.awscdk.SizeConversionOptions;
import software.amazon.awscdk.SizeRoundingBehavior;

/** What the properties of a prediction function must satisfy. */
public final class PredictionRules {
  private static final Set<String> RUNTIMES = Set.of("java21", "java25");

  private final List<Problem> problems = new ArrayList<>();

  private PredictionRules() {}

  /**
   * Every problem of the properties.
   *
   * @param code archive of the function's code
   * @param layer archive of its layer
   */
  public static List<Problem> problems(PredictionLambdaProps props, Path code, Path layer) {
    PredictionRules rules = new PredictionRules();
    rules.memory(props.getMemory());
    rules.within("timeout", props.getTimeout(), 1, PredictionSettings.LONGEST_TIMEOUT.toSeconds());
    rules.within(
        "maxEventAge",
        props.getMaxEventAge(),
        PredictionSettings.SHORTEST_EVENT_AGE.toSeconds(),
        PredictionSettings.LONGEST_EVENT_AGE.toSeconds());
    rules.within("retryAttempts", props.getRetryAttempts(), 0, 2);
    props
        .getReservedConcurrency()
        .ifPresent(value -> rules.within("reservedConcurrency", value, 1, 1000));
    rules.runtime(props.getRuntime().getName());
    rules.network(props);
    rules.archives(code, layer);
    return rules.problems;
  }

  private void memory(Size memory) {
    double megabytes =
        memory
            .toMebibytes(
                SizeConversionOptions.builder().rounding(SizeRoundingBehavior.NONE).build())
            .doubleValue();
    if (megabytes < 128 || megabytes > 10240 || megabytes != Math.rint(megabytes)) {
      problem("memory", "given " + megabytes + " MB", "128 to 10240 whole MB", "");
    }
  }

  private void within(String name, Duration value, long least, long most) {
    long seconds = value.toSeconds().longValue();
    if (seconds < least || seconds > most) {
      problem(name, "given " + seconds + " s", least + " to " + most + " s", "");
    }
  }

  private void within(String name, int value, int least, int most) {
    if (value < least || value > most) {
      problem(name, "given " + value, least + " to " + most, "");
    }
  }

  private void runtime(String name) {
    if (!RUNTIMES.contains(name)) {
      problem(
          "runtime",
          "given " + name,
          "java21, java25",
          "ONNX Runtime needs glibc 2.28, which older Java runtimes do not have");
    }
  }

  private void network(PredictionLambdaProps props) {
    if (props.getData().isVpcOnly() && props.getVpc().isEmpty()) {
      problem(
          "vpc",
          "none, but objects of the data bucket can be reached through VPC endpoints alone",
          "a VPC that has one of these endpoints",
          "give vpc, or take the restriction off the bucket");
    }
    if (props.getVpc().isEmpty()
        && (props.getVpcSubnets().isPresent() || !props.getSecurityGroups().isEmpty())) {
      problem(
          "vpc", "none, but subnets or security groups", "a VPC together with them", "give vpc");
    }
  }

  private void archives(Path code, Path layer) {
    Optional<Long> codeBytes = bytes("code", code);
    Optional<Long> layerBytes = bytes("layer", layer);
    if (codeBytes.isEmpty() || layerBytes.isEmpty()) {
      return;
    }
    long bytes = codeBytes.get() + layerBytes.get();
    if (bytes > PredictionAssets.MAX_UNZIPPED_BYTES) {
      problem(
          "layer",
          String.format(Locale.ROOT, "function and layer are %.1f MB unzipped", bytes / 1e6),
          String.format(Locale.ROOT, "at most %.1f MB", PredictionAssets.MAX_UNZIPPED_BYTES / 1e6),
          "remove what the function does not use");
    }
  }

  private Optional<Long> bytes(String name, Path archive) {
    if (!Files.exists(archive)) {
      problem(name, "there is no file " + archive, "a zip archive or a folder", "");
      return Optional.empty();
    }
    try {
      return Optional.of(Archives.unzippedBytes(archive));
    } catch (UncheckedIOException e) {
      problem(name, archive + " is not a zip archive", "a zip archive or a folder", "");
      return Optional.empty();
    }
  }

  private void problem(String path, String given, String allowed, String fix) {
    problems.add(Problem.of(path, given, allowed, fix));
  }
}
