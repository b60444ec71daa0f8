package dev.mlinfra.core;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What is deployed on RunPod.
 *
 * @param dataCenter where volume, endpoint and pod are, such as {@code EU-RO-1}
 * @param volumeGb size of the network volume, in GB; it can grow, never shrink
 * @param onDelete what becomes of the volume when the stack is destroyed
 * @param endpoint the serverless endpoint that predicts
 * @param training a pod that trains once; empty: none
 */
public record RunPodSettings(
    String dataCenter,
    int volumeGb,
    DataSettings.OnDelete onDelete,
    Endpoint endpoint,
    Optional<Training> training) {

  /** Which machines a pod may be on. */
  public enum Cloud {
    /** Data centers that RunPod vouches for. */
    SECURE,
    /** Machines of others: cheaper, without network volumes. */
    COMMUNITY;

    /** The cloud of a word that the schema has already admitted. */
    public static Cloud ofWord(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * The serverless endpoint.
   *
   * @param image the worker's image
   * @param gpuPools GPU pools that will do, such as {@code AMPERE_16}
   * @param workersMin workers that are always there and always billed
   * @param workersMax workers at most
   * @param idleTimeout how long a worker waits for the next job, billed
   * @param timeout how long a job may take
   * @param flashBoot whether RunPod keeps stopped workers for a faster start
   * @param secrets name of a secret of the account by the environment variable that gets it
   */
  public record Endpoint(
      String image,
      List<String> gpuPools,
      int workersMin,
      int workersMax,
      Duration idleTimeout,
      Duration timeout,
      boolean flashBoot,
      Map<String, String> secrets) {
    public Endpoint {
      gpuPools = List.copyOf(gpuPools);
      secrets = Map.copyOf(secrets);
    }
  }

  /**
   * A pod that trains once and then deletes itself.
   *
   * @param image the training image; it has Python 3
   * @param command what trains, one line for a shell
   * @param dataGb size of the data, which chooses the GPU; empty: {@code usage.dataGb}
   * @param gpus GPU types that will do, the preferred one first; empty: chosen by the size of the
   *     data
   * @param cloud which machines it may be on
   * @param maxLifetime how long it lives at most
   * @param idleTimeout how long its GPU may do nothing
   */
  public record Training(
      String image,
      String command,
      Optional<Double> dataGb,
      List<String> gpus,
      Cloud cloud,
      Duration maxLifetime,
      Duration idleTimeout) {
    public Training {
      gpus = List.copyOf(gpus);
    }
  }
}
