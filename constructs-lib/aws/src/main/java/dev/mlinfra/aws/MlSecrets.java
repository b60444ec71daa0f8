package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.SecretRules;
import dev.mlinfra.core.ValidationException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.lambda.CfnPermission;
import software.amazon.awscdk.services.lambda.IFunction;
import software.amazon.awscdk.services.secretsmanager.CfnRotationSchedule;
import software.amazon.awscdk.services.secretsmanager.ISecret;
import software.amazon.awscdk.services.secretsmanager.Secret;
import software.constructs.Construct;

/**
 * What programs must keep to themselves: secrets of Secrets Manager, and parameters of Systems
 * Manager that exist. Values are never in a template: a new secret starts with a random one, and
 * programs get a reference.
 */
public final class MlSecrets extends Construct {
  private final Map<String, ISecret> secrets = new LinkedHashMap<>();
  private final Map<String, String> parameterArns = new LinkedHashMap<>();
  private final Optional<IKey> key;

  /**
   * Secrets.
   *
   * @throws ValidationException with every problem of the properties
   */
  public MlSecrets(Construct scope, String id, MlSecretsProps props) {
    super(scope, id);
    ValidationException.throwIfAny(
        "MlSecrets '" + getNode().getPath() + "'", SecretRules.problems(props));

    key = props.getEncryptionKey();
    Stack stack = Stack.of(this);
    props.getRotationFunction().ifPresent(function -> letRotate(function, stack));
    for (String name : props.getSecrets()) {
      Secret secret =
          Secret.Builder.create(this, name)
              .description(name + " of " + getNode().getPath())
              .encryptionKey(key.orElse(null))
              .removalPolicy(RemovalPolicy.RETAIN)
              .build();
      secrets.put(name, secret);
      props.getRotationFunction().ifPresent(function -> rotate(name, secret, function, props));
    }
    for (String name : props.getParameters()) {
      parameterArns.put(
          name,
          "arn:%s:ssm:%s:%s:parameter%s"
              .formatted(stack.getPartition(), stack.getRegion(), stack.getAccount(), name));
    }
    if (props.getRotationFunction().isEmpty() && !secrets.isEmpty()) {
      Annotations.of(this)
          .addWarningV2(
              "mlinfra::secrets.rotation",
              "nothing changes the secrets by itself: put a new value every "
                  + props.getRotationInterval().toHumanString()
                  + ", or give a rotationFunction");
    }
  }

  /** The secrets, by name. */
  public Map<String, ISecret> getSecrets() {
    return Map.copyOf(secrets);
  }

  /** ARNs of the parameters, by name. */
  public Map<String, String> getParameterArns() {
    return Map.copyOf(parameterArns);
  }

  /** Whether there is a secret or parameter of a name. */
  public boolean has(String name) {
    return secrets.containsKey(name) || parameterArns.containsKey(name);
  }

  /**
   * What a container definition takes to get the value: the ARN, never the value.
   *
   * @param name of a secret or parameter
   * @throws ValidationException when there is none
   */
  public String valueFrom(String name) {
    ValidationException.throwIfAny(
        "MlSecrets '" + getNode().getPath() + "'",
        SecretRules.unknown(name, secrets.keySet(), parameterArns.keySet()));
    return secrets.containsKey(name) ? secrets.get(name).getSecretArn() : parameterArns.get(name);
  }

  /** Permissions on single secrets and parameters. */
  public MlSecretsGrants getGrants() {
    return new MlSecretsGrants(this, key);
  }

  private void letRotate(IFunction function, Stack stack) {
    CfnPermission.Builder.create(this, "RotationPermission")
        .action("lambda:InvokeFunction")
        .functionName(function.getFunctionArn())
        .principal(new ServicePrincipal("secretsmanager.amazonaws.com").getService())
        .sourceAccount(stack.getAccount())
        .build();
  }

  private void rotate(String name, ISecret secret, IFunction function, MlSecretsProps props) {
    CfnRotationSchedule schedule =
        CfnRotationSchedule.Builder.create(this, name + "-Rotation")
            .secretId(secret.getSecretArn())
            .rotationLambdaArn(function.getFunctionArn())
            // The first value is put by hand; it must not be rotated away before it is there.
            .rotateImmediatelyOnUpdate(false)
            .rotationRules(
                CfnRotationSchedule.RotationRulesProperty.builder()
                    .automaticallyAfterDays(props.getRotationInterval().toDays())
                    .build())
            .build();
    schedule.getNode().addDependency(getNode().findChild("RotationPermission"));
  }
}
