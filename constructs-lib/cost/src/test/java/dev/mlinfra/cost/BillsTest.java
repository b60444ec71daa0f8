package dev.mlinfra.cost;

import static dev.mlinfra.cost.BillTable.aws;
import static dev.mlinfra.cost.BillTable.price;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What guides for deployments by hand say that they cost, worked out again; {@code
 * docs/reference/bills.md} shows it, and {@code mvn test -Dtables=update} writes its tables.
 */
class BillsTest {
  private static final double MONTH = LineItem.HOURS_PER_MONTH;
  private static final Path PAGE =
      Path.of(System.getProperty("mlinfra.root")).resolve("docs/reference/bills.md");
  private static final Pattern TABLE =
      Pattern.compile("(<!-- bill: ([\\w-]+) -->\\n)(.*?)(<!-- /bill -->)", Pattern.DOTALL);

  /** Ten minutes a day: 1 vCPU and 2 GB. */
  private static BillTable dailyContainer() {
    return new BillTable()
        .line("data, 50 MB", 0.05, aws("s3", "standard storage first 50 TB"), 0.01, "")
        .line("image, 500 MB", 0.5, aws("ecr", "private storage"), 0.05, "")
        .line(
            "1 vCPU, 30 x 10 minutes",
            5,
            aws("fargate", "vCPU Linux/x86"),
            1.50,
            "1.50 would be 0.30 per vCPU-hour, seven times the list price")
        .line(
            "2 GB, 30 x 10 minutes",
            10,
            aws("fargate", "memory Linux/x86"),
            0.50,
            "0.50 would be 0.05 per GB-hour, eleven times the list price")
        .line(
            "public address while it runs",
            5,
            aws("vpc", "public IPv4 address in use or idle"),
            "left out")
        .line(
            "logs kept, 5 GB",
            5,
            aws("cloudwatch", "logs storage"),
            0.25,
            "0.05 per GB is not a price of AWS")
        .line(
            "logs taken in, 5 GB",
            5,
            aws("cloudwatch", "logs ingestion (standard class)"),
            0,
            "called negligible; it is most of the bill");
  }

  private static BillTable fixed() {
    return new BillTable()
        .line("control plane", MONTH, aws("eks", "cluster standard support"), "")
        .line("shared files, 100 GB", 100, aws("efs", "standard storage"), "size assumed")
        .line("image, 12.5 GB", 12.5, aws("ecr", "private storage"), "");
  }

  private static BillTable batch() {
    BillTable bill = fixed();
    double rest = 800 - bill.total();
    double hourly = aws("ec2", "g5.2xlarge").usd().high();
    return bill.rest(
        "The guide says 800 and names no hours. What is left of it, %.2f, pays for %.0f hours of"
            + " `g5.2xlarge` on demand; our default of 40 hours makes %.2f in all.",
        rest, rest / hourly, bill.total() + 40 * hourly);
  }

  private static BillTable realtime() {
    BillTable bill =
        fixed()
            .line(
                "2 `g5.xlarge` always on",
                2 * MONTH,
                aws("ec2", "g5.xlarge"),
                "this alone is the guide's 1,500");
    return bill.rest(
        "The guide says 1,500: %.2f less than the sum, which still has no training in it."
            + " Its batch pattern is said to save 60 %%; 800 instead of 1,500 saves %.0f %%.",
        bill.total() - 1500, 100 * (1 - 800.0 / 1500));
  }

  private static BillTable hybrid() {
    BillTable bill = fixed().line("1 `g5.xlarge` always on", MONTH, aws("ec2", "g5.xlarge"), "");
    double node = MONTH * aws("ec2", "g5.xlarge").usd().high();
    return bill.rest(
        "With one node the sum is %.2f, with two %.2f. The guide's 1,200 is what %.2f nodes cost on"
            + " average.",
        bill.total(), bill.total() + node, 1 + (1200 - bill.total()) / node);
  }

