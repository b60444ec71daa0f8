package dev.mlinfra.policy.internal.money;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdleNotebookTest {

  @Test
  void compliantWhenAScriptStopsIt() {
    assertThat(check("!GetAtt Stop.NotebookInstanceLifecycleConfigName", "autostop.py --time 3600"))
        .containsExactly("COMPLIANT Notebook LifecycleConfigName");
    assertThat(check("stop", "aws sagemaker stop-notebook-instance"))
        .containsExactly("COMPLIANT Notebook LifecycleConfigName");
  }

  @Test
  void violatedWithoutAScript() {
    assertThat(check("!Ref 'AWS::NoValue'", "autostop.py"))
        .containsExactly("VIOLATED Notebook LifecycleConfigName: runs until somebody stops it");
  }

  @Test
  void undecidedWhenTheScriptIsNotKnownToStopIt() {
    String problem =
        "UNDECIDED Notebook LifecycleConfigName: whether the lifecycle configuration stops it"
            + " cannot be seen";
    assertThat(check("!GetAtt Stop.NotebookInstanceLifecycleConfigName", "pip install torch"))
        .containsExactly(problem);
    assertThat(check("elsewhere", "autostop.py")).containsExactly(problem);
  }

  @Test
  void notApplicableToOtherResources() {
    assertThat(
            Checks.of(
                new IdleNotebook(),
                "Resources: {App: {Type: AWS::SageMaker::App, Properties: {}}}"))
        .isEmpty();
  }

  private static List<String> check(String naming, String script) {
    return Checks.of(
        new IdleNotebook(),
        "Resources:",
        "  Stop:",
        "    Type: AWS::SageMaker::NotebookInstanceLifecycleConfig",
        "    Properties:",
        "      NotebookInstanceLifecycleConfigName: stop",
        "      OnStart: [{Content: !Base64 '" + script + "'}]",
        "  Notebook:",
        "    Type: AWS::SageMaker::NotebookInstance",
        "    Properties:",
        "      LifecycleConfigName: " + naming);
  }
}
