package dev.mlinfra.aws.internal;

import dev.mlinfra.aws.MlDataBucketProps;
import dev.mlinfra.core.DataSettings.Encryption;
import dev.mlinfra.core.Prefixes;
import dev.mlinfra.core.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Token;

/** What the properties of a data bucket must satisfy. */
public final class DataRules {
  private static final int MOST_DAYS = 3650;
  private static final Pattern PREFIX =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9][A-Za-z0-9_-]*)*");
  private static final Pattern ENDPOINT = Pattern.compile("vpce-[0-9a-f]{8,17}");

  private DataRules() {}

  /** Every problem of the properties. */
  public static List<Problem> problems(MlDataBucketProps props) {
    List<Problem> problems = new ArrayList<>();
    days(props, problems);
    prefixes(props.getPrefixes(), problems);
    if (props.getEncryption() == Encryption.S3 && props.getEncryptionKey().isPresent()) {
      problems.add(
          Problem.of(
              "encryption",
              "given S3 together with an encryptionKey",
              "KMS with a key, or S3 without",
              "leave encryption out: a key alone means KMS"));
    }
    if (props.getRemovalPolicy() != RemovalPolicy.RETAIN
        && props.getRemovalPolicy() != RemovalPolicy.DESTROY) {
      problems.add(
          Problem.of(
              "removalPolicy", "given " + props.getRemovalPolicy(), "RETAIN or DESTROY", ""));
    }
    if (props.getRemovalPolicy() == RemovalPolicy.DESTROY && !props.getVpcEndpointIds().isEmpty()) {
      problems.add(
          Problem.of(
              "removalPolicy",
              "given DESTROY together with vpcEndpointIds",
              "RETAIN for a bucket whose objects can be reached through endpoints alone",
              "what empties the bucket runs outside the VPC; remove the restriction first"));
    }
    for (String id : props.getVpcEndpointIds()) {
      if (!Token.isUnresolved(id) && !ENDPOINT.matcher(id).matches()) {
        problems.add(
            Problem.of(
                "vpcEndpointIds", "given '" + id + "'", "ids such as vpce-0123456789abcdef0", ""));
      }
    }
    return problems;
  }

  private static void days(MlDataBucketProps props, List<Problem> problems) {
    Map<String, Integer> days = new LinkedHashMap<>();
    days.put("datasetsDays", props.getDatasetsDays());
    days.put("resultsDays", props.getResultsDays());
    days.put("checkpointsDays", props.getCheckpointsDays());
    days.put("noncurrentDays", props.getNoncurrentDays());
    days.forEach(
        (name, value) -> {
          if (value < 1 || value > MOST_DAYS) {
            problems.add(Problem.of(name, "given " + value, "1 to " + MOST_DAYS + " days", ""));
          }
        });
  }

  static void prefixes(Prefixes prefixes, List<Problem> problems) {
    for (String prefix : new HashSet<>(prefixes.all())) {
      if (!PREFIX.matcher(prefix).matches()) {
        problems.add(
            Problem.of(
                "prefixes",
                "given '" + prefix + "'",
                "folder names of letters, digits, _ and -, parted by /",
                "leave out the slash at either end"));
      }
    }
    prefixes
        .overlap()
        .ifPresent(
            overlap ->
                problems.add(
                    Problem.of(
                        "prefixes",
                        overlap,
                        "four folders beside each other",
                        "rename one of them")));
  }
}
