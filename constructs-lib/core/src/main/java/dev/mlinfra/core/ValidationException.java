package dev.mlinfra.core;

import java.util.List;

/**
 * Says everything that is wrong with what a user gave, at once.
 *
 * <p>The message has one line per {@link Problem}, in the order of the file.
 */
public final class ValidationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  /**
   * @param subject what was checked, such as {@code environments/dev.yaml} or {@code MlDataBucket
   *     'dev/Data/Bucket'}
   * @param problems what is wrong with it, at least one
   */
  public ValidationException(String subject, List<Problem> problems) {
    super(message(subject, problems));
    this.problems = List.copyOf(problems);
  }

  /** What is wrong, in the order of the file. */
  public List<Problem> problems() {
    return problems;
  }

  /** Throws when there is at least one problem. */
  public static void throwIfAny(String subject, List<Problem> problems) {
    if (!problems.isEmpty()) {
      throw new ValidationException(subject, problems);
    }
  }

  private static String message(String subject, List<Problem> problems) {
    if (problems.isEmpty()) {
      throw new IllegalArgumentException("a ValidationException needs at least one problem");
    }
    StringBuilder text = new StringBuilder(subject);
    text.append(
        problems.size() == 1 ? " has 1 problem:" : " has " + problems.size() + " problems:");
    for (Problem problem : problems) {
      text.append(System.lineSeparator()).append("  ").append(problem);
    }
    return text.toString();
  }
}
