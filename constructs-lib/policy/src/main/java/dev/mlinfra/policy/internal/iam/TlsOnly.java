package dev.mlinfra.policy.internal.iam;

import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.policy.internal.Statement.Kind;
import dev.mlinfra.policy.internal.Statements;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every bucket refuses whoever comes without TLS: everybody, every action, bucket and objects. */
final class TlsOnly implements Rule {
  private static final String FIX =
      "deny s3:* to everybody on the bucket and its objects with Bool aws:SecureTransport false";

  /** A name as a stack gives it, which need not be known to be the same. */
  private record Named(String stack, Value name) {}

  @Override
  public String id() {
    return "mlinfra::iam.tls-only";
  }

  @Override
  public String requirement() {
    return "Every bucket has a policy that denies requests without TLS.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    Map<ResourceId, List<Statement>> byBucket = new HashMap<>();
    Map<Named, Resource> byName = new HashMap<>();
    boolean someAreUnknown = false;
    List<Resource> buckets = inspection.resources("AWS::S3::Bucket");
    for (Resource bucket : buckets) {
      Value name = inspection.property(bucket, "BucketName");
      if (!name.isMissing()) {
        byName.put(new Named(bucket.id().stack(), name), bucket);
      }
    }
    for (Statement statement : Statements.of(inspection, Kind.RESOURCE)) {
      if (statement.resource().type().equals("AWS::S3::BucketPolicy")) {
        Optional<Resource> bucket = bucket(statement.resource(), byName, inspection);
        bucket.ifPresent(
            it -> byBucket.computeIfAbsent(it.id(), id -> new ArrayList<>()).add(statement));
        someAreUnknown |= bucket.isEmpty() && isUnknown(statement.resource(), inspection);
      }
    }
    for (Resource bucket : buckets) {
      List<Statement> statements = byBucket.getOrDefault(bucket.id(), List.of());
      Ternary denied = Ternary.any(statements, it -> denies(it, inspection));
      say(outcomes, someAreUnknown ? denied.or(Ternary.UNKNOWN) : denied, bucket, statements);
    }
  }

  private static void say(
      Outcomes.Of outcomes, Ternary denied, Resource bucket, List<Statement> statements) {
    String problem =
        statements.isEmpty()
            ? "has no policy that denies requests without TLS"
            : "has a policy that lets in requests without TLS";
    outcomes.say(
        denied.verdict(),
        bucket,
        "",
        new Value.Missing(),
        denied == Ternary.UNKNOWN
            ? "only the deployment knows whether requests without TLS are denied"
            : problem,
        FIX);
  }

  private static Optional<Resource> bucket(
      Resource policy, Map<Named, Resource> byName, Inspection inspection) {
    Value bucket = inspection.property(policy, "Bucket");
    return inspection
        .named(bucket)
        .or(() -> Optional.ofNullable(byName.get(new Named(policy.id().stack(), bucket))));
  }

  private static boolean isUnknown(Resource policy, Inspection inspection) {
    return inspection.property(policy, "Bucket").isSymbolic();
  }

  private static Ternary denies(Statement statement, Inspection inspection) {
    if (statement.allow()) {
      return statement.body().isSymbolic() ? Ternary.UNKNOWN : Ternary.FALSE;
    }
    StatementScope scope = StatementScope.of(statement, inspection);
    Ternary everybody = Ternary.any(Principal.of(statement, inspection), Principal::isEverybody);
    boolean all = covers(scope, false) && covers(scope, true);
    return everybody
        .and(scope.covers("s3:" + Glob.FOREIGN))
        .and(Ternary.of(all))
        .and(onlyWithoutTls(scope))
        .and(scope.isCertain() ? Ternary.TRUE : Ternary.UNKNOWN);
  }

  /** Whether the statement always holds without TLS: no other test makes it narrower. */
  private static Ternary onlyWithoutTls(StatementScope scope) {
    if (scope.isUncertain()) {
      return Ternary.UNKNOWN;
    }
    return Ternary.of(!scope.clauses().isEmpty())
        .and(
            Ternary.each(
                scope.clauses(),
                clause ->
                    Ternary.of(clause.isAbout("aws:SecureTransport") && clause.admits())
                        .and(clause.each(value -> value.lowerCase().matches("false")))));
  }

  /**
   * Whether the statement is about the bucket, or about all of its objects. A bucket's policy can
   * only be about that bucket, so the name need not be compared.
   */
  private static boolean covers(StatementScope scope, boolean objects) {
    for (Glob resource : scope.resources()) {
      String text = resource.text();
      int slash = text.indexOf('/');
      boolean isObjects = slash >= 0 && slash == text.length() - 2 && text.endsWith("/*");
      boolean isBoth = slash < 0 && text.endsWith("*");
      if (isBoth || (objects ? isObjects : slash < 0)) {
        return true;
      }
    }
    return false;
  }
}
