package dev.mlinfra.core.internal;

import dev.mlinfra.core.AwsSettings;
import dev.mlinfra.core.Budget;
import dev.mlinfra.core.ClusterSettings;
import dev.mlinfra.core.DataSettings;
import dev.mlinfra.core.Defaults;
import dev.mlinfra.core.DistributedSettings;
import dev.mlinfra.core.Environment;
import dev.mlinfra.core.GitHubSettings;
import dev.mlinfra.core.NetworkSettings;
import dev.mlinfra.core.Organization;
import dev.mlinfra.core.Pattern;
import dev.mlinfra.core.PredictionSettings;
import dev.mlinfra.core.Prefixes;
import dev.mlinfra.core.RunPodSettings;
import dev.mlinfra.core.SecretSettings;
import dev.mlinfra.core.SharedSettings;
import dev.mlinfra.core.Target;
import dev.mlinfra.core.TaskSettings;
import dev.mlinfra.core.TrainingSettings;
import dev.mlinfra.core.Usage;
import dev.mlinfra.core.internal.YamlValue.YamlMap;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Fills the records from a file that has passed every check. */
final class EnvironmentMapper {
  private EnvironmentMapper() {}

  static Environment map(YamlMap checked) {
    Settings root = new Settings(checked);
    Pattern pattern = Pattern.ofWord(root.text("pattern", Pattern.BATCH.word()));
    Defaults defaults = Defaults.of(pattern);
    return new Environment(
        root.text("environment", ""),
        root.text("project", ""),
        root.text("owner", ""),
        root.text("costCenter", ""),
        pattern,
        root.flag("allowDataLoss", false),
        organization(root.section("organization"), defaults.organization()),
        budget(root.section("budget"), defaults.budget()),
        usage(root.section("usage"), defaults.usage()),
        outputs(root.section("outputs")),
        root.has("aws") ? Optional.of(aws(root.section("aws"), defaults)) : Optional.empty(),
        root.has("runpod")
            ? Optional.of(runpod(root.section("runpod"), defaults.runpod()))
            : Optional.empty());
  }

  private static Map<Target, Map<String, String>> outputs(Settings given) {
    Map<Target, Map<String, String>> outputs = new EnumMap<>(Target.class);
    for (Target target : Target.values()) {
      Settings values = given.section(target.word());
      Map<String, String> byName = new TreeMap<>();
      values.keys().forEach(name -> byName.put(name, values.text(name, "")));
      outputs.put(target, byName);
    }
    return outputs;
  }

  private static Organization organization(Settings given, Organization defaults) {
    Map<String, String> tags = new TreeMap<>();
    Settings extra = given.section("extraTags");
    extra.keys().forEach(key -> tags.put(key, extra.text(key, "")));
    return new Organization(
        optional(given, "permissionsBoundaryArn"),
        given.text("rolePath", defaults.rolePath()),
        optional(given, "bootstrapQualifier"),
        tags,
        given.text("partition", defaults.partition()));
  }

  private static Budget budget(Settings given, Budget defaults) {
    double monthlyUsd = given.number("monthlyUsd", defaults.monthlyUsd());
    return new Budget(
        monthlyUsd,
        given.number("worstCaseMonthlyUsd", Budget.WORST_CASE_FACTOR * monthlyUsd),
        given.number("warnAt", defaults.warnAt()),
        given.number("trainingJobUsd", defaults.trainingJobUsd()),
        given.number("predictionJobUsd", defaults.predictionJobUsd()),
        given.number("maxHourlyUsd", defaults.maxHourlyUsd()),
        given.wholeInt("maxConcurrentJobs", defaults.maxConcurrentJobs()));
  }

  private static Usage usage(Settings given, Usage defaults) {
    return new Usage(
        given.whole("predictionsPerMonth", defaults.predictionsPerMonth()),
        given.number("trainingHoursPerMonth", defaults.trainingHoursPerMonth()),
        given.number("dataGb", defaults.dataGb()));
  }

  private static AwsSettings aws(Settings given, Defaults defaults) {
    String region = given.text("region", "");
    return new AwsSettings(
        given.text("account", ""),
        region,
        shared(given.section("shared"), region, defaults),
        given.has("github") ? Optional.of(github(given.section("github"))) : Optional.empty(),
        network(given.section("network"), region),
        data(given.section("data"), defaults.data()),
        prediction(given.section("prediction"), defaults),
        given.has("training")
            ? Optional.of(training(given.section("training"), defaults.training()))
            : Optional.empty(),
        given.sections("tasks").stream().map(task -> task(task, defaults.task())).toList(),
        given.has("cluster")
            ? Optional.of(cluster(given.section("cluster"), defaults))
            : Optional.empty(),
        secrets(given.section("secrets")));
  }

