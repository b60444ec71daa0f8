package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.KeyRules;
import dev.mlinfra.core.ValidationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.AccountRootPrincipal;
import software.amazon.awscdk.services.iam.PolicyDocument;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.kms.Alias;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.kms.Key;
import software.constructs.Construct;

/**
 * A KMS key whose policy lets the account administer it, and lets those of the account use it whom
 * IAM allows to: through named services alone, so nobody decrypts with it directly.
 *
 * <p>It rotates, and is retained when the stack is deleted: without it the data is lost.
 */
public final class MlKey extends Construct {
  /** What administers a key; using it is not among them. */
  private static final List<String> ADMINISTRATION =
      List.of(
          "kms:CancelKeyDeletion",
          "kms:CreateAlias",
          "kms:DeleteAlias",
          "kms:DescribeKey",
          "kms:DisableKey",
          "kms:DisableKeyRotation",
          "kms:EnableKey",
          "kms:EnableKeyRotation",
          "kms:GetKeyPolicy",
          "kms:GetKeyRotationStatus",
          "kms:ListGrants",
          "kms:ListKeyPolicies",
          "kms:ListResourceTags",
          "kms:PutKeyPolicy",
          "kms:RevokeGrant",
          "kms:ScheduleKeyDeletion",
          "kms:TagResource",
          "kms:UntagResource",
          "kms:UpdateAlias",
          "kms:UpdateKeyDescription");

  private static final List<String> USE =
      List.of(
          "kms:Decrypt",
          "kms:DescribeKey",
          "kms:Encrypt",
          "kms:GenerateDataKey*",
          "kms:ReEncrypt*");

  private final Key key;

  /** A key with the defaults. */
  public MlKey(Construct scope, String id) {
    this(scope, id, MlKeyProps.builder().build());
  }

  /**
   * A key.
   *
   * @throws ValidationException with every problem of the properties
   */
  public MlKey(Construct scope, String id, MlKeyProps props) {
    super(scope, id);
    ValidationException.throwIfAny("MlKey '" + getNode().getPath() + "'", KeyRules.problems(props));

    key =
        Key.Builder.create(this, "Resource")
            .description("Data of " + getNode().getPath())
            .enableKeyRotation(true)
            .rotationPeriod(props.getRotationPeriod())
            .pendingWindow(Duration.days(30))
            .policy(PolicyDocument.Builder.create().statements(policy(props)).build())
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
    props
        .getAlias()
        .ifPresent(
            alias ->
                Alias.Builder.create(this, "Alias")
                    .aliasName("alias/" + alias)
                    .targetKey(key)
                    .removalPolicy(RemovalPolicy.RETAIN)
                    .build());
  }

  /** The key. */
  public IKey getKey() {
    return key;
  }

  /** Permissions on the key. */
  public MlKeyGrants getGrants() {
    return new MlKeyGrants(key);
  }

  private List<PolicyStatement> policy(MlKeyProps props) {
    Stack stack = Stack.of(this);
    List<PolicyStatement> statements = new ArrayList<>();
    statements.add(
        PolicyStatement.Builder.create()
            .sid("AdministeredByTheAccount")
            .principals(List.of(new AccountRootPrincipal()))
            .actions(ADMINISTRATION)
            .resources(List.of("*"))
            .build());
    if (!via(props, stack).isEmpty()) {
      statements.add(
          PolicyStatement.Builder.create()
              .sid("UsedThroughServices")
              .principals(List.of(new AccountRootPrincipal()))
              .actions(USE)
              .resources(List.of("*"))
              .conditions(Map.of("StringEquals", Map.of("kms:ViaService", via(props, stack))))
              .build());
    }
    if (props.getServices().contains(KeyRules.CLUSTERS)) {
      statements.add(
          PolicyStatement.Builder.create()
              .sid("GrantedToClusters")
              .principals(List.of(new AccountRootPrincipal()))
              .actions(List.of("kms:CreateGrant"))
              .resources(List.of("*"))
              .conditions(Map.of("Bool", Map.of("kms:GrantIsForAWSResource", "true")))
              .build());
    }
    if (props.getServices().stream().anyMatch(KeyRules.GRANTING::contains)) {
      // Volumes and images are read on after the request, which takes a grant.
      statements.add(
          PolicyStatement.Builder.create()
              .sid("GrantedToServices")
              .principals(List.of(new AccountRootPrincipal()))
              .actions(List.of("kms:CreateGrant"))
              .resources(List.of("*"))
              .conditions(
                  Map.of(
                      "StringEquals", Map.of("kms:ViaService", via(props, stack)),
                      "Bool", Map.of("kms:GrantIsForAWSResource", "true")))
              .build());
    }
    return statements;
  }

  private static List<String> via(MlKeyProps props, Stack stack) {
    return props.getServices().stream()
        .filter(service -> !service.equals(KeyRules.CLUSTERS))
        .map(service -> service + "." + stack.getRegion() + ".amazonaws.com")
        .toList();
  }
}
