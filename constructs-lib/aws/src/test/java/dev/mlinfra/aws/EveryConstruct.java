package dev.mlinfra.aws;

import dev.mlinfra.core.DataSettings.Encryption;
import java.util.List;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.ec2.VpcAttributes;
import software.amazon.awscdk.services.ecs.CfnCluster;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;

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
  }

  private static Role task(Stack scope, String id) {
    return Role.Builder.create(scope, id)
        .assumedBy(new ServicePrincipal("ecs-tasks.amazonaws.com"))
        .build();
  }
}
