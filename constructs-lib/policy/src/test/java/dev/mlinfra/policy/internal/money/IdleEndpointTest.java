package dev.mlinfra.policy.internal.money;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.core.Pattern;
import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.template.Models;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IdleEndpointTest {
  private static final String OPEN = ": is known only when deployed";
  private static final String IDLES = ": its instances wait for requests, and are billed";
  private static final String INSTANCES =
      "VariantName: all, InstanceType: ml.g5.xlarge, InitialInstanceCount: 1";
  private static final String TARGET =
      "  Target: {Type: AWS::ApplicationAutoScaling::ScalableTarget,";

  @Test
  void compliantWhenServerless() {
    assertThat(check("VariantName: all, ServerlessConfig: {MaxConcurrency: 1}", ""))
        .containsExactly("COMPLIANT Config ProductionVariants[0]");
  }

  @Test
  void compliantWhenTheServiceScalesToZero() {
    assertThat(
            check(
                INSTANCES + ", ManagedInstanceScaling: {Status: ENABLED, MinInstanceCount: 0}", ""))
        .containsExactly("COMPLIANT Config ProductionVariants[0]");
  }

  @Test
  void compliantWhenATargetScalesToZero() {
    assertThat(
            check(
                INSTANCES,
                TARGET
                    + " Properties: {MinCapacity: 0, ResourceId: !Sub"
                    + " 'endpoint/${Given.EndpointName}/variant/all'}}"))
        .containsExactly("COMPLIANT Config ProductionVariants[0]");
    assertThat(
            check(
                INSTANCES,
                TARGET + " Properties: {MinCapacity: 0, ResourceId: endpoint/shop/variant/all}}"))
        .containsExactly("COMPLIANT Config ProductionVariants[0]");
  }

  @Test
  void violatedByInstancesThatWait() {
    assertThat(check(INSTANCES, ""))
        .containsExactly("VIOLATED Config ProductionVariants[0]" + IDLES);
  }

  @Test
  void violatedWhenSomeStay() {
    assertThat(
            check(
                INSTANCES + ", ManagedInstanceScaling: {Status: ENABLED, MinInstanceCount: 1}", ""))
        .containsExactly("VIOLATED Config ProductionVariants[0]" + IDLES);
    assertThat(
            check(
                INSTANCES,
                TARGET + " Properties: {MinCapacity: 1, ResourceId: endpoint/shop/variant/all}}"))
        .containsExactly("VIOLATED Config ProductionVariants[0]" + IDLES);
  }

  @Test
  void violatedWhenTheTargetIsAnotherOne() {
    assertThat(
            check(
                INSTANCES,
                TARGET
                    + " Properties: {MinCapacity: 0, ResourceId: endpoint/shopping/variant/all}}"))
        .containsExactly("VIOLATED Config ProductionVariants[0]" + IDLES);
  }

  @Test
  void undecidedWhenOnlyTheDeploymentKnows() {
    assertThat(check(INSTANCES + ", ManagedInstanceScaling: !GetAtt Other.Scaling", ""))
        .containsExactly("UNDECIDED Config ProductionVariants[0]" + OPEN);
  }

  @Test
  void undecidedWhenTheConfigurationIsElsewhere() {
    assertThat(
            Checks.of(
                new IdleEndpoint(),
                "Resources:",
                "  Given: {Type: AWS::SageMaker::Endpoint, Properties: {EndpointConfigName: x}}"))
        .containsExactly(
            "UNDECIDED Given EndpointConfigName: the configuration is not in the model");
  }

  @Test
  void notApplicableWhereUsersWait() {
    String template = String.join("\n", template(INSTANCES, ""));
    assertThat(
            Checks.of(
                new IdleEndpoint(),
                Models.parse("prod.yaml", template),
                Map.of("prod", Pattern.REALTIME)))
        .isEmpty();
  }

  @Test
  void notApplicableToAConfigurationWithoutAnEndpoint() {
    assertThat(
            Checks.of(
                new IdleEndpoint(),
                "Resources:",
                "  Config: {Type: AWS::SageMaker::EndpointConfig, Properties: {}}"))
        .isEmpty();
  }

  private static List<String> check(String variant, String more) {
    return Checks.of(new IdleEndpoint(), template(variant, more));
  }

  private static String[] template(String variant, String more) {
    return new String[] {
      "Resources:",
      "  Config:",
      "    Type: AWS::SageMaker::EndpointConfig",
      "    Properties: {ProductionVariants: [{" + variant + "}]}",
      "  Given:",
      "    Type: AWS::SageMaker::Endpoint",
      "    Properties:",
      "      EndpointName: shop",
      "      EndpointConfigName: !GetAtt Config.EndpointConfigName",
      more
    };
  }
}
