package dev.mlinfra.policy.internal.iam;

import java.util.Set;

/** Which tests of a condition say for whom somebody acts, or where a call comes from. */
final class Guard {
  private static final int ARN_FIELDS = 6;

  /** Keys that name an account, an organisation or a network. */
  private static final Set<String> NAMES =
      Set.of(
          "aws:principalaccount",
          "aws:principalorgid",
          "aws:principalorgpaths",
          "aws:sourceaccount",
          "aws:sourceorgid",
          "aws:sourceorgpaths",
          "aws:sourceowner",
          "aws:sourcevpc",
          "aws:sourcevpce",
          "aws:userid",
          "aws:vpceaccount",
          "aws:vpceorgid",
          "kms:calleraccount",
          "s3:dataaccesspointaccount");

  /** Keys that name a resource by its ARN. */
  private static final Set<String> ARNS =
      Set.of(
          "aws:principalarn",
          "aws:sourcearn",
          "aws:sourcevpcarn",
          "elasticfilesystem:accesspointarn",
          "lambda:sourcefunctionarn",
          "s3:dataaccesspointarn");

  private static final Set<String> OF_THE_SOURCE =
      Set.of(
          "aws:sourceaccount",
          "aws:sourcearn",
          "aws:sourceorgid",
          "aws:sourceorgpaths",
          "aws:sourceowner",
          "sts:externalid");

  private Guard() {}

  /** Whether a test bounds for whom a service acts. */
  static Ternary ofTheSource(Clause clause) {
    boolean encryption = clause.key().startsWith("kms:encryptioncontext:");
    if (!clause.admits() || !(encryption || OF_THE_SOURCE.contains(clause.key()))) {
      return Ternary.FALSE;
    }
    return clause.each(
        value -> encryption || isArn(clause) ? namesAccount(value, clause) : names(value, clause));
  }

  /** Whether a test bounds who calls, or where from. */
  static Ternary ofTheCaller(Clause clause) {
    if (!clause.admits() || clause.passesWithout()) {
      return Ternary.FALSE;
    }
    if (isArn(clause)) {
      return clause.each(value -> namesAccount(value, clause));
    }
    if (NAMES.contains(clause.key())) {
      return clause.each(value -> names(value, clause));
    }
    if (clause.isAbout("aws:SourceIp")) {
      return clause.each(
          value -> value.hasUnknown() ? Ternary.UNKNOWN : Ternary.of(!value.text().endsWith("/0")));
    }
    return Ternary.of(
        clause.isAbout("elasticfilesystem:AccessedViaMountTarget")
            && clause.each(value -> value.lowerCase().matches("true")) == Ternary.TRUE);
  }

  private static boolean isArn(Clause clause) {
    return ARNS.contains(clause.key());
  }

  private static Ternary names(Glob value, Clause clause) {
    if (value.hasUnknown()) {
      return Ternary.UNKNOWN;
    }
    return Ternary.of(clause.isExact() || !startsOpen(value.text()));
  }

  /** An ARN of one account; names of buckets are of one account anyway. */
  private static Ternary namesAccount(Glob value, Clause clause) {
    String text = value.text();
    String[] fields = text.split(":", ARN_FIELDS);
    if (!fields[0].equals("arn") || fields.length < ARN_FIELDS) {
      return value.hasUnknown() ? Ternary.UNKNOWN : names(value, clause);
    }
    String decisive = fields[4].isEmpty() || fields[2].equals("s3") ? fields[5] : fields[4];
    if (decisive.indexOf(Glob.UNKNOWN) >= 0) {
      return Ternary.UNKNOWN;
    }
    return Ternary.of(!startsOpen(decisive));
  }

  private static boolean startsOpen(String text) {
    return text.isEmpty() || text.charAt(0) == '*' || text.charAt(0) == '?';
  }
}
