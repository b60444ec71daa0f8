package dev.mlinfra.testkit;

import software.amazon.awscdk.Stack;
import software.amazon.awscdk.Stage;
import software.amazon.awscdk.assertions.Template;

/** Where assertions about CDK programs start; needs aws-cdk-lib on the class path. */
public final class CdkAssertions {
  private CdkAssertions() {}

  /** Assertions about all stacks of an app or a stage; synthesises it. */
  public static TemplateAssert assertThatTemplate(Stage stage) {
    return TemplateAssertions.assertThatTemplate(CdkModels.of(stage));
  }

  /** Assertions about a stack; synthesises it. */
  public static TemplateAssert assertThatTemplate(Stack stack) {
    return TemplateAssertions.assertThatTemplate(CdkModels.of(stack));
  }

  /** Assertions about a template of the CDK's own assertions. */
  public static TemplateAssert assertThatTemplate(Template template) {
    return TemplateAssertions.assertThatTemplate(CdkModels.of(template));
  }
}
