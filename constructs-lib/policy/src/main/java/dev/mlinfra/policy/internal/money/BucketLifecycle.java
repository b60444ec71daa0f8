package dev.mlinfra.policy.internal.money;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** What nobody sees in a bucket, and is billed, is deleted: parts of uploads and old versions. */
final class BucketLifecycle implements Rule {
  private static final String PATH = "LifecycleConfiguration.Rules";

  @Override
  public String id() {
    return "mlinfra::money.bucket-lifecycle";
  }

  @Override
  public String requirement() {
    return "A bucket deletes unfinished uploads and, if it is versioned, old versions after a time.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Resource bucket : inspection.resources("AWS::S3::Bucket")) {
      Value rules = inspection.property(bucket, PATH);
      say(
          someRule(rules, BucketLifecycle::endsUploads),
          "parts of uploads that were never finished",
          "AbortIncompleteMultipartUpload",
          bucket,
          rules,
          outcomes);
      Verdict versioned =
          Decide.oneOf(inspection.property(bucket, "VersioningConfiguration.Status"), "Enabled");
      if (versioned != Verdict.VIOLATED) {
        Verdict ends = someRule(rules, BucketLifecycle::endsVersions);
        say(
            ends == Verdict.VIOLATED && versioned == Verdict.UNDECIDED ? versioned : ends,
            "old versions of objects",
            "NoncurrentVersionExpiration",
            bucket,
            rules,
            outcomes);
      }
    }
  }

  private static void say(
      Verdict verdict,
      String what,
      String setting,
      Resource bucket,
      Value rules,
      Outcomes.Of outcomes) {
    outcomes.say(
        verdict,
        bucket,
        PATH,
        rules,
        (verdict == Verdict.VIOLATED ? "keeps " : "does not certainly delete all ") + what,
        "add an enabled rule with " + setting + " for the whole bucket");
  }

  /** Whether one of the rules, whatever the deployment decides, does something everywhere. */
  private static Verdict someRule(Value rules, Function<Value, Verdict> does) {
    return Decide.each(
        rules,
        list -> {
          if (list.isSymbolic()) {
            return Verdict.UNDECIDED;
          }
          return Decide.best(
              list.asList().stream()
                  .map(rule -> Decide.each(rule, it -> ofRule(it, does)))
                  .toList());
        });
  }

  private static Verdict ofRule(Value rule, Function<Value, Verdict> does) {
    if (rule.isSymbolic()) {
      return Verdict.UNDECIDED;
    }
    return Verdict.worst(
        List.of(Decide.oneOf(rule.entry("Status"), "Enabled"), does.apply(rule), scope(rule)));
  }

  /** A rule for a part of the bucket may be enough: nobody knows what else is in it. */
  private static Verdict scope(Value rule) {
    boolean everything =
        Stream.of("Prefix", "TagFilters", "ObjectSizeGreaterThan", "ObjectSizeLessThan")
            .map(rule::entry)
            .allMatch(
                value ->
                    value.alternatives().stream()
                        .allMatch(it -> it.isMissing() || it.equals(new Value.Text(""))));
    return everything ? Verdict.COMPLIANT : Verdict.UNDECIDED;
  }

  private static Verdict endsUploads(Value rule) {
    return Decide.present(rule.at("AbortIncompleteMultipartUpload.DaysAfterInitiation"));
  }

  private static Verdict endsVersions(Value rule) {
    return Decide.best(
        List.of(
            Decide.present(rule.at("NoncurrentVersionExpiration.NoncurrentDays")),
            Decide.present(rule.entry("NoncurrentVersionExpirationInDays"))));
  }
}
