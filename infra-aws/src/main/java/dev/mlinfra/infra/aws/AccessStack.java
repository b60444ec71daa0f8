package dev.mlinfra.infra.aws;

import dev.mlinfra.aws.GitHubDeployRole;
import dev.mlinfra.aws.GitHubDeployRoleProps;
import dev.mlinfra.aws.GitHubDiffRole;
import dev.mlinfra.aws.GitHubDiffRoleProps;
import dev.mlinfra.aws.GitHubOidcProvider;
import dev.mlinfra.aws.GitHubSubject;
import dev.mlinfra.aws.IGitHubOidcProvider;
import dev.mlinfra.aws.ImagePipelineRole;
import dev.mlinfra.aws.ImagePipelineRoleProps;
import dev.mlinfra.aws.OperatorRole;
import dev.mlinfra.aws.OperatorRoleProps;
import dev.mlinfra.aws.RoleBoundary;
import dev.mlinfra.aws.RoleBoundaryProps;
import dev.mlinfra.aws.RolePurpose;
import dev.mlinfra.core.Account;
import dev.mlinfra.core.AwsSettings;
import dev.mlinfra.core.DataSettings;
import dev.mlinfra.core.Environment;
import dev.mlinfra.core.GitHubSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.ecs.Cluster;
import software.amazon.awscdk.services.iam.IManagedPolicy;
import software.amazon.awscdk.services.iam.Role;
import software.constructs.Construct;

/** Who may do what in an account: boundaries, pipelines, people. */
final class AccessStack extends Stack {
  private final Account account;
  private final Optional<IManagedPolicy> boundary;
  private final Map<String, String> outputs = new LinkedHashMap<>();

  AccessStack(Construct scope, StackProps props, Account account, Optional<SharedStack> shared) {
    super(scope, "Access", props);
    this.account = account;
    boundary = ownBoundary(account) ? Optional.of(boundaries()) : Optional.empty();
    List<Environment> onGitHub =
        account.environments().stream()
            .filter(environment -> aws(environment).github().isPresent())
            .toList();
    if (!onGitHub.isEmpty()) {
      IGitHubOidcProvider provider = provider(onGitHub.get(0));
      diffRole(provider, onGitHub);
      for (Environment environment : onGitHub) {
        deployRole(provider, environment, shared);
        github(environment)
            .imagePipeline()
            .ifPresent(
                pipeline ->
                    imagePipelineRole(provider, environment, pipeline, shared.orElseThrow()));
      }
    }
    if (!account.shared().operators().isEmpty()) {
      operatorRole();
    }
  }

  /** Whether there is anything to make. */
  static boolean isNeeded(Account account) {
    return ownBoundary(account)
        || !account.shared().operators().isEmpty()
        || account.environments().stream()
            .anyMatch(environment -> aws(environment).github().isPresent());
  }

  Map<String, String> outputs() {
    return outputs;
  }

  private static boolean ownBoundary(Account account) {
    return account.organization().permissionsBoundaryArn().isEmpty();
  }

  /** Makes the workloads' boundary and that of the roles here, and gives the latter. */
  private IManagedPolicy boundaries() {
    boolean dataDeletion =
        account.environments().stream()
            .anyMatch(env -> aws(env).data().onDelete() == DataSettings.OnDelete.DESTROY);
    new RoleBoundary(
        this,
        "WorkloadBoundary",
        RoleBoundaryProps.builder()
            .policyName(Account.workloadBoundary(account.project()))
            .purpose(RolePurpose.WORKLOADS)
            .dataDeletion(dataDeletion)
            .build());
    return new RoleBoundary(
            this,
            "AccessBoundary",
            RoleBoundaryProps.builder()
                .policyName(account.project() + "-access-boundary")
                .purpose(RolePurpose.ACCESS)
                .build())
        .getPolicy();
  }

  private IGitHubOidcProvider provider(Environment any) {
    return github(any)
        .oidcProviderArn()
        .map(GitHubOidcProvider::fromExistingArn)
        .orElseGet(() -> new GitHubOidcProvider(this, "GitHub"));
  }

