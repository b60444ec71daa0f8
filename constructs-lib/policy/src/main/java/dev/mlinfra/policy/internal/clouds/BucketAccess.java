package dev.mlinfra.policy.internal.clouds;

import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;

/** One list says who reads a bucket, and nobody can open it. */
final class BucketAccess implements Rule {

  @Override
  public String id() {
    return "mlinfra::clouds.bucket-access";
  }

  @Override
  public String requirement() {
    return "Every bucket of Google Cloud is governed by IAM alone and cannot be made public.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Resource bucket : CloudResources.of(inspection, "gcp:storage/bucket:Bucket")) {
      Value uniform = inspection.property(bucket, "uniformBucketLevelAccess");
      outcomes.decided(
          Decide.isTrue(uniform),
          bucket,
          "uniformBucketLevelAccess",
          uniform,
          "leaves access lists of single objects beside IAM",
          "set it to true");
      Value prevention = inspection.property(bucket, "publicAccessPrevention");
      outcomes.decided(
          Decide.oneOf(prevention, "enforced"),
          bucket,
          "publicAccessPrevention",
          prevention,
          "lets a grant to allUsers open the bucket",
          "set it to enforced");
    }
  }
}
