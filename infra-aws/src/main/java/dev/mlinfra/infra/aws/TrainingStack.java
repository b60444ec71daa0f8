package dev.mlinfra.infra.aws;

import dev.mlinfra.aws.AwsCostTags;
import dev.mlinfra.aws.FargateBatchTask;
import dev.mlinfra.aws.FargateBatchTaskProps;
import dev.mlinfra.aws.IImageRepository;
import dev.mlinfra.aws.IMlDataBucket;
import dev.mlinfra.aws.IMlNetwork;
import dev.mlinfra.aws.ImageRepository;
import dev.mlinfra.aws.MlKey;
import dev.mlinfra.aws.MlKeyProps;
import dev.mlinfra.aws.MlSecrets;
import dev.mlinfra.aws.MlSecretsProps;
import dev.mlinfra.aws.SpotTrainingFleet;
import dev.mlinfra.aws.SpotTrainingFleetProps;
import dev.mlinfra.aws.TaskCluster;
import dev.mlinfra.aws.TaskImage;
import dev.mlinfra.aws.TrainingRole;
import dev.mlinfra.aws.TrainingRoleProps;
import dev.mlinfra.core.AwsSettings;
import dev.mlinfra.core.DataSettings.Encryption;
import dev.mlinfra.core.Environment;
import dev.mlinfra.core.SecretSettings;
import dev.mlinfra.core.TaskSettings;
import dev.mlinfra.core.TrainingSettings;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.ecr.Repository;
import software.constructs.Construct;

/**
 * What trains models: a role, and where the file says so a queue of jobs, tasks and their secrets.
 */
final class TrainingStack extends Stack {
  private final Environment environment;
  private final AwsSettings aws;
  private final IMlDataBucket data;
  private final Optional<IMlNetwork> network;
  private final Map<String, IImageRepository> images = new HashMap<>();
  private final Map<String, String> outputs = new LinkedHashMap<>();

  /**
   * @param network where jobs and tasks run; empty for one that exists, or that nothing needs
   */
  TrainingStack(
      Construct scope,
      StackProps props,
      Environment environment,
      AwsSettings aws,
      IMlDataBucket data,
      Optional<IMlNetwork> network) {
    super(scope, "Training", props);
    this.environment = environment;
    this.aws = aws;
    this.data = data;
    this.network =
        network.isEmpty() && aws.needsNetwork()
            ? Optional.of(NetworkStack.existing(this, aws.network()))
            : network;
    TrainingRole training =
        new TrainingRole(
            this, "Role", TrainingRoleProps.builder().data(data).rolePath(rolePath()).build());
    outputs.put("RoleArn", training.getRole().getRoleArn());
    aws.training().ifPresent(this::fleet);
    Optional<MlSecrets> secrets = secrets(aws.secrets());
    if (!aws.tasks().isEmpty()) {
      TaskCluster cluster = new TaskCluster(this, "Tasks");
      outputs.put("TaskClusterName", cluster.getCluster().getClusterRef().getClusterName());
      aws.tasks().forEach(task -> task(task, cluster, secrets));
    }
  }

  Map<String, String> outputs() {
    return outputs;
  }

  private String rolePath() {
    return environment.organization().rolePath();
  }

  private void fleet(TrainingSettings settings) {
    SpotTrainingFleetProps.Builder props = SpotTrainingFleetProps.builder();
    settings.nodes().ifPresent(props::nodes);
    settings.imageTag().ifPresent(props::modelVersion);
    settings.amiParameter().ifPresent(props::amiParameter);
    SpotTrainingFleet fleet =
        new SpotTrainingFleet(
            this,
            "Fleet",
            props
                .image(image(settings.image(), settings.imageTag()))
                .network(network.orElseThrow())
                .data(data)
                .instanceTypes(settings.instanceTypes())
                .maxVcpus(settings.maxVcpus())
                .maxConcurrentJobs(environment.budget().maxConcurrentJobs())
                .maxRuntime(Duration.seconds(settings.maxRuntime().toSeconds()))
                .attempts(settings.attempts())
                .jobBudgetUsd(environment.budget().trainingJobUsd())
                .warnAt(Math.max(0.1, environment.budget().warnAt()))
                .onDemandFallback(settings.onDemandFallback())
                .diskGb(settings.diskGb())
                .interruptionDrill(settings.interruptionDrill())
                .logRetention(PredictionStack.retention(settings.logRetentionDays()))
                .rolePath(rolePath())
                .build());
    outputs.put("JobQueueArn", fleet.getQueue().getAttrJobQueueArn());
    outputs.put("JobDefinitionArn", fleet.getJobDefinition().getRef());
    outputs.put("JobLogGroupName", fleet.getLogGroup().getLogGroupName());
    outputs.put("JobTopicArn", fleet.getNotifications().getTopicArn());
    outputs.put("BudgetAlarmName", fleet.getBudgetAlarm().getRef());
    fleet.getDrill().ifPresent(drill -> outputs.put("DrillTemplateId", drill.getRef()));
    fleet
        .getNodesQueue()
        .ifPresent(queue -> outputs.put("NodesJobQueueArn", queue.getAttrJobQueueArn()));
    fleet
        .getNodesJobDefinition()
        .ifPresent(definition -> outputs.put("NodesJobDefinitionArn", definition.getRef()));
  }

