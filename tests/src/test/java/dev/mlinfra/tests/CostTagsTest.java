package dev.mlinfra.tests;

import static dev.mlinfra.testkit.TemplateAssertions.assertThatTemplate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.CostTags;
import dev.mlinfra.policy.TagReach;
import dev.mlinfra.template.Models;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The cost tags of the environments of this repository. */
class CostTagsTest {
  @SuppressWarnings("unused") // the parameterised test names it
  private static final List<String> KEYS = CostTags.KEYS;

  @Test
  void reachEverythingThatCanCarryThem() {
    TagReach reach = TagReach.of(Synthesis.model());

    System.out.println(reach.counts());
    assertThatTemplate(Synthesis.model()).hasCostTags();
    assertThat(reach.resources()).hasSizeGreaterThanOrEqualTo(3 * 6);
  }

  /** The check above would see a key that is not there. */
  @ParameterizedTest
  @FieldSource("KEYS")
  void aMissingKeyIsSeen(String key) {
    String template =
        Synthesis.texts(Synthesis.assembly(), ".template.json").entrySet().stream()
            .filter(file -> file.getKey().contains("Data"))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElseThrow();

    assertThatThrownBy(
            () ->
                assertThatTemplate(
                        Models.parse("Data", template.replace("\"" + key + "\"", "\"other\"")))
                    .hasCostTags())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("lacks " + key);
  }
}
