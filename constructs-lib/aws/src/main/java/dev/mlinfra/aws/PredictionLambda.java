package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.Archives;
import dev.mlinfra.aws.internal.PredictionRules;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.prediction.PredictionAssets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.AssetHashType;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.ec2.ISecurityGroup;
import software.amazon.awscdk.services.ec2.IVpc;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ec2.SelectedSubnets;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.lambda.Alias;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.CfnEventInvokeConfig;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.ILayerVersion;
import software.amazon.awscdk.services.lambda.LayerVersion;
import software.amazon.awscdk.services.lambda.Tracing;
import software.amazon.awscdk.services.lambda.Version;
import software.amazon.awscdk.services.logs.ILogGroup;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.s3.assets.AssetOptions;
import software.amazon.awscdk.services.sqs.IQueue;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;
import software.constructs.Construct;

/**
 * A function that predicts for every row of a CSV file in the data bucket, with an ONNX model from
 * it, and writes the rows with their predictions back.
 *
 * <p>Its role may read datasets and models, write results, write its own log and, for asynchronous
 * calls, send what failed for good to a queue: nothing else. Calls go to the alias {@code live}.
 */
public final class PredictionLambda extends Construct {
  /** Name of the alias that calls go to. */
  public static final String ALIAS = "live";

  private final PredictionLambdaProps props;
  private final IRole role;
  private final ILogGroup logGroup;
  private final ILayerVersion layer;
  private final Function function;
  private final Version version;
  private final Alias alias;
  private final IQueue failureQueue;
  private final List<ISecurityGroup> securityGroups;

  /**
   * A prediction function.
   *
   * @throws ValidationException with every problem of the properties
   */
  public PredictionLambda(Construct scope, String id, PredictionLambdaProps props) {
    super(scope, id);
    this.props = props;
    PredictionAssets assets = PredictionAssets.load();
    Path codeArchive = props.getCode().orElseGet(assets::function);
    Path layerArchive = props.getLayer().orElseGet(assets::layer);
    ValidationException.throwIfAny(
        "PredictionLambda '" + getNode().getPath() + "'",
        PredictionRules.problems(props, codeArchive, layerArchive));

    role = props.getRole().orElseGet(() -> newRole(props));
    logGroup =
        LogGroup.Builder.create(this, "Logs")
            .retention(props.getLogRetention())
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
    layer =
        layer(props, props.getLayer().map(PredictionLambda::code).orElseGet(() -> layer(assets)));
    failureQueue = props.getFailureQueue().orElseGet(this::newQueue);
    securityGroups = securityGroups(props);
    grantWhatItNeeds(props);
    props.getVpc().ifPresent(vpc -> grantNetworkInterfaces(vpc, props));
    function = function(props, code(), assets);
    version = function.getCurrentVersion();
    alias = Alias.Builder.create(this, "Live").aliasName(ALIAS).version(version).build();
    asynchronousCalls(props);
    if (props.getLogRetention() == RetentionDays.INFINITE) {
      Annotations.of(this)
          .addWarningV2(
              "mlinfra::prediction.logRetention", "logs are kept, and paid for, for ever");
    }
    tellSize(codeArchive, layerArchive);
  }

  /** The function; call its {@link #getAlias() alias} instead. */
  public Function getFunction() {
    return function;
  }

  /** The layer with the function's libraries. */
  public ILayerVersion getLayer() {
    return layer;
  }

  /** The version that the alias points to. */
  public Version getVersion() {
    return version;
  }

  /** The alias that calls go to. */
  public Alias getAlias() {
    return alias;
  }

  /** The function's own log group. */
  public ILogGroup getLogGroup() {
    return logGroup;
  }

  /** The role under which it runs. */
  public IRole getRole() {
    return role;
  }

  /** Takes the asynchronous calls that failed for good. */
  public IQueue getFailureQueue() {
    return failureQueue;
  }

