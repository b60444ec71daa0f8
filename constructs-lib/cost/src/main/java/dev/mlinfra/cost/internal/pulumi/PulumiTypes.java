package dev.mlinfra.cost.internal.pulumi;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of types of Pulumi, whichever version of an API or package they are written for. */
final class PulumiTypes {
  /** {@code azure-native:storage/v20230101:StorageAccount}, {@code kubernetes:apps/v1:Job}. */
  private static final Pattern VERSIONED =
      Pattern.compile(
          "(azure-native|google-native|kubernetes)(?:_[a-z0-9_]+)?:([^:/]+)(?:/[^:]+)?:([^:]+)");

  /** {@code runpod:index:Pod}, {@code runpod:index/pod:Pod}, {@code mlinfra-runpod:index:Pod}. */
  private static final Pattern RUNPOD = Pattern.compile("(?:mlinfra-)?runpod:[^:]+:([^:]+)");

  private PulumiTypes() {}

  /**
   * The name without what differs from version to version: {@code kubernetes:batch:Job}, {@code
   * azure-native:storage:StorageAccount}, {@code runpod:Pod}; all others as they are.
   */
  static String plain(String type) {
    Matcher versioned = VERSIONED.matcher(type);
    if (versioned.matches()) {
      return "%s:%s:%s".formatted(versioned.group(1), versioned.group(2), versioned.group(3));
    }
    Matcher runpod = RUNPOD.matcher(type);
    return runpod.matches() ? "runpod:" + runpod.group(1) : type;
  }
}
