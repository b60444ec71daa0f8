package dev.mlinfra.policy.internal.reliability;

/** A queue that feeds a function, for tests. */
final class QueueTemplates {
  private QueueTemplates() {}

  static String of(String queue, String mapping, String function) {
    return String.join(
        "\n",
        "Resources:",
        "  Failures: {Type: 'AWS::SQS::Queue'}",
        "  Queue: {Type: 'AWS::SQS::Queue', Properties: {" + queue + "}}",
        "  Work: {Type: 'AWS::Lambda::Function', Properties: {" + function + "}}",
        "  Mapping:",
        "    Type: AWS::Lambda::EventSourceMapping",
        "    Properties:",
        "      EventSourceArn: !GetAtt Queue.Arn",
        "      FunctionName: !Ref Work",
        "      " + mapping);
  }
}
