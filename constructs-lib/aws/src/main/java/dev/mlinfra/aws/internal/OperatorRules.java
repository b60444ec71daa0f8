package dev.mlinfra.aws.internal;

import dev.mlinfra.aws.OperatorRoleProps;
import dev.mlinfra.core.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What the properties of a role for people must satisfy. */
public final class OperatorRules {
  private static final Pattern PROJECT = Pattern.compile("[a-z][a-z0-9-]{1,31}");
  private static final Pattern ENVIRONMENT = Pattern.compile("[a-z][a-z0-9-]{1,15}");
  private static final Pattern PRINCIPAL =
      Pattern.compile("arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/[A-Za-z0-9+=,.@_/-]+");
  private static final Pattern ROOT = Pattern.compile("arn:aws[a-z-]*:iam::[0-9]{12}:root");
  private static final int LONGEST_HOURS = 8;

  private OperatorRules() {}

  /** Every problem of the properties. */
  public static List<Problem> problems(OperatorRoleProps props) {
    List<Problem> problems = new ArrayList<>();
    props.getRoleName().ifPresent(name -> IamNames.roleName(name, problems));
    IamNames.path("rolePath", props.getRolePath(), problems);
    IamNames.check(
        "project",
        props.getProject(),
        PROJECT,
        "2 to 32 lower-case letters, digits and hyphens, first a letter",
        problems);
    environments(props.getEnvironments(), problems);
    principals(props, problems);
    session(props, problems);
    DataRules.prefixes(props.getPrefixes(), problems);
    IamNames.regions(props.getRegions(), problems);
    return problems;
  }

  /** Whether a principal is a whole account. */
  public static boolean isRoot(String arn) {
    return ROOT.matcher(arn).matches();
  }

  /** Whether a principal is a role, whose sessions do not tell of a second factor. */
  static boolean isRole(String arn) {
    return arn.contains(":role/");
  }

  private static void environments(List<String> environments, List<Problem> problems) {
    if (environments.isEmpty()) {
      problems.add(Problem.of("environments", "none", "at least one, such as dev", "add one"));
    }
    for (String environment : environments) {
      IamNames.check(
          "environments",
          environment,
          ENVIRONMENT,
          "2 to 16 lower-case letters, digits and hyphens, first a letter",
          problems);
      for (String other : environments) {
        if (other.startsWith(environment + "-")) {
          problems.add(
              Problem.of(
                  "environments",
                  "given '" + environment + "' beside '" + other + "'",
                  "names of which none begins with another and a hyphen",
                  "a session for "
                      + environment
                      + " would reach "
                      + other
                      + ": rename one, or give each a role of its own"));
        }
      }
    }
  }

  private static void principals(OperatorRoleProps props, List<Problem> problems) {
    if (props.getPrincipals().isEmpty()) {
      problems.add(
          Problem.of(
              "principals",
              "none",
              "at least one, such as arn:aws:iam::123456789012:role/Developers",
              "add one"));
    }
    for (String arn : props.getPrincipals()) {
      if (isRoot(arn)) {
        if (!props.isAccountRootAllowed()) {
          problems.add(
              Problem.of(
                  "principals",
                  "given '" + arn + "'",
                  "ARNs of roles and users",
                  "name them, or set accountRootAllowed if the whole account may decide"));
        }
      } else if (!PRINCIPAL.matcher(arn).matches()) {
        problems.add(
            Problem.of(
                "principals",
                "given '" + arn + "'",
                "ARNs of roles and users without wildcards, such as"
                    + " arn:aws:iam::123456789012:role/Developers",
                "write it out; of a session, name the role"));
      }
    }
  }

  private static void session(OperatorRoleProps props, List<Problem> problems) {
    long seconds = props.getMaxSession().toSeconds().longValue();
    if (seconds < 3600 || seconds > LONGEST_HOURS * 3600L) {
      problems.add(
          Problem.of(
              "maxSession",
              "given " + seconds + " s",
              "3600 to " + LONGEST_HOURS * 3600 + " s",
              ""));
    }
  }
}
