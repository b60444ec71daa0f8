package dev.mlinfra.aws.internal;

import dev.mlinfra.aws.MlKeyProps;
import dev.mlinfra.core.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What the properties of keys must satisfy. */
public final class KeyRules {
  /** Services that go on using a key after the request, by a grant. */
  public static final Set<String> GRANTING = Set.of("ec2", "ecr", "elasticfilesystem");

  /** Keeps a grant too, and is none of the services that requests of KMS are told to come from. */
  public static final String CLUSTERS = "eks";

  private static final Set<String> SERVICES =
      Set.of(
          "dynamodb",
          "ec2",
          "ecr",
          "eks",
          "elasticfilesystem",
          "s3",
          "secretsmanager",
          "sns",
          "sqs",
          "ssm");
  private static final Pattern ALIAS = Pattern.compile("(?!aws/)[A-Za-z0-9/_-]{1,250}");
  private static final int LEAST_DAYS = 90;
  private static final int MOST_DAYS = 2560;

  private KeyRules() {}

  /** Every problem of the properties. */
  public static List<Problem> problems(MlKeyProps props) {
    List<Problem> problems = new ArrayList<>();
    if (props.getServices().isEmpty()) {
      problems.add(
          Problem.of("services", "given none", "at least one", "nobody could use the key"));
    }
    for (String service : props.getServices()) {
      if (!SERVICES.contains(service)) {
        problems.add(
            Problem.of(
                "services",
                "given '" + service + "'",
                String.join(", ", new TreeSet<>(SERVICES)),
                ""));
      }
    }
    props
        .getAlias()
        .ifPresent(
            alias ->
                IamNames.check(
                    "alias",
                    alias,
                    ALIAS,
                    "1 to 250 letters, digits and / _ -, not beginning with aws/",
                    problems));
    long days = props.getRotationPeriod().toSeconds().longValue() / 86_400;
    if (days < LEAST_DAYS || days > MOST_DAYS) {
      problems.add(
          Problem.of(
              "rotationPeriod",
              "given " + props.getRotationPeriod().toHumanString(),
              LEAST_DAYS + " to " + MOST_DAYS + " days",
              ""));
    }
    return problems;
  }
}
