package dev.mlinfra.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.review.ReplacedBy.Answer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplacedByTest {

  @ParameterizedTest
  @CsvSource({
    "AWS::S3::Bucket, BucketName, REPLACED",
    "AWS::S3::Bucket, Tags[owner], UPDATED",
    "AWS::S3::Bucket, BucketNames, UPDATED",
    // What stands below a property that replaces replaces too.
    "AWS::Lambda::LayerVersion, Content.S3Key, REPLACED",
    "AWS::DynamoDB::Table, KeySchema[0].AttributeName, PERHAPS",
    "AWS::EC2::Instance, InstanceType, PERHAPS",
    // The whole block changes: whether the part that replaces does is not known.
    "AWS::Batch::ComputeEnvironment, EksConfiguration, PERHAPS",
    "AWS::Batch::ComputeEnvironment, ComputeResources.MaxvCpus, UPDATED",
    "AWS::EC2::TransitGatewayConnectPeer, ConnectPeerConfiguration.BgpConfigurations[1].PeerAsn,"
        + " REPLACED",
    "AWS::IAM::Policy, PolicyDocument, UPDATED",
    "Acme::Own::Type, Name, UPDATED",
  })
  void aChangeReplacesOrNot(String type, String path, Answer answer) {
    assertThat(ReplacedBy.of(type).answer(path)).isEqualTo(answer);
  }
}
