package dev.mlinfra.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The emulator of AWS on this machine: one server process that outlives the program which started
 * it, found again by the files in its state folder.
 *
 * <pre>{@code
 * EmbeddedAws aws = new EmbeddedAws(state, python, sources);
 * EmbeddedAws.Handle server = aws.start();
 * new ProcessBuilder("cdk", "deploy").environment().putAll(aws.adminEnvironment());
 * aws.stop();
 * }</pre>
 */
public final class EmbeddedAws {
  /** The account that the emulator plays unless another one is asked for. */
  public static final String ACCOUNT = "123456789012";

  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
  private static final Duration HEALTH_LIMIT = Duration.ofSeconds(3);
  private static final JsonMapper JSON = JsonMapper.shared();

  /** Of sessions that stand for no service. */
  private static final String SESSION_NAME = "mlinfra";

  private final ServerFiles files;
  private final Path python;
  private final Path program;
  private final String region;
  private final String account;

  /**
   * A server.
   *
   * @param port port on 127.0.0.1
   * @param pid its process
   * @param startedNow false if it ran already
   */
  public record Handle(int port, long pid, boolean startedNow) {
    /** The address for AWS_ENDPOINT_URL. By name: with the number, bucket addresses go wrong. */
    public URI endpoint() {
      return URI.create("http://localhost:" + port);
    }
  }

  /**
   * What runs.
   *
   * @param server the server, empty if none runs
   * @param iamEnforced whether it enforces IAM now
   * @param log its log, which exists while it runs
   */
  public record Status(Optional<Handle> server, boolean iamEnforced, Path log) {}

  /**
   * Something that a run against the emulator does not prove.
   *
   * @param what behaviour or property
   * @param reason why not
   */
  public record NotChecked(String what, String reason) {}

  /**
   * An emulator in us-east-1.
   *
   * @param stateFolder folder for pid, port, credentials and log; made when needed
   * @param pythonExecutable Python with the packages of tools/python/local.txt
   * @param pythonSources folder with server.py
   */
  public EmbeddedAws(Path stateFolder, Path pythonExecutable, Path pythonSources) {
    this(stateFolder, pythonExecutable, pythonSources, "us-east-1");
  }

  /** The same for a region of your choice; the server itself answers for all regions. */
  public EmbeddedAws(Path stateFolder, Path pythonExecutable, Path pythonSources, String region) {
    this(stateFolder, pythonExecutable, pythonSources, region, ACCOUNT);
  }

  /**
   * The same for a region and an account of your choice.
   *
   * @param account 12 digits; a running server of another account is stopped by {@link #start()}
   */
  public EmbeddedAws(
      Path stateFolder, Path pythonExecutable, Path pythonSources, String region, String account) {
    if (!account.matches("[0-9]{12}")) {
      throw new LocalException("Account: given '%s', allowed 12 digits".formatted(account));
    }
    this.files = new ServerFiles(stateFolder.toAbsolutePath().normalize());
    this.python = pythonExecutable.toAbsolutePath();
    this.program = pythonSources.toAbsolutePath().normalize().resolve("server.py");
    this.region = region;
    this.account = account;
  }

  /**
   * Makes an environment fit for a child that uses the emulator, in place: takes away every
   * variable that starts with AWS_, CDK_, MOTO_ or BOTO_ and the proxies, and adds what keeps AWS
   * clients from the user's files and the CDK from the network. For programs that need the network,
   * such as installers, it is not.
   *
   * @param processEnvironment as of {@link ProcessBuilder#environment()}
   */
  public static void clean(Map<String, String> processEnvironment) {
    CleanEnvironment.strip(processEnvironment);
    processEnvironment.putAll(CleanEnvironment.ofClients());
    processEnvironment.putAll(CleanEnvironment.ofCdk());
  }

  /** This program's environment made clean: see {@link #clean}. */
  public static Map<String, String> cleanEnvironment() {
    Map<String, String> environment = new LinkedHashMap<>(System.getenv());
    clean(environment);
    return environment;
  }

  /** The region of {@link #adminEnvironment()} and of the roles' environments. */
  public String region() {
    return region;
  }

  /** The account of the server that {@link #start()} starts. */
  public String account() {
    return account;
  }

  /**
   * Finds the running server or starts one and waits until it answers. A server of another account
   * or from other Python sources is stopped first, with everything that was deployed to it: {@link
   * Handle#startedNow()} then is true.
   *
   * @throws LocalException if it does not start within 30 seconds; the message has the end of its
   *     log
   */
  public Handle start() {
    Optional<Handle> running = findUsable();
    return running.isPresent() ? running.get() : locked(this::startLocked);
  }

