package dev.mlinfra.policy.internal.money;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import dev.mlinfra.template.SourceKind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceLogGroupTest {
  private static final String FUNCTION = "AWS::Lambda::Function";
  private static final String MACHINE = "AWS::StepFunctions::StateMachine";

  private static final String UNLESS = ", unless another template makes it";

  private static String makes(String group) {
    return ": the service makes the log group " + group + ", which keeps logs for ever";
  }

  @Test
  void compliantWhenTheFunctionNamesAGroup() {
    assertThat(check(FUNCTION, "LoggingConfig: {LogGroup: !Ref Mine}"))
        .containsExactly("COMPLIANT Given LoggingConfig.LogGroup");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub '/aws/lambda/${Given}'}",
        "Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Join ['', [/aws/lambda/, !Ref Given]]}",
        "Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub '/aws/lambda/shop-${AWS::Region}'}",
        "Type: Custom::LogRetention, Properties: {LogGroupName: !Sub '/aws/lambda/${Given}',"
            + " RetentionInDays: 30}"
      })
  void compliantWhenTheGroupIsMadeFirst(String group) {
    assertThat(
            check(FUNCTION, "FunctionName: !Sub 'shop-${AWS::Region}'", "  Group: {" + group + "}"))
        .containsExactly("COMPLIANT Given LoggingConfig.LogGroup");
  }

  @Test
  void violatedWhenTheServiceMakesIt() {
    assertThat(check(FUNCTION, "FunctionName: shop"))
        .containsExactly("VIOLATED Given LoggingConfig.LogGroup" + makes("/aws/lambda/shop"));
    assertThat(check(FUNCTION, "MemorySize: 128"))
        .containsExactly("VIOLATED Given LoggingConfig.LogGroup" + makes("/aws/lambda/NAME"));
  }

  @Test
  void violatedWhenAnotherGroupIsMade() {
    assertThat(
            check(
                FUNCTION,
                "FunctionName: shop",
                "  Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName:"
                    + " /aws/lambda/shopping}}"))
        .containsExactly("VIOLATED Given LoggingConfig.LogGroup" + makes("/aws/lambda/shop"));
  }

  @Test
  void violatedByARetentionThatIsNone() {
    assertThat(
            check(
                FUNCTION,
                "FunctionName: shop",
                "  Group: {Type: Custom::LogRetention, Properties: {LogGroupName:"
                    + " /aws/lambda/shop}}"))
        .containsExactly("VIOLATED Given LoggingConfig.LogGroup" + makes("/aws/lambda/shop"));
  }

  @Test
  void undecidedWhenOnlyTheDeploymentKnows() {
    assertThat(check(FUNCTION, "LoggingConfig: !GetAtt Other.Config, FunctionName: shop"))
        .containsExactly("UNDECIDED Given LoggingConfig.LogGroup: is known only when deployed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "AWS::CodeBuild::Project | Name: b | LogsConfig.CloudWatchLogs.GroupName |"
            + " /aws/codebuild/b",
        "AWS::EKS::Cluster | Name: c, Logging: {ClusterLogging: {EnabledTypes: [{Type: api}]}} |"
            + " Logging.ClusterLogging.EnabledTypes | /aws/eks/c/cluster",
        "AWS::SageMaker::Endpoint | EndpointName: e | EndpointName | /aws/sagemaker/Endpoints/e"
      })
  void violatedByOtherServicesThatNameGroupsAfterTheResource(
      String type, String properties, String at, String group) {
    assertThat(check(type, properties)).containsExactly("VIOLATED Given " + at + makes(group));
    assertThat(
            check(
                type,
                properties,
                "  Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: " + group + "}}"))
        .containsExactly("COMPLIANT Given " + at);
  }

  @Test
  void compliantWhenABuildNamesAGroupOrLogsNothing() {
    for (String logs : List.of("GroupName: mine", "Status: DISABLED")) {
      assertThat(check("AWS::CodeBuild::Project", "LogsConfig: {CloudWatchLogs: {" + logs + "}}"))
          .containsExactly("COMPLIANT Given LogsConfig.CloudWatchLogs.GroupName");
    }
  }

  @Test
  void notApplicableToAClusterThatDoesNotLog() {
    assertThat(check("AWS::EKS::Cluster", "Name: c")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "createTrainingJob, /aws/sagemaker/TrainingJobs",
    "createHyperParameterTuningJob, /aws/sagemaker/TrainingJobs",
    "createProcessingJob, /aws/sagemaker/ProcessingJobs",
    "createTransformJob, /aws/sagemaker/TransformJobs"
  })
  void undecidedWhetherAnotherTemplateMakesTheGroupOfAnAccount(String call, String group) {
    String definition =
        "DefinitionString: '{\"States\": {\"Run\": {\"Resource\":"
            + " \"arn:aws:states:::sagemaker:"
            + call
            + ".sync\"}}}'";
    assertThat(check(MACHINE, definition))
        .containsExactly("UNDECIDED Given States.Run" + makes(group) + UNLESS);
    assertThat(
            check(
                MACHINE,
                definition,
                "  Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: " + group + "}}"))
        .containsExactly("COMPLIANT Given States.Run");
  }

  @Test
  void violatedWhenNoStackOfTheProgramMakesIt() {
    Model template =
        Models.parse(
            "t", "Resources: {N: {Type: AWS::SageMaker::NotebookInstance, Properties: {}}}");
    Model program = new Model(SourceKind.ASSEMBLY, template.stacks(), template.gaps());
    assertThat(Checks.of(new ServiceLogGroup(), program))
        .containsExactly("VIOLATED N" + makes("/aws/sagemaker/NotebookInstances"));
    assertThat(Checks.of(new ServiceLogGroup(), template))
        .containsExactly("UNDECIDED N" + makes("/aws/sagemaker/NotebookInstances") + UNLESS);
  }

  @Test
  void violatedWhenTheGroupIsInAnotherAccount() {
    String function = "F: {Type: AWS::Lambda::Function, Properties: {FunctionName: shop}}";
    String group = "G: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /aws/lambda/shop}}";
    assertThat(
            Checks.of(
                new ServiceLogGroup(),
                Programs.of(
                    Programs.stack("dev/Shop", "123456789012", function),
                    Programs.stack("dev/Logs", "123456789012", group),
                    Programs.stack("prod/Shop", "210987654321", function))))
        .containsExactly(
            "COMPLIANT F LoggingConfig.LogGroup",
            "VIOLATED F LoggingConfig.LogGroup" + makes("/aws/lambda/shop"));
  }

  @Test
  void undecidedForAProcessingJob() {
    assertThat(check("AWS::SageMaker::ProcessingJob", "RoleArn: x"))
        .containsExactly("UNDECIDED Given" + makes("/aws/sagemaker/ProcessingJobs") + UNLESS);
  }

  private static List<String> check(String type, String properties, String... more) {
    return Checks.of(
        new ServiceLogGroup(),
        "Resources:",
        "  Mine: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 7}}",
        "  Given:",
        "    Type: " + type,
        "    Properties: {" + properties + "}",
        String.join("\n", more));
  }
}
