package dev.mlinfra.core.internal;

import dev.mlinfra.core.Account;
import dev.mlinfra.core.Budget;
import dev.mlinfra.core.CostTags;
import dev.mlinfra.core.Defaults;
import dev.mlinfra.core.Pattern;
import dev.mlinfra.core.PredictionSettings;
import dev.mlinfra.core.Prefixes;
import dev.mlinfra.core.Problem;
import dev.mlinfra.core.RunPodSettings;
import dev.mlinfra.core.TaskSettings;
import dev.mlinfra.core.TrainingSettings;
import dev.mlinfra.core.internal.YamlValue.YamlMap;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What a schema cannot say: how values fit each other. Runs only on what the schema admits. */
final class CrossChecks {
  private final Settings root;
  private final List<Problem> problems = new ArrayList<>();

  private CrossChecks(YamlMap environment) {
    root = new Settings(environment);
  }

  static List<Problem> problems(Path file, YamlMap environment) {
    CrossChecks checks = new CrossChecks(environment);
    checks.fileName(file);
    checks.nameIsFree();
    checks.extraTags();
    checks.boundaryIsInThePartition();
    checks.worstCaseIsNotBelowTheExpected();
    if (checks.root.has("aws")) {
      checks.zonesAreInTheRegion();
      checks.partitionFitsTheRegion();
      checks.prefixesDiffer();
      checks.sharedRegionIsInThePartition();
      checks.arnsAreInThePartition();
      checks.pipelineHasItsImage();
      checks.durations();
      checks.dataLossNeedsBothKeys(checks.root.section("aws").section("data"));
      checks.existingNetworkIsNamed();
      checks.trainingAndTasks();
      checks.cluster();
    }
    if (checks.root.has("runpod")) {
      checks.runpod();
    }
    return checks.problems;
  }

  /** A copied file that still has the old name would deploy over the old environment. */
  private void fileName(Path file) {
    String name = root.text("environment", "");
    String expected = file.getFileName().toString().replaceFirst("\\.ya?ml$", "");
    if (!name.equals(expected)) {
      problem(
          root,
          "environment",
          "given '" + name + "' in a file named " + file.getFileName(),
          "the file's name",
          "write environment: " + expected + " or rename the file");
    }
  }

  /** What exists once per account stands where an environment's name would. */
  private void nameIsFree() {
    if (root.text("environment", "").equals(Account.NAME)) {
      problem(
          root,
          "environment",
          "given '" + Account.NAME + "', the name of what exists once per account",
          "any other name",
          "rename the environment and its file");
    }
  }

  private void extraTags() {
    Settings organization = root.section("organization");
    Settings tags = organization.section("extraTags");
    for (String key : tags.keys()) {
      if (CostTags.isReserved(key)) {
        problem(
            tags,
            key,
            "is one of the six cost tags",
            "any key but " + String.join(", ", CostTags.KEYS),
            "set project, environment, owner or costCenter instead");
      }
    }
  }

  private void boundaryIsInThePartition() {
    Settings organization = root.section("organization");
    String partition = organization.text("partition", "aws");
    String boundary = organization.text("permissionsBoundaryArn", "");
    if (!boundary.isEmpty() && !boundary.startsWith("arn:" + partition + ":")) {
      problem(
          organization,
          "permissionsBoundaryArn",
          "given '" + boundary + "' in partition " + partition,
          "an ARN that starts with arn:" + partition + ":",
          "use a boundary of this partition, or set organization.partition");
    }
  }

  private void worstCaseIsNotBelowTheExpected() {
    Settings budget = root.section("budget");
    Pattern pattern = Pattern.ofWord(root.text("pattern", Pattern.BATCH.word()));
    double monthly = budget.number("monthlyUsd", Defaults.of(pattern).budget().monthlyUsd());
    double worst = budget.number("worstCaseMonthlyUsd", Budget.WORST_CASE_FACTOR * monthly);
    if (worst < monthly) {
      problem(
          budget,
          "worstCaseMonthlyUsd",
          "given " + budget.text("worstCaseMonthlyUsd", "") + ", less than monthlyUsd",
          "at least "
              + BigDecimal.valueOf(monthly).stripTrailingZeros().toPlainString()
              + ", which budget.monthlyUsd is",
          "raise worstCaseMonthlyUsd, or lower monthlyUsd");
    }
  }

