package dev.mlinfra.policy.internal.iam;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;

/** The address of a function asks who calls. */
final class PublicFunctionUrl implements Rule {
  @Override
  public String id() {
    return "mlinfra::iam.public-function-url";
  }

  @Override
  public String requirement() {
    return "The URL of a function is called with credentials only.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Resource url : inspection.resources("AWS::Lambda::Url")) {
      Value type = inspection.property(url, "AuthType");
      Verdict verdict = Decide.oneOf(type, "AWS_IAM");
      outcomes.say(
          verdict,
          url,
          "AuthType",
          type,
          verdict == Verdict.VIOLATED
              ? "lets everybody call the function"
              : "only the deployment knows who may call the function",
          "set AuthType to AWS_IAM");
    }
  }
}
