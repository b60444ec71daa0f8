package dev.mlinfra.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.core.Defaults;
import dev.mlinfra.core.Pattern;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a reviewer reads for changes as they happen. {@code mvn test -Dsnapshots=update} writes the
 * files; then read them.
 */
class GoldenReportsTest {
  private static final Path GOLDEN = Path.of("src/test/resources/reports");
  private static final String BUCKET = "BucketE75EA64C";
  private static final String ROLE_POLICY = "RoleDefaultPolicy834DC809";

  @TempDir Path folder;

  private Example head() {
    return Example.in(folder.resolve("head"));
  }

  private static void golden(String name, Review review) throws IOException {
    Path file = GOLDEN.resolve(name + ".md");
    String text = ReviewMarkdown.report(review);
    if ("update".equals(System.getProperty("snapshots"))) {
      Files.createDirectories(GOLDEN);
      Files.writeString(file, text);
    }
    assertThat(file).as("mvn test -Dsnapshots=update writes it").exists();
    assertThat(text).isEqualTo(Files.readString(file));
  }

  private static Review review(Example head) {
    return Reviewer.standard().compare(Example.base(), head.model());
  }

  @Test
  void aBucketThatIsReplaced() throws IOException {
    Example head =
        head().properties("Data", BUCKET, bucket -> bucket.put("BucketName", "acme-ml-data"));

    golden("replaced-bucket", review(head));
  }

  @Test
  void aBucketThatIsRemovedAndNotKept() throws IOException {
    Example base =
        Example.in(folder.resolve("base"))
            .resources(
                "Data",
                all -> {
                  ObjectNode archive = ((ObjectNode) all.get(BUCKET)).deepCopy();
                  archive.remove("DeletionPolicy");
                  all.set("Archive2C3D4E5F", archive);
                });

    golden("removed-bucket", Reviewer.standard().compare(base.model(), head().model()));
  }

  @Test
  void aGrantThatIsWidened() throws IOException {
    Example head =
        head()
            .properties(
                "Training",
                ROLE_POLICY,
                policy -> {
                  ObjectNode first =
                      (ObjectNode) policy.get("PolicyDocument").get("Statement").get(0);
                  first.put("Action", "s3:*");
                  ObjectNode second =
                      (ObjectNode) policy.get("PolicyDocument").get("Statement").get(1);
                  second.put("Resource", "*");
                });

    golden("widened-grant", review(head));
  }

  @Test
  void aTagThatIsDropped() throws IOException {
    Example head =
        head()
            .properties(
                "Prediction",
                "FunctionFailures592DE66F",
                queue -> Example.list(queue, "Tags").remove(0))
            .properties(
                "Prediction",
                "Function04ABE818",
                function ->
                    ((ObjectNode) Example.list(function, "Tags").get(0)).put("Value", "cc-9999"));

    golden("dropped-tag", review(head));
  }

  @Test
  void aBiggerGpu() throws IOException {
    Example head =
        head()
            .properties(
                "Training",
                "Notebook7B3E91D0",
                instance -> instance.put("InstanceType", "g5.12xlarge"));

    golden("bigger-gpu", review(head));
  }

  @Test
  void aLogicalIdThatIsRenamed() throws IOException {
    Example head =
        head()
            .text("Data.template.json", text -> text.replace(BUCKET, "StoreBucket1B2C3D4E"))
            .text("Prediction.template.json", text -> text.replace(BUCKET, "StoreBucket1B2C3D4E"))
            .text("Training.template.json", text -> text.replace(BUCKET, "StoreBucket1B2C3D4E"))
            .text("manifest.json", text -> text.replace(BUCKET, "StoreBucket1B2C3D4E"))
            .text("manifest.json", text -> text.replace("/dev/Data/Bucket/", "/dev/Data/Store/"));

    golden("renamed-logical-id", review(head));
  }

  @Test
  void nothingButHashes() throws IOException {
    Example head =
        head()
            .text(
                "Prediction.template.json",
                text ->
                    text.replace("3f0b1c2d3e4f5a6b7c", "77aa1c2d3e4f5a6b7c")
                        .replace(
                            "0123456789abcdef0123456789abcdef", "fedcba98765432100123456789abcdef"))
            .text(
                "manifest.json",
                text ->
                    text.replace(
                        "0123456789abcdef0123456789abcdef", "fedcba98765432100123456789abcdef"));

    golden("only-hashes", review(head));
  }

  @Test
  void aPortThatIsOpenToEveryone() throws IOException {
    Example head =
        head()
            .properties(
                "Training",
                "WorkersSecurityGroup5D1A0F21",
                group ->
                    group
                        .putArray("SecurityGroupIngress")
                        .add(
                            Example.json(
                                "{'CidrIp': '0.0.0.0/0', 'IpProtocol': 'tcp', 'FromPort': 22,"
                                    + " 'ToPort': 22, 'Description': 'shell @everyone <b>'}")));

    golden("public-port", review(head));
  }

  @Test
  void aPrincipalThatMayTakeOnARole() throws IOException {
    Example head =
        head()
            .properties(
                "Training",
                "Role11E5256C",
                role ->
                    ((ObjectNode)
                            role.get("AssumeRolePolicyDocument")
                                .get("Statement")
                                .get(0)
                                .get("Principal"))
                        .put("AWS", "arn:aws:iam::210987654321:root"));

    golden("new-principal", review(head));
  }

  @Test
  void aPulumiPreviewWithAReplacement() throws IOException {
    Path preview = Path.of("src/test/resources/preview.json");

    golden(
        "pulumi-replacement",
        Reviewer.standard()
            .compare(Models.readDeployed(preview).orElseThrow(), Models.read(preview)));
  }

  @Test
  void anEnvironmentOverItsBudget() throws IOException {
    Model base = Example.base();
    Example head =
        head()
            .resources(
                "Training",
                all -> all.set("Second4C5D6E7F", all.get("Notebook7B3E91D0").deepCopy()));

    golden(
        "over-budget",
        Reviewer.standard()
            .withBudgets(Map.of("dev", Defaults.of(Pattern.BATCH).budget()))
            .compare(base, head.model()));
  }

  @Test
  void nothing() throws IOException {
    golden("no-change", review(head()));
  }

  @Test
  void theFirstVersion() throws IOException {
    golden("first-version", Reviewer.standard().first(Example.base()));
  }
}
