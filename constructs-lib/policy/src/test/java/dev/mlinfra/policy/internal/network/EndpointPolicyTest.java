package dev.mlinfra.policy.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndpointPolicyTest {
  private static final String LAYERS = "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*";
  private static final String PERHAPS =
      "UNDECIDED S3 PolicyDocument: a Fargate task (Service) perhaps cannot pull the layers of its"
          + " image through it";
  private static final String CANNOT =
      "VIOLATED S3 PolicyDocument: a Fargate task (Service) cannot pull the layers of its image"
          + " through it";

  @Test
  void compliantWhenTheLayersAreAdmitted() {
    assertThat(check(statement("s3:GetObject", LAYERS)))
        .containsExactly("COMPLIANT S3 PolicyDocument");
    assertThat(
            check(
                statement(
                    "s3:Get*",
                    "!Sub 'arn:${AWS::Partition}:s3:::prod-${AWS::Region}-starport-layer-bucket/*'")))
        .containsExactly("COMPLIANT S3 PolicyDocument");
    assertThat(check(statement("'*'", "'*'"))).containsExactly("COMPLIANT S3 PolicyDocument");
  }

  @Test
  void violatedWhenOnlyOnesOwnBucketsAreAdmitted() {
    assertThat(check(statement("s3:GetObject", "arn:aws:s3:::data/*"))).containsExactly(CANNOT);
    assertThat(check(statement("s3:GetObject", "!Sub '${Bucket.Arn}/*'"))).containsExactly(CANNOT);
  }

  @Test
  void violatedWhenLayersCanOnlyBeListed() {
    assertThat(check(statement("s3:ListBucket", LAYERS))).containsExactly(CANNOT);
  }

  @Test
  void undecidedWhenAConditionNarrowsIt() {
    assertThat(
            check(
                statement("s3:GetObject", LAYERS)
                    + "          Condition: {StringEquals: {aws:PrincipalAccount: '123456789012'}}\n"))
        .containsExactly(PERHAPS);
  }

  @Test
  void undecidedWhenTheBucketIsGiven() {
    assertThat(check(statement("s3:GetObject", "!Ref Layers"))).containsExactly(PERHAPS);
  }

  @Test
  void notApplicableWhenNothingPullsThroughIt() {
    assertThat(
            Checks.of(
                new EndpointPolicy(),
                Networks.VPC + Networks.S3 + policy(statement("s3:GetObject", "!Ref Bucket"))))
        .isEmpty();
  }

  @Test
  void notApplicableToAnImageFromElsewhere() {
    assertThat(
            Checks.of(
                new EndpointPolicy(),
                Networks.VPC
                    + Networks.S3
                    + policy(statement("s3:GetObject", "arn:aws:s3:::data/*"))
                    + TASK.replace(
                        "123456789012.dkr.ecr.us-east-1.amazonaws.com/trainer:1", "python:3.13")))
        .isEmpty();
  }

  @Test
  void notApplicableWithoutAPolicy() {
    assertThat(Checks.of(new EndpointPolicy(), Networks.VPC + Networks.S3 + TASK)).isEmpty();
  }

  private static final String TASK =
      """
        Bucket:
          Type: AWS::S3::Bucket
        Task:
          Type: AWS::ECS::TaskDefinition
          Properties:
            ContainerDefinitions:
              - Image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/trainer:1
        Service:
          Type: AWS::ECS::Service
          Properties:
            LaunchType: FARGATE
            TaskDefinition: !Ref Task
            NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!Ref Isolated]}}
      """;

  private static String statement(String action, String resource) {
    return """
              - Effect: Allow
                Principal: '*'
                Action: %s
                Resource: [%s]
      """
        .formatted(action, resource)
        .replace("  - Effect", "- Effect")
        .replace("        ", "      ")
        .indent(2);
  }

  private static String policy(String statement) {
    return "      PolicyDocument:\n        Statement:\n" + statement;
  }

  private static List<String> check(String statement) {
    return Checks.of(new EndpointPolicy(), Networks.VPC + Networks.S3 + policy(statement) + TASK);
  }
}
