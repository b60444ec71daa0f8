package dev.mlinfra.infra.aws;

import dev.mlinfra.core.Outputs;
import dev.mlinfra.core.Target;
import java.util.Map;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.ssm.CfnParameter;

/** What a stack gives out: to the CDK's outputs file, and as SSM parameters for everybody else. */
final class PublishedOutputs {
  private PublishedOutputs() {}

  /**
   * @param stack the stack
   * @param project whose it is
   * @param environment such as {@code dev}
   * @param values values by name, such as {@code BucketName}
   */
  static void add(Stack stack, String project, String environment, Map<String, String> values) {
    String prefix = stack.getNode().getId() + ".";
    values.forEach(
        (name, value) -> {
          CfnOutput.Builder.create(stack, name).value(value).build();
          CfnParameter.Builder.create(stack, name + "Parameter")
              .type("String")
              .name(Outputs.parameterName(project, environment, Target.AWS, prefix + name))
              .value(value)
              .build();
        });
  }
}