  /** Prometheus, Grafana, logs and traces on a machine of their own. */
  private static BillTable monitoring() {
    BillTable bill =
        new BillTable()
            .line("`t3.large` for all of it", MONTH, aws("ec2", "t3.large"), "size assumed")
            .line("disk, 50 GB", 50, aws("ebs", "gp3 storage"), "size assumed");
    return bill.rest(
        "The guide says about 50: %.2f less. On a `t3.medium` it would be %.2f. DataDog's 15 a host:"
            + " not priced, no source.",
        bill.total() - 50,
        bill.total()
            - MONTH * (aws("ec2", "t3.large").usd().high() - aws("ec2", "t3.medium").usd().high()));
  }

  /** One small machine that watches, said to be free. */
  private static BillTable smallMachine() {
    return new BillTable()
        .line(
            "`t3.micro`",
            MONTH,
            aws("ec2", "t3.micro"),
            0,
            "free only while an account's free tier lasts")
        .line("disk, 8 GB", 8, aws("ebs", "gp3 storage"), 0, "size assumed")
        .line(
            "public address",
            MONTH,
            aws("vpc", "public IPv4 address in use or idle"),
            0,
            "left out");
  }

  /** What an hour of managed training is said to cost. */
  private static String trainingHours() {
    double t4 =
        price("gcp", "us-central1", "compute-host", "n1-standard-4 on-demand").usd().high()
            + price("gcp", "us-central1", "compute-gpu", "NVIDIA T4 on-demand").usd().high();
    double v100 =
        price("gcp", "us-central1", "compute-host", "n1-standard-8 on-demand").usd().high()
            + price("gcp", "us-central1", "compute-gpu", "NVIDIA V100 16GB on-demand").usd().high();
    StringBuilder text = new StringBuilder();
    text.append("| machine | USD an hour | guide | remark |\n|---|---:|---:|---|\n");
    for (Map.Entry<String, Double> claim :
        new TreeMap<>(
                Map.of(
                    "ml.g4dn.xlarge", 0.736,
                    "ml.g4dn.2xlarge", 0.94,
                    "ml.p3.2xlarge", 3.825))
            .entrySet()) {
      text.append(
          row(
              "`" + claim.getKey() + "`, SageMaker",
              aws("sagemaker", "instance " + claim.getKey()).usd().high(),
              claim.getValue(),
              ""));
    }
    text.append(row("`n1-standard-4` + T4, Google", t4, 0.52, "machine and GPU are two prices"));
    text.append(row("`n1-standard-8` + V100, Google", v100, 2.48, "2.48 is the GPU alone"));
    return text.toString();
  }

  private static String row(String what, double usd, double claimed, String remark) {
    return String.format(Locale.ROOT, "| %s | %.4f | %.3f | %s |%n", what, usd, claimed, remark)
        .replace("  |", " |");
  }

  /** Savings in percent, rounded: what share of the first price the second leaves out. */
  private static long saved(Price first, Price second) {
    return Math.round(100 * (1 - second.usd().high() / first.usd().high()));
  }

  private static String spot() {
    StringBuilder text = new StringBuilder();
    text.append("| what | on demand | spot | saves | of |\n|---|---:|---:|---:|---|\n");
    for (String gpu : List.of("T4", "V100 16GB", "L4", "A100 40GB")) {
      Price full = price("gcp", "us-central1", "compute-gpu", "NVIDIA " + gpu + " on-demand");
      Price less = price("gcp", "us-central1", "compute-gpu", "NVIDIA " + gpu + " spot");
      text.append(saving("GPU " + gpu + ", Google", full, less));
    }
    text.append(
        saving(
            "Fargate vCPU",
            aws("fargate", "vCPU Linux/x86"),
            aws("fargate", "Spot vCPU Linux/x86")));
    return text.toString();
  }

  private static String community() {
    StringBuilder text = new StringBuilder();
    text.append("| what | secure | community | saves | of |\n|---|---:|---:|---:|---|\n");
    for (String gpu :
        List.of(
            "NVIDIA H100 80GB HBM3",
            "NVIDIA H100 PCIe",
            "NVIDIA H100 NVL",
            "NVIDIA A100 80GB PCIe",
            "NVIDIA A100-SXM4-80GB")) {
      text.append(
          saving(
              gpu,
              price("runpod", "all", "pod", gpu + " SECURE"),
              price("runpod", "all", "pod", gpu + " COMMUNITY")));
    }
    return text.toString();
  }

