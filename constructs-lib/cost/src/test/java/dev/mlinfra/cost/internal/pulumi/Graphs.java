package dev.mlinfra.cost.internal.pulumi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.core.Usage;
import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.Estimator;
import dev.mlinfra.cost.Explained;
import dev.mlinfra.cost.JobExposure;
import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.PriceBook;
import dev.mlinfra.cost.Usd;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;

/** Writes down graphs of Pulumi for tests, and prices them with prices that are easy to check. */
public final class Graphs {
  /** What only the deployment knows. */
  public static final String UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

  /** 1,000 predictions, 40 hours of training, 100 GB. */
  public static final Usage USAGE = new Usage(1000, 40, 100);

  /** Prices that only tests have. */
  public static final PriceBook BOOK =
      PriceBook.of(
          List.of(
              price("gcp", "us-central1", "compute", "n1-standard-4", 0.19),
              price("gcp", "europe-west4", "compute", "n1-standard-4", 0.20),
              price("gcp", "us-central1", "compute", "n1-standard-8", 0.38),
              price("gcp", "us-central1", "compute", "g2-standard-4", 0.70),
              price("gcp", "us-central1", "compute", "e2-medium", 0.03),
              price("gcp", "us-central1", "compute-spot", "n1-standard-4", 0.05, 0.08),
              price("gcp", "us-central1", "compute-gpu", "NVIDIA T4 on-demand", 0.35),
              price("gcp", "us-central1", "compute-gpu-spot", "NVIDIA T4", 0.17),
              price("gcp", "us-central1", "disk", "balanced", 0.10),
              price("gcp", "us-central1", "disk", "hdd", 0.04),
              price("gcp", "us-central1", "disk", "hdd-replicated", 0.08),
              price("gcp", "us-central1", "disk", "ssd", 0.17),
              price("gcp", "us-central1", "disk", "local", 0.08),
              price("gcp", "us-central1", "gke", "cluster management fee", 0.10),
              price("gcp", "us-central1", "cloud-run", "CPU tier 1 request-based", 0.00002),
              price("gcp", "us-central1", "cloud-run", "memory tier 1 request-based", 0.000002),
              price(
                  "gcp", "us-central1", "cloud-run", "CPU tier 1 instance-based and jobs", 0.00001),
              price(
                  "gcp",
                  "us-central1",
                  "cloud-run",
                  "memory tier 1 instance-based and jobs",
                  0.000001),
              price("gcp", "europe-west3", "cloud-run", "CPU tier 2 jobs", 0.00003),
              price("gcp", "europe-west3", "cloud-run", "memory tier 2 jobs", 0.000003),
              price("gcp", "us-central1", "cloud-run", "requests tier 1", 0.40),
              price("gcp", "us-central1", "gcs", "standard storage", 0.02),
              price("gcp", "us-central1", "gcs", "nearline storage", 0.01),
              price("gcp", "EU multi-region", "gcs", "standard storage", 0.026),
              price("gcp", "us-east1", "artifact-registry", "storage", 0.10),
              price("gcp", "us-central1", "external-ip", "in use by a machine", 0.005),
              price("gcp", "us-central1", "external-ip", "unused", 0.01),
              price("gcp", "us-central1", "nat", "gateway", 0.04),
              price("azure", "eastus", "vm", "Standard_NC4as_T4_v3", 0.50),
              price("azure", "westeurope", "vm", "Standard_NC4as_T4_v3", 0.60),
              price("azure", "eastus", "vm", "Standard_D4s_v5", 0.20),
              price("azure", "eastus", "vm-spot", "Standard_D4s_v5", 0.02, 0.05),
              price("azure", "eastus", "aks", "Standard tier (uptime SLA)", 0.10),
              price("azure", "eastus", "container-registry", "Basic", 0.16),
              price("azure", "westus", "blob", "hot LRS first 50 TB (general purpose v2)", 0.02),
              price("azure", "westus", "blob", "cool LRS", 0.01),
              price("runpod", "all", "pod", "NVIDIA A40 SECURE", 0.40),
              price("runpod", "all", "pod", "NVIDIA A40 COMMUNITY", 0.30),
              price("runpod", "all", "pod", "NVIDIA H200 SECURE", 4.50),
              price("runpod", "all", "serverless-flex", "AMPERE_24", 0.70),
              price("runpod", "all", "serverless-flex", "ADA_24", 1.10),
              price("runpod", "all", "disk", "container disk", 0.10),
              price("runpod", "all", "disk", "volume disk of a running pod", 0.10),
              price("runpod", "all", "network-volume", "first 1 TB", 0.07),
              price("runpod", "all", "network-volume", "over 1 TB", 0.05),
              price("aws", "us-east-1", "ec2", "g5.xlarge", 1.00),
              price("aws", "us-east-1", "ec2", "m5.large", 0.10),
              price("aws", "us-east-1", "ec2-spot", "m5.large", 0.03, 0.06),
              price("aws", "us-east-1", "ebs", "gp2 storage", 0.10),
              price("aws", "us-east-1", "ebs", "gp3 storage", 0.08),
              price("aws", "us-east-1", "eks", "cluster standard support", 0.10),
              price("aws", "us-east-1", "elb", "network load balancer", 0.02),
              price("aws", "us-east-1", "s3", "standard storage first 50 TB", 0.023)));

