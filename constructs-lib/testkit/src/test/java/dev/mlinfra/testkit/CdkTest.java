package dev.mlinfra.testkit;

import static dev.mlinfra.testkit.CdkAssertions.assertThatTemplate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.CostTags;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.policy.TagReach;
import dev.mlinfra.template.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.NestedStack;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.Stage;
import software.amazon.awscdk.Tags;
import software.amazon.awscdk.assertions.Template;
import software.amazon.awscdk.services.autoscaling.AutoScalingGroup;
import software.amazon.awscdk.services.ec2.InstanceType;
import software.amazon.awscdk.services.ec2.LaunchTemplate;
import software.amazon.awscdk.services.ec2.MachineImage;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.ecs.Cluster;
import software.amazon.awscdk.services.ecs.ContainerDefinitionOptions;
import software.amazon.awscdk.services.ecs.ContainerImage;
import software.amazon.awscdk.services.ecs.FargateService;
import software.amazon.awscdk.services.ecs.FargateTaskDefinition;
import software.amazon.awscdk.services.ecs.PropagatedTagSource;
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

  /** Tags of the CDK go on from some constructs and not from others: the check sees which. */
  @Test
  void whatTheCdkCarriesOnIsToldFromWhatItDoesNot() {
    Stack stack =
        Stack.Builder.create(app(), "Compute")
            .env(Environment.builder().account("123456789012").region("us-east-1").build())
            .build();
    CostTags.KEYS.forEach(key -> Tags.of(stack).add(key, "x"));
    Vpc vpc = Vpc.Builder.create(stack, "Vpc").availabilityZones(List.of("us-east-1a")).build();
    LaunchTemplate template =
        LaunchTemplate.Builder.create(stack, "Template")
            .instanceType(new InstanceType("g5.xlarge"))
            .machineImage(MachineImage.latestAmazonLinux2023())
            .build();
    AutoScalingGroup.Builder.create(stack, "Group").vpc(vpc).launchTemplate(template).build();
    FargateTaskDefinition task = new FargateTaskDefinition(stack, "Task");
    task.addContainer(
        "main",
        ContainerDefinitionOptions.builder().image(ContainerImage.fromRegistry("x")).build());
    FargateService.Builder.create(stack, "Service")
        .cluster(Cluster.Builder.create(stack, "Cluster").vpc(vpc).build())
        .taskDefinition(task)
        .propagateTags(PropagatedTagSource.SERVICE)
        .enableEcsManagedTags(true)
        .build();

    TagReach reach = TagReach.of(CdkModels.of(stack));

    assertThat(reach.sites())
        .extracting(
            place ->
                place.resource().name().replaceAll("[0-9A-F]{8}$", "")
                    + " "
                    + place.at()
                    + " "
                    + place.verdict()
                    + " "
                    + place.detail())
        .containsExactlyInAnyOrder(
            "Template LaunchTemplateData.TagSpecifications COMPLIANT wants the six keys for instance",
            "Template LaunchTemplateData.TagSpecifications COMPLIANT wants the six keys for volume",
            "Template LaunchTemplateData.TagSpecifications VIOLATED wants the six keys for"
                + " network-interface",
            "GroupASG Tags COMPLIANT wants the six keys with PropagateAtLaunch: true",
            "Service PropagateTags COMPLIANT wants SERVICE or TASK_DEFINITION",
            "Service EnableECSManagedTags COMPLIANT wants true");
    assertThat(reach.resources()).hasSizeGreaterThan(10);
    assertThat(reach.shortcomings()).hasSize(1);
  }

  @Test
  void flagsAreReadAsTheyStand() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("cdk.json"),
            "{\"app\": \"x\", \"context\": {\"a\": true, \"b\": [\"c\"], \"d\": {\"e\": 1}}}");

    assertThat(CdkFlags.from(file))
        .isEqualTo(Map.of("a", true, "b", List.of("c"), "d", Map.of("e", 1)));
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
