package dev.mlinfra.cost.internal.pulumi;

import java.util.Locale;

/** A cloud, and how it writes its regions. */
public enum Cloud {
  AWS("aws", "us-east-1"),
  GCP("gcp", "us-central1"),
  AZURE("azure", "eastus");

  private final String provider;
  private final String reference;

  Cloud(String provider, String reference) {
    this.provider = provider;
    this.reference = reference;
  }

  /** As prices name it. */
  public String provider() {
    return provider;
  }

  /** The region that stands for one that is not known. */
  String reference() {
    return reference;
  }

  /** The region that a place lies in: {@code us-central1} of {@code us-central1-a}. */
  String region(String place) {
    String name = place.substring(place.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    return switch (this) {
      case AWS -> name.replaceFirst("(?<=\\d)[a-z]$", "");
      case GCP -> isZone(name) ? name.substring(0, name.length() - 2) : name;
      case AZURE -> name.replace(" ", "");
    };
  }

  /** Whether a place of Google is a zone, and not a region. */
  public static boolean isZone(String place) {
    return place.matches("[a-z]+-[a-z]+\\d+-[a-z]");
  }
}