  private static String saving(String what, Price full, Price less) {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %d %% | %s |%n",
        what,
        full.usd().high(),
        less.usd().high(),
        saved(full, less),
        less.date().map(Object::toString).orElse("undated"));
  }

  /** The same inflow of datasets (kept 90 days), results (30 days) and models (for ever). */
  private static long lifecycleSaves(int months) {
    double kept = 3.0 * months;
    double left = Math.min(months, 3) + Math.min(months, 1) + months;
    return Math.round(100 * (1 - left / kept));
  }

  private static String lifecycle() {
    StringBuilder text = new StringBuilder("| after | saves |\n|---|---:|\n");
    for (int months : List.of(3, 5, 12, 24)) {
      text.append("| %d months | %d %% |\n".formatted(months, lifecycleSaves(months)));
    }
    return text.toString();
  }

  private static Map<String, String> tables() {
    Map<String, String> tables = new TreeMap<>();
    tables.put("daily-container", dailyContainer().markdown());
    tables.put("batch", batch().markdown());
    tables.put("realtime", realtime().markdown());
    tables.put("hybrid", hybrid().markdown());
    tables.put("monitoring", monitoring().markdown());
    tables.put("small-machine", smallMachine().markdown());
    tables.put("training-hours", trainingHours());
    tables.put("spot", spot());
    tables.put("community", community());
    tables.put("lifecycle", lifecycle());
    return tables;
  }

  @Test
  void thePageHasEveryBill() throws IOException {
    Map<String, String> tables = tables();
    Matcher matcher = TABLE.matcher(Files.readString(PAGE));
    assertThat(matcher.results().map(result -> result.group(2)))
        .containsExactlyInAnyOrderElementsOf(tables.keySet());

    String expected =
        TABLE
            .matcher(Files.readString(PAGE))
            .replaceAll(
                (MatchResult result) ->
                    Matcher.quoteReplacement(
                        result.group(1) + tables.get(result.group(2)) + result.group(4)));
    if ("update".equals(System.getProperty("tables"))) {
      write(expected);
    }
    assertThat(Files.readString(PAGE)).as("fix: mvn test -Dtables=update").isEqualTo(expected);
  }

  private static void write(String text) {
    try {
      Files.writeString(PAGE, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theDailyContainerIsMostlyLogs() {
    BillTable bill = dailyContainer();

    // 0.05 x 0.023 + 0.5 x 0.10 + 5 x 0.04048 + 10 x 0.004445 + 5 x 0.005 + 5 x 0.03 + 5 x 0.50
    assertThat(bill.total()).isCloseTo(2.973, within(0.001));
    assertThat(bill.claimed())
        .as("the guide's own lines, whose sum it gives as 2.50")
        .isCloseTo(2.31, within(0.001));
  }

  @Test
  void theThreePatternsAreTheirGpuHours() {
    // 73 + 30 + 1.25
    assertThat(batch().total()).isCloseTo(104.25, within(0.001));
    // + 2 x 730 x 1.006
    assertThat(realtime().total()).isCloseTo(1573.01, within(0.001));
    // + 730 x 1.006
    assertThat(hybrid().total()).isCloseTo(838.63, within(0.001));
  }

  @Test
  void spotSavesWhatIsClaimedAndCommunityDoesNot() {
    assertThat(saved(aws("fargate", "vCPU Linux/x86"), aws("fargate", "Spot vCPU Linux/x86")))
        .isBetween(50L, 70L);
    assertThat(
            saved(
                price("runpod", "all", "pod", "NVIDIA H100 NVL SECURE"),
                price("runpod", "all", "pod", "NVIDIA H100 NVL COMMUNITY")))
        .isLessThan(40);
    assertThat(lifecycleSaves(5)).isEqualTo(40);
  }
}
