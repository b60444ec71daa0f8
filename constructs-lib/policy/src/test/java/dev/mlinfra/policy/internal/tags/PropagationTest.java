package dev.mlinfra.policy.internal.tags;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.core.CostTags;
import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The rule; {@link dev.mlinfra.policy.TagReach} has the tests of what it goes by. */
class PropagationTest {
  private static final String TAGS =
      CostTags.KEYS.stream()
          .map(key -> "{Key: " + key + ", Value: x}")
          .collect(Collectors.joining(", ", "[", "]"));

  @Test
  void compliantWhenTagsGoOn() {
    assertThat(check("AWS::Batch::JobDefinition", "PropagateTags: true"))
        .containsExactly("COMPLIANT Given PropagateTags");
  }

  @Test
  void violatedWhenTheyDoNot() {
    assertThat(check("AWS::Batch::JobDefinition", "Type: container"))
        .containsExactly(
            "VIOLATED Given PropagateTags: does not certainly hand the cost tags on: wants true");
  }

  @Test
  void violatedByOneOfSeveralTargets() {
    assertThat(
            check(
                "AWS::Events::Rule",
                "Targets: [{Id: a, EcsParameters: {PropagateTags: TASK_DEFINITION,"
                    + " EnableECSManagedTags: true}}, {Id: b, EcsParameters:"
                    + " {EnableECSManagedTags: true}}]"))
        .containsExactly(
            "COMPLIANT Given Targets[0].EcsParameters.PropagateTags",
            "VIOLATED Given Targets[1].EcsParameters.PropagateTags: does not certainly"
                + " hand the cost tags on: wants TASK_DEFINITION",
            "COMPLIANT Given Targets[0].EcsParameters.EnableECSManagedTags",
            "COMPLIANT Given Targets[1].EcsParameters.EnableECSManagedTags");
  }

  @Test
  void undecidedWhenTheSettingIsKnownOnlyWhenDeployed() {
    assertThat(check("AWS::Batch::JobDefinition", "PropagateTags: !GetAtt Other.Propagate"))
        .containsExactly(
            "UNDECIDED Given PropagateTags: does not certainly hand the cost tags on: wants true");
  }

  @Test
  void undecidedWhenOnlyTheDeploymentKnowsWhetherInstancesAreStarted() {
    assertThat(
            check(
                "AWS::Batch::ComputeEnvironment",
                "ComputeResources: {Type: !GetAtt Other.Type, MaxvCpus: 1}"))
        .containsExactly(
            "UNDECIDED Given ComputeResources.Tags: does not certainly hand the cost tags on: wants"
                + " the six keys");
  }

  @Test
  void undecidedWhenOnlyTheDeploymentKnowsWhatIsTagged() {
    assertThat(
            check(
                "AWS::AutoScaling::AutoScalingGroup",
                "Tags: " + TAGS.replace("}", ", PropagateAtLaunch: !GetAtt Other.Launch}")))
        .containsExactly(
            "UNDECIDED Given Tags: does not certainly hand the cost tags on: wants the six keys"
                + " with PropagateAtLaunch: true");
    assertThat(
            check(
                "AWS::EC2::LaunchTemplate",
                "LaunchTemplateData: {TagSpecifications: [{ResourceType: !GetAtt Other.Type, Tags: "
                    + TAGS
                    + "}]}"))
        .hasSize(3)
        .allMatch(line -> line.startsWith("UNDECIDED"));
  }

  @Test
  void notApplicableWhereNothingIsStarted() {
    assertThat(check("AWS::Events::Rule", "Targets: [{Id: a, Arn: x}]")).isEmpty();
  }

  private static List<String> check(String type, String properties) {
    return Checks.of(
        new Propagation(),
        "Resources:",
        "  Given:",
        "    Type: " + type,
        "    Properties: {" + properties + "}");
  }
}
