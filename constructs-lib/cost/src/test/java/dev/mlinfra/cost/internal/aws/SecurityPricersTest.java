package dev.mlinfra.cost.internal.aws;

import static dev.mlinfra.cost.internal.aws.Bills.line;
import static dev.mlinfra.cost.internal.aws.Bills.price;
import static dev.mlinfra.cost.internal.aws.Bills.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.Usd;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keys, secrets and parameters. */
class SecurityPricersTest {
  private static final List<Price> PRICES =
      List.of(
          price("kms", "customer managed key", 1),
          price("kms", "requests symmetric", 0.03),
          price("kms", "requests asymmetric (RSA 3072 etc.)", 0.15),
          price("secretsmanager", "secret", 0.4),
          price("secretsmanager", "API calls", 0.05),
          price("ssm", "advanced parameter storage", 0.05),
          price("ssm", "advanced parameter API interactions", 0.05));

  @Test
  void aKeyThatRotatesCostsUpToThreeVersions() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "K: {Type: AWS::KMS::Key}",
            "R: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true}}");

    assertThat(line(estimate, "K", "key").worstUsd()).isEqualTo(Usd.of(1));
    assertThat(line(estimate, "R", "key").expected().usd()).isEqualTo(Usd.of(1));
    assertThat(line(estimate, "R", "key").worstUsd()).isEqualTo(Usd.of(3));
    // 1000 predictions of three requests.
    assertThat(line(estimate, "K", "requests").expected().usd().high())
        .isCloseTo(0.3 * 0.03, within(1e-9));
  }

  @Test
  void asymmetricRequestsCostMore() {
    Estimate estimate =
        Bills.of(PRICES, "K: {Type: AWS::KMS::Key, Properties: {KeySpec: RSA_3072}}");

    assertThat(line(estimate, "K", "requests").expected().usd().high())
        .isCloseTo(0.3 * 0.15, within(1e-9));
  }

  @Test
  void aSecretCostsInEachRegion() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "S: {Type: AWS::SecretsManager::Secret, Properties: {ReplicaRegions: [{Region: eu-west-1}]}}");

    assertThat(line(estimate, "S", "secret").worstUsd()).isEqualTo(Usd.of(0.8));
    assertThat(line(estimate, "S", "reads").expected().usd().high())
        .isCloseTo(0.1 * 0.05, within(1e-9));
  }

  @Test
  void onlyParametersOfTheAdvancedTierCost() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "S: {Type: AWS::SSM::Parameter}",
            "A: {Type: AWS::SSM::Parameter, Properties: {Tier: Advanced}}",
            "I: {Type: AWS::SSM::Parameter, Properties: {Tier: Intelligent-Tiering}}");

    assertThat(said(estimate, "S"))
        .containsExactly("FREE a parameter of the standard tier costs nothing");
    assertThat(line(estimate, "A", "parameter").expected().usd()).isEqualTo(Usd.of(0.05));
    assertThat(line(estimate, "I", "parameter").expected().usd()).isEqualTo(Usd.of(0));
    assertThat(line(estimate, "I", "parameter").worstUsd()).isEqualTo(Usd.of(0.05));
  }
}
