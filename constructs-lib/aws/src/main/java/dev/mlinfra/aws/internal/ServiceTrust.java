package dev.mlinfra.aws.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.IPrincipal;
import software.amazon.awscdk.services.iam.PrincipalWithConditions;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.constructs.Construct;

/**
 * A service that takes on a role for resources of the same account alone, so that another account
 * cannot make it act for them. Only for services that send these keys.
 */
public final class ServiceTrust {
  private ServiceTrust() {}

  /** A service that acts for the account. */
  public static IPrincipal ofAccount(Construct scope, String service) {
    return new PrincipalWithConditions(new ServicePrincipal(service), account(scope));
  }

  /**
   * A service that acts for resources of the account.
   *
   * @param service such as {@code ecs-tasks.amazonaws.com}
   * @param arnService the service in the ARNs of the resources, such as {@code ecs}
   * @param resource which of them, such as {@code *}
   */
  public static IPrincipal ofResources(
      Construct scope, String service, String arnService, String resource) {
    String arn = Arns.of(scope, Optional.empty(), List.of()).in(arnService, resource).get(0);
    Map<String, Object> conditions = new LinkedHashMap<>(account(scope));
    conditions.put("ArnLike", Map.of("aws:SourceArn", arn));
    return new PrincipalWithConditions(new ServicePrincipal(service), conditions);
  }

  private static Map<String, Object> account(Construct scope) {
    return Map.of("StringEquals", Map.of("aws:SourceAccount", Stack.of(scope).getAccount()));
  }
}
