package dev.mlinfra.policy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.template.Models;
import dev.mlinfra.template.Value;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatesTest {

  @Test
  void readsADefinitionThatIsAText() {
    List<States.State> states =
        of(
            "      DefinitionString: !Sub >-",
            "        {\"States\": {\"Train\": {\"Resource\":"
                + " \"arn:aws:states:::batch:submitJob.sync\",",
            "        \"Parameters\": {\"JobDefinition\": \"${Job}\", \"JobQueue.$\": \"$.queue\",",
            "        \"JobName\": \"train-${AWS::Region}\", \"Times\": ${Number}, \"Sure\":"
                + " true}}}}");

    assertThat(states).hasSize(1);
    Value arguments = states.get(0).arguments();
    assertThat(states.get(0).at()).isEqualTo("States.Train.Parameters");
    assertThat(arguments.entry("JobDefinition")).isInstanceOf(Value.Reference.class);
    assertThat(arguments.entry("JobQueue")).isInstanceOf(Value.Unknown.class);
    assertThat(arguments.entry("JobName")).isInstanceOf(Value.Join.class);
    assertThat(arguments.entry("Times")).isInstanceOf(Value.Ref.class);
    assertThat(arguments.entry("Sure")).isEqualTo(new Value.Bool(true));
  }

  /** The partition is known only when deployed: so the CDK writes down what a task calls. */
  @Test
  void readsWhatIsCalledInAnyPartition() {
    assertThat(
            of(
                "      DefinitionString: !Sub >-",
                "        {\"States\": {\"Train\": {\"Resource\":",
                "        \"arn:${AWS::Partition}:states:::batch:submitJob.sync\"}}}"))
        .hasSize(1);
    assertThat(
            of(
                "      Definition:",
                "        States:",
                "          Train: {Resource: !Sub"
                    + " 'arn:${AWS::Partition}:states:::batch:submitJob'}"))
        .hasSize(1);
  }

  @Test
  void readsSubstitutions() {
    List<States.State> states =
        of(
            "      DefinitionSubstitutions: {Definition: !Ref Job, Wait: 7}",
            "      DefinitionString: >-",
            "        {\"States\": {\"Train\": {\"Resource\": \"arn:aws:states:::batch:submitJob\",",
            "        \"Parameters\": {\"JobDefinition\": \"${Definition}\", \"Wait\": ${Wait}}}}}");

    assertThat(states.get(0).arguments().entry("JobDefinition"))
        .isInstanceOf(Value.Reference.class);
    assertThat(states.get(0).arguments().entry("Wait").asText()).contains("7");
  }

  @Test
  void readsADefinitionThatIsAnObject() {
    List<States.State> states =
        of(
            "      DefinitionSubstitutions: {Definition: !Ref Job}",
            "      Definition:",
            "        States:",
            "          Train:",
            "            Resource: arn:aws:states:::batch:submitJob",
            "            Arguments: {JobDefinition: '${Definition}', JobQueue: '{% $queue %}'}");

    assertThat(states.get(0).arguments().asMap().keySet())
        .containsExactly("JobDefinition", "JobQueue");
    assertThat(states.get(0).arguments().entry("JobDefinition"))
        .isInstanceOf(Value.Reference.class);
    assertThat(states.get(0).arguments().entry("JobQueue")).isInstanceOf(Value.Unknown.class);
  }

  @Test
  void readsStatesInsideStates() {
    String inner = "{States: {Task: {Resource: 'arn:aws:states:::batch:submitJob'}}}";
    List<States.State> states =
        of(
            "      Definition:",
            "        States:",
            "          Parallel: {Branches: [" + inner + "]}",
            "          Map: {ItemProcessor: " + inner + "}",
            "          Old: {Iterator: " + inner + "}");

    assertThat(states)
        .extracting(States.State::at)
        .containsExactly(
            "States.Parallel.Branches[0].States.Task.Parameters",
            "States.Map.ItemProcessor.States.Task.Parameters",
            "States.Old.Iterator.States.Task.Parameters");
  }

  @Test
  void whatIsNoDefinitionHasNoStates() {
    assertThat(of("      DefinitionString: not json")).isEmpty();
    assertThat(of("      DefinitionString: !ImportValue definition")).isEmpty();
    assertThat(of("      DefinitionS3Location: {Bucket: b, Key: k}")).isEmpty();
  }

  @Test
  void whatIsNoDefinitionCannotBeRead() {
    for (String property :
        List.of(
            "DefinitionS3Location: {Bucket: b, Key: k}",
            "DefinitionString: no JSON",
            "DefinitionString: '\"JSON, but no object\"'",
            "DefinitionString: !ImportValue definition",
            "Definition: !ImportValue definition")) {
      assertThat(machine("      " + property).isReadable()).as(property).isFalse();
    }
    assertThat(machine("      DefinitionString: '{}'").isReadable()).isTrue();
  }

  @Test
  void knowsTheMachineAndTheNameOfAState() {
    States.Machine machine =
        machine(
            "      DefinitionString: '{\"States\": {\"A\": {\"Branches\": [{\"States\": {\"B\":"
                + " {\"Resource\": \"x\", \"TimeoutSeconds\": 60, \"Arguments\": {}}}}]}}}'");

    assertThat(machine.at()).isEqualTo("DefinitionString");
    assertThat(machine.states()).hasSize(1);
    States.State state = machine.states().get(0);
    assertThat(state.machine()).isSameAs(machine.resource());
    assertThat(state.place()).isEqualTo("States.B");
    assertThat(state.at()).isEqualTo("States.A.Branches[0].States.B.Arguments");
    assertThat(state.body().entry("TimeoutSeconds").asText()).contains("60");
    assertThat(machine("      Definition: {}").at()).isEqualTo("Definition");
  }

  @Test
  void partsThatOnlyTheDeploymentKnowsDoNotHideTheRest() {
    Value definition =
        machine(
                "      DefinitionString: !Join ['', ['{\"TimeoutSeconds\": ', !GetAtt Job.Y, ',"
                    + " \"Comment\": \"of ', !GetAtt Job.Y, '\", \"', !GetAtt Job.Y, '\": 1.5,"
                    + " \"States\": {}}']]")
            .definition();

    assertThat(definition.toJson())
        .isEqualTo(
            "{\"TimeoutSeconds\":{\"Fn::GetAtt\":[\"test:Job\",\"Y\"]},\"Comment\":{\"Fn::Join\":[\"\","
                + "[\"of \",{\"Fn::GetAtt\":[\"test:Job\",\"Y\"]}]]},\"{\\\"Fn::GetAtt\\\":[\\\"test:Job\\\","
                + "\\\"Y\\\"]}\":1.5,\"States\":{}}");
  }

  @Test
  void knownSubstitutionsBecomePartOfTheText() {
    String substitutions =
        "      DefinitionSubstitutions: {Partition: aws, Times: 6, Job: !Ref Job}";
    for (String definition :
        List.of(
            "      DefinitionString: '{\"A\": \"arn:${Partition}:${Times}\", \"B\": ${Times}0,"
                + " \"C\": \"${Partition}/${Job}\"}'",
            "      Definition: {A: 'arn:${Partition}:${Times}', B: 60, C: '${Partition}/${Job}'}")) {
      Value value = machine(substitutions, definition).definition();
      assertThat(value.entry("A")).isEqualTo(new Value.Text("arn:aws:6"));
      assertThat(value.entry("B").asNumber()).contains(new BigDecimal(60));
      assertThat(value.entry("C").toJson())
          .isEqualTo("{\"Fn::Join\":[\"\",[\"aws/\",{\"Ref\":\"test:Job\"}]]}");
    }
  }

  @Test
  void onlyTheStatesThatCallTheActionAreMeant() {
    assertThat(
            of(
                "      DefinitionString: '{\"States\": {\"A\": {\"Resource\":"
                    + " \"arn:aws:states:::sqs:sendMessage\"}, \"B\": {\"Resource\":"
                    + " \"arn:aws:states:::batch:submitJob.sync\"}}}'"))
        .extracting(States.State::name)
        .containsExactly("B");
  }

  @Test
  void nothingAndAnEmptyTextStayWhatTheyAre() {
    Value definition =
        machine("      DefinitionString: '{\"A\": null, \"B\": \"\", \"C\": [\"x\"]}'")
            .definition();

    assertThat(definition.toJson()).isEqualTo("{\"A\":null,\"B\":\"\",\"C\":[\"x\"]}");
  }

  private static List<States.State> of(String... properties) {
    return States.of(inspection(properties), "batch:submitJob");
  }

  private static States.Machine machine(String... properties) {
    return States.machines(inspection(properties)).get(0);
  }

  private static Inspection inspection(String... properties) {
    String yaml =
        String.join(
            "\n",
            "Parameters: {Number: {Type: Number}}",
            "Resources:",
            "  Job: {Type: 'AWS::Batch::JobDefinition'}",
            "  Machine:",
            "    Type: AWS::StepFunctions::StateMachine",
            "    Properties:",
            String.join("\n", properties));
    return new Inspection(Models.parse("test.yaml", yaml), Map.of());
  }
}