  private Optional<Handle> findUsable() {
    return find().filter(handle -> files.readServer().filter(this::isUsable).isPresent());
  }

  private boolean isUsable(ServerFiles.Server server) {
    return server.account().equals(account)
        && server.fingerprint().equals(SourceFingerprint.of(program.getParent()));
  }

  private Handle startLocked() {
    Optional<Handle> running = findUsable();
    if (running.isPresent()) {
      return running.get();
    }
    if (!Files.isExecutable(python)) {
      throw new LocalException(
          "No Python for the embedded AWS at " + python + ": run tools/install");
    }
    if (!Files.isRegularFile(program)) {
      throw new LocalException("No server of the embedded AWS at " + program);
    }
    // One of another account, from other sources, or that does not answer any more.
    recorded().ifPresent(EmbeddedAws::end);
    delete(List.of(files.server(), files.credentials()));
    ProcessBuilder builder =
        new ProcessBuilder(
                python.toString(),
                "-B",
                program.toString(),
                "--detached",
                "--state",
                files.folder().toString(),
                "--account",
                account,
                "--fingerprint",
                SourceFingerprint.of(program.getParent()))
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(files.log().toFile()));
    clean(builder.environment());
    try (StartingServer starting = new StartingServer(this::discard)) {
      Handle started = awaitAnswer(starting, launch(starting, builder));
      starting.handOver();
      return started;
    }
  }

  private Process launch(StartingServer starting, ProcessBuilder builder) {
    try {
      return starting.launch(builder);
    } catch (IOException problem) {
      throw new LocalException("Cannot run " + python + ": run tools/install", problem);
    }
  }

  private Handle awaitAnswer(StartingServer starting, Process process) {
    Instant end = Instant.now().plus(START_LIMIT);
    while (Instant.now().isBefore(end)) {
      Optional<Handle> started = find().filter(handle -> handle.pid() == process.pid());
      if (started.isPresent()) {
        return new Handle(started.get().port(), process.pid(), true);
      }
      if (starting.isShuttingDown()) {
        throw StartingServer.interrupted();
      }
      if (!process.isAlive()) {
        throw new LocalException(
            "The embedded AWS ended with exit code %d while starting. The end of %s:%n%s"
                .formatted(process.exitValue(), files.log(), files.logTail(20)));
      }
      pause(50);
    }
    throw new LocalException(
        "The embedded AWS did not answer within %d s. The end of %s:%n%s"
            .formatted(START_LIMIT.toSeconds(), files.log(), files.logTail(20)));
  }

  /** Ends a server that was not ready; its log stays. */
  private void discard(ProcessHandle process) {
    end(process);
    delete(List.of(files.server(), files.credentials()));
  }

  /** What runs now. */
  public Status status() {
    Optional<Handle> server = find();
    boolean enforced =
        server
            .flatMap(handle -> health(handle.port()))
            .map(health -> health.path("iamEnforced").asBoolean(false))
            .orElse(false);
    return new Status(server, enforced, files.log());
  }

  /**
   * Stops the server and removes its files. Nothing runs afterwards and nothing is left.
   *
   * @return whether a server ran
   */
  public boolean stop() {
    return stop(false);
  }

  /**
   * Stops the server and removes its files.
   *
   * @param keepLog whether {@link Status#log()} stays, to find the reason of a failure; the next
   *     server writes on at its end, and {@link #stop()} removes it
   * @return whether a server ran
   */
  public boolean stop(boolean keepLog) {
    if (!Files.isDirectory(files.folder())) {
      return false;
    }
    return locked(
        () -> {
          Optional<ProcessHandle> process = recorded();
          process.ifPresent(EmbeddedAws::end);
          delete(
              files.all().stream().filter(file -> !keepLog || !file.equals(files.log())).toList());
          deleteIfEmpty(files.folder());
          return process.isPresent();
        });
  }

  /** Switches enforcement of IAM on or off for all requests from now on. */
  public void enforceIam(boolean on) {
    // moto's switch: how many requests are let through before enforcement begins.
    AwsHttp.Answer answer =
        http()
            .plain(
                "POST",
                "/moto-api/reset-auth",
                Map.of("Content-Type", "text/plain"),
                on ? "0" : "inf");
    if (!answer.isSuccess()) {
      throw new LocalException("Cannot switch IAM enforcement: " + answer.text());
    }
  }

  /**
   * The environment in which the CDK command line and other AWS clients use the emulator as its
   * administrator, to be added to a clean one: see {@link #clean}.
   */
  public Map<String, String> adminEnvironment() {
    Map<String, String> environment = environment(administrator());
    environment.putAll(CleanEnvironment.ofCdk());
    environment.put("CDK_VALIDATION", "false");
    environment.put("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20");
    environment.put("NODE_OPTIONS", "--no-warnings");
    environment.put("CI", "true");
    return environment;
  }

  /**
   * The environment in which a program uses the emulator with the given credentials only, to be
   * added to a clean one: see {@link #clean}.
   */
  public Map<String, String> roleEnvironment(Credentials credentials) {
    return environment(credentials);
  }

  /**
   * Gives the credentials of a role as the service of that name gets them.
   *
   * @param servicePrincipal for example lambda.amazonaws.com; the role's trust policy must name it
   * @throws LocalException if the role does not exist or its trust policy does not allow it
   */
  public Credentials assumeRole(String roleArn, String servicePrincipal) {
    return session(
        roleArn,
        servicePrincipal,
        Map.of("Action", "AssumeRole", "RoleSessionName", servicePrincipal),
        Optional.of(administrator()));
  }

  /**
   * Gives the credentials of a role as a person or a program with other credentials gets them.
   *
   * @param caller who takes on the role: {@link #administrator()} or another session
   * @param sessionTags tags of the session by key, which policies see as aws:PrincipalTag; none if
   *     empty. They need sts:TagSession in the trust policy.
   * @throws LocalException if the role does not exist, its trust policy does not allow it or, while
   *     IAM is enforced, the caller's own policies do not
   */
  public Credentials assumeRole(
      String roleArn, Credentials caller, Map<String, String> sessionTags) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("Action", "AssumeRole");
    parameters.put("RoleSessionName", SESSION_NAME);
    int number = 0;
    for (Map.Entry<String, String> tag : sessionTags.entrySet()) {
      number++;
      parameters.put("Tags.member." + number + ".Key", tag.getKey());
      parameters.put("Tags.member." + number + ".Value", tag.getValue());
    }
    return session(roleArn, caller.accessKeyId(), parameters, Optional.of(caller));
  }

  /**
   * Gives the credentials of a role for a token of an identity provider, as a pipeline gets them.
   *
   * @throws LocalException if the issuer is no identity provider of the account, the token is not
   *     for one of its clients or has ended, or the role's trust policy does not take it
   */
  public Credentials assumeRole(String roleArn, WebIdentityToken token) {
    return session(
        roleArn,
        token.subject(),
        Map.of(
            "Action",
            "AssumeRoleWithWebIdentity",
            "RoleSessionName",
            SESSION_NAME,
            "WebIdentityToken",
            token.encoded()),
        Optional.empty());
  }

  private Credentials session(
      String roleArn, String who, Map<String, String> parameters, Optional<Credentials> caller) {
    Map<String, String> form = new LinkedHashMap<>(parameters);
    form.put("Version", "2011-06-15");
    form.put("RoleArn", roleArn);
    String body =
        form.entrySet().stream()
            .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    Map<String, String> headers =
        Map.of("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
    AwsHttp.Answer answer =
        caller.isPresent()
            ? http().signed("sts", "POST", "/", "", headers, body, caller.get())
            : http().plain("POST", "/", headers, body);
    Document xml = xml(answer);
    if (!answer.isSuccess()) {
      throw new LocalException(
          "Cannot assume %s as %s: %s: %s"
              .formatted(roleArn, who, text(xml, "Code"), text(xml, "Message")));
    }
    return new Credentials(
        text(xml, "AccessKeyId"),
        text(xml, "SecretAccessKey"),
        Optional.of(text(xml, "SessionToken")));
  }

  /** The credentials of the emulator's administrator, who may do everything in it. */
  public Credentials administrator() {
    return files.readCredentials();
  }

  /** What a run against the emulator does not prove, to be shown with its result. */
  public List<NotChecked> notChecked() {
    AwsHttp.Answer answer = http().plain("GET", "/mlinfra/not-checked", Map.of(), "");
    List<NotChecked> list = new ArrayList<>();
    for (JsonNode item : JSON.readTree(answer.text())) {
      list.add(new NotChecked(item.path("what").asString(), item.path("reason").asString()));
    }
    return list;
  }

  /** The running server, or the error that says how to start one. */
  Handle running() {
    return find()
        .orElseThrow(
            () ->
                new LocalException(
                    "The embedded AWS does not run. Start it with `mlinfra local up`."));
  }

  AwsHttp http() {
    return new AwsHttp(running().endpoint(), region);
  }

  private Map<String, String> environment(Credentials credentials) {
    Map<String, String> environment = CleanEnvironment.ofClients();
    environment.put("AWS_ACCESS_KEY_ID", credentials.accessKeyId());
    environment.put("AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey());
    credentials.sessionToken().ifPresent(token -> environment.put("AWS_SESSION_TOKEN", token));
    environment.put("AWS_REGION", region);
    environment.put("AWS_DEFAULT_REGION", region);
    environment.put("AWS_ENDPOINT_URL", running().endpoint().toString());
    return environment;
  }

  private Optional<Handle> find() {
    return files
        .readServer()
        .filter(server -> ProcessHandle.of(server.pid()).filter(this::isOurs).isPresent())
        .filter(
            server ->
                health(server.port())
                    .filter(health -> health.path("pid").asLong(0) == server.pid())
                    .isPresent())
        .map(server -> new Handle(server.port(), server.pid(), false));
  }

  /** The process of server.json by pid and command: it may hang and not answer. */
  private Optional<ProcessHandle> recorded() {
    return files
        .readServer()
        .flatMap(server -> ProcessHandle.of(server.pid()))
        .filter(this::isOurs);
  }

  /** Whether the process is our server and not another one that got the same pid. */
  private boolean isOurs(ProcessHandle process) {
    List<String> arguments = List.of(process.info().arguments().orElse(new String[0]));
    return process.isAlive()
        && arguments.contains(program.toString())
        && arguments.contains(files.folder().toString());
  }

  private Optional<JsonNode> health(int port) {
    try {
      AwsHttp.Answer answer =
          new AwsHttp(URI.create("http://localhost:" + port), region)
              .plain("GET", "/mlinfra/health", Map.of(), "", HEALTH_LIMIT);
      JsonNode health = JSON.readTree(answer.text());
      return answer.isSuccess() && health.path("name").asString("").equals("mlinfra-local")
          ? Optional.of(health)
          : Optional.empty();
    } catch (LocalException | JacksonException anotherServer) {
      return Optional.empty();
    }
  }

  private <T> T locked(Supplier<T> action) {
    Instant end = Instant.now().plus(START_LIMIT).plus(STOP_LIMIT);
    while (Instant.now().isBefore(end)) {
      try {
        Files.createDirectories(files.folder());
        try (FileChannel channel =
                FileChannel.open(
                    files.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock()) {
          // A stop deletes the file while others wait for it; a lock on a deleted file guards
          // nothing.
          if (lock != null && Files.exists(files.lock())) {
            return action.get();
          }
        }
      } catch (OverlappingFileLockException anotherThread) {
        // Another thread of this program holds it: wait like for another program.
      } catch (NoSuchFileException deletedMeanwhile) {
        // A stop removed the folder between the two lines: try again.
      } catch (IOException problem) {
        throw new LocalException("Cannot use the state folder " + files.folder(), problem);
      }
      pause(50);
    }
    throw new LocalException(
        "Another program starts or stops the embedded AWS in " + files.folder() + " for too long");
  }

  private static void end(ProcessHandle process) {
    process.destroy();
    if (!isGone(process, STOP_LIMIT)) {
      process.destroyForcibly();
      if (!isGone(process, STOP_LIMIT)) {
        throw new LocalException(
            "Process " + process.pid() + " of the embedded AWS does not end; end it by hand");
      }
    }
  }

  private static boolean isGone(ProcessHandle process, Duration limit) {
    Instant end = Instant.now().plus(limit);
    while (Instant.now().isBefore(end)) {
      // A process that ended but that its parent has not asked for counts as alive; it has no
      // command line any more.
      if (!process.isAlive() || process.info().arguments().isEmpty()) {
        return true;
      }
      pause(20);
    }
    return false;
  }

  private static void delete(List<Path> paths) {
    for (Path path : paths) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException problem) {
        throw new LocalException("Cannot delete " + path, problem);
      }
    }
  }

  private static void deleteIfEmpty(Path folder) {
    try {
      Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException othersFiles) {
      // The folder was not ours alone: what others put there stays.
    } catch (IOException problem) {
      throw new LocalException("Cannot delete " + folder, problem);
    }
  }

  private static void pause(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new LocalException("Interrupted while waiting for the embedded AWS", interruption);
    }
  }

  private static Document xml(AwsHttp.Answer answer) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      return factory.newDocumentBuilder().parse(new InputSource(new StringReader(answer.text())));
    } catch (ParserConfigurationException | SAXException | IOException problem) {
      throw new LocalException(
          "The embedded AWS answered %d with something that is not XML: %s"
              .formatted(answer.status(), answer.text()),
          problem);
    }
  }

  private static String text(Document xml, String element) {
    var found = xml.getElementsByTagName(element);
    return found.getLength() == 0 ? "" : found.item(0).getTextContent();
  }
}
