package dev.mlinfra.aws.internal;

import dev.mlinfra.aws.MlSecretsProps;
import dev.mlinfra.core.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What the properties of secrets must satisfy. */
public final class SecretRules {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");
  private static final Pattern PARAMETER = Pattern.compile("(/[A-Za-z0-9_.-]+){1,15}");
  private static final int MOST_DAYS = 1000;

  private SecretRules() {}

  /** Every problem of the properties. */
  public static List<Problem> problems(MlSecretsProps props) {
    List<Problem> problems = new ArrayList<>();
    for (String name : props.getSecrets()) {
      IamNames.check(
          "secrets",
          name,
          NAME,
          "1 to 64 lower-case letters, digits and hyphens, first a letter",
          problems);
    }
    for (String name : props.getParameters()) {
      IamNames.check("parameters", name, PARAMETER, "names such as /ml-agent/dev/token", problems);
    }
    long seconds = props.getRotationInterval().toSeconds().longValue();
    if (seconds % 86_400 != 0 || seconds < 86_400 || seconds > MOST_DAYS * 86_400L) {
      problems.add(
          Problem.of(
              "rotationInterval",
              "given " + props.getRotationInterval().toHumanString(),
              "1 to " + MOST_DAYS + " whole days",
              ""));
    }
    return problems;
  }

  /** The problem of a name that nobody has, if it is one. */
  public static List<Problem> unknown(String name, Set<String> secrets, Set<String> parameters) {
    if (secrets.contains(name) || parameters.contains(name)) {
      return List.of();
    }
    Set<String> known = new TreeSet<>(secrets);
    known.addAll(parameters);
    return List.of(
        Problem.of(
            "name",
            "given '" + name + "'",
            known.isEmpty() ? "nothing: there are no secrets" : String.join(", ", known),
            "add it to secrets or parameters"));
  }
}
