package dev.mlinfra.local.kubernetes;

import dev.mlinfra.local.LocalException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The API server of Kubernetes and its database, for as long as this object is open. It validates,
 * admits and authorises as every cluster does; nothing runs, since it has neither nodes nor
 * controllers. It listens on 127.0.0.1 alone, with a certificate and a token of its own.
 *
 * <pre>{@code
 * try (EmbeddedKubernetes cluster = EmbeddedKubernetes.start(tools, folder)) {
 *   KubernetesApi api = cluster.api();
 * }
 * }</pre>
 */
public final class EmbeddedKubernetes implements AutoCloseable {
  /** The user that the token stands for; may do everything. */
  public static final String ADMIN = "mlinfra-admin";

  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final int STOP_SECONDS = 10;
  private static final int ATTEMPTS = 3;

  private final Path folder;
  private final String token;
  private final Thread cleanUp = new Thread(this::end, "end-kubernetes");
  private final List<Process> processes = new ArrayList<>();
  private KubernetesApi api;

  private EmbeddedKubernetes(Path folder) {
    this.folder = folder;
    byte[] random = new byte[16];
    new SecureRandom().nextBytes(random);
    this.token = HexFormat.of().formatHex(random);
  }

  /**
   * Starts it and waits until it answers, about five seconds.
   *
   * @param programs folder with {@code etcd} and {@code kube-apiserver}, as tools/install makes it
   * @param folder for its data, keys and logs; deleted by nobody
   * @throws LocalException if a program is missing or it does not start; the message has the end of
   *     the log
   */
  public static EmbeddedKubernetes start(Path programs, Path folder) {
    for (String program : List.of("etcd", "kube-apiserver")) {
      if (!Files.isExecutable(programs.resolve(program))) {
        throw new LocalException(
            "No " + program + " in " + programs + ": run tools/install kubernetes");
      }
    }
    EmbeddedKubernetes cluster = new EmbeddedKubernetes(folder.toAbsolutePath());
    Runtime.getRuntime().addShutdownHook(cluster.cleanUp);
    try {
      cluster.launch(programs.toAbsolutePath());
      return cluster;
    } catch (IOException | GeneralSecurityException problem) {
      cluster.close();
      throw new LocalException("Cannot start Kubernetes in " + folder, problem);
    } catch (RuntimeException problem) {
      cluster.close();
      throw problem;
    }
  }

  /** What speaks with it, with every right. */
  public KubernetesApi api() {
    return api;
  }

  private void launch(Path programs) throws IOException, GeneralSecurityException {
    Files.createDirectories(folder);
    Path key = secret("service-accounts.pem", privateKey());
    Path tokens = secret("tokens.csv", token + "," + ADMIN + ",1,system:masters\n");
    // A free port may be taken by another program before the server has it: then once more.
    for (int attempt = 1; ; attempt++) {
      int[] ports = freePorts();
      Path log = folder.resolve("kubernetes.log");
      Files.deleteIfExists(log);
      start(log, etcd(programs, ports[0], ports[1]));
      start(log, apiServer(programs, ports[0], ports[2], key, tokens));
      Optional<String> problem = awaitAnswer(ports[2]);
      if (problem.isEmpty()) {
        return;
      }
      end();
      if (attempt == ATTEMPTS) {
        throw new LocalException(
            "Kubernetes %s. The end of %s:%n%s".formatted(problem.get(), log, tail(log)));
      }
    }
  }

  private List<String> etcd(Path programs, int clients, int peers) {
    String url = "http://127.0.0.1:" + clients;
    String peer = "http://127.0.0.1:" + peers;
    return List.of(
        programs.resolve("etcd").toString(),
        "--data-dir=" + folder.resolve("etcd-" + clients),
        "--listen-client-urls=" + url,
        "--advertise-client-urls=" + url,
        "--listen-peer-urls=" + peer,
        "--initial-advertise-peer-urls=" + peer,
        "--initial-cluster=default=" + peer,
        // Nothing of it has to outlive a loss of power.
        "--unsafe-no-fsync",
        "--log-level=warn");
  }

  private List<String> apiServer(Path programs, int database, int port, Path key, Path tokens) {
    return List.of(
        programs.resolve("kube-apiserver").toString(),
        "--etcd-servers=http://127.0.0.1:" + database,
        "--bind-address=127.0.0.1",
        "--secure-port=" + port,
        "--cert-dir=" + folder.resolve("certificates-" + port),
        "--service-account-issuer=https://kubernetes.default.svc",
        "--service-account-signing-key-file=" + key,
        "--service-account-key-file=" + key,
        "--token-auth-file=" + tokens,
        "--authorization-mode=RBAC",
        "--service-cluster-ip-range=10.0.0.0/24");
  }

  private void start(Path log, List<String> command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    // No proxy between the two, and no setting of the user's.
    builder.environment().keySet().removeIf(name -> !name.equals("PATH") && !name.equals("HOME"));
    synchronized (processes) {
      processes.add(builder.start());
    }
  }

  /** What is wrong with the start; empty once the server is ready. */
  private Optional<String> awaitAnswer(int port) throws IOException, GeneralSecurityException {
    Path certificate = folder.resolve("certificates-" + port).resolve("apiserver.crt");
    Instant end = Instant.now().plus(START_LIMIT);
    while (Instant.now().isBefore(end)) {
      synchronized (processes) {
        if (processes.stream().anyMatch(process -> !process.isAlive())) {
          return Optional.of("ended while it started");
        }
      }
      if (Files.exists(certificate) && Files.size(certificate) > 0) {
        api =
            new KubernetesApi(
                URI.create("https://127.0.0.1:" + port), certificate, trusting(certificate), token);
        if (api.isReady()) {
          return Optional.empty();
        }
      }
      pause();
    }
    return Optional.of("did not answer within " + START_LIMIT.toSeconds() + " s");
  }

  private static SSLContext trusting(Path certificate)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream stream = Files.newInputStream(certificate)) {
      int number = 0;
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(stream)) {
        store.setCertificateEntry("server-" + number++, one);
      }
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private Path secret(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, content, StandardOpenOption.WRITE);
  }

  private static String privateKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(generator.generateKeyPair().getPrivate().getEncoded())
        + "\n-----END PRIVATE KEY-----\n";
  }

  private static int[] freePorts() throws IOException {
    try (ServerSocket one = free();
        ServerSocket two = free();
        ServerSocket three = free()) {
      return new int[] {one.getLocalPort(), two.getLocalPort(), three.getLocalPort()};
    }
  }

  private static ServerSocket free() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  private static String tail(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new LocalException("Interrupted while Kubernetes started", interruption);
    }
  }

  /** Ends both programs; what they wrote stays in the folder. */
  @Override
  public void close() {
    end();
    try {
      Runtime.getRuntime().removeShutdownHook(cleanUp);
    } catch (IllegalStateException shuttingDown) {
      // The hook does the same.
      return;
    }
  }

  private void end() {
    synchronized (processes) {
      // The server before its database, or it would complain until it is its turn.
      for (int last = processes.size() - 1; last >= 0; last--) {
        end(processes.get(last));
      }
      processes.clear();
    }
  }

  private static void end(Process process) {
    process.destroy();
    boolean interrupted = Thread.interrupted();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException again) {
      process.destroyForcibly();
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
