package dev.mlinfra.testkit;

import static dev.mlinfra.testkit.CdkAssertions.assertThatTemplate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.ValidationException;
import dev.mlinfra.template.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.NestedStack;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.Stage;
import software.amazon.awscdk.assertions.Template;
import software.amazon.awscdk.services.s3.Bucket;

class CdkTest {
  @TempDir Path folder;

  private App app() {
    return new App(AppProps.builder().outdir(folder.resolve("cdk.out").toString()).build());
  }

  @Test
  void anAppIsAllItsStacks() {
    App app = app();
    Stack data = new Stack(new Stage(app, "dev"), "Data");
    Bucket.Builder.create(data, "Bucket").build();
    Stack other = new Stack(app, "Other");
    CfnOutput.Builder.create(other, "Name").value("x").build();

    Model model = CdkModels.of(app);

    assertThat(model.stacks()).extracting(stack -> stack.id()).contains("dev/Data", "Other");
    assertThatTemplate(app).hasResources("AWS::S3::Bucket", 1).hasNoGaps();
  }

  @Test
  void aStackIsItselfAndWhatIsNestedInIt() {
    App app = app();
    Stage stage = new Stage(app, "dev");
    Stack data = new Stack(stage, "Data");
    Bucket.Builder.create(new NestedStack(data, "Inner"), "Bucket").build();
    Bucket.Builder.create(new Stack(stage, "DataToo"), "Bucket").build();

    assertThat(CdkModels.of(data).stacks()).hasSize(2);
    assertThatTemplate(data).hasResources("AWS::S3::Bucket", 1);
  }

  @Test
  void whatIsAddedAfterASynthesisIsSeen() {
    Stack stack = new Stack(app(), "Data");
    assertThat(CdkModels.of(stack).resources("AWS::S3::Bucket")).isEmpty();
    Bucket.Builder.create(stack, "Bucket").build();

    assertThatTemplate(stack).hasResource("AWS::S3::Bucket");
  }

  @Test
  void aTemplateOfTheCdksAssertionsIsReadAsItIs() {
    Stack stack = new Stack(app(), "Data");
    Bucket.Builder.create(stack, "Bucket").versioned(true).build();

    assertThatTemplate(Template.fromStack(stack))
        .hasProperty("AWS::S3::Bucket", "VersioningConfiguration.Status", "Enabled");
  }

  @Test
  void flagsAreReadAsTheyStand() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("cdk.json"),
            "{\"app\": \"x\", \"context\": {\"a\": true, \"b\": [\"c\"], \"d\": {\"e\": 1}}}");

    assertThat(CdkFlags.from(file))
        .isEqualTo(Map.of("a", true, "b", java.util.List.of("c"), "d", Map.of("e", 1)));
    assertThat(CdkFlags.from(Files.writeString(file, "{}"))).isEmpty();
  }

  @Test
  void flagsThatCannotBeReadAreRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("cdk.json"), "{\"context\":");

    assertThatThrownBy(() -> CdkFlags.from(file))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("cannot be read");
    assertThatThrownBy(() -> CdkFlags.from(folder.resolve("none.json")))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("no such file");
  }
}
