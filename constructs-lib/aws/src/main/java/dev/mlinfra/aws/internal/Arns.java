package dev.mlinfra.aws.internal;

import java.util.List;
import java.util.Optional;
import software.amazon.awscdk.Stack;
import software.constructs.Construct;

/**
 * Writes ARNs of one account.
 *
 * @param partition such as {@code aws}
 * @param account account number
 * @param regions regions, or one star
 */
public record Arns(String partition, String account, List<String> regions) {

  /** ARNs of a scope's account, in its own region when no others are given. */
  public static Arns of(Construct scope, Optional<String> account, List<String> regions) {
    Stack stack = Stack.of(scope);
    return new Arns(
        stack.getPartition(),
        account.orElseGet(stack::getAccount),
        regions.isEmpty() ? List.of(stack.getRegion()) : regions);
  }

  /** ARNs of a resource of a regional service, one for each region. */
  public List<String> in(String service, String resource) {
    return regions.stream()
        .map(
            region -> "arn:%s:%s:%s:%s:%s".formatted(partition, service, region, account, resource))
        .toList();
  }

  /** ARN of an IAM resource, which has no region. */
  public String iam(String resource) {
    return "arn:%s:iam::%s:%s".formatted(partition, account, resource);
  }

  /** ARN of buckets or objects, which has neither region nor account. */
  public String s3(String resource) {
    return "arn:%s:s3:::%s".formatted(partition, resource);
  }
}
