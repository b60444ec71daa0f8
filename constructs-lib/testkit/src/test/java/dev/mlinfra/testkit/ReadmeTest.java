package dev.mlinfra.testkit;

import static dev.mlinfra.testkit.CdkAssertions.assertThatTemplate;
import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.Context;
import com.pulumi.core.Output;
import com.pulumi.core.annotations.Import;
import com.pulumi.resources.CustomResource;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.ResourceArgs;
import dev.mlinfra.core.CostTags;
import dev.mlinfra.core.Pattern;
import dev.mlinfra.policy.Gate;
import dev.mlinfra.policy.Permissions;
import dev.mlinfra.policy.TagReach;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.Tags;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.s3.Bucket;
import software.constructs.Construct;

/** Every example of the README stands here too, and is run. */
class ReadmeTest {
  @TempDir Path folder;

  /** A stack as a user would have it. */
  static final class DataStack extends Stack {
    DataStack(Construct scope, String id) {
      super(scope, id);
      Bucket bucket = Bucket.Builder.create(this, "Bucket").versioned(true).build();
      bucket.grantPut(
          Role.Builder.create(this, "Writer")
              .assumedBy(new ServicePrincipal("ecs-tasks.amazonaws.com"))
              .build(),
          "models/*");
      CostTags.KEYS.forEach(key -> Tags.of(this).add(key, "example"));
    }
  }

  @Test
  void aStack() throws IOException {
    Path cdkJson = Files.writeString(folder.resolve("cdk.json"), "{\"context\": {}}");

    App app = new App(AppProps.builder().context(CdkFlags.from(cdkJson)).build());
    DataStack stack = new DataStack(app, "Data");

    assertThatTemplate(stack)
        .hasProperty("AWS::S3::Bucket", "VersioningConfiguration.Status", "Enabled")
        .hasCostTags()
        .matchesSnapshot("data")
        .hasPermissions("data-permissions")
        .keepsLogicalIds("data-stateful");
  }

  @Test
  void aModel() throws IOException {
    Path file = Files.writeString(folder.resolve("t.yaml"), "Resources: {}");

    Model model = Models.read(file); // or cdk.out, or CdkModels.of(stack)

    assertThat(Permissions.of(model).identity())
        .noneMatch(grant -> grant.action().contains("*"))
        .noneMatch(grant -> grant.resource().equals("*"));
    System.out.println(TagReach.of(model).counts());
  }

  @Test
  void theGate() {
    App app = new App();
    new Stack(app, "prod");

    Gate gate = Gate.standard().withPatterns(Map.of("prod", Pattern.REALTIME));

    assertThatTemplate(app).passesGate(gate);
  }

  static final class VolumeArgs extends ResourceArgs {
    @SuppressWarnings("UnusedVariable") // the SDK reads it
    @Import(name = "token")
    private final Output<String> token;

    VolumeArgs(Output<String> token) {
      this.token = token;
    }
  }

  static final class Program {
    static void stack(Context context) {
      Output<String> token = context.config().requireSecret("token");
      new CustomResource(
          "shop:index:Volume", "volume", new VolumeArgs(token), CustomResourceOptions.Empty);
      context.export("token", token);
    }
  }

  @Test
  void aPulumiProgram() {
    PulumiGraph.of(Program::stack)
        .project("shop")
        .stack("dev")
        .config("shop:region", "eu")
        .secretConfig("token", "swordfish")
        .output("shop:index:Volume", "address", "10.0.0.1")
        .assertThatGraph()
        .hasResources("shop:index:Volume", 1)
        .hides("swordfish")
        .matchesSnapshots();
  }

  static LongStream seeds() {
    return Seeds.of(20);
  }

  @ParameterizedTest(name = "-Dseeds={0}")
  @MethodSource("seeds")
  void sortingTwiceIsSortingOnce(long seed) {
    int[] once = new Random(seed).ints(50).sorted().toArray();

    assertThat(Arrays.stream(once).sorted().toArray()).isEqualTo(once);
  }

  @Test
  void theReadmeShowsWhatIsRunHere() throws IOException {
    String here =
        flat(Files.readString(Path.of("src/test/java/dev/mlinfra/testkit/ReadmeTest.java")));
    List<String> blocks =
        java.util.regex.Pattern.compile("```java\\n(.*?)```", java.util.regex.Pattern.DOTALL)
            .matcher(Files.readString(Path.of("README.md")))
            .results()
            .map(block -> block.group(1))
            .toList();

    assertThat(blocks)
        .hasSizeGreaterThanOrEqualTo(4)
        .allSatisfy(block -> assertThat(here).contains(flat(block)));
  }

  /** Without indentation: the examples stand deeper here than there. */
  private static String flat(String text) {
    return text.lines().map(String::strip).collect(Collectors.joining("\n"));
  }
}
