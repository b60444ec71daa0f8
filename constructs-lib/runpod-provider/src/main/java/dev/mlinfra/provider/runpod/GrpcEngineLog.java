package dev.mlinfra.provider.runpod;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.TimeUnit;
import pulumirpc.EngineGrpc;
import pulumirpc.EngineOuterClass.LogRequest;
import pulumirpc.EngineOuterClass.LogSeverity;

/** The engine's diagnostics. */
final class GrpcEngineLog implements EngineLog {
  private static final int SECONDS = 5;

  private final EngineGrpc.EngineBlockingStub engine;

  /**
   * A log.
   *
   * @param address of the engine, host and port
   */
  GrpcEngineLog(String address) {
    ManagedChannel channel = NettyChannelBuilder.forTarget(address).usePlaintext().build();
    engine = EngineGrpc.newBlockingStub(channel);
  }

  @Override
  public void info(String urn, String message) {
    log(LogSeverity.INFO, urn, message);
  }

  @Override
  public void warn(String urn, String message) {
    log(LogSeverity.WARNING, urn, message);
  }

  private void log(LogSeverity severity, String urn, String message) {
    try {
      var unused =
          engine
              .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
              .log(
                  LogRequest.newBuilder()
                      .setSeverity(severity)
                      .setUrn(urn)
                      .setMessage(message)
                      .build());
    } catch (StatusRuntimeException nobodyListens) {
      // What is done counts, not that somebody was told.
    }
  }
}
