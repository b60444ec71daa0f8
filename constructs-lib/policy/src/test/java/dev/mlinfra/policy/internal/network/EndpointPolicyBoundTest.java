package dev.mlinfra.policy.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndpointPolicyBoundTest {

  @Test
  void compliantWhenBucketsAreNamed() {
    assertThat(check(policy("Action: s3:GetObject, Resource: 'arn:aws:s3:::data/*'")))
        .containsExactly("COMPLIANT S3 PolicyDocument");
    assertThat(check(policy("Action: '*', Resource: 'arn:aws:s3:::data/*'")))
        .containsExactly("COMPLIANT S3 PolicyDocument");
  }

  @Test
  void compliantWhenAConditionBindsIt() {
    assertThat(
            check(
                policy(
                    "Action: '*', Resource: '*', Condition: {StringEquals: {aws:ResourceAccount:"
                        + " '123456789012'}}")))
        .containsExactly("COMPLIANT S3 PolicyDocument");
  }

  @Test
  void violatedWithoutAPolicy() {
    assertThat(check(""))
        .containsExactly(
            "VIOLATED S3 PolicyDocument: has no policy, so it lets everything through");
  }

  @Test
  void violatedByAPolicyThatAllowsEverything() {
    assertThat(check(policy("Action: 's3:*', Resource: '*'")))
        .containsExactly("VIOLATED S3 PolicyDocument: its policy allows everything to everyone");
  }

  @Test
  void undecidedWhenThePolicyIsGiven() {
    assertThat(check("      PolicyDocument: !Ref Policy\n"))
        .containsExactly("UNDECIDED S3 PolicyDocument: its policy is known only when deployed");
  }

  @Test
  void notApplicableToInterfaceEndpoints() {
    assertThat(Checks.of(new EndpointPolicyBound(), Networks.VPC + Networks.endpoint("logs")))
        .isEmpty();
  }

  private static String policy(String statement) {
    return "      PolicyDocument: {Statement: [{Effect: Allow, Principal: {AWS: '*'}, "
        + statement
        + "}]}\n";
  }

  private static List<String> check(String policy) {
    return Checks.of(new EndpointPolicyBound(), Networks.VPC + Networks.S3 + policy);
  }
}
