package dev.mlinfra.aws;

import dev.mlinfra.core.DataSettings.Encryption;
import dev.mlinfra.core.NetworkSettings.Egress;
import java.util.List;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.ec2.VpcAttributes;
import software.amazon.awscdk.services.ecs.CfnCluster;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;
import software.constructs.Construct;

/** Every construct that makes roles or grants something to them, with every option and grant. */
final class EveryConstruct {
  private EveryConstruct() {}

  /** Those whose roles are of programs. */
  static void workloads(Stack scope) {
    MlDataBucket data =
        new MlDataBucket(
            scope, "Data", MlDataBucketProps.builder().encryption(Encryption.KMS).build());
    PredictionLambda prediction =
        new PredictionLambda(
            scope,
            "Prediction",
            PredictionLambdaProps.builder()
                .data(data)
                .tracing(true)
                .environmentKey(Key.Builder.create(scope, "EnvironmentKey").build())
                .failureQueue(
                    Queue.Builder.create(scope, "Failures").encryption(QueueEncryption.KMS).build())
                .vpc(
                    Vpc.fromVpcAttributes(
                        scope,
                        "Network",
                        VpcAttributes.builder()
                            .vpcId("vpc-0123456789abcdef0")
                            .availabilityZones(List.of("us-east-1a"))
                            .privateSubnetIds(List.of("subnet-0123456789abcdef0"))
                            .privateSubnetRouteTableIds(List.of("rtb-0123456789abcdef0"))
                            .build()))
                .build());
    DistributedPrediction runs =
        new DistributedPrediction(
            scope,
            "Runs",
            DistributedPredictionProps.builder().prediction(prediction).tracing(true).build());
    new TrainingRole(scope, "Training", TrainingRoleProps.builder().data(data).build());
    ImageRepository images =
        new ImageRepository(
            scope, "Images", ImageRepositoryProps.builder().repositoryName("training").build());
    Role task = task(scope, "Task");
    data.getGrants().readDatasets(task);
    data.getGrants().readDatasetVersions(task);
    data.getGrants().writeDatasets(task);
    data.getGrants().readModels(task);
    data.getGrants().readModelVersions(task);
    data.getGrants().writeModels(task);
    data.getGrants().readResults(task);
    data.getGrants().readResultVersions(task);
    data.getGrants().writeResults(task);
    data.getGrants().readCheckpoints(task);
    data.getGrants().readCheckpointVersions(task);
    data.getGrants().writeCheckpoints(task);
    prediction.getGrants().invoke(task);
    runs.getGrants().start(task);
    images.getGrants().pull(task);
    onFargate(scope, images, data, task);
    inFleet(scope, images, data, task);
  }

  private static void onFargate(
      Stack scope, ImageRepository images, MlDataBucket data, Role caller) {
    MlKey key = new MlKey(scope, "Key", MlKeyProps.builder().alias("ml/secrets").build());
    key.getGrants().decrypt(caller);
    key.getGrants().encrypt(caller);
    MlSecrets secrets =
        new MlSecrets(
            scope,
            "Secrets",
            MlSecretsProps.builder()
                .addSecrets("token")
                .addParameters("/ml/url")
                .encryptionKey(key.getKey())
                .build());
    FargateBatchTask batch =
        new FargateBatchTask(
            scope,
            "Batch",
            FargateBatchTaskProps.builder()
                .image(TaskImage.ofTag(images, "3f2c1ab"))
                .network(network(scope))
                .data(data)
                .secrets(secrets)
                .putSecretVariables("TOKEN", "token")
                .putSecretVariables("URL", "/ml/url")
                .tracing(true)
                .schedule("rate(1 day)")
                .build());
    batch.getGrants().run(caller);
    new FargateService(
        scope,
        "Service",
        FargateServiceProps.builder()
            .image(TaskImage.ofTag(images, "3f2c1ab"))
            .network(network(scope))
            .cluster(batch.getCluster())
            .memoryTarget(70)
            .build());
  }

  private static void inFleet(Stack scope, ImageRepository images, MlDataBucket data, Role caller) {
    SpotTrainingFleet fleet =
        new SpotTrainingFleet(
            scope,
            "Fleet",
            SpotTrainingFleetProps.builder()
                .image(TaskImage.ofTag(images, "3f2c1ab"))
                .network(network(scope))
                .data(data)
                .onDemandFallback(true)
                .interruptionDrill(true)
                .nodes(2)
                .maxRuntime(Duration.hours(1))
                .build());
    fleet.getGrants().submit(caller);
  }

  private static IMlNetwork network(Stack scope) {
    if (scope.getNode().tryFindChild("Vpc") instanceof MlNetwork made) {
      return made;
    }
    return new MlNetwork(
        scope,
        "Vpc",
        MlNetworkProps.builder()
            .addAvailabilityZones("us-east-1a", "us-east-1b")
            .egress(Egress.ENDPOINTS)
            .flowLogs(true)
            .build());
  }

