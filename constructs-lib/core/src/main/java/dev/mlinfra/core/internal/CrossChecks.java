package dev.mlinfra.core.internal;

import dev.mlinfra.core.Account;
import dev.mlinfra.core.Budget;
import dev.mlinfra.core.CostTags;
import dev.mlinfra.core.Defaults;
import dev.mlinfra.core.Pattern;
import dev.mlinfra.core.PredictionSettings;
import dev.mlinfra.core.Prefixes;
import dev.mlinfra.core.Problem;
import dev.mlinfra.core.internal.YamlValue.YamlMap;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

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
      checks.dataLossNeedsBothKeys();
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

  private void dataLossNeedsBothKeys() {
    Settings data = root.section("aws").section("data");
    if (data.text("onDelete", "retain").equals("destroy") && !root.flag("allowDataLoss", false)) {
      problem(
          data,
          "onDelete",
          "given 'destroy' without allowDataLoss: true",
          "both keys, or retain",
          "add allowDataLoss: true at the top of the file if the data may be lost");
    }
  }

  private void problem(Settings section, String key, String given, String allowed, String fix) {
    problems.add(Problem.in(section.position(key), section.path(key), given, allowed, fix));
  }
}
