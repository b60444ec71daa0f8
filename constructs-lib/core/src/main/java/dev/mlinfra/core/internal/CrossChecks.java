package dev.mlinfra.core.internal;

import dev.mlinfra.core.CostTags;
import dev.mlinfra.core.Defaults;
import dev.mlinfra.core.Pattern;
import dev.mlinfra.core.PredictionSettings;
import dev.mlinfra.core.Prefixes;
import dev.mlinfra.core.Problem;
import dev.mlinfra.core.internal.YamlValue.YamlMap;
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
    checks.extraTags();
    checks.boundaryIsInThePartition();
    if (checks.root.has("aws")) {
      checks.zonesAreInTheRegion();
      checks.partitionFitsTheRegion();
      checks.prefixesDiffer();
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
    String region = aws.text("region", "");
    String needed =
        region.startsWith("cn-") ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
    String partition = root.section("organization").text("partition", "aws");
    if (!partition.equals(needed)) {
      problem(
          aws,
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
