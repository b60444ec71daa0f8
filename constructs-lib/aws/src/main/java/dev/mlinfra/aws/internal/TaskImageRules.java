package dev.mlinfra.aws.internal;

import dev.mlinfra.core.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What names of images must satisfy. */
public final class TaskImageRules {
  private static final Pattern TAG =
      Pattern.compile("(?!latest$)[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
  private static final Pattern PARAMETER = Pattern.compile("(/[A-Za-z0-9_.-]+){1,15}");
  private static final Pattern REGISTRY =
      Pattern.compile("[a-z0-9][a-z0-9./:_-]{0,255}@sha256:[0-9a-f]{64}");

  private TaskImageRules() {}

  /** The problem of a tag, if it has one. */
  public static List<Problem> tag(String tag) {
    return check("tag", tag, TAG, "the tag of one image, such as a commit, and never latest");
  }

  /** The problem of a digest, if it has one. */
  public static List<Problem> digest(String digest) {
    return check("digest", digest, DIGEST, "sha256: and 64 hexadecimal digits");
  }

  /** The problem of a parameter's name, if it has one. */
  public static List<Problem> parameter(String name) {
    return check(
        "parameter", name, PARAMETER, "a name such as /mlinfra/ml-agent/dev/images/training");
  }

  /** The problem of an image of another registry, if it has one. */
  public static List<Problem> registry(String image) {
    return check("image", image, REGISTRY, "registry/name@sha256: and 64 hexadecimal digits");
  }

  private static List<Problem> check(String property, String value, Pattern form, String allowed) {
    List<Problem> problems = new ArrayList<>();
    IamNames.check(property, value, form, allowed, problems);
    return problems;
  }
}
