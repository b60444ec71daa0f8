package dev.mlinfra.policy.internal.reliability;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.math.BigDecimal;

/**
 * Whatever makes an instance send one request can read the credentials of its role, unless a
 * session token is asked for. What an image or an account says is not in the template, so the
 * template must say it.
 */
final class ImdsV2 implements Rule {
  /** One for the instance, one for a container on it. */
  private static final BigDecimal HOPS = BigDecimal.valueOf(2);

  private static final String MINIMUM =
      "InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion";

  @Override
  public String id() {
    return "mlinfra::reliability.imds-v2";
  }

  @Override
  public String requirement() {
    return "The metadata of instances, with their credentials, is given only for a session token.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Resource template : inspection.resources(LaunchTemplates.TYPE)) {
      options(template, "LaunchTemplateData.MetadataOptions", inspection, outcomes);
    }
    for (Resource launch : inspection.resources("AWS::AutoScaling::LaunchConfiguration")) {
      options(launch, "MetadataOptions", inspection, outcomes);
    }
    for (Resource instance : inspection.resources("AWS::EC2::Instance")) {
      instance(instance, inspection, outcomes);
    }
    for (Resource notebook : inspection.resources("AWS::SageMaker::NotebookInstance")) {
      Value version = inspection.property(notebook, MINIMUM);
      Can.say(
          outcomes,
          Decide.oneOf(version, "2"),
          notebook,
          MINIMUM,
          version,
          "any request gets the credentials of its role",
          "set MinimumInstanceMetadataServiceVersion to '2'");
    }
  }

  private static void instance(Resource instance, Inspection inspection, Outcomes.Of outcomes) {
    Value template = inspection.property(instance, "LaunchTemplate");
    boolean own = !inspection.property(instance, "MetadataOptions.HttpTokens").isMissing();
    if (own || template.isMissing()) {
      options(instance, "MetadataOptions", inspection, outcomes);
    } else if (LaunchTemplates.of(inspection).meant(template).isEmpty()) {
      outcomes.undecided(
          instance,
          "LaunchTemplate",
          template,
          "the launch template is not here, so nobody knows whether a session token is asked for",
          "set MetadataOptions.HttpTokens to required");
    }
  }

  private static void options(
      Resource resource, String at, Inspection inspection, Outcomes.Of outcomes) {
    Value options = inspection.property(resource, at);
    if (Decide.oneOf(options.entry("HttpEndpoint"), "disabled") == Verdict.COMPLIANT) {
      outcomes.compliant(resource, at + ".HttpEndpoint");
      return;
    }
    Value tokens = options.entry("HttpTokens");
    Can.say(
        outcomes,
        Decide.oneOf(tokens, "required"),
        resource,
        at + ".HttpTokens",
        tokens,
        "any request gets the credentials of its role",
        "set HttpTokens to required");
    Value hops = options.entry("HttpPutResponseHopLimit");
    if (!hops.isMissing()) {
      Can.say(
          outcomes,
          Decide.each(
              hops,
              it ->
                  it.isMissing()
                      ? Verdict.COMPLIANT
                      : Decide.number(it, number -> number.compareTo(HOPS) <= 0)),
          resource,
          at + ".HttpPutResponseHopLimit",
          hops,
          "the token travels further than to a container on the instance",
          "set HttpPutResponseHopLimit to 1, or to 2 where containers ask");
    }
  }
}
