package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.Arns;
import dev.mlinfra.aws.internal.DistributedRules;
import dev.mlinfra.aws.internal.LogDelivery;
import dev.mlinfra.aws.internal.RunCost;
import dev.mlinfra.aws.internal.RunDefinition;
import dev.mlinfra.aws.internal.ServiceTrust;
import dev.mlinfra.aws.internal.Statement;
import dev.mlinfra.core.Prefixes;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.cost.Price;
import dev.mlinfra.prediction.PredictionAssets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.Token;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.Policy;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.lambda.Alias;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.logs.ILogGroup;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.s3.IBucket;
import software.amazon.awscdk.services.stepfunctions.CfnStateMachine;
import software.constructs.Construct;

/**
 * Predicts for all objects below a prefix, or for one large object in ranges, with many runs of a
 * {@link PredictionLambda} at one time: a state machine with a Distributed Map.
 *
 * <p>A run first plans what each prediction does and refuses what may cost more than is allowed; at
 * its end a manifest says of each item what became of it. Plans, manifests and what Step Functions
 * writes lie in the folder {@code _runs} of the results.
 *
 * <p>The state machine may call the two functions, read and write that folder, start its own
 * children and write its log; the planner may list and read datasets and read and write that
 * folder: nothing else.
 */
public final class DistributedPrediction extends Construct {
  private static final String RUNS = "_runs";
  private static final String REFERENCE_REGION = "us-east-1";

  private final Function planner;
  private final Alias plannerAlias;
  private final IRole plannerRole;
  private final ILogGroup plannerLogGroup;
  private final CfnStateMachine stateMachine;
  private final IRole role;
  private final ILogGroup logGroup;
  private final int maxItems;

  /**
   * A distributed prediction.
   *
   * @throws ValidationException with every problem of the properties
   */
  public DistributedPrediction(Construct scope, String id, DistributedPredictionProps props) {
    super(scope, id);
    PredictionLambdaProps function = props.getPrediction().props();
    Optional<RunCost> cost = cost(props, function);
    ValidationException.throwIfAny(
        "DistributedPrediction '" + getNode().getPath() + "'",
        DistributedRules.problems(
            props, cost, function.getReservedConcurrency(), function.getData().isVpcOnly()));
    RunCost known = cost.orElseThrow();
    maxItems =
        props
            .getMaxItems()
            .orElseGet(() -> known.itemsFor(props.getMaxRunUsd(), DistributedRules.MOST_ITEMS));

    plannerRole = plannerRole(props);
    plannerLogGroup = logGroup("PlannerLogs", props);
    grantPlanner(function.getData());
    planner = planner(props, function, known);
    plannerAlias =
        Alias.Builder.create(this, "PlannerLive")
            .aliasName(PredictionLambda.ALIAS)
            .version(planner.getCurrentVersion())
            .build();
    role = stateMachineRole(props);
    logGroup = logGroup("Logs", props);
    Policy policy = grantStateMachine(props, function.getData());
    stateMachine = stateMachine(props, function.getData());
    // Step Functions looks whether the role may write the log when it makes the state machine.
    stateMachine.getNode().addDependency(policy);
    grantChildren();
    warn(props);
  }

  /** The state machine; start it with a model, data and a place for the output. */
  public CfnStateMachine getStateMachine() {
    return stateMachine;
  }

  /** The role of the state machine. */
  public IRole getRole() {
    return role;
  }

  /** The log group of the state machine. */
  public ILogGroup getLogGroup() {
    return logGroup;
  }

  /** The function that plans runs and sums them up. */
  public Function getPlanner() {
    return planner;
  }

  /** The alias through which the state machine calls the planner. */
  public Alias getPlannerAlias() {
    return plannerAlias;
  }

  /** The role of the planner. */
  public IRole getPlannerRole() {
    return plannerRole;
  }

  /** The log group of the planner. */
  public ILogGroup getPlannerLogGroup() {
    return plannerLogGroup;
  }

  /** Objects or ranges that one run may have. */
  public int getMaxItems() {
    return maxItems;
  }

  /** Permissions on the state machine. */
  public DistributedPredictionGrants getGrants() {
    return new DistributedPredictionGrants(stateMachine.getAttrArn());
  }

  /** Metrics of runs. */
  public DistributedPredictionMetrics getMetrics() {
    return new DistributedPredictionMetrics(stateMachine.getAttrArn());
  }

  private Optional<RunCost> cost(DistributedPredictionProps props, PredictionLambdaProps function) {
    String region = Stack.of(this).getRegion();
    String known = Token.isUnresolved(region) ? REFERENCE_REGION : region;
    Optional<Price> gbSecond =
        props.getPrices().find("aws", known, "lambda", "duration x86 first 6B GB-s");
    Optional<Price> transitions =
        props.getPrices().find("aws", known, "stepfunctions", "standard workflow transitions");
    return gbSecond.flatMap(
        second ->
            transitions.map(
                moves ->
                    RunCost.of(
                        second,
                        moves,
                        function.getMemory().toMebibytes().intValue(),
                        function.getTimeout().toSeconds().longValue(),
                        props.getRetryAttempts())));
  }

