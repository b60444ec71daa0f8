package dev.mlinfra.policy.internal.data;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;

/**
 * A bucket says itself that it is not public. S3 blocks public access of new buckets by default,
 * but drift is found only in what the template says.
 */
final class PublicBucket implements Rule {
  private static final String BLOCK = "PublicAccessBlockConfiguration";
  private static final List<String> BLOCKS =
      List.of("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets");
  private static final String ACL = "AccessControl";
  private static final List<String> PUBLIC_ACLS =
      List.of("PublicRead", "PublicReadWrite", "AuthenticatedRead");
  private static final String OWNERSHIP = "OwnershipControls.Rules";

  @Override
  public String id() {
    return "mlinfra::data.public-bucket";
  }

  @Override
  public String requirement() {
    return "A bucket blocks public access in all four ways, and its owner owns its objects.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Resource bucket : inspection.resources("AWS::S3::Bucket")) {
      blocks(bucket, inspection.property(bucket, BLOCK), outcomes);
      Value acl = inspection.property(bucket, ACL);
      if (!acl.isMissing()) {
        acl(bucket, acl, outcomes);
      }
      Value ownership = inspection.property(bucket, OWNERSHIP);
      if (!ownership.isMissing()) {
        ownership(bucket, ownership, outcomes);
      }
    }
  }

  private static void blocks(Resource bucket, Value block, Outcomes.Of outcomes) {
    Verdict verdict =
        Verdict.worst(BLOCKS.stream().map(it -> Decide.isTrue(block.entry(it))).toList());
    outcomes.say(
        verdict,
        bucket,
        BLOCK,
        block,
        verdict == Verdict.VIOLATED
            ? "does not block public access in all four ways"
            : "whether public access is blocked is known only when deployed",
        "set " + String.join(", ", BLOCKS) + " to true");
  }

  private static void acl(Resource bucket, Value acl, Outcomes.Of outcomes) {
    Verdict verdict =
        Decide.each(
            acl,
            it ->
                it.isMissing()
                    ? Verdict.COMPLIANT
                    : Decide.text(it, text -> !PUBLIC_ACLS.contains(text)));
    outcomes.say(
        verdict,
        bucket,
        ACL,
        acl,
        verdict == Verdict.VIOLATED
            ? "its access control list is public"
            : "its access control list is known only when deployed",
        "take " + ACL + " out and grant access by policies");
  }

  private static void ownership(Resource bucket, Value ownership, Outcomes.Of outcomes) {
    Verdict verdict =
        Verdict.worst(
            Decide.items(ownership).stream()
                .map(
                    it ->
                        Decide.text(
                            it.entry("ObjectOwnership"), text -> !text.equals("ObjectWriter")))
                .toList());
    outcomes.say(
        verdict,
        bucket,
        OWNERSHIP,
        ownership,
        verdict == Verdict.VIOLATED
            ? "objects belong to whoever writes them"
            : "who owns its objects is known only when deployed",
        "set ObjectOwnership to BucketOwnerEnforced");
  }
}
