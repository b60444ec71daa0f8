package dev.mlinfra.policy.internal.reliability;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.policy.internal.Statement.Kind;
import dev.mlinfra.policy.internal.Statements;
import dev.mlinfra.template.Context;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which roles may put objects into S3, and into which buckets. */
final class S3Writers {
  private static final String PUT = "s3:putobject";
  private static final Pattern BUCKET = Pattern.compile("arn:[^:]*:s3:::([^/*]+)/?.*");

  /** Policies of AWS that allow it. */
  private static final Set<String> WRITING =
      Set.of(
          "AdministratorAccess",
          "AmazonS3FullAccess",
          "AmazonSageMakerFullAccess",
          "PowerUserAccess");

  private final Inspection inspection;
  private final Map<ResourceId, Verdict> writers = new HashMap<>();
  private final Map<ResourceId, Set<String>> buckets = new HashMap<>();

  private S3Writers(Inspection inspection) {
    this.inspection = inspection;
    for (Statement statement : Statements.of(inspection, Kind.IDENTITY)) {
      if (statement.allow()) {
        Context context = inspection.context(statement.resource());
        for (Value action : statement.actions()) {
          Optional<String> name = action.resolvedText(context).text();
          if (name.isEmpty()) {
            add(statement, Verdict.UNDECIDED);
          } else if (matches(name.get())) {
            add(statement, Verdict.COMPLIANT);
            addBuckets(statement, context);
          }
        }
      }
    }
  }

  static S3Writers of(Inspection inspection) {
    return inspection.prepared(S3Writers.class, S3Writers::new);
  }

  private void add(Statement statement, Verdict verdict) {
    for (ResourceId identity : statement.identities()) {
      writers.merge(identity, verdict, (one, other) -> Decide.best(List.of(one, other)));
    }
  }

  private void addBuckets(Statement statement, Context context) {
    for (Value resource : statement.resources()) {
      Matcher arn = BUCKET.matcher(resource.resolvedText(context).prefix());
      if (arn.matches()) {
        for (ResourceId identity : statement.identities()) {
          buckets.computeIfAbsent(identity, id -> new HashSet<>()).add(arn.group(1));
        }
      }
    }
  }

  private static boolean matches(String action) {
    String[] pieces = action.toLowerCase(Locale.ROOT).split("\\*", -1);
    StringBuilder pattern = new StringBuilder();
    for (String piece : pieces) {
      pattern.append(pattern.isEmpty() ? "" : ".*").append(Pattern.quote(piece));
    }
    return PUT.matches(pattern.toString());
  }

  /** Whether the role of an ARN may put objects somewhere. */
  Verdict mayWrite(Value roleArn) {
    return Decide.each(
        roleArn,
        arn -> {
          Optional<Resource> role = inspection.named(arn);
          if (role.isEmpty()) {
            return arn.isMissing() ? Verdict.VIOLATED : Verdict.UNDECIDED;
          }
          Verdict own = writers.getOrDefault(role.get().id(), Verdict.VIOLATED);
          Verdict attached = attached(role.get());
          return Decide.best(List.of(own, attached));
        });
  }

  private Verdict attached(Resource role) {
    Verdict best = Verdict.VIOLATED;
    for (Value arn : Decide.items(inspection.property(role, "ManagedPolicyArns"))) {
      if (inspection.named(arn).isEmpty()) {
        String suffix = arn.resolvedText(inspection.context(role)).suffix();
        String name = suffix.substring(suffix.lastIndexOf('/') + 1);
        if (WRITING.contains(name)) {
          return Verdict.COMPLIANT;
        }
        if (!name.endsWith("ReadOnlyAccess")) {
          best = Verdict.UNDECIDED;
        }
      }
    }
    return best;
  }

  /** The names of the buckets that a role certainly may put objects into. */
  Set<String> buckets(Value roleArn) {
    return inspection
        .named(roleArn)
        .map(role -> buckets.getOrDefault(role.id(), Set.of()))
        .orElse(Set.of());
  }
}