  /** The function's security groups; empty outside a network. */
  public List<ISecurityGroup> getSecurityGroups() {
    return securityGroups;
  }

  /** Permissions on the function. */
  public PredictionLambdaGrants getGrants() {
    return new PredictionLambdaGrants(alias);
  }

  /** Metrics of the function. */
  public PredictionLambdaMetrics getMetrics() {
    return new PredictionLambdaMetrics(alias, failureQueue);
  }

  /** What it was made from. */
  PredictionLambdaProps props() {
    return props;
  }

  /** The archive with its code, for other functions of the same. */
  Code code() {
    return props
        .getCode()
        .map(PredictionLambda::code)
        .orElseGet(() -> code(PredictionAssets.load()));
  }

  private Role newRole(PredictionLambdaProps props) {
    return Role.Builder.create(this, "Role")
        .description("Prediction: reads datasets and models, writes results")
        .path(props.getRolePath())
        .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
        .build();
  }

  private Queue newQueue() {
    return Queue.Builder.create(this, "Failures")
        .encryption(QueueEncryption.SQS_MANAGED)
        .enforceSsl(true)
        .retentionPeriod(Duration.days(14))
        .build();
  }

  private LayerVersion layer(PredictionLambdaProps props, Code archive) {
    return LayerVersion.Builder.create(this, "Layer")
        .description("Libraries of the prediction function")
        .code(archive)
        .compatibleRuntimes(List.of(props.getRuntime()))
        .compatibleArchitectures(List.of(Architecture.X86_64))
        .build();
  }

  private Function function(PredictionLambdaProps props, Code archive, PredictionAssets assets) {
    return Function.Builder.create(this, "Resource")
        .description("Predicts for the rows of a CSV file with an ONNX model")
        .runtime(props.getRuntime())
        // ONNX Runtime may abort the process on Lambda's arm64.
        .architecture(Architecture.X86_64)
        .handler(assets.handler())
        .code(archive)
        .layers(List.of(layer))
        .role(role)
        .logGroup(logGroup)
        .memorySize(props.getMemory().toMebibytes())
        .timeout(props.getTimeout())
        .reservedConcurrentExecutions(props.getReservedConcurrency().orElse(null))
        .environment(environment(props, assets))
        .environmentEncryption(props.getEnvironmentKey().orElse(null))
        .tracing(props.isTracing() ? Tracing.ACTIVE : Tracing.DISABLED)
        .vpc(props.getVpc().orElse(null))
        .vpcSubnets(props.getVpcSubnets().orElse(null))
        .securityGroups(securityGroups.isEmpty() ? null : securityGroups)
        .build();
  }

  private static Code code(PredictionAssets assets) {
    return code(assets.function(), assets.functionHash());
  }

  private static Code layer(PredictionAssets assets) {
    return code(assets.layer(), assets.layerHash());
  }

  /** The hash is known, so the CDK need not read the archive to find it. */
  private static Code code(Path archive, String hash) {
    return Code.fromAsset(
        archive.toString(),
        AssetOptions.builder().assetHash(hash).assetHashType(AssetHashType.CUSTOM).build());
  }

  private static Code code(Path archive) {
    return Code.fromAsset(archive.toString());
  }

  private static Map<String, String> environment(
      PredictionLambdaProps props, PredictionAssets assets) {
    Map<String, String> environment = new TreeMap<>(assets.environment());
    // The event names buckets, so the function must know which it may touch.
    environment.put("MLINFRA_ALLOWED_BUCKETS", props.getData().getBucket().getBucketName());
    environment.put("MLINFRA_OUTPUT_PREFIX", props.getData().getPrefixes().results() + "/");
    return environment;
  }

