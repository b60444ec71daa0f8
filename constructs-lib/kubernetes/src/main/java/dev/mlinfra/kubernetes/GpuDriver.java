package dev.mlinfra.kubernetes;

/**
 * Who brings the driver of NVIDIA's GPUs to the nodes. One of the two must, and never both: a
 * driver of the operator beside that of the image keeps containers from starting.
 */
public enum GpuDriver {
  /**
   * The nodes' image, with the container toolkit: the NVIDIA images of EKS (AL2023), AKS, and GKE
   * with drivers installed by the node pool. Nodes get the device plugin alone.
   */
  NODE_IMAGE,
  /** NVIDIA's GPU operator, on nodes whose image has neither driver nor toolkit. */
  OPERATOR
}
