package dev.mlinfra.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatefulResourcesTest {
  private static final String TEMPLATE =
      "Resources: {Data: {Type: 'AWS::S3::Bucket'}, Job: {Type: 'AWS::Lambda::Function'},"
          + " Books: {Type: 'AWS::RDS::DBInstance'}}";

  @TempDir Path folder;

  @Test
  void aRenameOfWhatHoldsDataIsSeen() throws IOException {
    Files.writeString(
        folder.resolve("stateful.txt"),
        """
        # id | type | what is lost with it
        template:Books | AWS::RDS::DBInstance | holds databases
        template:Data | AWS::S3::Bucket | holds objects
        """);
    Snapshots snapshots = Snapshots.in(folder);

    TemplateAssertions.assertThatTemplate(TEMPLATE)
        .withSnapshots(snapshots)
        .keepsLogicalIds("stateful");
    TemplateAssertions.assertThatTemplate(TEMPLATE.replace("Job", "Work"))
        .withSnapshots(snapshots)
        .keepsLogicalIds("stateful");
    assertThatThrownBy(
            () ->
                TemplateAssertions.assertThatTemplate(TEMPLATE.replace("Data", "Files"))
                    .withSnapshots(snapshots)
                    .keepsLogicalIds("stateful"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("- template:Data | AWS::S3::Bucket | holds objects")
        .hasMessageContaining("+ template:Files | AWS::S3::Bucket | holds objects");
  }
}
