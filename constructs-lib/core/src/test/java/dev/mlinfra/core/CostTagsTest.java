package dev.mlinfra.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CostTagsTest {

  @Test
  void hasTheSixKeysAndTheExtraOnes() {
    CostTags tags =
        new CostTags(
            "ml-agent", "dev", "ml-platform", "cc-1", "data", Map.of("data-class", "internal"));

    assertThat(tags.toMap())
        .containsExactly(
            Map.entry("cost-center", "cc-1"),
            Map.entry("data-class", "internal"),
            Map.entry("environment", "dev"),
            Map.entry("managed-by", "mlinfra"),
            Map.entry("owner", "ml-platform"),
            Map.entry("project", "ml-agent"),
            Map.entry("workload", "data"));
    assertThat(tags.toMap().keySet()).containsAll(CostTags.KEYS);
  }

  @Test
  void saysEverythingThatIsWrongAtOnce() {
    assertThatThrownBy(() -> new CostTags("", "dev", "a;b", "cc", "data", Map.of("Project", "x")))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("CostTags has 3 problems")
        .hasMessageContaining("project: given ''")
        .hasMessageContaining("owner: given 'a;b'")
        .hasMessageContaining("extra.Project: is one of the six cost tags");
  }
}
