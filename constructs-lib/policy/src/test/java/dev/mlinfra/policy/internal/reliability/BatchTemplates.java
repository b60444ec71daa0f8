package dev.mlinfra.policy.internal.reliability;

/** The start of a template with compute environments and queues, for tests of jobs. */
final class BatchTemplates {
  private BatchTemplates() {}

  /** One environment of a type, and a queue {@code Queue} on it. */
  static String on(String type) {
    return String.join(
        "\n",
        "Resources:",
        "  Environment:",
        "    Type: AWS::Batch::ComputeEnvironment",
        "    Properties: {ComputeResources: {Type: " + type + "}}",
        "  Queue:",
        "    Type: AWS::Batch::JobQueue",
        "    Properties:",
        "      ComputeEnvironmentOrder: [{Order: 1, ComputeEnvironment: !Ref Environment}]",
        "");
  }

  /** One environment on spot, one not, and a queue for each. */
  static String onBoth() {
    return on("EC2")
        + on("SPOT")
            .replace("Resources:\n", "")
            .replace("Environment:", "Spot:")
            .replace("ComputeSpot:", "ComputeEnvironment:")
            .replace("!Ref Environment", "!Ref Spot")
            .replace("  Queue:", "  SpotQueue:");
  }

  /** A state machine that submits a job to a queue, with more arguments. */
  static String submitting(String queue, String more) {
    return String.join(
        "\n",
        "  Machine:",
        "    Type: AWS::StepFunctions::StateMachine",
        "    Properties:",
        "      Definition:",
        "        States:",
        "          Train:",
        "            Resource: arn:aws:states:::batch:submitJob.sync",
        "            Parameters:",
        "              JobDefinition: !Ref Job",
        "              JobQueue: " + queue,
        "              " + more,
        "");
  }

  /** A job definition with these properties, as a flow mapping. */
  static String job(String properties) {
    return "  Job: {Type: 'AWS::Batch::JobDefinition', Properties: " + properties + "}\n";
  }
}