  private void sharedRegionIsInThePartition() {
    Settings shared = root.section("aws").section("shared");
    if (shared.has("region")) {
      partitionFits(shared, shared.text("region", ""));
    }
  }

  private void arnsAreInThePartition() {
    String prefix = "arn:" + root.section("organization").text("partition", "aws") + ":";
    Settings aws = root.section("aws");
    Settings shared = aws.section("shared");
    for (String operator : shared.texts("operators", List.of())) {
      startsWith(prefix, operator, shared, "operators");
    }
    Settings github = aws.section("github");
    Settings pipeline = github.section("imagePipeline");
    startsWith(prefix, github.text("oidcProviderArn", prefix), github, "oidcProviderArn");
    startsWith(prefix, pipeline.text("taskRoleArn", prefix), pipeline, "taskRoleArn");
    startsWith(prefix, pipeline.text("executionRoleArn", prefix), pipeline, "executionRoleArn");
  }

  private void startsWith(String prefix, String arn, Settings section, String key) {
    if (!arn.startsWith(prefix)) {
      problem(
          section,
          key,
          "given '" + arn + "'",
          "ARNs that start with " + prefix,
          "use ARNs of this partition, or set organization.partition");
    }
  }

  private void pipelineHasItsImage() {
    Settings pipeline = root.section("aws").section("github").section("imagePipeline");
    List<String> images =
        root.section("aws").section("shared").texts("images", Defaults.of(Pattern.BATCH).images());
    String image = pipeline.text("image", "");
    if (pipeline.has("image") && !images.contains(image)) {
      problem(
          pipeline,
          "image",
          "given '" + image + "'",
          images.isEmpty() ? "nothing: aws.shared.images is empty" : String.join(", ", images),
          "add it to aws.shared.images");
    }
  }

  private void zonesAreInTheRegion() {
    Settings aws = root.section("aws");
    String region = aws.text("region", "");
    Settings network = aws.section("network");
    for (String zone : network.texts("availabilityZones", List.of())) {
      if (!zone.startsWith(region)) {
        problem(
            network,
            "availabilityZones",
            zone + " is not in " + region,
            "zones such as " + region + "a",
            "list zones of aws.region");
      }
    }
  }

  private void partitionFitsTheRegion() {
    Settings aws = root.section("aws");
    partitionFits(aws, aws.text("region", ""));
  }

  private void partitionFits(Settings section, String region) {
    String needed =
        region.startsWith("cn-") ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
    String partition = root.section("organization").text("partition", "aws");
    if (!partition.equals(needed)) {
      problem(
          section,
          "region",
          "given '" + region + "' in partition " + partition,
          "a region of " + partition,
          "set organization.partition: " + needed);
    }
  }

  private void prefixesDiffer() {
    Settings data = root.section("aws").section("data");
    Prefixes defaults = Defaults.of(Pattern.BATCH).data().prefixes();
    EnvironmentMapper.prefixes(data.section("prefixes"), defaults)
        .overlap()
        .ifPresent(
            overlap ->
                problem(
                    data,
                    "prefixes",
                    overlap,
                    "four folders beside each other",
                    "rename one of them"));
  }

  private void durations() {
    Settings prediction = root.section("aws").section("prediction");
    within(prediction, "timeout", Duration.ofSeconds(1), PredictionSettings.LONGEST_TIMEOUT);
    within(
        prediction,
        "maxEventAge",
        PredictionSettings.SHORTEST_EVENT_AGE,
        PredictionSettings.LONGEST_EVENT_AGE);
  }

  private void within(Settings section, String key, Duration least, Duration most) {
    if (!section.has(key)) {
      return;
    }
    String text = section.text(key, "");
    try {
      Duration duration = Duration.parse(text);
      if (duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
        return;
      }
    } catch (java.time.DateTimeException | ArithmeticException notADuration) {
      // Told below, like a duration that is out of bounds.
    }
    problem(section, key, "given '" + text + "'", least + " to " + most, "");
  }

