package dev.mlinfra.infra.aws;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Names of outputs; CloudFormation takes letters and digits alone. */
final class OutputNames {
  private OutputNames() {}

  /** Such as {@code DeployRoleUsDevArn} of {@code DeployRole}, {@code us-dev} and {@code Arn}. */
  static String of(String before, String name, String after) {
    return Arrays.stream(name.split("-", -1))
        .filter(word -> !word.isEmpty())
        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
        .collect(Collectors.joining("", before, after));
  }
}
