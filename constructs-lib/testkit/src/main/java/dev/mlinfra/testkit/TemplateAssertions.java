package dev.mlinfra.testkit;

import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import java.nio.file.Path;

/** Where assertions about templates start; needs the jar of no engine. */
public final class TemplateAssertions {
  private TemplateAssertions() {}

  /** Assertions about a model. */
  public static TemplateAssert assertThatTemplate(Model model) {
    return new TemplateAssert(model);
  }

  /**
   * Assertions about a file or folder.
   *
   * @param path a CloudFormation template, {@code cdk.out}, or what {@code pulumi preview --json}
   *     or {@code pulumi stack export} wrote
   * @throws dev.mlinfra.core.ValidationException when it cannot be read
   */
  public static TemplateAssert assertThatTemplate(Path path) {
    return assertThatTemplate(Models.read(path));
  }

  /**
   * Assertions about the text of a template, in JSON or YAML. Its stack is called {@code template}.
   *
   * @throws dev.mlinfra.core.ValidationException when it cannot be read
   */
  public static TemplateAssert assertThatTemplate(String text) {
    return assertThatTemplate(Models.parse("template", text));
  }
}
