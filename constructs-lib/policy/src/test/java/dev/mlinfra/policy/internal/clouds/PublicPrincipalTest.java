package dev.mlinfra.policy.internal.clouds;

import static dev.mlinfra.policy.internal.PulumiStates.UNKNOWN;
import static dev.mlinfra.policy.internal.PulumiStates.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.policy.internal.PulumiStates;
import dev.mlinfra.template.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublicPrincipalTest {

  @Test
  void compliantWhenSomebodyIsNamed() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "gcp:storage/bucketIAMMember:BucketIAMMember",
                        "reader",
                        "role: r, member: 'serviceAccount:a@p.iam'"))))
        .containsExactly("COMPLIANT reader member");
  }

  @Test
  void compliantWhenContainersArePrivate() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "azure-native:storage:StorageAccount",
                        "data",
                        "allowBlobPublicAccess: false"),
                    resource(
                        "azure-native:storage:BlobContainer", "models", "publicAccess: None"))))
        .containsExactly("COMPLIANT data allowBlobPublicAccess", "COMPLIANT models publicAccess");
  }

  @Test
  void violatedByEverybody() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "gcp:storage/bucketIAMMember:BucketIAMMember",
                        "reader",
                        "member: allUsers"),
                    resource(
                        "gcp:cloudrunv2/serviceIamBinding:ServiceIamBinding",
                        "callers",
                        "members: ['user:a@example.com', allAuthenticatedUsers]"))))
        .containsExactly(
            "VIOLATED reader member: lets in everybody in the world",
            "COMPLIANT callers members",
            "VIOLATED callers members: lets in everybody in the world");
  }

  @Test
  void violatedByAnAccessList() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "gcp:storage/bucketACL:BucketACL",
                        "list",
                        "predefinedAcl: publicRead, roleEntities: ['READER:allUsers']"),
                    resource(
                        "gcp:storage/objectAccessControl:ObjectAccessControl",
                        "entry",
                        "entity: allUsers"))))
        .containsExactly(
            "VIOLATED entry entity: lets in everybody in the world",
            "VIOLATED list predefinedAcl: lets in everybody in the world",
            "VIOLATED list roleEntities: lets in everybody in the world");
  }

  @Test
  void violatedByADataset() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "gcp:bigquery/dataset:Dataset",
                        "set",
                        "accesses: [{userByEmail: a@example.com}, {specialGroup: allAuthenticatedUsers}]"))))
        .containsExactly("VIOLATED set accesses[1].specialGroup: lets in everybody in the world");
  }

  @Test
  void violatedByAContainer() {
    assertThat(
            check(
                PulumiStates.of(
                    resource("azure-native:storage:BlobContainer", "models", "publicAccess: Blob"),
                    resource(
                        "azure-native:storage:StorageAccount",
                        "data",
                        "allowBlobPublicAccess: true"))))
        .containsExactly(
            "VIOLATED data allowBlobPublicAccess: lets somebody make a container public",
            "VIOLATED models publicAccess: lets in everybody in the world");
  }

  @Test
  void undecidedWhenKnownOnlyWhenDeployed() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "gcp:storage/bucketIAMMember:BucketIAMMember",
                        "reader",
                        "member: " + UNKNOWN + ""))))
        .containsExactly("UNDECIDED reader member: is known only when deployed");
  }

  @Test
  void undecidedWhenTheVersionOfTheApiDecides() {
    assertThat(check(PulumiStates.of(resource("azure-native:storage:StorageAccount", "data", ""))))
        .containsExactly(
            "UNDECIDED data allowBlobPublicAccess: whether containers may be public depends on the version of Azure's API");
  }

  @Test
  void notApplicableToOtherResources() {
    assertThat(check(PulumiStates.of(resource("gcp:storage/bucket:Bucket", "a", "name: allUsers"))))
        .isEmpty();
  }

  private static List<String> check(Model model) {
    return Checks.of(new PublicPrincipal(), model);
  }
}
