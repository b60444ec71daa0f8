package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Set;

/** Pods leave the settings of the kernel and its guards as they are. */
final class KernelSettings implements Rule {
  private static final String ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";

  private static final Set<String> SE_LINUX_TYPES =
      Set.of("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t");

  private static final Set<String> SAFE_SYSCTLS =
      Set.of(
          "kernel.shm_rmid_forced",
          "net.ipv4.ip_local_port_range",
          "net.ipv4.ip_local_reserved_ports",
          "net.ipv4.ip_unprivileged_port_start",
          "net.ipv4.ping_group_range",
          "net.ipv4.tcp_fin_timeout",
          "net.ipv4.tcp_keepalive_intvl",
          "net.ipv4.tcp_keepalive_probes",
          "net.ipv4.tcp_keepalive_time",
          "net.ipv4.tcp_syncookies");

  @Override
  public String id() {
    return "mlinfra::kubernetes.kernel-settings";
  }

  @Override
  public String requirement() {
    return "Pods keep the masks of /proc, AppArmor and SELinux as they are, and set only"
        + " safe sysctls.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {

    for (Pod pod : Pods.workloads(inspection)) {
      for (Container container : pod.containers()) {
        Value mask = container.property("securityContext.procMount");
        outcomes.decided(
            Decide.absentOr(mask, "Default"::equals),
            pod.resource(),
            container.at("securityContext.procMount"),
            mask,
            "shows the container what /proc hides of the node",
            "take it out");
      }
      appArmor(pod, outcomes);
      seLinux(pod, outcomes);
      sysctls(pod, outcomes);
    }
  }

  private static void appArmor(Pod pod, Outcomes.Of outcomes) {
    String fix = "take it out, or set RuntimeDefault";
    for (Pod.Place place : pod.stated("appArmorProfile.type")) {
      outcomes.decided(
          Decide.text(place.value(), List.of("RuntimeDefault", "Localhost")::contains),
          pod.resource(),
          place.at(),
          place.value(),
          "switches AppArmor off",
          fix);
    }
    pod.metadata()
        .entry("annotations")
        .asMap()
        .forEach(
            (name, value) -> {
              if (name.startsWith(ANNOTATION)) {
                outcomes.decided(
                    Decide.text(
                        value,
                        it ->
                            it.isEmpty()
                                || it.equals("runtime/default")
                                || it.startsWith("localhost/")),
                    pod.resource(),
                    // The metadata stand beside the specification.
                    pod.at().replaceFirst("spec$", "metadata.annotations[\"" + name + "\"]"),
                    value,
                    "switches AppArmor off",
                    fix);
              }
            });
  }

  private static void seLinux(Pod pod, Outcomes.Of outcomes) {
    for (String part : List.of("type", "user", "role")) {
      for (Pod.Place place : pod.stated("seLinuxOptions." + part)) {
        outcomes.decided(
            Decide.text(
                place.value(), part.equals("type") ? SE_LINUX_TYPES::contains : String::isEmpty),
            pod.resource(),
            place.at(),
            place.value(),
            "takes the container out of the confinement of SELinux",
            "take it out");
      }
    }
  }

  private static void sysctls(Pod pod, Outcomes.Of outcomes) {
    Value given = pod.property("securityContext.sysctls");
    String fix = "take it out, or set it for the nodes of a pool of their own";
    if (given.isSymbolic()) {
      outcomes.undecided(
          pod.resource(),
          pod.at("securityContext.sysctls"),
          given,
          "is known only when deployed",
          fix);
    }
    List<Value> items = given.asList();
    for (int i = 0; i < items.size(); i++) {
      Value name = items.get(i).entry("name");
      outcomes.decided(
          Decide.text(name, SAFE_SYSCTLS::contains),
          pod.resource(),
          pod.at("securityContext.sysctls[" + i + "].name"),
          name,
          "is a setting that others on the node feel",
          fix);
    }
  }
}