  private void diffRole(IGitHubOidcProvider provider, List<Environment> environments) {
    GitHubDiffRole role =
        new GitHubDiffRole(
            this,
            "DiffRole",
            GitHubDiffRoleProps.builder()
                .provider(provider)
                .subjects(
                    environments.stream()
                        .map(environment -> github(environment).repository())
                        .distinct()
                        .map(GitHubSubject::pullRequest)
                        .toList())
                .stackPrefixes(List.of(account.project() + "-"))
                .regions(
                    Stream.concat(regions().stream(), Stream.of(account.shared().region()))
                        .distinct()
                        .toList())
                .rolePath(account.organization().rolePath())
                .permissionsBoundary(boundary)
                .build());
    outputs.put("DiffRoleArn", role.getRole().getRoleArn());
  }

  private void deployRole(
      IGitHubOidcProvider provider, Environment environment, Optional<SharedStack> shared) {
    GitHubDeployRoleProps.Builder props = GitHubDeployRoleProps.builder();
    account.organization().bootstrapQualifier().ifPresent(props::qualifier);
    GitHubDeployRole role =
        new GitHubDeployRole(
            this,
            "DeployRole-" + environment.name(),
            props
                .provider(provider)
                .subjects(List.of(subject(environment)))
                .regions(List.of(aws(environment).region()))
                .rolePath(account.organization().rolePath())
                .permissionsBoundary(boundary)
                .build());
    shared
        .flatMap(SharedStack::state)
        .ifPresent(state -> state.getGrants().readWrite(role.getRole()));
    outputs.put(
        OutputNames.of("DeployRole", environment.name(), "Arn"), role.getRole().getRoleArn());
  }

  private void imagePipelineRole(
      IGitHubOidcProvider provider,
      Environment environment,
      GitHubSettings.ImagePipeline pipeline,
      SharedStack shared) {
    String id = "ImagePipelineRole-" + environment.name();
    ImagePipelineRole role =
        new ImagePipelineRole(
            this,
            id,
            ImagePipelineRoleProps.builder()
                .provider(provider)
                .subjects(List.of(subject(environment)))
                .repository(shared.image(pipeline.image()))
                .cluster(
                    Cluster.fromClusterArn(
                        this,
                        id + "-Cluster",
                        "arn:%s:ecs:%s:%s:cluster/%s"
                            .formatted(
                                getPartition(),
                                aws(environment).region(),
                                account.number(),
                                pipeline.cluster())))
                .taskFamily(pipeline.taskFamily())
                .taskRole(Role.fromRoleArn(this, id + "-TaskRole", pipeline.taskRoleArn()))
                .executionRole(
                    Role.fromRoleArn(this, id + "-ExecutionRole", pipeline.executionRoleArn()))
                .imageParameter(pipeline.imageParameter(environment))
                .logGroup(pipeline.logGroup())
                .dataObject(pipeline.dataObject())
                .rolePath(account.organization().rolePath())
                .permissionsBoundary(boundary)
                .build());
    outputs.put(
        OutputNames.of("ImagePipelineRole", environment.name(), "Arn"),
        role.getRole().getRoleArn());
  }

  private void operatorRole() {
    OperatorRole role =
        new OperatorRole(
            this,
            "OperatorRole",
            OperatorRoleProps.builder()
                .project(account.project())
                .environments(account.environments().stream().map(Environment::name).toList())
                .principals(account.shared().operators())
                .prefixes(aws(account.environments().get(0)).data().prefixes())
                .dataKeyUsed(
                    account.environments().stream()
                        .anyMatch(
                            env -> aws(env).data().encryption() == DataSettings.Encryption.KMS))
                .regions(regions())
                .rolePath(account.organization().rolePath())
                .permissionsBoundary(boundary)
                .build());
    outputs.put("OperatorRoleArn", role.getRole().getRoleArn());
  }

  /** A branch where the file names one, else the GitHub environment of the same name. */
  private static GitHubSubject subject(Environment environment) {
    GitHubSettings github = github(environment);
    return github
        .deployBranch()
        .map(branch -> GitHubSubject.branch(github.repository(), branch))
        .orElseGet(() -> GitHubSubject.environment(github.repository(), environment.name()));
  }

  private List<String> regions() {
    return account.environments().stream()
        .map(environment -> aws(environment).region())
        .distinct()
        .sorted()
        .toList();
  }

  private static GitHubSettings github(Environment environment) {
    return aws(environment).github().orElseThrow();
  }

  private static AwsSettings aws(Environment environment) {
    return environment.aws().orElseThrow();
  }
}