  private void grantWhatItNeeds(PredictionLambdaProps props) {
    MlDataBucketGrants grants = props.getData().getGrants();
    grants.readDatasets(role);
    grants.readModels(role);
    grants.writeResults(role);
    allow(List.of("logs:CreateLogStream", "logs:PutLogEvents"), logGroup.getLogGroupArn());
    allow(List.of("sqs:SendMessage"), failureQueue.getQueueArn());
    IKey queueKey = failureQueue.getEncryptionMasterKey();
    if (queueKey != null) {
      allow(List.of("kms:Decrypt", "kms:GenerateDataKey"), queueKey.getKeyArn());
    }
  }

  private List<ISecurityGroup> securityGroups(PredictionLambdaProps props) {
    if (props.getVpc().isEmpty() || !props.getSecurityGroups().isEmpty()) {
      return props.getSecurityGroups();
    }
    return List.of(
        SecurityGroup.Builder.create(this, "SecurityGroup")
            .vpc(props.getVpc().get())
            .description("Prediction function: nothing comes in")
            .allowAllOutbound(true)
            .build());
  }

  /** In a network Lambda makes and removes network interfaces under the function's role. */
  private void grantNetworkInterfaces(IVpc vpc, PredictionLambdaProps props) {
    Stack stack = Stack.of(this);
    String ec2 =
        "arn:%s:ec2:%s:%s:".formatted(stack.getPartition(), stack.getRegion(), stack.getAccount());
    String interfaces = ec2 + "network-interface/*";
    // Lambda wants the right to remove interfaces on one id or on all resource ids, not on a type.
    String all = ec2 + "*/*";
    SelectedSubnets subnets =
        vpc.selectSubnets(props.getVpcSubnets().orElse(SubnetSelection.builder().build()));
    List<String> madeFrom = new ArrayList<>(List.of(interfaces));
    subnets.getSubnetIds().forEach(id -> madeFrom.add(ec2 + "subnet/" + id));
    securityGroups.forEach(
        group -> madeFrom.add(ec2 + "security-group/" + group.getSecurityGroupId()));
    allow(List.of("ec2:CreateNetworkInterface"), madeFrom);
    allow(
        List.of(
            "ec2:AssignPrivateIpAddresses",
            "ec2:DeleteNetworkInterface",
            "ec2:UnassignPrivateIpAddresses"),
        List.of(all));
    // These two know no resource, so a star is all that IAM takes.
    allow(List.of("ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"), List.of("*"));
  }

  private void allow(List<String> actions, String resource) {
    allow(actions, List.of(resource));
  }

  private void allow(List<String> actions, List<String> resources) {
    role.addToPrincipalPolicy(
        PolicyStatement.Builder.create().actions(actions).resources(resources).build());
  }

  /** The CDK's own configuration would grant more than sending. */
  private void asynchronousCalls(PredictionLambdaProps props) {
    CfnEventInvokeConfig calls =
        CfnEventInvokeConfig.Builder.create(this, "AsynchronousCalls")
            .functionName(function.getFunctionName())
            .qualifier(alias.getAliasName())
            .maximumRetryAttempts(props.getRetryAttempts())
            .maximumEventAgeInSeconds(props.getMaxEventAge().toSeconds())
            .destinationConfig(
                CfnEventInvokeConfig.DestinationConfigProperty.builder()
                    .onFailure(
                        CfnEventInvokeConfig.OnFailureProperty.builder()
                            .destination(failureQueue.getQueueArn())
                            .build())
                    .build())
            .build();
    // The qualifier is a mere word, so CloudFormation would not see that the alias comes first.
    calls.getNode().addDependency(alias);
  }

  private void tellSize(Path code, Path layer) {
    long bytes = Archives.unzippedBytes(code) + Archives.unzippedBytes(layer);
    Annotations.of(this)
        .addInfoV2(
            "mlinfra::prediction.size",
            String.format(
                Locale.ROOT,
                "function and layer take %.1f MB of Lambda's %.1f MB",
                bytes / 1e6,
                PredictionAssets.MAX_UNZIPPED_BYTES / 1e6));
  }
}
