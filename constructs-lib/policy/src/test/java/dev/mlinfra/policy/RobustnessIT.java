package dev.mlinfra.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.mlinfra.policy.Edits.Place;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Outcomes.Outcome;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.Rules;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Value;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Values of other kinds than expected, and values that only the deployment knows, at any place. */
class RobustnessIT {
  static final List<Path> BAD = Examples.files("bad");
  static final List<Path> ALL =
      Stream.concat(BAD.stream(), Examples.files("good").stream()).toList();

  private static final int PLACES = 60;
  private static final Value UNKNOWN = new Value.ImportValue(Edits.text("of-another-account"));

  private static final List<Value> KINDS =
      List.of(
          Edits.number(-7),
          new Value.Num(new java.math.BigDecimal("1e999999")),
          Edits.bool(true),
          Edits.text(""),
          Edits.text("${".repeat(500)),
          Edits.text("x:*/".repeat(5_000)),
          Edits.list(),
          Edits.list(
              Edits.number(1), Edits.list(), Edits.map("x", Edits.text("y")), new Value.Null()),
          new Value.Mapping(Map.of()),
          Edits.map("Statement", Edits.number(1)),
          new Value.Null(),
          new Value.Secret(),
          new Value.Unknown("Fn::Custom", new Value.Null()),
          new Value.Ref("Nothing"),
          new Value.Ref("AWS::NoValue"),
          new Value.GetAtt("Nothing", "Arn"),
          new Value.If("Nothing", Edits.number(1), new Value.Ref("AWS::NoValue")),
          new Value.Sub("${A}${B.C}${!D}${", Map.of()),
          UNKNOWN);

  @ParameterizedTest
  @FieldSource("ALL")
  void noRuleThrowsForAValueOfAnotherKind(Path file) {
    long seed =
        Optional.ofNullable(System.getProperty("seed"))
            .map(Long::valueOf)
            .orElseGet(System::nanoTime);
    Random random = new Random(seed);
    Model model = Models.read(file);
    List<Resource> resources = model.resources();
    for (int i = 0; i < PLACES; i++) {
      Resource resource = resources.get(random.nextInt(resources.size()));
      List<Place> places = Edits.everything(resource.properties());
      Place place = places.get(random.nextInt(places.size()));
      Value other = KINDS.get(random.nextInt(KINDS.size()));
      Value properties = Edits.with(resource.properties(), place.steps(), other);
      Model changed = Edits.with(model, Edits.with(resource, properties));
      check(
          changed,
          resource.id().name() + " " + place.path() + " = " + shown(other) + ", -Dseed=" + seed);
    }
  }

  /** What was wrong for certain is not right when it is no longer known. */
  @ParameterizedTest
  @FieldSource("BAD")
  void whatIsNotKnownIsNeverCompliant(Path file) {
    Model model = Models.read(file);
    Map<Spot, Set<Verdict>> before = check(model, "");
    before.values().removeIf(verdicts -> !verdicts.contains(Verdict.VIOLATED));
    model.resources().parallelStream()
        .forEach(
            resource ->
                Edits.everything(resource.properties()).stream()
                    .filter(place -> place.value().asMap().isEmpty())
                    .filter(place -> place.value().asList().isEmpty())
                    .forEach(place -> isNotCompliant(model, resource, place, before.keySet())));
  }

  private static void isNotCompliant(
      Model model, Resource resource, Place place, Set<Spot> violated) {
    Value properties = Edits.with(resource.properties(), place.steps(), UNKNOWN);
    Map<Spot, Set<Verdict>> after =
        check(Edits.with(model, Edits.with(resource, properties)), place.path());
    for (Spot spot : violated) {
      assertThat(after.getOrDefault(spot, Set.of()))
          .as("%s when %s of %s is not known", spot, place.path(), resource.id())
          .isNotEqualTo(Set.of(Verdict.COMPLIANT));
    }
  }

  /** A place that a rule speaks of. */
  private record Spot(String rule, Optional<ResourceId> resource, String at) {}

  private static Map<Spot, Set<Verdict>> check(Model model, String what) {
    Inspection inspection = new Inspection(model, Map.of());
    Outcomes outcomes = new Outcomes();
    for (Rule rule : Rules.ALL) {
      try {
        rule.check(inspection, outcomes.of(rule));
      } catch (RuntimeException | StackOverflowError e) {
        fail(rule.id() + " throws for " + what, e);
      }
    }
    Map<Spot, Set<Verdict>> verdicts = new HashMap<>();
    for (Outcome outcome : outcomes.all()) {
      verdicts
          .computeIfAbsent(
              new Spot(outcome.rule().id(), outcome.resource().map(Resource::id), outcome.at()),
              spot -> new HashSet<>())
          .add(outcome.verdict());
    }
    return verdicts;
  }

  private static String shown(Value value) {
    String text = value.toJson();
    return text.length() < 80 ? text : text.substring(0, 80) + "…";
  }
}