  private Role plannerRole(DistributedPredictionProps props) {
    return Role.Builder.create(this, "PlannerRole")
        .description("Plans runs of predictions and sums them up")
        .path(props.getRolePath())
        .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
        .build();
  }

  private LogGroup logGroup(String id, DistributedPredictionProps props) {
    return LogGroup.Builder.create(this, id)
        .retention(props.getLogRetention())
        .removalPolicy(RemovalPolicy.RETAIN)
        .build();
  }

  private void grantPlanner(IMlDataBucket data) {
    String datasets = data.getPrefixes().datasets() + "/*";
    String runs = runs(data.getPrefixes()) + "/*";
    IBucket bucket = data.getBucket();
    new Statement(
            "ListDataAndRuns",
            List.of("s3:ListBucket"),
            List.of(bucket.getBucketArn()),
            Map.of("StringLike", Map.of("s3:prefix", List.of(datasets, runs))))
        .addTo(plannerRole);
    Statement.of(
            "ReadDataAndRuns",
            List.of("s3:GetObject"),
            List.of(bucket.arnForObjects(datasets), bucket.arnForObjects(runs)))
        .addTo(plannerRole);
    Statement.of(
            "WriteRuns",
            List.of("s3:AbortMultipartUpload", "s3:PutObject"),
            List.of(bucket.arnForObjects(runs)))
        .addTo(plannerRole);
    useKey(bucket, plannerRole);
    Statement.of(
            "WriteLog",
            List.of("logs:CreateLogStream", "logs:PutLogEvents"),
            List.of(plannerLogGroup.getLogGroupArn()))
        .addTo(plannerRole);
  }

  private static void useKey(IBucket bucket, IRole role) {
    IKey key = bucket.getEncryptionKey();
    if (key != null) {
      Statement.of(
              "UseKey", List.of("kms:Decrypt", "kms:GenerateDataKey"), List.of(key.getKeyArn()))
          .addTo(role);
    }
  }

  private Function planner(
      DistributedPredictionProps props, PredictionLambdaProps function, RunCost cost) {
    PredictionLambda prediction = props.getPrediction();
    return Function.Builder.create(this, "Planner")
        .description("Plans runs of predictions and sums them up")
        .runtime(function.getRuntime())
        .architecture(Architecture.X86_64)
        .handler(PredictionAssets.load().runHandler())
        .code(prediction.code())
        .layers(List.of(prediction.getLayer()))
        .role(plannerRole)
        .logGroup(plannerLogGroup)
        .memorySize(RunCost.PLANNER_MEMORY_MB)
        .timeout(Duration.seconds(RunCost.PLANNER_SECONDS))
        .reservedConcurrentExecutions(function.getReservedConcurrency().isPresent() ? 1 : null)
        .environment(environment(props, function.getData(), cost))
        .environmentEncryption(function.getEnvironmentKey().orElse(null))
        .build();
  }

  private Map<String, String> environment(
      DistributedPredictionProps props, IMlDataBucket data, RunCost cost) {
    Map<String, String> environment = new TreeMap<>(PredictionAssets.load().environment());
    environment.put("MLINFRA_RUN_BUCKET", data.getBucket().getBucketName());
    environment.put("MLINFRA_RUN_INPUT_PREFIX", data.getPrefixes().datasets() + "/");
    environment.put("MLINFRA_RUN_OUTPUT_PREFIX", data.getPrefixes().results() + "/");
    environment.put("MLINFRA_RUN_RUNS_PREFIX", runs(data.getPrefixes()) + "/");
    environment.put("MLINFRA_RUN_MAX_ITEMS", Integer.toString(maxItems));
    environment.put(
        "MLINFRA_RUN_MAX_BYTES", Long.toString(props.getMaxSize().toBytes().longValue()));
    environment.put(
        "MLINFRA_RUN_RANGE_BYTES", Long.toString(props.getRangeSize().toBytes().longValue()));
    environment.put("MLINFRA_RUN_USD_PER_ITEM", Double.toString(cost.usdPerItem()));
    environment.put("MLINFRA_RUN_USD_FIXED", Double.toString(cost.usdPerRun()));
    environment.put("MLINFRA_RUN_MAX_USD", Double.toString(props.getMaxRunUsd()));
    environment.put("MLINFRA_RUN_ARITHMETIC", cost.arithmetic());
    return environment;
  }

