package dev.mlinfra.cost.internal.aws;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.Estimator;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Stack;
import dev.mlinfra.template.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whatever stands anywhere in a template, it gets a bill. Takes a minute, so mvn verify runs it.
 */
class OddValuesIT {
  private static final Model MODEL = EverythingTest.MODEL;

  private static final List<Value> ODD =
      List.of(
          new Value.Text("x"),
          new Value.Text(""),
          new Value.Text("-1"),
          new Value.Num(new BigDecimal("-1.5")),
          new Value.Num(BigDecimal.ZERO),
          new Value.Num(new BigDecimal("1e400")),
          new Value.Num(new BigDecimal("999999999")),
          new Value.Bool(true),
          new Value.Null(),
          new Value.Secret(),
          new Value.Unknown("x", new Value.Null()),
          new Value.Ref("AWS::NoValue"),
          new Value.Ref("Missing"),
          new Value.Sequence(List.of()),
          new Value.Sequence(List.of(new Value.Null(), new Value.Text("x"))),
          new Value.Mapping(Map.of("x", new Value.Null())));

  @Test
  void oddValuesBreakNothing() {
    for (Resource resource : MODEL.resources()) {
      for (Value properties : changed(resource.properties()).toList()) {
        assertThatCode(() -> estimate(with(resource, properties)))
            .as("%s with %s", resource.id(), properties.toJson())
            .doesNotThrowAnyException();
      }
    }
  }

  private static Estimate estimate(Model model) {
    Estimate estimate = Estimator.standard().estimate(model).get(0);
    estimate.jobs().forEach(job -> job.usd());
    estimate.worst();
    return estimate;
  }

  /** The value with each of its parts, and itself, replaced by each odd value in turn. */
  private static Stream<Value> changed(Value value) {
    Stream<Value> inside = Stream.empty();
    if (value instanceof Value.Mapping mapping) {
      inside =
          mapping.entries().keySet().stream()
              .flatMap(
                  key ->
                      changed(mapping.entries().get(key))
                          .map(
                              odd -> {
                                Map<String, Value> entries = new LinkedHashMap<>(mapping.entries());
                                entries.put(key, odd);
                                return new Value.Mapping(entries);
                              }));
    } else if (value instanceof Value.Sequence sequence && !sequence.items().isEmpty()) {
      inside =
          changed(sequence.items().get(0))
              .map(
                  odd -> {
                    List<Value> items = new ArrayList<>(sequence.items());
                    items.set(0, odd);
                    return new Value.Sequence(items);
                  });
    }
    return Stream.concat(ODD.stream(), inside);
  }

  private static Model with(Resource resource, Value properties) {
    Stack stack = MODEL.stacks().get(0);
    Map<String, Resource> resources = new LinkedHashMap<>(stack.resources());
    resources.put(
        resource.id().name(),
        new Resource(
            resource.id(),
            resource.type(),
            properties,
            resource.attributes(),
            resource.constructPath(),
            resource.sourceTrace(),
            resource.position()));
    return new Model(
        MODEL.kind(),
        List.of(
            new Stack(
                stack.id(),
                stack.name(),
                stack.account(),
                stack.region(),
                stack.nestedIn(),
                stack.file(),
                stack.transforms(),
                stack.parameters(),
                stack.mappings(),
                stack.conditions(),
                resources,
                stack.outputs())),
        MODEL.gaps());
  }
}
