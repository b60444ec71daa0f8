package dev.mlinfra.policy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.template.Models;
import dev.mlinfra.template.Value;
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

  private static List<States.State> of(String... properties) {
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
    return States.of(new Inspection(Models.parse("test.yaml", yaml), Map.of()), "batch:submitJob");
  }
}