  private Graphs() {}

  private static Price price(
      String provider, String region, String service, String item, double usd) {
    return price(provider, region, service, item, usd, usd);
  }

  private static Price price(
      String provider, String region, String service, String item, double low, double high) {
    return new Price(
        provider,
        region,
        service,
        item,
        "hour",
        new Usd(low, high),
        "a test",
        Optional.of(LocalDate.of(2026, 1, 2)),
        "");
  }

  /** One resource; its inputs in YAML of one line, without the outer braces. */
  public static String resource(String type, String name, String inputs) {
    return resource(type, name, inputs, "");
  }

  /** One resource with more beside its inputs, such as {@code external: true}. */
  public static String resource(String type, String name, String inputs, String more) {
    return "{urn: '%s', type: '%s', custom: true, inputs: {%s}%s}"
        .formatted(urn(type, name), type, inputs, more.isEmpty() ? "" : ", " + more);
  }

  /** What says that an input comes from a resource. */
  public static String linkedTo(String input, String type, String name) {
    return "propertyDependencies: {%s: ['%s']}".formatted(input, urn(type, name));
  }

  public static String urn(String type, String name) {
    return "urn:pulumi:dev::project::" + type + "::" + name;
  }

  public static Model model(String... resources) {
    return Models.parse(
        "state.yaml",
        Stream.of(resources)
            .collect(Collectors.joining(", ", "{deployment: {resources: [", "]}}")));
  }

  /** The estimate of a graph. */
  public static Estimate estimate(String... resources) {
    return estimate(model(resources));
  }

  public static Estimate estimate(Model model) {
    List<Estimate> estimates =
        Estimator.standard().withPrices(BOOK).withUsages(Map.of("dev", USAGE)).estimate(model);
    assertThat(estimates).hasSize(1);
    return estimates.get(0);
  }

  /** The line with this name. */
  public static LineItem line(Estimate estimate, String what) {
    List<LineItem> found =
        estimate.items().stream().filter(item -> item.what().equals(what)).toList();
    assertThat(found).as("lines called %s of %s", what, estimate).hasSize(1);
    return found.get(0);
  }

  /** Checks the arithmetic of a line. */
  public static void expect(Estimate estimate, String what, double expected, double worst) {
    LineItem line = line(estimate, what);
    assertThat(line.expected().usd().high()).isCloseTo(expected, Offset.offset(1e-9));
    assertThat(line.worst()).as("worst case of %s", line).isPresent();
    assertThat(line.worstUsd().high()).isCloseTo(worst, Offset.offset(1e-9));
  }

  /** Checks the arithmetic of a line that nothing bounds. */
  public static void expectUnbounded(Estimate estimate, String what, double expected) {
    LineItem line = line(estimate, what);
    assertThat(line.expected().usd().high()).isCloseTo(expected, Offset.offset(1e-9));
    assertThat(line.worst()).isEmpty();
  }

  /** The reasons of one kind. */
  public static List<String> reasons(Estimate estimate, Explained.Reason reason) {
    return estimate.explained().stream()
        .filter(one -> one.reason() == reason)
        .map(Explained::because)
        .toList();
  }

  public static List<String> notPriced(Estimate estimate) {
    return reasons(estimate, Explained.Reason.NOT_PRICED);
  }

  public static List<String> elsewhere(Estimate estimate) {
    return reasons(estimate, Explained.Reason.ELSEWHERE);
  }

  public static List<String> free(Estimate estimate) {
    return reasons(estimate, Explained.Reason.FREE);
  }

  /** The only job. */
  public static JobExposure job(Estimate estimate) {
    assertThat(estimate.jobs()).hasSize(1);
    return estimate.jobs().get(0);
  }

  /** What the only job can cost. */
  public static double jobUsd(Estimate estimate) {
    return job(estimate).usd().orElseThrow().high();
  }
}
