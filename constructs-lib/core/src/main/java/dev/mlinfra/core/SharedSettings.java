package dev.mlinfra.core;

import java.util.List;

/**
 * What exists once per account, for all environments in it.
 *
 * @param region where it lies, such as {@code us-east-1}
 * @param images names of image repositories, such as {@code training}
 * @param pulumiState whether there is a bucket and a key for the state of Pulumi stacks
 * @param operators ARNs of the roles and users that may assume the operator role; empty: no such
 *     role
 */
public record SharedSettings(
    String region, List<String> images, boolean pulumiState, List<String> operators) {

  public SharedSettings {
    images = List.copyOf(images);
    operators = List.copyOf(operators);
  }
}