  /** Those whose roles are of clusters. */
  static void clusters(Stack scope) {
    MlDataBucket data =
        new MlDataBucket(
            scope, "Data", MlDataBucketProps.builder().encryption(Encryption.KMS).build());
    MlCluster cluster =
        new MlCluster(
            scope,
            "Cluster",
            MlClusterProps.builder().clusterName("ml-agent-dev").network(network(scope)).build());
    new GpuEksNodegroup(
        scope,
        "Training",
        GpuEksNodegroupProps.builder()
            .cluster(cluster)
            .instanceTypes(List.of("p5.48xlarge"))
            .max(2)
            .purpose("training")
            .multiNode(true)
            .build());
    new GpuEksNodegroup(
        scope,
        "Inference",
        GpuEksNodegroupProps.builder()
            .cluster(cluster)
            .instanceTypes(List.of("g5.xlarge", "g5.2xlarge", "g5.4xlarge", "g5.8xlarge"))
            .capacity(NodeCapacity.spot())
            .max(5)
            .purpose("inference")
            .build());
    IRole pods = cluster.newPodRole("Jobs", "ml-jobs", "training");
    data.getGrants().readDatasets(pods);
    data.getGrants().readDatasetVersions(pods);
    data.getGrants().writeResults(pods);
    cluster.newAccess("Submitters", pods, "mlinfra:job-submitters");
  }

  /** Those whose roles are of people and pipelines. */
  static void access(Stack scope) {
    IGitHubOidcProvider provider = new GitHubOidcProvider(scope, "GitHub");
    GitHubSubject subject = GitHubSubject.environment("acme/ml", "prod");
    GitHubDeployRole deploy =
        new GitHubDeployRole(
            scope,
            "Deploy",
            GitHubDeployRoleProps.builder().provider(provider).addSubjects(subject).build());
    new GitHubDiffRole(
        scope,
        "Diff",
        GitHubDiffRoleProps.builder()
            .provider(provider)
            .addSubjects(subject)
            .addStackPrefixes("ml-agent-")
            .build());
    new OperatorRole(
        scope,
        "Operator",
        OperatorRoleProps.builder()
            .project("ml-agent")
            .addEnvironments("dev")
            .addPrincipals("arn:aws:iam::123456789012:role/Developers")
            .dataKeyUsed(true)
            .build());
    new ImagePipelineRole(
        scope,
        "Pipeline",
        ImagePipelineRoleProps.builder()
            .provider(provider)
            .addSubjects(subject)
            .repository(
                new ImageRepository(
                    scope,
                    "Images",
                    ImageRepositoryProps.builder().repositoryName("training").build()))
            .cluster(CfnCluster.Builder.create(scope, "Cluster").build())
            .taskFamily("training")
            .taskRole(task(scope, "Task"))
            .executionRole(task(scope, "Execution"))
            .imageParameter("/mlinfra/ml-agent/dev/images/training")
            .logGroup("/ecs/training")
            .dataObject("bucket/datasets/prices.csv")
            .build());
    new PulumiStateStore(scope, "State").getGrants().readWrite(deploy.getRole());
    // Their own roles are of programs, so they stand in a stack beside.
    Stack programs =
        Stack.Builder.create((Construct) scope.getNode().getRoot(), "Programs")
            .env(Environment.builder().account("123456789012").region("us-east-1").build())
            .build();
    ImageRepository images =
        new ImageRepository(
            programs, "Images", ImageRepositoryProps.builder().repositoryName("task").build());
    FargateBatchTask batch =
        new FargateBatchTask(
            programs,
            "Batch",
            FargateBatchTaskProps.builder()
                .image(TaskImage.ofTag(images, "3f2c1ab"))
                .network(network(programs))
                .build());
    batch.getGrants().run(deploy.getRole());
    batch.getGrants().follow(deploy.getRole());
    batch.getGrants().stop(deploy.getRole());
    SpotTrainingFleet fleet =
        new SpotTrainingFleet(
            programs,
            "Fleet",
            SpotTrainingFleetProps.builder()
                .image(TaskImage.ofTag(images, "3f2c1ab"))
                .network(network(programs))
                .data(new MlDataBucket(programs, "Data"))
                .build());
    fleet.getGrants().submit(deploy.getRole());
    fleet.getGrants().follow(deploy.getRole());
    fleet.getGrants().stop(deploy.getRole());
  }

  private static Role task(Stack scope, String id) {
    return Role.Builder.create(scope, id)
        .assumedBy(new ServicePrincipal("ecs-tasks.amazonaws.com"))
        .build();
  }
}
