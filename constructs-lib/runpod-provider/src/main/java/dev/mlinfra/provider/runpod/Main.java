package dev.mlinfra.provider.runpod;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;

/**
 * Starts the provider: the first line of its standard output is its port, as the engine wants it.
 */
public final class Main {
  private static final int MOST_BYTES = 400 * 1024 * 1024;

  private Main() {}

  /**
   * Runs until the engine ends it.
   *
   * @param args the address of the engine, among flags that are not for us
   * @throws IOException when no port of 127.0.0.1 can be had
   * @throws InterruptedException when it is to end
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    RunPodProvider provider =
        new RunPodProvider(
            Arrays.stream(args).filter(arg -> !arg.startsWith("-")).findFirst(),
            GrpcEngineLog::new,
            System.getenv());
    InetAddress here = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(here, 0))
            .maxInboundMessageSize(MOST_BYTES)
            .addService(provider)
            .build()
            .start();
    System.out.println(server.getPort());
    System.out.flush();
    server.awaitTermination();
  }
}