  private Role stateMachineRole(DistributedPredictionProps props) {
    return Role.Builder.create(this, "Role")
        .description("Runs of predictions: calls the functions, keeps plans and results")
        .path(props.getRolePath())
        .assumedBy(ServiceTrust.ofResources(this, "states.amazonaws.com", "states", "*"))
        .build();
  }

  private Policy grantStateMachine(DistributedPredictionProps props, IMlDataBucket data) {
    IBucket bucket = data.getBucket();
    List<String> runs = List.of(bucket.arnForObjects(runs(data.getPrefixes()) + "/*"));
    List<Statement> statements = new ArrayList<>();
    statements.add(
        Statement.of(
            "CallFunctions",
            List.of("lambda:InvokeFunction"),
            List.of(
                plannerAlias.getFunctionArn(), props.getPrediction().getAlias().getFunctionArn())));
    statements.add(
        Statement.of(
            "KeepPlansAndResults",
            List.of(
                "s3:AbortMultipartUpload",
                "s3:GetObject",
                "s3:ListMultipartUploadParts",
                "s3:PutObject"),
            runs));
    statements.add(Statement.of("DeliverLog", LogDelivery.ACTIONS, List.of("*")));
    if (props.isTracing()) {
      statements.add(
          Statement.of(
              "Trace",
              List.of(
                  "xray:GetSamplingRules",
                  "xray:GetSamplingTargets",
                  "xray:PutTelemetryRecords",
                  "xray:PutTraceSegments"),
              List.of("*")));
    }
    IKey key = bucket.getEncryptionKey();
    if (key != null) {
      statements.add(
          Statement.of(
              "UseKey", List.of("kms:Decrypt", "kms:GenerateDataKey"), List.of(key.getKeyArn())));
    }
    return policy("Permissions", statements);
  }

  /** Each item is an execution of the state machine itself. */
  private void grantChildren() {
    Arns arns = Arns.of(this, Optional.empty(), List.of());
    policy(
        "Children",
        List.of(
            Statement.of(
                "Start", List.of("states:StartExecution"), List.of(stateMachine.getAttrArn())),
            Statement.of(
                "Watch",
                List.of("states:DescribeExecution", "states:StopExecution"),
                arns.in("states", "execution:" + stateMachine.getAttrName() + ":*"))));
  }

  private Policy policy(String id, List<Statement> statements) {
    Policy policy = Policy.Builder.create(this, id).roles(List.of(role)).build();
    statements.forEach(
        statement -> policy.addStatements(PolicyStatement.fromJson(statement.toMap())));
    return policy;
  }

  /**
   * The CDK's own Distributed Map grants the whole bucket, and leaves its result writer out unless
   * a flag of the app is set.
   */
  private CfnStateMachine stateMachine(DistributedPredictionProps props, IMlDataBucket data) {
    RunDefinition definition =
        new RunDefinition(
            Stack.of(this).getPartition(),
            plannerAlias.getFunctionArn(),
            props.getPrediction().getAlias().getFunctionArn(),
            data.getBucket().getBucketName(),
            maxItems,
            props.getMaxConcurrency(),
            props.getToleratedFailurePercentage(),
            props.getToleratedFailureCount().orElse(null),
            props.getRetryAttempts(),
            props.getTimeout().toSeconds().longValue());
    return CfnStateMachine.Builder.create(this, "Resource")
        .roleArn(role.getRoleArn())
        .stateMachineType("STANDARD")
        .definition(definition.toMap())
        .loggingConfiguration(
            CfnStateMachine.LoggingConfigurationProperty.builder()
                .level("ERROR")
                // Inputs and causes of errors name objects; the log is not the place for them.
                .includeExecutionData(false)
                .destinations(
                    List.of(
                        CfnStateMachine.LogDestinationProperty.builder()
                            .cloudWatchLogsLogGroup(
                                CfnStateMachine.CloudWatchLogsLogGroupProperty.builder()
                                    .logGroupArn(logGroup.getLogGroupArn())
                                    .build())
                            .build()))
                .build())
        .tracingConfiguration(
            CfnStateMachine.TracingConfigurationProperty.builder()
                .enabled(props.isTracing())
                .build())
        .build();
  }

  private static String runs(Prefixes prefixes) {
    return prefixes.results() + "/" + RUNS;
  }

  private void warn(DistributedPredictionProps props) {
    if (props.getLogRetention() == RetentionDays.INFINITE) {
      Annotations.of(this)
          .addWarningV2(
              "mlinfra::distributedPrediction.logRetention",
              "logs are kept, and paid for, for ever");
    }
    if (props.getToleratedFailurePercentage() == 100) {
      Annotations.of(this)
          .addWarningV2(
              "mlinfra::distributedPrediction.tolerated",
              "a run succeeds although every item failed");
    }
  }
}
