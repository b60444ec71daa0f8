package dev.mlinfra.aws.internal;

import dev.mlinfra.core.Problem;
import java.util.List;
import java.util.regex.Pattern;
import software.amazon.awscdk.Token;

/** What names of IAM, regions and accounts look like. Values known at deployment only pass. */
final class IamNames {
  private static final Pattern POLICY_NAME = Pattern.compile("[A-Za-z0-9+=,.@_-]{1,128}");
  private static final Pattern ROLE_NAME = Pattern.compile("[A-Za-z0-9+=,.@_-]{1,64}");
  private static final Pattern PATH = Pattern.compile("/([A-Za-z0-9+=,.@_-]+/)*");
  private static final Pattern REGION = Pattern.compile("[a-z]{2}(-[a-z]+)+-[0-9]");
  private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");

  private IamNames() {}

  static void policyName(String name, List<Problem> problems) {
    check("policyName", name, POLICY_NAME, "1 to 128 letters, digits and + = , . @ _ -", problems);
  }

  static void roleName(String name, List<Problem> problems) {
    check("roleName", name, ROLE_NAME, "1 to 64 letters, digits and + = , . @ _ -", problems);
  }

  static void path(String property, String path, List<Problem> problems) {
    check(property, path, PATH, "/ or a path between slashes, such as /ml/", problems);
  }

  static void regions(List<String> regions, List<Problem> problems) {
    regions.forEach(
        region -> check("regions", region, REGION, "regions such as us-east-1", problems));
  }

  static void account(String account, List<Problem> problems) {
    check("account", account, ACCOUNT, "12 digits", problems);
  }

  static void check(
      String property, String value, Pattern pattern, String allowed, List<Problem> problems) {
    if (!Token.isUnresolved(value) && !pattern.matcher(value).matches()) {
      problems.add(Problem.of(property, "given '" + value + "'", allowed, ""));
    }
  }
}
