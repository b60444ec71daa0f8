package dev.mlinfra.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.core.CostTags;
import dev.mlinfra.template.Models;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TagReachTest {
  private static final String LIST =
      CostTags.KEYS.stream()
          .map(key -> "{Key: " + key + ", Value: x}")
          .collect(Collectors.joining(", ", "[", "]"));
  private static final String MAP =
      CostTags.KEYS.stream().map(key -> key + ": x").collect(Collectors.joining(", ", "{", "}"));
  private static final String LAUNCHED = LIST.replace("}", ", PropagateAtLaunch: true}");

  private static TagReach reach(String type, String properties, String... sections) {
    return TagReach.of(
        Models.parse(
            "t.yaml",
            String.join("\n", sections)
                + "\nResources:\n  R:\n    Type: "
                + type
                + "\n    Properties: {"
                + properties
                + "}\n"));
  }

  private static List<String> own(TagReach reach) {
    return reach.resources().stream().map(it -> it.verdict() + " " + it.detail()).toList();
  }

  private static List<Verdict> sites(TagReach reach) {
    return reach.sites().stream().map(TagReach.Place::verdict).toList();
  }

  @Nested
  class OnTheResource {
    @ParameterizedTest
    @CsvSource({
      "AWS::S3::Bucket, Tags",
      "AWS::EFS::FileSystem, FileSystemTags",
      "AWS::Route53::HostedZone, HostedZoneTags",
      "AWS::CE::AnomalyMonitor, ResourceTags"
    })
    void tagsStandWhereTheTypeWantsThem(String type, String property) {
      assertThat(reach(type, property + ": " + LIST).shortcomings()).isEmpty();
      assertThat(reach(type, "Others: " + LIST).shortcomings())
          .singleElement()
          .extracting(TagReach.Place::at, TagReach.Place::verdict)
          .containsExactly(property, Verdict.VIOLATED);
    }

    @Test
    void aMapIsAnotherShape() {
      assertThat(reach("AWS::SSM::Parameter", "Tags: " + MAP).shortcomings()).isEmpty();
    }

    @Test
    void tagSpecificationsAreAnother() {
      String tags = "TagSpecifications: [{ResourceType: launch-template, Tags: " + LIST + "}]";

      assertThat(own(reach("AWS::EC2::LaunchTemplate", tags))).containsExactly("COMPLIANT lacks ");
    }

    @Test
    void missingKeysAreNamed() {
      assertThat(
              own(
                  reach(
                      "AWS::S3::Bucket",
                      "Tags: [{Key: owner, Value: me}, {Key: project, Value: ''}]")))
          .containsExactly(
              "VIOLATED lacks cost-center, environment, managed-by, project, workload");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "Tags: !FindInMap [M, !Ref A, k]",
          "Tags: [{Key: !Ref A, Value: x}]",
          "Tags: [!Ref A]",
          "Fn::Transform: {Name: M}"
        })
    void whatOnlyTheDeploymentKnowsIsUndecided(String properties) {
      TagReach reach = reach("AWS::S3::Bucket", properties, "Parameters: {A: {Type: String}}");

      assertThat(reach.resources())
          .extracting(TagReach.Place::verdict)
          .containsExactly(Verdict.UNDECIDED);
      assertThat(reach.shortcomings().get(0).toString()).contains("cannot be decided");
    }

    @Test
    void bothBranchesOfAConditionCount() {
      String condition = "Conditions: {C: !Equals [!Ref A, b]}";
      String parameter = "Parameters: {A: {Type: String}}";

      assertThat(
              own(
                  reach(
                      "AWS::S3::Bucket",
                      "Tags: !If [C, " + LIST + ", " + LIST + "]",
                      parameter,
                      condition)))
          .containsExactly("COMPLIANT lacks ");
      assertThat(
              own(
                  reach(
                      "AWS::S3::Bucket",
                      "Tags: !If [C, " + LIST + ", !Ref 'AWS::NoValue']",
                      parameter,
                      condition)))
          .containsExactly("VIOLATED lacks " + String.join(", ", CostTags.KEYS));
      assertThat(
              own(
                  reach(
                      "AWS::S3::Bucket",
                      "Tags: [!If [C, {Key: owner, Value: a}, {Key: owner, Value: b}]]",
                      parameter,
                      condition)))
          .containsExactly(
              "VIOLATED lacks cost-center, environment, managed-by, project, workload");
    }

    @Test
    void aSymbolicValueIsAValue() {
      String tags = LIST.replace("Value: x", "Value: !Ref 'AWS::StackName'");

      assertThat(reach("AWS::S3::Bucket", "Tags: " + tags).shortcomings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "AWS::IAM::ManagedPolicy",
          "AWS::Scheduler::Schedule",
          "Custom::Mine",
          "AWS::CDK::Metadata"
        })
    void whatTakesNoTagsNeedsNone(String type) {
      assertThat(reach(type, "").resources()).isEmpty();
    }

    @Test
    void aTypeThatIsNewerThanTheTableIsUndecided() {
      assertThat(own(reach("AWS::S3::Pail", "")))
          .containsExactly(
              "UNDECIDED AWS::S3::Pail is not in the vendor's schemas of this release");
    }
  }

  /**
   * A setting that carries tags on.
   *
   * @param good with it
   * @param bad without it
   * @param unknown where only the deployment knows
   */
  record Setting(String type, int sites, String good, String bad, String unknown) {
    @Override
    public String toString() {
      return type;
    }
  }

  static Stream<Setting> settings() {
    return Stream.of(
        new Setting(
            "AWS::EC2::LaunchTemplate",
            3,
            "LaunchTemplateData: {TagSpecifications: ["
                + specification("instance")
                + ", "
                + specification("volume")
                + ", "
                + specification("network-interface")
                + "]}",
            "LaunchTemplateData: {TagSpecifications: [{ResourceType: instance, Tags: []}]}",
            "LaunchTemplateData: {TagSpecifications: !Ref A}"),
        new Setting(
            "AWS::AutoScaling::AutoScalingGroup",
            1,
            "Tags: " + LAUNCHED,
            "Tags: " + LAUNCHED.replace("true", "false"),
            "Tags: !Ref A"),
        new Setting(
            "AWS::Batch::JobDefinition",
            1,
            "PropagateTags: true",
            "Type: container",
            "PropagateTags: !Ref A"),
        new Setting(
            "AWS::Batch::ComputeEnvironment",
            1,
            "ComputeResources: {Type: SPOT, Tags: " + MAP + "}",
            "ComputeResources: {Type: SPOT}",
            "ComputeResources: {Type: SPOT, Tags: !Ref A}"),
        new Setting(
            "AWS::ECS::Service",
            2,
            "PropagateTags: SERVICE, EnableECSManagedTags: true",
            "PropagateTags: NONE",
            "PropagateTags: !Ref A, EnableECSManagedTags: !Ref A"),
        new Setting(
            "AWS::ECS::CapacityProvider",
            1,
            "ManagedInstancesProvider: {PropagateTags: CAPACITY_PROVIDER}",
            "ManagedInstancesProvider: {PropagateTags: NONE}",
            "ManagedInstancesProvider: {PropagateTags: !Ref A}"),
        new Setting(
            "AWS::Scheduler::Schedule",
            2,
            "Target: {EcsParameters: {PropagateTags: TASK_DEFINITION, EnableECSManagedTags: true}}",
            "Target: {EcsParameters: {TaskCount: 1}}",
            "Target: {EcsParameters: !Ref A}"),
        new Setting(
            "AWS::Events::Rule",
            2,
            "Targets: [{EcsParameters: {PropagateTags: TASK_DEFINITION, EnableECSManagedTags:"
                + " true}}]",
            "Targets: [{Id: a}, {EcsParameters: {TaskCount: 1}}]",
            "Targets: !Ref A"),
        new Setting(
            "AWS::Pipes::Pipe",
            2,
            "TargetParameters: {EcsTaskParameters: {PropagateTags: TASK_DEFINITION,"
                + " EnableECSManagedTags: true}}",
            "TargetParameters: {EcsTaskParameters: {TaskCount: 1}}",
            "TargetParameters: {EcsTaskParameters: !Ref A}"),
        new Setting(
            "AWS::EC2::Instance",
            1,
            "PropagateTagsToVolumeOnCreation: true",
            "ImageId: x",
            "PropagateTagsToVolumeOnCreation: !Ref A"),
        new Setting(
            "AWS::EC2::SpotFleet",
            1,
            "SpotFleetRequestConfigData: {LaunchSpecifications: [{TagSpecifications: ["
                + specification("instance")
                + "]}]}",
            "SpotFleetRequestConfigData: {LaunchSpecifications: [{ImageId: x}]}",
            "SpotFleetRequestConfigData: {LaunchSpecifications: !Ref A}"),
        new Setting(
            "AWS::SageMaker::Domain",
            1,
            "TagPropagation: ENABLED",
            "TagPropagation: DISABLED",
            "TagPropagation: !Ref A"),
        new Setting(
            "AWS::ImageBuilder::InfrastructureConfiguration",
            1,
            "ResourceTags: " + MAP,
            "Name: x",
            "ResourceTags: !Ref A"),
        new Setting(
            "AWS::ECR::RepositoryCreationTemplate",
            1,
            "ResourceTags: " + LIST,
            "Prefix: x",
            "ResourceTags: !Ref A"),
        new Setting(
            "AWS::DynamoDB::GlobalTable",
            1,
            "Replicas: [{Tags: " + LIST + "}]",
            "Replicas: [{Region: x}]",
            "Replicas: [{Tags: !Ref A}]"),
        new Setting(
            "AWS::RDS::DBCluster",
            1,
            "CopyTagsToSnapshot: true",
            "Engine: x",
            "CopyTagsToSnapshot: !Ref A"),
        new Setting(
            "AWS::RDS::DBInstance",
            1,
            "CopyTagsToSnapshot: true",
            "Engine: x",
            "CopyTagsToSnapshot: !Ref A"),
        new Setting(
            "AWS::FSx::FileSystem",
            1,
            "LustreConfiguration: {CopyTagsToBackups: true}",
            "LustreConfiguration: {DeploymentType: x}",
            "LustreConfiguration: {CopyTagsToBackups: !Ref A}"));
  }

  private static String specification(String type) {
    return "{ResourceType: " + type + ", Tags: " + LIST + "}";
  }

  @Nested
  class OnToWhatIsBilled {
    @ParameterizedTest
    @MethodSource("dev.mlinfra.policy.TagReachTest#settings")
    void eachSettingIsSeen(Setting setting) {
      String unknown = "Parameters: {A: {Type: String}}";

      assertThat(sites(reach(setting.type(), setting.good())))
          .hasSize(setting.sites())
          .containsOnly(Verdict.COMPLIANT);
      assertThat(sites(reach(setting.type(), setting.bad())))
          .hasSize(setting.sites())
          .containsOnly(Verdict.VIOLATED);
      assertThat(sites(reach(setting.type(), setting.unknown(), unknown)))
          .hasSize(setting.sites())
          .containsOnly(Verdict.UNDECIDED);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "AWS::Batch::JobDefinition | EksProperties: {PodProperties: {}}",
          "AWS::Batch::ComputeEnvironment | ComputeResources: {Type: FARGATE_SPOT}",
          "AWS::Batch::ComputeEnvironment | Type: UNMANAGED",
          "AWS::Scheduler::Schedule | Target: {Arn: x}",
          "AWS::Events::Rule | Targets: [{Arn: x}]",
          "AWS::RDS::DBInstance | DBClusterIdentifier: c",
          "AWS::FSx::FileSystem | FileSystemType: ONTAP",
          "AWS::S3::Bucket | BucketName: x"
        })
    void whereNothingIsStartedNothingIsWanted(String type, String properties) {
      assertThat(reach(type, properties).sites()).isEmpty();
    }

    @Test
    void nodesGetTheirTagsFromALaunchTemplateOfTheModel() {
      String template =
          "Resources:\n"
              + "  T: {Type: 'AWS::EC2::LaunchTemplate', Properties: {}}\n"
              + "  N: {Type: 'AWS::EKS::Nodegroup', Properties: {Tags: "
              + MAP
              + " %s}}\n";

      assertThat(nodes(template.formatted(", LaunchTemplate: {Id: !Ref T}")))
          .containsExactly(Verdict.COMPLIANT);
      assertThat(nodes(template.formatted(", LaunchTemplate: {Id: lt-0123}")))
          .containsExactly(Verdict.UNDECIDED);
      assertThat(nodes(template.formatted(""))).containsExactly(Verdict.VIOLATED);
    }

    @Test
    void fleetsToo() {
      String template =
          "Resources:\n"
              + "  T: {Type: 'AWS::EC2::LaunchTemplate', Properties: {}}\n"
              + "  N: {Type: 'AWS::EC2::EC2Fleet', Properties: {LaunchTemplateConfigs:"
              + " [{LaunchTemplateSpecification: {LaunchTemplateId: !Ref T}}]}}\n"
              + "  S: {Type: 'AWS::EC2::SpotFleet', Properties: {SpotFleetRequestConfigData:"
              + " {LaunchTemplateConfigs: [{LaunchTemplateSpecification: {LaunchTemplateId:"
              + " x}}]}}}\n";

      assertThat(nodes(template)).containsExactly(Verdict.COMPLIANT, Verdict.UNDECIDED);
    }

    private List<Verdict> nodes(String template) {
      return TagReach.of(Models.parse("t", template)).sites().stream()
          .filter(place -> !place.resource().name().equals("T"))
          .map(TagReach.Place::verdict)
          .toList();
    }
  }

  @Nested
  class InStateMachines {
    private static final String GOOD =
        "{\"States\": {\"Run\": {\"Resource\": \"arn:aws:states:::ecs:runTask.sync\","
            + " \"Parameters\": {\"PropagateTags\": \"TASK_DEFINITION\", \"EnableECSManagedTags\":"
            + " true}}}}";

    @Test
    void tasksCarryTagsOn() {
      assertThat(sites(machine(GOOD))).containsExactly(Verdict.COMPLIANT, Verdict.COMPLIANT);
    }

    @Test
    void tasksWithoutAreFoundAtAnyDepth() {
      String inner = GOOD.replace("\"PropagateTags\": \"TASK_DEFINITION\", ", "");
      TagReach reach =
          machine(
              "{\"States\": {\"All\": {\"Type\": \"Parallel\", \"Branches\": ["
                  + inner
                  + "]}, \"Each\": {\"Type\": \"Map\", \"ItemProcessor\": "
                  + inner
                  + "}}}");

      assertThat(sites(reach))
          .containsExactly(
              Verdict.VIOLATED, Verdict.COMPLIANT, Verdict.VIOLATED, Verdict.COMPLIANT);
      assertThat(reach.sites().get(0))
          .hasToString("t:R: States.Run.Parameters.PropagateTags: wants TASK_DEFINITION");
    }

    @Test
    void partsThatAreNotKnownDoNotHideTheRest() {
      assertThat(
              sites(
                  reach(
                      "AWS::StepFunctions::StateMachine",
                      "DefinitionString: !Join ['', ['"
                          + GOOD.replace("arn:aws:", "arn:', !Ref 'AWS::Partition', ':")
                          + "']]")))
          .containsExactly(Verdict.COMPLIANT, Verdict.COMPLIANT);
    }

    @Test
    void whatIsReadFromTheInputIsUndecided() {
      assertThat(sites(machine(GOOD.replace("\"PropagateTags\"", "\"PropagateTags.$\""))))
          .containsExactly(Verdict.UNDECIDED, Verdict.COMPLIANT);
    }

    @Test
    void aDefinitionAsAnObjectIsTheSame() {
      assertThat(sites(reach("AWS::StepFunctions::StateMachine", "Definition: " + GOOD)))
          .containsExactly(Verdict.COMPLIANT, Verdict.COMPLIANT);
    }

    @Test
    void aDefinitionElsewhereIsUndecided() {
      assertThat(
              sites(
                  reach(
                      "AWS::StepFunctions::StateMachine",
                      "DefinitionString: !Ref A",
                      "Parameters: {A: {Type: String}}")))
          .containsExactly(Verdict.UNDECIDED);
      assertThat(
              sites(
                  reach(
                      "AWS::StepFunctions::StateMachine",
                      "DefinitionS3Location: {Bucket: b, Key: k}")))
          .containsExactly(Verdict.UNDECIDED);
    }

    @Test
    void jobsOfSageMakerHaveTagsOfTheirOwn() {
      String job =
          "{\"States\": {\"Train\": {\"Resource\":"
              + " \"arn:aws:states:::sagemaker:createTrainingJob\", \"Parameters\": {TAGS}}}}";
      String tags =
          CostTags.KEYS.stream()
              .map(key -> "{\"Key\": \"" + key + "\", \"Value\": \"x\"}")
              .collect(Collectors.joining(", ", "\"Tags\": [", "]"));

      assertThat(sites(machine(job.replace("TAGS", tags)))).containsExactly(Verdict.COMPLIANT);
      assertThat(machine(job.replace("TAGS", "")).sites())
          .extracting(TagReach.Place::toString)
          .containsExactly(
              "t:R: States.Train.Parameters.Tags: lacks cost-center, environment, managed-by,"
                  + " owner, project, workload");
      assertThat(sites(machine(job.replace("TAGS", "\"Tags.$\": \"$.tags\""))))
          .containsExactly(Verdict.UNDECIDED);
    }

    private TagReach machine(String definition) {
      return reach("AWS::StepFunctions::StateMachine", "DefinitionString: '" + definition + "'");
    }
  }
}
