package dev.mlinfra.aws.internal;

import dev.mlinfra.aws.PulumiStateStoreProps;
import dev.mlinfra.core.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What the properties of a state store must satisfy. */
public final class StateRules {
  private static final int MOST_DAYS = 3650;
  // Dots are allowed by S3, but break TLS to the bucket's own host.
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9-]{1,61}[a-z0-9]");
  private static final Pattern ALIAS = Pattern.compile("(?!aws/|alias/)[A-Za-z0-9/_-]{1,250}");

  private StateRules() {}

  /** Every problem of the properties. */
  public static List<Problem> problems(PulumiStateStoreProps props) {
    List<Problem> problems = new ArrayList<>();
    props
        .getBucketName()
        .ifPresent(
            name ->
                IamNames.check(
                    "bucketName",
                    name,
                    BUCKET,
                    "3 to 63 lower-case letters, digits and hyphens, no hyphen at either end",
                    problems));
    IamNames.check(
        "keyAlias",
        props.getKeyAlias(),
        ALIAS,
        "1 to 250 letters, digits and / _ -, without alias/ and not beginning with aws/",
        problems);
    if (props.getNoncurrentDays() < 1 || props.getNoncurrentDays() > MOST_DAYS) {
      problems.add(
          Problem.of(
              "noncurrentDays",
              "given " + props.getNoncurrentDays(),
              "1 to " + MOST_DAYS + " days",
              ""));
    }
    return problems;
  }
}
