package dev.mlinfra.aws;

/** What a machine computes with, which decides its image. */
public enum AcceleratorKind {
  /** Processors alone: the ECS-optimized AMI. */
  NONE,
  /** GPUs of NVIDIA: the GPU variant of the ECS-optimized AMI. */
  NVIDIA,
  /** Trainium of AWS: the Neuron variant of the ECS-optimized AMI. */
  NEURON
}
