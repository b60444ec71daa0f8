package dev.mlinfra.policy.internal.money;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.template.Models;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnboundedCapacityTest {
  private static final String OPEN = ": is known only when deployed";
  private static final String GROWS = ": adds nodes for as long as pods are waiting";

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "memory", "nodes", "nvidia.com/gpu"})
  void compliantWithALimit(String limit) {
    assertThat(check("{\"limits\": {\"" + limit + "\": 64}}"))
        .containsExactly("COMPLIANT urn:pulumi:s::p::t::pool spec.limits");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"limits\": {}}"})
  void violatedWithoutOne(String spec) {
    assertThat(check(spec))
        .containsExactly("VIOLATED urn:pulumi:s::p::t::pool spec.limits" + GROWS);
  }

  @Test
  void undecidedWhenOnlyTheDeploymentKnows() {
    assertThat(check("{\"limits\": \"04da6b54-80e4-46f7-96ec-b56ff0331ba9\"}"))
        .containsExactly("UNDECIDED urn:pulumi:s::p::t::pool spec.limits" + OPEN);
  }

  @Test
  void notApplicableToOtherObjects() {
    assertThat(check("{}", "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass")).isEmpty();
  }

  private static List<String> check(String spec) {
    return check(spec, "kubernetes:karpenter.sh/v1:NodePool");
  }

  private static List<String> check(String spec, String type) {
    return Checks.of(
        new UnboundedCapacity(),
        Models.parse(
            "state.json",
            "{\"version\": 3, \"deployment\": {\"resources\": [{\"urn\":"
                + " \"urn:pulumi:s::p::t::pool\", \"custom\": true, \"type\": \""
                + type
                + "\", \"inputs\": {\"spec\": "
                + spec
                + "}}]}}"));
  }
}
