package dev.mlinfra.review;

import dev.mlinfra.policy.Acknowledgement;
import dev.mlinfra.policy.Finding;
import dev.mlinfra.policy.Report;
import dev.mlinfra.template.ResourceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** What the gate finds in the head and not in the base, and the other way round. */
final class FindingRisks {
  /** Rules about what can be reached, whatever their family. */
  private static final Set<String> REACH =
      Set.of(
          "mlinfra::clouds.open-firewall",
          "mlinfra::clouds.public-network",
          "mlinfra::data.public-bucket",
          "mlinfra::iam.public-function-url",
          "mlinfra::kubernetes.host-ports",
          "mlinfra::kubernetes.network-policy",
          "mlinfra::kubernetes.public-load-balancer");

  private static final String NETWORK = "mlinfra::network.";
  private static final String TAGS = "mlinfra::tags.";

  private final Sides sides;
  private final List<Finding> fresh;
  private final List<Finding> gone;
  private final Set<Acknowledgement> acknowledged;
  private final Set<Acknowledgement> noLonger;

  FindingRisks(Sides sides, Report base, Report head) {
    this.sides = sides;
    this.fresh = without(head.findings(), ResourceId::toString, base.findings(), sides::name);
    this.gone = without(base.findings(), sides::name, head.findings(), ResourceId::toString);
    this.acknowledged = acknowledgements(head);
    acknowledged.removeAll(acknowledgements(base));
    this.noLonger = acknowledgements(base);
    noLonger.removeAll(acknowledgements(head));
  }

  private static Set<Acknowledgement> acknowledgements(Report report) {
    Set<Acknowledgement> all = new LinkedHashSet<>();
    report.acknowledged().forEach(it -> all.add(it.acknowledgement()));
    return all;
  }

  /** The findings of one side that the other has not, however often. */
  private static List<Finding> without(
      List<Finding> all,
      Function<ResourceId, String> name,
      List<Finding> others,
      Function<ResourceId, String> otherName) {
    Map<List<String>, Integer> counts = new HashMap<>();
    others.forEach(it -> counts.merge(key(it, otherName), 1, Integer::sum));
    List<Finding> left = new ArrayList<>();
    for (Finding finding : all) {
      int count = counts.merge(key(finding, name), -1, Integer::sum);
      if (count < 0) {
        left.add(finding);
      }
    }
    return left;
  }

  /** What it is about; which item of a list is meant can move. */
  private static List<String> key(Finding finding, Function<ResourceId, String> name) {
    return List.of(
        finding.rule(),
        finding.severity().name(),
        finding.resource().map(name).orElse(finding.where()),
        finding.at().replaceAll("\\[\\d+]", "[]"),
        finding.problem());
  }

  /** What certainly breaks a rule now and did not before. */
  List<Finding> newErrors() {
    return fresh.stream().filter(Finding::isError).toList();
  }

  List<ReviewItem> reach() {
    return fresh.stream().filter(FindingRisks::isReach).map(it -> item(Risk.REACH, it)).toList();
  }

  List<ReviewItem> findings() {
    List<ReviewItem> items = new ArrayList<>();
    fresh.stream()
        .filter(it -> !isReach(it) && !it.rule().startsWith(TAGS))
        .forEach(it -> items.add(item(Risk.FINDINGS, it)));
    acknowledged.forEach(it -> items.add(item(it, "is acknowledged: ")));
    noLonger.forEach(it -> items.add(item(it, "is no longer acknowledged: ")));
    gone.stream()
        .filter(it -> it.resource().map(sides::name).filter(id -> !sides.isInHead(id)).isEmpty())
        .forEach(
            it ->
                items.add(
                    ReviewItem.of(
                        Risk.FINDINGS, place(it), "no longer breaks " + it.rule(), "", "")));
    return items;
  }

  private static boolean isReach(Finding finding) {
    return finding.rule().startsWith(NETWORK) || REACH.contains(finding.rule());
  }

  private static ReviewItem item(Risk risk, Finding finding) {
    String what =
        "%s %s: %s%s%s"
            .formatted(
                finding.isError() ? "breaks" : "may break",
                finding.rule(),
                finding.at().isEmpty() ? "" : finding.at() + ": ",
                finding.problem(),
                finding.given().isEmpty() ? "" : "; given: " + finding.given());
    return ReviewItem.of(risk, place(finding), what, "", "");
  }

  private static ReviewItem item(Acknowledgement acknowledgement, String what) {
    return ReviewItem.of(
        Risk.FINDINGS,
        ReviewItem.Place.named(acknowledgement.scope()),
        acknowledgement.rule() + " " + what + acknowledgement.reason(),
        "",
        "");
  }

  private static ReviewItem.Place place(Finding finding) {
    return new ReviewItem.Place(finding.where(), finding.type(), finding.source());
  }
}
