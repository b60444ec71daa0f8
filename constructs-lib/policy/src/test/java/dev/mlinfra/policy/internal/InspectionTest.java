package dev.mlinfra.policy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.core.Pattern;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InspectionTest {

  @Test
  void theNameOfATemplateIsItsEnvironment() {
    Model model = Models.parse("gcp-prod.yaml", "Resources: {Topic: {Type: 'AWS::SNS::Topic'}}");

    assertThat(pattern(model, Map.of("gcp-prod", Pattern.REALTIME))).isEqualTo(Pattern.REALTIME);
    assertThat(pattern(model, Map.of("prod", Pattern.REALTIME))).isEqualTo(Pattern.BATCH);
  }

  @Test
  void aStackOfPulumiIsKnownByItsEnvironment() {
    assertThat(pattern(stack("gcp-prod"), Map.of("prod", Pattern.REALTIME)))
        .isEqualTo(Pattern.REALTIME);
    assertThat(pattern(stack("gcp-prod-eu"), Map.of("prod-eu", Pattern.REALTIME)))
        .isEqualTo(Pattern.REALTIME);
    assertThat(pattern(stack("prod"), Map.of("prod", Pattern.REALTIME)))
        .isEqualTo(Pattern.REALTIME);
  }

  @Test
  void theWholeNameOfAStackOfPulumiGoesFirst() {
    Map<String, Pattern> patterns =
        Map.of("gcp-prod", Pattern.HYBRID, "prod", Pattern.REALTIME, "shop", Pattern.REALTIME);

    assertThat(pattern(stack("gcp-prod"), patterns)).isEqualTo(Pattern.HYBRID);
  }

  @Test
  void aStackOfPulumiThatIsNotNamedIsBatch() {
    assertThat(pattern(stack("gcp-dev"), Map.of("prod", Pattern.REALTIME, "shop", Pattern.HYBRID)))
        .isEqualTo(Pattern.BATCH);
  }

  private static Pattern pattern(Model model, Map<String, Pattern> patterns) {
    return new Inspection(model, patterns).pattern(model.resources().get(0));
  }

  private static Model stack(String name) {
    return Models.parse(
        "state.yaml",
        "{deployment: {resources: [{urn: 'urn:pulumi:"
            + name
            + "::shop::gcp:storage/bucket:Bucket::data', type: 'gcp:storage/bucket:Bucket'}]}}");
  }
}
