package dev.mlinfra.policy.internal.iam;

import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One principal of a trust or resource policy.
 *
 * @param kind {@code AWS}, {@code Service}, {@code Federated} …; empty when only the deployment
 *     knows
 * @param name what it names: an account, an ARN, a service, or {@code *}
 * @param resource the resource of the model that it refers to, and nothing else
 */
record Principal(String kind, Glob name, Optional<Resource> resource) {
  private static final int ARN_FIELDS = 6;
  private static final Pattern ACCOUNT = Pattern.compile("\\d{12}");
  private static final Pattern ROOT = Pattern.compile("arn:[^:]*:iam::([^:]*):root");
  private static final Pattern REGIONAL =
      Pattern.compile("(.*)\\.([a-z]{2,}(-[a-z]+)+-\\d|\\uE000)\\.amazonaws\\.com");

  /** The principals of a statement; none with {@code NotPrincipal}. */
  static List<Principal> of(Statement statement, Inspection inspection) {
    List<Principal> found = new ArrayList<>();
    for (Value principal : statement.entry("Principal").alternatives()) {
      if (principal instanceof Value.Mapping mapping) {
        for (Map.Entry<String, Value> entry : mapping.entries().entrySet()) {
          for (Value value : Decide.items(entry.getValue())) {
            found.add(of(entry.getKey(), value, statement.resource(), inspection));
          }
        }
      } else if (!principal.isMissing()) {
        String kind = principal.asText().isPresent() ? "AWS" : "";
        found.add(of(kind, principal, statement.resource(), inspection));
      }
    }
    return found;
  }

  private static Principal of(String kind, Value value, Resource holder, Inspection inspection) {
    return new Principal(kind, Glob.of(value, inspection, holder), inspection.named(value));
  }

  boolean isService() {
    return kind.equals("Service");
  }

  /** Whether it is everybody, as {@code *} says; a service never is. */
  Ternary isEverybody() {
    return isService() ? Ternary.FALSE : name.matches(Glob.FOREIGN);
  }

  /**
   * The name of a service as everywhere: without a region, and with the ending of most partitions.
   */
  static String service(Glob name) {
    String text = name.lowerCase().text();
    if (text.endsWith(".cn")) {
      text = text.substring(0, text.length() - ".cn".length());
    }
    if (text.endsWith("." + Glob.NAME)) {
      text = text.substring(0, text.length() - 1) + "amazonaws.com";
    }
    var regional = REGIONAL.matcher(text);
    return regional.matches() ? regional.group(1) + ".amazonaws.com" : text;
  }

  /** Whether it is an account as a whole: its number, or its root. */
  Ternary isAccount() {
    if (account().isPresent()) {
      return Ternary.TRUE;
    }
    boolean canBe = kind.isEmpty() || (kind.equals("AWS") && name.hasUnknown() && !isNamed());
    return canBe ? Ternary.UNKNOWN : Ternary.FALSE;
  }

  /** Whether it is a role or user of an account that may not be known. */
  private boolean isNamed() {
    String[] fields = name.text().split(":", ARN_FIELDS);
    return fields.length == ARN_FIELDS && fields[ARN_FIELDS - 1].indexOf('/') > 0;
  }

  /** Whether it is the account of the stack, as a whole. */
  Ternary isOwnAccount(Inspection inspection, Resource holder) {
    Optional<String> account = account();
    if (account.isEmpty()) {
      return isAccount();
    }
    if (account.get().equals(String.valueOf(Glob.NAME))) {
      return Ternary.TRUE;
    }
    Optional<String> own = inspection.context(holder).stack().account();
    return own.isEmpty() || account.get().indexOf(Glob.UNKNOWN) >= 0
        ? Ternary.UNKNOWN
        : Ternary.of(own.equals(account));
  }

  private Optional<String> account() {
    if (!kind.equals("AWS") || resource.isPresent()) {
      return Optional.empty();
    }
    var root = ROOT.matcher(name.text());
    if (root.matches()) {
      return Optional.of(root.group(1));
    }
    boolean number =
        ACCOUNT.matcher(name.text()).matches() || name.text().equals(String.valueOf(Glob.NAME));
    return number ? Optional.of(name.text()) : Optional.empty();
  }
}