  private static TrainingSettings training(Settings given, TrainingSettings defaults) {
    return new TrainingSettings(
        given.text("image", defaults.image()),
        optional(given, "imageTag"),
        given.texts("instanceTypes", defaults.instanceTypes()),
        given.wholeInt("maxVcpus", defaults.maxVcpus()),
        given.duration("maxRuntime", defaults.maxRuntime()),
        given.wholeInt("attempts", defaults.attempts()),
        given.flag("onDemandFallback", defaults.onDemandFallback()),
        given.has("nodes") ? OptionalInt.of(given.wholeInt("nodes", 0)) : defaults.nodes(),
        given.wholeInt("diskGb", defaults.diskGb()),
        optional(given, "amiParameter"),
        given.flag("interruptionDrill", defaults.interruptionDrill()),
        given.wholeInt("logRetentionDays", defaults.logRetentionDays()));
  }

  private static ClusterSettings cluster(Settings given, Defaults all) {
    ClusterSettings defaults = all.cluster();
    ClusterSettings.Nodegroup nodes = all.nodegroup();
    return new ClusterSettings(
        given.text("version", defaults.version()),
        given.texts("publicCidrs", defaults.publicCidrs()),
        given.texts("admins", defaults.admins()),
        given.flag("deletionProtection", defaults.deletionProtection()),
        given.wholeInt("logRetentionDays", defaults.logRetentionDays()),
        given.has("nodegroups")
            ? given.sections("nodegroups").stream().map(it -> nodegroup(it, nodes)).toList()
            : defaults.nodegroups(),
        given.sections("podRoles").stream()
            .map(
                it ->
                    new ClusterSettings.PodRole(
                        it.text("namespace", ""),
                        it.text("serviceAccount", ""),
                        ClusterSettings.Access.valueOf(
                            it.text("access", "").toUpperCase(Locale.ROOT))))
            .toList());
  }

  private static ClusterSettings.Nodegroup nodegroup(
      Settings given, ClusterSettings.Nodegroup defaults) {
    return new ClusterSettings.Nodegroup(
        given.text("name", defaults.name()),
        given.texts("instanceTypes", defaults.instanceTypes()),
        given.wholeInt("min", defaults.min()),
        given.wholeInt("max", defaults.max()),
        given.flag("spot", defaults.spot()),
        given.wholeInt("diskGb", defaults.diskGb()),
        given.flag("multiNode", defaults.multiNode()));
  }

  private static TaskSettings task(Settings given, TaskSettings defaults) {
    Map<String, String> variables = new TreeMap<>();
    Settings named = given.section("variables");
    named.keys().forEach(key -> variables.put(key, named.text(key, "")));
    Map<String, String> secretVariables = new TreeMap<>();
    given
        .sections("secretVariables")
        .forEach(
            secret -> secretVariables.put(secret.text("variable", ""), secret.text("name", "")));
    return new TaskSettings(
        given.text("name", defaults.name()),
        given.text("image", defaults.image()),
        optional(given, "imageTag"),
        given.wholeInt("cpu", defaults.cpu()),
        given.wholeInt("memoryMb", defaults.memoryMb()),
        optional(given, "schedule"),
        given.text("timeZone", defaults.timeZone()),
        given.duration("maxRuntime", defaults.maxRuntime()),
        given.flag("spot", defaults.spot()),
        given.texts("command", defaults.command()),
        variables,
        secretVariables,
        given.texts("emails", defaults.emails()),
        given.wholeInt("logRetentionDays", defaults.logRetentionDays()));
  }

  private static SecretSettings secrets(Settings given) {
    return new SecretSettings(
        given.texts("names", List.of()), given.texts("parameters", List.of()));
  }

  private static SharedSettings shared(Settings given, String region, Defaults defaults) {
    return new SharedSettings(
        given.text("region", region),
        given.texts("images", defaults.images()),
        given.flag("pulumiState", false),
        given.texts("operators", List.of()));
  }

  private static GitHubSettings github(Settings given) {
    Settings pipeline = given.section("imagePipeline");
    return new GitHubSettings(
        given.text("repository", ""),
        optional(given, "deployBranch"),
        optional(given, "oidcProviderArn"),
        given.has("imagePipeline")
            ? Optional.of(
                new GitHubSettings.ImagePipeline(
                    pipeline.text("image", ""),
                    pipeline.text("cluster", ""),
                    pipeline.text("taskFamily", ""),
                    pipeline.text("taskRoleArn", ""),
                    pipeline.text("executionRoleArn", ""),
                    optional(pipeline, "logGroup"),
                    optional(pipeline, "dataObject")))
            : Optional.empty());
  }

  private static NetworkSettings network(Settings given, String region) {
    return new NetworkSettings(
        given.texts("availabilityZones", List.of(region + "a", region + "b", region + "c")),
        NetworkSettings.Egress.ofWord(given.text("egress", "public-ip")),
        given.text("cidr", "10.20.0.0/16"),
        given.wholeInt("natGateways", 1),
        given.flag("flowLogs", false),
        optional(given, "vpcId"),
        given.texts("subnetIds", List.of()),
        given.flag("publicSubnets", false));
  }

