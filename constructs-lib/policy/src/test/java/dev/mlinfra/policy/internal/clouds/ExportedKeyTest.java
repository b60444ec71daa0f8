package dev.mlinfra.policy.internal.clouds;

import static dev.mlinfra.policy.internal.PulumiStates.UNKNOWN;
import static dev.mlinfra.policy.internal.PulumiStates.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.policy.internal.PulumiStates;
import dev.mlinfra.template.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExportedKeyTest {

  @Test
  void compliantWithAPublicKeyOfOnesOwn() {
    assertThat(
            check(
                PulumiStates.of(
                    resource("gcp:serviceaccount/key:Key", "key", "publicKeyData: abc"))))
        .containsExactly("COMPLIANT key publicKeyData");
  }

  @Test
  void compliantWhenSwitchedOff() {
    assertThat(
            check(
                PulumiStates.of(
                    resource("aws:iam/accessKey:AccessKey", "key", "user: ci, status: Inactive"))))
        .containsExactly("COMPLIANT key status");
  }

  @Test
  void violatedByTheKeyOfAServiceAccount() {
    assertThat(
            check(
                PulumiStates.of(
                    resource("gcp:serviceaccount/key:Key", "key", "serviceAccountId: a"))))
        .containsExactly("VIOLATED key: puts the key of a service account into the state");
  }

  @Test
  void violatedByAnAccessKey() {
    assertThat(
            check(
                PulumiStates.of(
                    resource("aws:iam/accessKey:AccessKey", "aws", "user: ci"),
                    resource("gcp:storage/hmacKey:HmacKey", "gcp", "state: ACTIVE"))))
        .containsExactly(
            "VIOLATED aws status: is a key that lasts until somebody deletes it",
            "VIOLATED gcp state: is a key that lasts until somebody deletes it");
  }

  @Test
  void violatedByAClientSecret() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "azuread:index/applicationPassword:ApplicationPassword", "password", ""))))
        .containsExactly("VIOLATED password: puts a client secret into the state");
  }

  @Test
  void undecidedWhenKnownOnlyWhenDeployed() {
    assertThat(
            check(
                PulumiStates.of(
                    resource("aws:iam/accessKey:AccessKey", "key", "status: " + UNKNOWN + ""))))
        .containsExactly("UNDECIDED key status: is known only when deployed");
  }

  @Test
  void notApplicableToWhatIsOnlyLookedUp() {
    assertThat(
            check(
                PulumiStates.of(
                    resource("gcp:serviceaccount/key:Key", "key", "", "external: true"))))
        .isEmpty();
  }

  private static List<String> check(Model model) {
    return Checks.of(new ExportedKey(), model);
  }
}
