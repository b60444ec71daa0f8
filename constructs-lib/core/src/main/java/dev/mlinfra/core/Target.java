package dev.mlinfra.core;

import java.util.Locale;

/** Where an environment deploys to. */
public enum Target {
  /** Amazon Web Services, by the CDK. */
  AWS,
  /** Kubernetes, by Pulumi. */
  K8S,
  /** Google Cloud, by Pulumi. */
  GCP,
  /** Azure, by Pulumi. */
  AZURE,
  /** RunPod, by Pulumi. */
  RUNPOD;

  /** The word used in files and names, such as {@code k8s}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
