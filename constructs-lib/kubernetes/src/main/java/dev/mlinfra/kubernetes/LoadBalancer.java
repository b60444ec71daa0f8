package dev.mlinfra.kubernetes;

import java.util.Optional;

/**
 * An application load balancer of AWS in front of a service, made by the AWS Load Balancer
 * Controller.
 *
 * @param isInternal whether only the VPC reaches it
 * @param certificateArn certificate for HTTPS; without one it speaks HTTP, which only an internal
 *     one may
 * @param host host name that it answers for; empty for all
 */
public record LoadBalancer(
    boolean isInternal, Optional<String> certificateArn, Optional<String> host) {

  /** One within the VPC, HTTP, for all host names. */
  public static LoadBalancer internal() {
    return new LoadBalancer(true, Optional.empty(), Optional.empty());
  }

  /** One for the internet, with HTTPS. */
  public static LoadBalancer internet(String certificateArn, String host) {
    return new LoadBalancer(false, Optional.of(certificateArn), Optional.of(host));
  }
}
