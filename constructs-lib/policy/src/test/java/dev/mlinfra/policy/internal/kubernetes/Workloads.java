package dev.mlinfra.policy.internal.kubernetes;

import static dev.mlinfra.policy.internal.PulumiStates.resource;

import dev.mlinfra.policy.internal.PulumiStates;
import dev.mlinfra.template.Model;

/** Writes down workloads for tests. */
final class Workloads {
  static final String DEPLOYMENT = "kubernetes:apps/v1:Deployment";
  static final String DAEMON_SET = "kubernetes:apps/v1:DaemonSet";

  private Workloads() {}

  /** A deployment called {@code serve} whose pods have this specification. */
  static Model deployment(String spec) {
    return PulumiStates.of(resource(DEPLOYMENT, "serve", template("", spec)));
  }

  /** The same as a patch, which holds only a part. */
  static Model patch(String spec) {
    return PulumiStates.of(resource(DEPLOYMENT + "Patch", "serve", template("", spec)));
  }

  /** An agent of the nodes called {@code agent}, in a namespace that is labelled for such. */
  static Model agent(String spec) {
    return PulumiStates.of(
        namespace("agents", "pod-security.kubernetes.io/enforce: privileged"),
        resource(DAEMON_SET, "agent", template("agents", spec)));
  }

  /** A namespace called like its resource. */
  static String namespace(String name, String labels) {
    return resource(
        "kubernetes:core/v1:Namespace",
        name,
        "metadata: {name: " + name + ", labels: {" + labels + "}}");
  }

  /** The inputs of a workload; without a namespace when that is empty. */
  static String template(String namespace, String spec) {
    return (namespace.isEmpty() ? "" : "metadata: {namespace: " + namespace + "}, ")
        + "spec: {template: {spec: {"
        + spec
        + "}}}";
  }
}
