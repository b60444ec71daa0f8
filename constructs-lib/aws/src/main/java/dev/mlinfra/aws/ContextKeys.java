package dev.mlinfra.aws;

/** Keys of the CDK context that constructs read. */
public final class ContextKeys {
  /**
   * Must be {@code true} or {@code "true"} beside {@code RemovalPolicy.DESTROY} before a deployment
   * may delete data. Default: {@code false}.
   */
  public static final String ALLOW_DATA_LOSS = "mlinfra:allowDataLoss";

  private ContextKeys() {}
}
