package dev.mlinfra.core;

import java.util.Locale;

/** Where an environment deploys to. */
public enum Target {
  AWS,
  K8S,
  GCP,
  AZURE,
  RUNPOD;

  /** The word used in files and names, such as {@code k8s}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