  private static DataSettings data(Settings given, DataSettings defaults) {
    return new DataSettings(
        given.wholeInt("datasetsDays", defaults.datasetsDays()),
        given.wholeInt("resultsDays", defaults.resultsDays()),
        given.wholeInt("checkpointsDays", defaults.checkpointsDays()),
        given.wholeInt("noncurrentDays", defaults.noncurrentDays()),
        prefixes(given.section("prefixes"), defaults.prefixes()),
        given.has("encryption")
            ? DataSettings.Encryption.ofWord(given.text("encryption", ""))
            : defaults.encryption(),
        given.has("onDelete")
            ? DataSettings.OnDelete.ofWord(given.text("onDelete", ""))
            : defaults.onDelete());
  }

  static Prefixes prefixes(Settings given, Prefixes defaults) {
    return new Prefixes(
        given.text("datasets", defaults.datasets()),
        given.text("models", defaults.models()),
        given.text("results", defaults.results()),
        given.text("checkpoints", defaults.checkpoints()));
  }

  private static PredictionSettings prediction(Settings given, Defaults all) {
    PredictionSettings defaults = all.prediction();
    return new PredictionSettings(
        given.wholeInt("memoryMb", defaults.memoryMb()),
        given.duration("timeout", defaults.timeout()),
        given.has("reservedConcurrency")
            ? OptionalInt.of(given.wholeInt("reservedConcurrency", 0))
            : defaults.reservedConcurrency(),
        given.text("runtime", defaults.runtime()),
        given.wholeInt("retryAttempts", defaults.retryAttempts()),
        given.duration("maxEventAge", defaults.maxEventAge()),
        given.wholeInt("logRetentionDays", defaults.logRetentionDays()),
        given.flag("tracing", defaults.tracing()),
        given.has("distributed")
            ? Optional.of(distributed(given.section("distributed"), all.distributed()))
            : defaults.distributed());
  }

  private static DistributedSettings distributed(Settings given, DistributedSettings defaults) {
    return new DistributedSettings(
        optionalInt(given, "maxItems"),
        optionalInt(given, "maxConcurrency"),
        given.wholeInt("maxGb", defaults.maxGb()),
        given.wholeInt("rangeMb", defaults.rangeMb()),
        given.number("toleratedFailurePercentage", defaults.toleratedFailurePercentage()),
        optionalInt(given, "toleratedFailureCount"),
        given.wholeInt("retryAttempts", defaults.retryAttempts()));
  }

  private static RunPodSettings runpod(Settings given, RunPodSettings defaults) {
    Settings training = given.section("training");
    return new RunPodSettings(
        given.text("dataCenter", ""),
        given.wholeInt("volumeGb", defaults.volumeGb()),
        given.has("onDelete")
            ? DataSettings.OnDelete.ofWord(given.text("onDelete", ""))
            : defaults.onDelete(),
        endpoint(given.section("endpoint"), defaults.endpoint()),
        given.has("training")
            ? defaults.training().map(all -> training(training, all))
            : Optional.empty());
  }

  private static RunPodSettings.Endpoint endpoint(
      Settings given, RunPodSettings.Endpoint defaults) {
    Map<String, String> secrets = new TreeMap<>();
    Settings named = given.section("secrets");
    named.keys().forEach(variable -> secrets.put(variable, named.text(variable, "")));
    return new RunPodSettings.Endpoint(
        given.text("image", ""),
        given.texts("gpuPools", defaults.gpuPools()),
        given.wholeInt("workersMin", defaults.workersMin()),
        given.wholeInt("workersMax", defaults.workersMax()),
        given.duration("idleTimeout", defaults.idleTimeout()),
        given.duration("timeout", defaults.timeout()),
        given.flag("flashBoot", defaults.flashBoot()),
        secrets);
  }

  private static RunPodSettings.Training training(
      Settings given, RunPodSettings.Training defaults) {
    return new RunPodSettings.Training(
        given.text("image", ""),
        given.text("command", ""),
        given.has("dataGb") ? Optional.of(given.number("dataGb", 0)) : defaults.dataGb(),
        given.texts("gpus", defaults.gpus()),
        given.has("cloud")
            ? RunPodSettings.Cloud.ofWord(given.text("cloud", ""))
            : defaults.cloud(),
        given.duration("maxLifetime", defaults.maxLifetime()),
        given.duration("idleTimeout", defaults.idleTimeout()));
  }

  private static OptionalInt optionalInt(Settings given, String key) {
    return given.has(key) ? OptionalInt.of(given.wholeInt(key, 0)) : OptionalInt.empty();
  }

  private static Optional<String> optional(Settings given, String key) {
    return given.has(key) ? Optional.of(given.text(key, "")) : Optional.empty();
  }
}
