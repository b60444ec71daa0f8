package dev.mlinfra.policy.internal.iam;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import java.util.ArrayList;
import java.util.List;

/** Templates with one policy of one statement. */
final class Policies {
  private Policies() {}

  /** What a rule says of a policy with one statement, beside a bucket and a queue. */
  static List<String> check(Rule rule, String... statement) {
    return Checks.of(rule, model(statement));
  }

  /**
   * A policy with one statement, beside a bucket and a queue; it allows unless it says otherwise.
   */
  static Model model(String... statement) {
    List<String> yaml =
        new ArrayList<>(
            List.of(
                "Parameters:",
                "  Given: {Type: String}",
                "Conditions:",
                "  Sometimes: !Equals [!Ref Given, x]",
                "Resources:",
                "  Bucket: {Type: 'AWS::S3::Bucket'}",
                "  Queue: {Type: 'AWS::SQS::Queue'}",
                "  Policy:",
                "    Type: AWS::IAM::Policy",
                "    Properties:",
                "      PolicyDocument:",
                "        Statement:",
                "          - Effect: Allow"));
    for (String line : statement) {
      yaml.add("            " + line);
    }
    if (List.of(statement).stream().anyMatch(line -> line.startsWith("Effect:"))) {
      yaml.set(12, "          - Sid: Deny");
    }
    return Models.parse("test.yaml", String.join("\n", yaml));
  }
}
