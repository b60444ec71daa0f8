package dev.mlinfra.policy.internal.clouds;

import static dev.mlinfra.policy.internal.PulumiStates.UNKNOWN;
import static dev.mlinfra.policy.internal.PulumiStates.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.policy.internal.PulumiStates;
import dev.mlinfra.template.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

class BucketAccessTest {

  @Test
  void compliantWithBoth() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "gcp:storage/bucket:Bucket",
                        "data",
                        "uniformBucketLevelAccess: true, publicAccessPrevention: enforced"))))
        .containsExactly(
            "COMPLIANT data uniformBucketLevelAccess", "COMPLIANT data publicAccessPrevention");
  }

  @Test
  void violatedWithout() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "gcp:storage/bucket:Bucket", "data", "publicAccessPrevention: inherited"))))
        .containsExactly(
            "VIOLATED data uniformBucketLevelAccess: leaves access lists of single objects"
                + " beside IAM",
            "VIOLATED data publicAccessPrevention: lets a grant to allUsers open the bucket");
  }

  @Test
  void undecidedWhenKnownOnlyWhenDeployed() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "gcp:storage/bucket:Bucket",
                        "data",
                        "uniformBucketLevelAccess: "
                            + UNKNOWN
                            + ", publicAccessPrevention: "
                            + UNKNOWN
                            + ""))))
        .containsExactly(
            "UNDECIDED data uniformBucketLevelAccess: is known only when deployed",
            "UNDECIDED data publicAccessPrevention: is known only when deployed");
  }

  @Test
  void notApplicableToWhatIsOnlyLookedUp() {
    assertThat(
            check(
                PulumiStates.of(
                    resource("gcp:storage/bucket:Bucket", "data", "", "external: true"))))
        .isEmpty();
  }

  private static List<String> check(Model model) {
    return Checks.of(new BucketAccess(), model);
  }
}
