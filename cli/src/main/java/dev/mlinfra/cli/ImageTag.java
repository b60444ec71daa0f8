package dev.mlinfra.cli;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tags of container images, each made once and never moved. */
final class ImageTag {
  /** What a registry takes. */
  private static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

  private static final String NUMBER = "(0|[1-9]\\d{0,8})";
  private static final String IDENTIFIER = "(?:0|[1-9]\\d*|\\d*[A-Za-z-][0-9A-Za-z-]*)";

  /** What {@code git describe --long} prints: tag, commits since, and the commit. */
  private static final Pattern DESCRIBED = Pattern.compile("(.+)-(\\d+)-(g[0-9a-f]+)");

  private static final Pattern VERSION =
      Pattern.compile(
          "v%s\\.%s\\.%s(?:-(%s(?:\\.%s)*))?"
              .formatted(NUMBER, NUMBER, NUMBER, IDENTIFIER, IDENTIFIER));
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  private ImageTag() {}

  /**
   * The version. On a tag it is that tag. After {@code v1.2.3} it is a pre-release of the next
   * patch, {@code v1.2.4-5.g0123456789ab}, so that it sorts after {@code v1.2.3}, before {@code
   * v1.2.4} and by its number of commits; after {@code v1.2.3-rc.1} it is {@code
   * v1.2.3-rc.1.5.g0123456789ab}.
   *
   * @param described what {@code git describe --long} prints
   * @param dirty whether files differ from the commit
   * @throws CommandFailure when the tag is no version
   */
  static String semver(String described, boolean dirty) {
    Matcher parts = DESCRIBED.matcher(described);
    if (!parts.matches()) {
      throw wrong("git describe gave '" + described + "', expected TAG-COMMITS-gCOMMIT");
    }
    String tag = parts.group(1);
    Matcher version = VERSION.matcher(tag);
    if (!version.matches()) {
      throw wrong(
          "the tag '"
              + tag
              + "' is no version; allowed: v1.2.3 and v1.2.3-rc.1, without a + part, as image tags"
              + " cannot hold one; fix: git tag v0.1.0");
    }
    if (parts.group(2).equals("0") && !dirty) {
      return checked(tag);
    }
    String since = parts.group(2) + "." + parts.group(3) + (dirty ? ".dirty" : "");
    return checked(
        version.group(4) == null
            ? "v%s.%s.%d-%s"
                .formatted(
                    version.group(1),
                    version.group(2),
                    Integer.parseInt(version.group(3)) + 1,
                    since)
            : tag + "." + since);
  }

  /**
   * The commit.
   *
   * @param commit its full hash
   * @param dirty whether files differ from it
   */
  static String git(String commit, boolean dirty) {
    return checked(commit + (dirty ? "-dirty" : ""));
  }

  /**
   * The time in UTC and the commit. A local time would depend on the machine, and comes twice when
   * clocks go back.
   *
   * @param now when the image is made
   * @param commit its short hash
   * @param dirty whether files differ from it
   */
  static String date(Instant now, String commit, boolean dirty) {
    return checked(
        TIME.format(now.atOffset(ZoneOffset.UTC)) + "-" + commit + (dirty ? "-dirty" : ""));
  }

  private static String checked(String tag) {
    if (!GRAMMAR.matcher(tag).matches()) {
      throw wrong(
          "'"
              + tag
              + "' is no image tag; allowed: 1 to 128 letters, digits and _ . -, first no . or -");
    }
    return tag;
  }

  private static CommandFailure wrong(String message) {
    return new CommandFailure(ExitCode.WRONG_INPUT, message);
  }
}
