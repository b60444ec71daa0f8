package dev.mlinfra.aws;

/** What roles are for, and so what the most is that they may do. */
public enum RolePurpose {
  /** Programs: training, prediction, tasks and those that call them. */
  WORKLOADS,
  /** People and pipelines: deploy, compare, push images, use a deployed environment. */
  ACCESS,
  /** Kubernetes: control planes, nodes, their drivers and controllers, and pods that use data. */
  CLUSTERS
}
