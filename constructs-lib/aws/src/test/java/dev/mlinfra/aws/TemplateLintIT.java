package dev.mlinfra.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.aws.internal.Statement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awscdk.services.iam.IRole;

/** Templates of all constructs against the vendor's schemas, which come with cfn-lint. */
class TemplateLintIT {
  private static final Path ROOT = Path.of(System.getProperty("mlinfra.root"));
  private static final Path LINT = ROOT.resolve(".mlinfra/tools/python-checks/bin/cfn-lint");

  @TempDir private Path folder;

  private final TestStack stack = new TestStack();

  @Test
  void findsNothingInWorkloads() throws Exception {
    EveryConstruct.workloads(stack.scope());
    boundary(RolePurpose.WORKLOADS, true);

    assertThat(lint()).isEmpty();
  }

  @Test
  void findsNothingInAccess() throws Exception {
    EveryConstruct.access(stack.scope());
    boundary(RolePurpose.ACCESS, false);

    assertThat(lint()).isEmpty();
  }

  @Test
  void findsNothingInClusters() throws Exception {
    EveryConstruct.clusters(stack.scope());
    boundary(RolePurpose.CLUSTERS, false);

    assertThat(lint()).isEmpty();
  }

  /** It looks into policies, so its silence means something. */
  @Test
  void findsASeededFault() throws Exception {
    GitHubDeployRole deploy =
        new GitHubDeployRole(
            stack.scope(),
            "Deploy",
            GitHubDeployRoleProps.builder()
                .provider(new GitHubOidcProvider(stack.scope(), "GitHub"))
                .addSubjects(GitHubSubject.branch("acme/ml", "main"))
                .build());
    allow(deploy.getRole(), "s3:GetObjekt");

    assertThat(lint()).contains("getobjekt");
  }

  private static void allow(IRole role, String action) {
    Statement.of("Fault", List.of(action), List.of("arn:aws:s3:::ml-agent-dev/*")).addTo(role);
  }

  private void boundary(RolePurpose purpose, boolean dataDeletion) {
    new RoleBoundary(
        stack.scope(),
        "Boundary",
        RoleBoundaryProps.builder()
            .policyName("bounds")
            .purpose(purpose)
            .dataDeletion(dataDeletion)
            .build());
  }

  private String lint() throws IOException, InterruptedException {
    assertThat(LINT).as("missing: run tools/install checks").isExecutable();
    Path template =
        Files.writeString(folder.resolve("template.json"), stack.template().toPrettyString());
    Path answer = folder.resolve("answer");
    Process process =
        new ProcessBuilder(LINT.toString(), "--format", "parseable", template.toString())
            .directory(ROOT.toFile())
            .redirectErrorStream(true)
            .redirectOutput(answer.toFile())
            .start();
    assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    return Files.readString(answer);
  }
}