  private void runpod() {
    Settings runpod = root.section("runpod");
    Settings endpoint = runpod.section("endpoint");
    Settings training = runpod.section("training");
    within(endpoint, "idleTimeout", Duration.ofSeconds(1), Duration.ofHours(1));
    within(endpoint, "timeout", Duration.ofSeconds(5), Duration.ofDays(7));
    within(training, "maxLifetime", Duration.ofMinutes(1), Duration.ofDays(7));
    within(training, "idleTimeout", Duration.ofMinutes(1), Duration.ofDays(1));
    RunPodSettings.Endpoint defaults = Defaults.of(Pattern.BATCH).runpod().endpoint();
    int most = endpoint.wholeInt("workersMax", defaults.workersMax());
    int least = endpoint.wholeInt("workersMin", defaults.workersMin());
    if (least > most) {
      problem(
          endpoint,
          "workersMin",
          "given " + least + ", more than workersMax",
          "at most " + most + ", which workersMax is",
          "raise workersMax, or lower workersMin");
    }
    dataLossNeedsBothKeys(runpod);
  }

  private void dataLossNeedsBothKeys(Settings data) {
    if (data.text("onDelete", "retain").equals("destroy") && !root.flag("allowDataLoss", false)) {
      problem(
          data,
          "onDelete",
          "given 'destroy' without allowDataLoss: true",
          "both keys, or retain",
          "add allowDataLoss: true at the top of the file if the data may be lost");
    }
  }

  /** Only then: a file that uses no network may say how it would be. */
  private void existingNetworkIsNamed() {
    Settings aws = root.section("aws");
    Settings network = aws.section("network");
    boolean existing = network.text("egress", "").equals("existing");
    boolean used = aws.has("training") || aws.has("cluster") || !aws.sections("tasks").isEmpty();
    if (existing && used && !(network.has("vpcId") && network.has("subnetIds"))) {
      problem(
          network,
          "egress",
          "given 'existing' without vpcId and subnetIds",
          "the ids of the VPC and of its subnets, one in each of availabilityZones",
          "add both, since nothing is looked up");
    }
    if (!existing && network.has("vpcId")) {
      problem(
          network,
          "vpcId",
          "given with egress " + network.text("egress", "public-ip"),
          "vpcId with egress existing",
          "set egress: existing, or leave the ids out");
    }
  }

  private void cluster() {
    Set<String> names = new HashSet<>();
    for (Settings nodes : root.section("aws").section("cluster").sections("nodegroups")) {
      if (!names.add(nodes.text("name", ""))) {
        problem(
            nodes,
            "name",
            "given '" + nodes.text("name", "") + "' twice",
            "a name for each node group",
            "rename one");
      }
      int max = nodes.wholeInt("max", 0);
      if (nodes.wholeInt("min", 0) > max) {
        problem(
            nodes,
            "min",
            "given %d with max %d".formatted(nodes.wholeInt("min", 0), max),
            "0 to " + max,
            "lower it, or raise max");
      }
    }
  }

  private void trainingAndTasks() {
    Settings aws = root.section("aws");
    Settings training = aws.section("training");
    imageIsShared(training);
    within(
        training,
        "maxRuntime",
        TrainingSettings.SHORTEST_RUNTIME,
        TrainingSettings.LONGEST_RUNTIME);
    Settings secrets = aws.section("secrets");
    Set<String> known = new TreeSet<>(secrets.texts("names", List.of()));
    known.addAll(secrets.texts("parameters", List.of()));
    Set<String> names = new HashSet<>();
    for (Settings task : aws.sections("tasks")) {
      imageIsShared(task);
      within(task, "maxRuntime", TaskSettings.SHORTEST_RUNTIME, TaskSettings.LONGEST_RUNTIME);
      if (!names.add(task.text("name", ""))) {
        problem(
            task,
            "name",
            "given '" + task.text("name", "") + "' twice",
            "a name for each task",
            "rename one");
      }
      for (Settings secret : task.sections("secretVariables")) {
        if (!known.contains(secret.text("name", ""))) {
          problem(
              secret,
              "name",
              "given '" + secret.text("name", "") + "'",
              known.isEmpty() ? "nothing: aws.secrets is empty" : String.join(", ", known),
              "add it to aws.secrets");
        }
      }
    }
  }

  private void imageIsShared(Settings section) {
    List<String> images =
        root.section("aws").section("shared").texts("images", Defaults.of(Pattern.BATCH).images());
    if (section.has("image") && !images.contains(section.text("image", ""))) {
      problem(
          section,
          "image",
          "given '" + section.text("image", "") + "'",
          images.isEmpty() ? "nothing: aws.shared.images is empty" : String.join(", ", images),
          "add it to aws.shared.images");
    }
  }

  private void problem(Settings section, String key, String given, String allowed, String fix) {
    problems.add(Problem.in(section.position(key), section.path(key), given, allowed, fix));
  }
}
