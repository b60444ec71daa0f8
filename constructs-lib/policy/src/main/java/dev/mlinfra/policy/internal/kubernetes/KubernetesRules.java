package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.policy.internal.Rule;
import java.util.List;

/**
 * The family {@code kubernetes}: what pods may do, what GPUs need, and who reaches what. The rules
 * about pods are the levels baseline and restricted of the Pod Security Standards; see {@link
 * Pods#workloads} for what is excepted.
 */
public final class KubernetesRules {
  public static final List<Rule> ALL =
      List.of(
          new Privileged(),
          new HostNamespaces(),
          new HostPath(),
          new HostPorts(),
          new VolumeTypes(),
          new Capabilities(),
          new RunAsNonRoot(),
          new PrivilegeEscalation(),
          new SeccompProfile(),
          new KernelSettings(),
          new GpuQuartet(),
          new Resources(),
          new ImagePinned(),
          new JobLimits(),
          new NetworkPolicy(),
          new PublicLoadBalancer(),
          new DefaultServiceAccount(),
          new TokenMount(),
          new PlainSecret());

  private KubernetesRules() {}
}