  private Optional<MlSecrets> secrets(SecretSettings settings) {
    if (settings.names().isEmpty() && settings.parameters().isEmpty()) {
      return Optional.empty();
    }
    MlSecretsProps.Builder props = MlSecretsProps.builder();
    if (aws.data().encryption() == Encryption.KMS && !settings.names().isEmpty()) {
      MlKeyProps use = MlKeyProps.builder().services(List.of("secretsmanager")).build();
      props.encryptionKey(new MlKey(this, "SecretsKey", use).getKey());
    }
    MlSecrets secrets =
        new MlSecrets(
            this,
            "Secrets",
            props.addAllSecrets(settings.names()).addAllParameters(settings.parameters()).build());
    settings
        .names()
        .forEach(
            name ->
                outputs.put(
                    OutputNames.of("Secret", name, "Arn"),
                    secrets.getSecrets().get(name).getSecretArn()));
    return Optional.of(secrets);
  }

  private void task(TaskSettings settings, TaskCluster cluster, Optional<MlSecrets> secrets) {
    FargateBatchTaskProps.Builder props = FargateBatchTaskProps.builder();
    settings.schedule().ifPresent(props::schedule);
    secrets.ifPresent(props::secrets);
    FargateBatchTask task =
        new FargateBatchTask(
            this,
            "Task-" + settings.name(),
            props
                .image(image(settings.image(), settings.imageTag()))
                .network(network.orElseThrow())
                .cluster(cluster.getCluster())
                .data(data)
                .cpu(settings.cpu())
                .memoryMb(settings.memoryMb())
                .timeZone(settings.timeZone())
                .maxRuntime(Duration.seconds(settings.maxRuntime().toSeconds()))
                .spot(settings.spot())
                .command(settings.command())
                .environment(settings.variables())
                .secretVariables(settings.secretVariables())
                .emails(settings.emails())
                .logRetention(PredictionStack.retention(settings.logRetentionDays()))
                .rolePath(rolePath())
                .build());
    AwsCostTags.of(environment.costTags(settings.name())).applyTo(task);
    outputs.put(OutputNames.of("Task", settings.name(), "Family"), task.getFamily());
    outputs.put(
        OutputNames.of("Task", settings.name(), "SecurityGroupId"),
        task.getSecurityGroup().getSecurityGroupId());
    outputs.put(
        OutputNames.of("Task", settings.name(), "LogGroupName"),
        task.getLogGroup().getLogGroupName());
    outputs.put(
        OutputNames.of("Task", settings.name(), "TopicArn"), task.getNotifications().getTopicArn());
  }

  /** By its tag, or as the image pipeline recorded it. */
  private TaskImage image(String name, Optional<String> tag) {
    IImageRepository repository = images.computeIfAbsent(name, this::repository);
    return tag.map(it -> TaskImage.ofTag(repository, it))
        .orElseGet(
            () ->
                TaskImage.ofParameter(
                    repository,
                    "/mlinfra/%s/%s/images/%s"
                        .formatted(environment.project(), environment.name(), name)));
  }

  /** It is made in the account's stage, which is deployed before. */
  private IImageRepository repository(String name) {
    return ImageRepository.fromExisting(
        Repository.fromRepositoryArn(
            this,
            "Image-" + name,
            "arn:%s:ecr:%s:%s:repository/%s/%s"
                .formatted(
                    environment.organization().partition(),
                    aws.shared().region(),
                    aws.account(),
                    environment.project(),
                    name)));
  }
}
