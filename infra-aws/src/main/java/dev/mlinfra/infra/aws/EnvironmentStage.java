package dev.mlinfra.infra.aws;

import dev.mlinfra.aws.Acknowledge;
import dev.mlinfra.aws.AwsCostTags;
import dev.mlinfra.aws.ContextKeys;
import dev.mlinfra.core.AwsSettings;
import dev.mlinfra.core.Environment;
import dev.mlinfra.core.NetworkSettings.Egress;
import java.util.Map;
import java.util.Optional;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.Stage;

/** One environment: its stacks, tagged, under the organisation's rules. */
final class EnvironmentStage extends Stage {

  EnvironmentStage(App app, Environment environment, AwsSettings aws) {
    super(app, environment.name(), StageSettings.props(environment, aws));
    StageSettings.apply(this, environment.organization());
    getNode().setContext(ContextKeys.ALLOW_DATA_LOSS, environment.allowDataLoss());

    String rolePath = environment.organization().rolePath();
    DataStack data = new DataStack(this, props(environment, "Data"), aws.data());
    Optional<NetworkStack> network =
        aws.needsNetwork() && aws.network().egress() != Egress.EXISTING
            ? Optional.of(new NetworkStack(this, props(environment, "Network"), aws.network()))
            : Optional.empty();
    TrainingStack training =
        new TrainingStack(
            this,
            props(environment, "Training"),
            environment,
            aws,
            data.getData(),
            network.map(NetworkStack::getNetwork));
    PredictionStack prediction =
        new PredictionStack(
            this,
            props(environment, "Prediction"),
            data.getData(),
            aws.prediction(),
            environment.budget(),
            rolePath);
    aws.cluster()
        .map(
            settings ->
                new ClusterStack(
                    this,
                    props(environment, "Cluster"),
                    environment,
                    aws,
                    settings,
                    data.getData(),
                    network.map(NetworkStack::getNetwork)))
        .ifPresent(stack -> finish(stack, environment, "cluster", stack.outputs()));
    network.ifPresent(stack -> finish(stack, environment, "network", stack.outputs()));
    finish(data, environment, "data", data.outputs());
    finish(training, environment, "training", training.outputs());
    finish(prediction, environment, "prediction", prediction.outputs());
    Acknowledge.on(
        this,
        "mlinfra::money.budget",
        "no budget is deployed yet: what runs is bounded in number and time, and the month at its"
            + " worst is held to the file's budget by mlinfra plan");
  }

  private static StackProps props(Environment environment, String stack) {
    return StackProps.builder().stackName(environment.stackName(stack)).build();
  }

  private static void finish(
      Stack stack, Environment environment, String workload, Map<String, String> outputs) {
    PublishedOutputs.add(stack, environment.project(), environment.name(), outputs);
    AwsCostTags.of(environment.costTags(workload)).applyTo(stack);
  }
}
