package dev.mlinfra.policy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PropertyTest {

  @Test
  void aPathGoesThroughLists() {
    assertThat(places("A: [{B: [{C: 1}, {}]}, {B: [{C: 2}]}]", "A[].B[].C"))
        .containsExactly("A[0].B[0].C 1", "A[0].B[1].C -", "A[1].B[0].C 2");
  }

  @Test
  void whatIsMissingOnTheWayHasNoPlace() {
    assertThat(places("A: {}", "A.B.C")).isEmpty();
    assertThat(places("A: {B: {}}", "A.B.C")).containsExactly("A.B.C -");
  }

  @Test
  void itemsAreProperties() {
    assertThat(places("A: [1, !Ref 'AWS::NoValue']", "A[]")).containsExactly("A[0] 1");
  }

  @Test
  void allBranchesOfAConditionCount() {
    assertThat(places("A: !If [C, [{B: 1}], [{B: 2}, {B: 3}]]", "A[].B"))
        .containsExactly("A[0].B 1", "A[0].B 2", "A[1].B 3");
  }

  @Test
  void whatCannotBeReadIsUnknownAtTheEndOfThePath() {
    assertThat(places("A: !GetAtt X.Y", "A.B.C")).containsExactly("A.B.C ?");
    assertThat(places("A: !GetAtt X.Y", "A[].B")).containsExactly("A[].B ?");
    assertThat(places("A: text", "A.B")).containsExactly("A.B ?");
    assertThat(places("A: text", "A[].B")).containsExactly("A[].B ?");
  }

  private static List<String> places(String properties, String path) {
    Model model =
        Models.parse(
            "t.yaml",
            "Conditions: {C: !Equals [!Ref 'AWS::Region', x]}\n"
                + "Resources: {R: {Type: 'A::B::C', Properties: {"
                + properties
                + "}}}");
    Resource resource = model.resources().get(0);
    Value all = new Inspection(model, Map.of()).properties(resource);
    return Property.of(all, path).stream().map(it -> it.at() + " " + text(it.value())).toList();
  }

  private static String text(Value value) {
    return value.isMissing() ? "-" : value.asText().orElse("?");
  }
}
