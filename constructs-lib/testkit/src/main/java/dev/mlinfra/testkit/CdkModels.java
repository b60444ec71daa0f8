package dev.mlinfra.testkit;

import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import java.nio.file.Path;
import java.util.List;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.Stage;
import software.amazon.awscdk.StageSynthesisOptions;
import software.amazon.awscdk.assertions.Template;
import tools.jackson.databind.json.JsonMapper;

/** The model of what a CDK program synthesises. */
public final class CdkModels {
  private CdkModels() {}

  /** Synthesises an app or a stage, and reads the result. */
  public static Model of(Stage stage) {
    return Models.read(synthesise(stage));
  }

  /** Synthesises a stack, and reads it and the stacks nested in it; no other stack is known. */
  public static Model of(Stack stack) {
    Model all = Models.read(synthesise(Stage.of(stack)));
    String path = stack.getNode().getPath();
    List<dev.mlinfra.template.Stack> kept =
        all.stacks().stream()
            .filter(it -> it.id().equals(path) || it.id().startsWith(path + "/"))
            .toList();
    return new Model(all.kind(), kept, all.gaps());
  }

  /**
   * The model of a template of the CDK's own assertions. Account and region are not in it, so
   * {@code AWS::Region} and the like stay symbolic; the stack is called {@code template}.
   */
  public static Model of(Template template) {
    return Models.parse("template", JsonMapper.shared().writeValueAsString(template.toJSON()));
  }

  private static Path synthesise(Stage stage) {
    return Path.of(stage.synth(StageSynthesisOptions.builder().force(true).build()).getDirectory());
  }
}
