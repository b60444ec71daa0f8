package dev.mlinfra.template.internal;

import dev.mlinfra.template.Stack;
import java.util.Map;
import java.util.Optional;

/** The pseudo parameters that a stack's environment decides. */
final class Pseudo {
  /** By the start of the region's name; every other region is in the partition {@code aws}. */
  private static final Map<String, String> PARTITIONS =
      Map.of(
          "cn-", "aws-cn",
          "us-gov-", "aws-us-gov",
          "us-iso-", "aws-iso",
          "us-isob-", "aws-iso-b",
          "eu-isoe-", "aws-iso-e",
          "us-isof-", "aws-iso-f",
          "eusc-", "aws-eusc");

  /** Only where it is documented beyond doubt. */
  private static final Map<String, String> SUFFIXES =
      Map.of("aws", "amazonaws.com", "aws-cn", "amazonaws.com.cn", "aws-us-gov", "amazonaws.com");

  private Pseudo() {}

  static Optional<String> value(Stack stack, String name) {
    return switch (name) {
      case "AWS::AccountId" -> stack.account();
      case "AWS::Region" -> stack.region();
      case "AWS::StackName" -> stack.name();
      case "AWS::Partition" -> stack.region().map(Pseudo::partition);
      case "AWS::URLSuffix" ->
          stack
              .region()
              .map(Pseudo::partition)
              .flatMap(it -> Optional.ofNullable(SUFFIXES.get(it)));
      default -> Optional.empty();
    };
  }

  private static String partition(String region) {
    return PARTITIONS.entrySet().stream()
        .filter(entry -> region.startsWith(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("aws");
  }
}
