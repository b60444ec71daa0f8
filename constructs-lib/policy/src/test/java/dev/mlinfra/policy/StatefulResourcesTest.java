package dev.mlinfra.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatefulResourcesTest {

  @Test
  void listsWhatHoldsSomething() {
    Model model =
        Models.parse(
            "t.yaml",
            "Resources: {Data: {Type: 'AWS::S3::Bucket'}, Job: {Type: 'AWS::Lambda::Function'}}");

    assertThat(StatefulResources.text(model))
        .isEqualTo(
            "# id | type | what is lost with it\nt:Data | AWS::S3::Bucket | holds objects\n");
  }

  @Test
  void whatIsNowhereElseIsIrreplaceable() {
    Model model =
        Models.parse(
            "t.yaml",
            "Resources: {Data: {Type: 'AWS::S3::Bucket'}, Queue: {Type: 'AWS::SQS::Queue'}}");

    assertThat(StatefulResources.of(model)).hasSize(2);
    assertThat(model.resources().stream().filter(StatefulResources::isIrreplaceable))
        .extracting(it -> it.id().name())
        .containsExactly("Data");
  }

  @Test
  void saysWhatIsLost() {
    Model model =
        Models.parse(
            "t.yaml",
            "Resources: {Data: {Type: 'AWS::S3::Bucket'}, Job: {Type: 'AWS::Lambda::Function'}}");

    assertThat(model.resources().stream().map(StatefulResources::heldBy))
        .containsExactly(Optional.of("holds objects"), Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gcp:storage/bucket:Bucket",
        "azure-native:storage:StorageAccount",
        "kubernetes:core/v1:PersistentVolumeClaim",
        "aws:s3/bucket:Bucket",
        "aws:s3/bucketV2:BucketV2",
        "mlinfra-runpod:index:NetworkVolume"
      })
  void everyCloudHasThem(String type) {
    assertThat(StatefulResources.types()).containsKey(type);
  }

  @Test
  void everyTypeOfAwsExistsAndHasAReason() {
    assertThat(StatefulResources.types())
        .hasSizeGreaterThan(50)
        .allSatisfy(
            (type, row) -> {
              assertThat(row.getField("reason")).as(type).isNotBlank();
              assertThat(row.getField("irreplaceable")).as(type).isIn("yes", "no");
              assertThat(TagReach.of(oneOf(type)).shortcomings())
                  .extracting(TagReach.Place::detail)
                  .noneMatch(detail -> detail.contains("not in the vendor's schemas"));
            });
  }

  private static Model oneOf(String type) {
    return Models.parse("t", "Resources: {R: {Type: '" + type + "'}}");
  }
}
