package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.Finding;
import dev.mlinfra.policy.Gate;
import dev.mlinfra.policy.Report;
import dev.mlinfra.template.Models;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The images of training machines: their templates by Packer and its plugin, their scripts in a
 * folder that plays the machine, with stand-ins for the commands of Amazon Linux.
 */
class AmiPackerIT {
  private static final Path PACKER = Synthesis.ROOT.resolve("ami-packer");
  private static final Path TRAINING = Synthesis.ROOT.resolve("images/training");
  private static final Path TOOLS = Synthesis.ROOT.resolve(".mlinfra/tools");
  private static final Map<String, String> VARIABLES =
      Map.of(
          "region", "us-east-1",
          "owner", "ml-platform",
          "cost_center", "cc-1234",
          "git_sha", "0123456789abcdef",
          "subnet_id", "subnet-0123456789abcdef0",
          "instance_profile", "packer");

  @TempDir Path folder;

  private Path machine;
  private Path uploaded;

  /** Commands of the machine write down that they were called. */
  @BeforeEach
  void aMachine() throws IOException {
    machine = Files.createDirectories(folder.resolve("machine"));
    uploaded = Files.createDirectories(folder.resolve("uploaded"));
    command("dnf", "[ \"$1\" = clean ] || touch \"$ROOT\"/installed");
    command("rpm", "[ -e \"$ROOT\"/installed ]");
    command("systemctl", "true");
    command("aws", "echo aws-cli/2");
    command(
        "python3.11",
        """
        mkdir -p "$3/bin"
        cat >"$3/bin/python" <<'END'
        #!/bin/sh
        echo "${0##*/opt/ml-agent/} $*" >>"$CALLS"
        END
        chmod +x "$3/bin/python"
        """);
    for (String part :
        List.of(
            "scripts",
            "amazon-cloudwatch-agent.json",
            "requirements-tensorflow-cpu.txt",
            "requirements-tensorflow-gpu.txt")) {
      copy(PACKER.resolve(part), uploaded.resolve(part));
    }
    copy(TRAINING, uploaded.resolve("training"));
  }

  // ---- templates

  @Test
  void packerTakesTheTemplates() throws Exception {
    Result format = packer(PACKER, "fmt", "-check", "-diff", ".");
    assertThat(format.exitCode()).as(format.output()).isZero();
    Result valid = validate(PACKER, VARIABLES);
    assertThat(valid.output()).isEqualTo("The configuration is valid.\n");
    assertThat(valid.exitCode()).isZero();
    Result inspected = packer(PACKER, inspection());
    assertThat(inspected.output()).contains("amazon-ebs.cpu", "amazon-ebs.gpu", "manifest");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "training.pkr.hcl | var.instance_profile | var.profile | Unsupported attribute",
        "training.pkr.hcl | communicator | comunicator | Unsupported argument",
        "training.pkr.hcl | \"session_manager\" | \"telepathy\" | Unknown interface type",
        "training.pkr.hcl | iam_instance_profile        = var.instance_profile | # | no iam_instance_profile defined",
        "training.pkr.hcl | encrypted             = true | encrypted = \"maybe\" | bool",
        "training.pkr.hcl | http_tokens                 = \"required\" | http_tokens = \"no\" | http_tokens",
        "training.pkr.hcl | provisioner \"file\" | provisioner \"fille\" | fille",
        "training.pkr.hcl | data.amazon-parameterstore.gpu.value | data.amazon-parameterstore.tpu.value | tpu",
        "versions.pkr.hcl | = 1.11.2 | = 1.10.0 | required_version",
        "versions.pkr.hcl | = 1.2.1 | = 1.3.0 | 1.3.0"
      })
  void packerFindsWhatIsSeeded(String file, String text, String fault, String message)
      throws Exception {
    Path copy = copy(PACKER, folder.resolve("repository/ami-packer"));
    copy(TRAINING, folder.resolve("repository/images/training"));
    String good = Files.readString(copy.resolve(file));
    assertThat(good).contains(text);
    Files.writeString(copy.resolve(file), good.replace(text, fault));

    Result result = validate(copy, VARIABLES);

    assertThat(result.exitCode()).as(result.output()).isNotZero();
    assertThat(result.output()).contains(message);
  }

  @ParameterizedTest
  @CsvSource({
    "region, Frankfurt, The region must be one such as us-east-1.",
    "git_sha, main, The commit must be 7 to 64 hexadecimal digits",
    "subnet_id, vpc-1, The subnet must be one such as",
    "owner, '', The owner must be a team or person"
  })
  void aVariableThatIsWrongIsToldWithWhatIsAllowed(String name, String value, String message)
      throws Exception {
    Map<String, String> variables = new TreeMap<>(VARIABLES);
    variables.put(name, value);
    Result result = validate(PACKER, variables);
    assertThat(result.exitCode()).isNotZero();
    assertThat(result.output()).contains(message);
  }

  @Test
  void aMachineIsClosedEncryptedAndTagged() throws IOException {
    String template = Files.readString(PACKER.resolve("training.pkr.hcl"));
    assertThat(template)
        .containsPattern("encrypted +=  *true")
        .containsPattern("http_tokens +=  *\"required\"")
        .containsPattern("ssh_interface +=  *\"session_manager\"")
        .contains("run_volume_tags", "snapshot_tags")
        .doesNotContain("temporary_security_group_source", "ami_groups", "ami_users", "ubuntu");
    for (String key :
        List.of("project", "environment", "owner", "cost-center", "workload", "managed-by")) {
      assertThat(template).containsPattern("\n +" + key + " += ");
    }
  }

  @Test
  void versionsAreThoseThatAreBuiltHere() throws IOException {
    String module = Files.readString(Synthesis.ROOT.resolve("tools/go/packer/go.mod"));
    String locked = Files.readString(PACKER.resolve("versions.pkr.hcl"));
    assertThat(locked)
        .contains("required_version = \"= " + version(module, "packer") + "\"")
        .contains("version = \"= " + version(module, "packer-plugin-amazon") + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "gpu"})
  void librariesArePinnedAndThoseOfTheImages(String kind) throws IOException {
    Map<String, String> images = pins(TRAINING.resolve("requirements.txt"));
    Map<String, String> ami = pins(PACKER.resolve("requirements-tensorflow-" + kind + ".txt"));
    assertThat(ami)
        .containsKeys("tensorflow", "boto3", "joblib", "numpy", "pandas", "scikit-learn");
    assertThat(images)
        .containsKeys("scikit-learn", "pandas", "numpy", "joblib", "lightgbm", "xgboost-cpu");
    for (String name : List.of("boto3", "joblib", "numpy", "pandas", "scikit-learn")) {
      assertThat(ami).containsEntry(name, images.get(name));
    }
    assertThat(ami.containsKey("nvidia-cudnn-cu12")).isEqualTo(kind.equals("gpu"));
  }

  // ---- rights

  @Test
  void theBuildersRightsPassTheGate() {
    Report report = Gate.standard().check(Models.read(PACKER.resolve("builder.template.json")));
    assertThat(report.places()).isGreaterThan(100);
    assertThat(report.findings()).extracting(Finding::toString).isEmpty();
    assertThat(report.acknowledged()).isEmpty();
  }

  @Test
  void theBuildersTemplateIsOneOfCloudFormation() throws Exception {
    Result result =
        Result.of(
            new ProcessBuilder(
                TOOLS.resolve("python-checks/bin/cfn-lint").toString(),
                PACKER.resolve("builder.template.json").toString()),
            folder.resolve("cfn-lint.txt"));
    assertThat(result.exitCode()).as(result.output()).isZero();
  }

  // ---- scripts

  @Test
  void shellcheckFindsNothing() throws Exception {
    Result result =
        Result.of(
            new ProcessBuilder(
                "sh",
                "-c",
                "exec '%s' '%s'/*.sh"
                    .formatted(
                        TOOLS.resolve("python-workflows/bin/shellcheck"),
                        PACKER.resolve("scripts"))),
            folder.resolve("shellcheck.txt"));
    assertThat(result.output()).isEmpty();
    assertThat(result.exitCode()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"cpu, requirements.txt", "gpu, requirements-cuda.txt"})
  void installingTwiceIsInstallingOnce(String kind, String requirements) throws Exception {
    Result first = script("install.sh", kind, uploaded.toString());
    assertThat(first.exitCode()).as(first.output()).isZero();
    List<String> calls = calls();
    assertThat(calls)
        .contains(
            "dnf install --assumeyes --quiet amazon-cloudwatch-agent awscli-2 libgomp python3.11"
                + " python3.11-pip",
            "systemctl enable amazon-cloudwatch-agent.service")
        .anyMatch(
            call ->
                call.startsWith("venv/bin/python -m pip install")
                    && call.endsWith(
                        "--require-hashes -r " + uploaded + "/training/" + requirements))
        .anyMatch(
            call ->
                call.startsWith("tensorflow/bin/python -m pip install")
                    && call.endsWith("requirements-tensorflow-" + kind + ".txt"));
    Map<String, String> after = tree();
    assertThat(after.keySet())
        .contains(
            "opt/ml-agent/scripts/train_template.py",
            "opt/ml-agent/scripts/mlinfra_training/network.py",
            "opt/aws/amazon-cloudwatch-agent/etc/amazon-cloudwatch-agent.json");

    Result second = script("install.sh", kind, uploaded.toString());

    assertThat(second.exitCode()).as(second.output()).isZero();
    assertThat(tree()).isEqualTo(after);
    assertThat(calls().subList(calls.size(), calls().size()))
        .as("nothing is installed again")
        .containsOnly(
            "rpm --quiet -q amazon-cloudwatch-agent",
            "rpm --quiet -q awscli-2",
            "rpm --quiet -q libgomp",
            "rpm --quiet -q python3.11",
            "rpm --quiet -q python3.11-pip",
            "systemctl enable amazon-cloudwatch-agent.service");
  }

  @Test
  void newRequirementsAreInstalledAndOldProgramsGo() throws Exception {
    assertThat(script("install.sh", "cpu", uploaded.toString()).exitCode()).isZero();
    Path old = machine.resolve("opt/ml-agent/scripts/old.py");
    Files.writeString(old, "");
    Files.writeString(uploaded.resolve("training/requirements.txt"), "numpy==1\n");
    int before = calls().size();

    assertThat(script("install.sh", "cpu", uploaded.toString()).exitCode()).isZero();

    assertThat(calls().subList(before, calls().size()))
        .filteredOn(call -> call.contains("pip install"))
        .hasSize(1);
    assertThat(old).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "tpu, '', KIND is 'tpu'; allowed: cpu",
    "cpu, training/requirements.txt, requirements.txt is missing; copy the folders",
    "gpu, requirements-tensorflow-gpu.txt, requirements-tensorflow-gpu.txt is missing"
  })
  void whatIsMissingIsTold(String kind, String missing, String message) throws Exception {
    if (missing != null && !missing.isEmpty()) {
      Files.delete(uploaded.resolve(missing));
    }
    Result result = script("install.sh", kind, uploaded.toString());
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.output()).contains(message);
    assertThat(machine).isEmptyDirectory();
  }

  /** With the real libraries, but for TensorFlow. */
  @Test
  void theSmokeTestTrainsOnTheProcessor() throws Exception {
    assertThat(script("install.sh", "cpu", uploaded.toString()).exitCode()).isZero();
    useThePythonOf("training");

    Result result = script("smoke-test.sh", "cpu");

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.output())
        .contains("Export verified", "\"r2\"", "smoke-test.sh: the cpu machine trains");
    assertThat(calls()).contains("tensorflow/bin/python -c import tensorflow");
  }

  @Test
  void theSmokeTestOfAGpuFailsWithoutOne() throws Exception {
    assertThat(script("install.sh", "gpu", uploaded.toString()).exitCode()).isZero();
    useThePythonOf("networks");
    command("nvidia-smi", "exit 9");
    Result none = script("smoke-test.sh", "gpu");
    assertThat(none.exitCode()).isEqualTo(1);
    assertThat(none.output()).contains("nvidia-smi found no GPU");

    command("nvidia-smi", "true");
    Result noCuda = script("smoke-test.sh", "gpu");
    assertThat(noCuda.exitCode()).isEqualTo(1);
    assertThat(noCuda.output()).contains("PyTorch found no GPU");
  }

  @Test
  void aMachineWithoutItsParts() throws Exception {
    command("aws", "exit 1");
    Result result = script("smoke-test.sh", "cpu");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).contains("the AWS CLI does not start");
  }

  @Test
  void cleaningTakesWhatBelongsToOneMachineAndCanBeDoneTwice() throws Exception {
    for (String file :
        List.of(
            "var/lib/ecs/data/agent.db",
            "tmp/provision/scripts/x",
            "etc/ssh/ssh_host_rsa_key",
            "home/ec2-user/.ssh/authorized_keys",
            "var/lib/cloud/instances/i-1/x")) {
      Path path = machine.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, "x");
    }
    Path log = Files.createDirectories(machine.resolve("var/log")).resolve("messages");
    Files.writeString(log, "x");
    for (int i = 0; i < 2; i++) {
      Result result = script("clean-up.sh");
      assertThat(result.exitCode()).as(result.output()).isZero();
      assertThat(tree().keySet()).containsExactly("var/log/messages");
      assertThat(log).isEmptyFile();
    }
  }

  @Test
  void theAgentMeasuresDiskAndMemory() throws IOException {
    JsonNode agent =
        JsonMapper.shared()
            .readTree(Files.readString(PACKER.resolve("amazon-cloudwatch-agent.json")));
    assertThat(agent.at("/metrics/metrics_collected/disk/measurement/0").asString())
        .isEqualTo("used_percent");
    assertThat(agent.at("/metrics/metrics_collected/mem/measurement/0").asString())
        .isEqualTo("used_percent");
    // A machine knows its type; for others the agent asks EC2, which machines may not.
    assertThat(agent.at("/metrics/append_dimensions").propertyNames())
        .containsExactly("InstanceType");
    assertThat(agent.path("logs").isMissingNode()).isTrue();
  }

  // ---- how

  private Result validate(Path where, Map<String, String> variables) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("validate"));
    new TreeMap<>(variables)
        .forEach((name, value) -> arguments.addAll(List.of("-var", name + "=" + value)));
    arguments.add(".");
    return packer(where, arguments.toArray(String[]::new));
  }

  private static String[] inspection() {
    List<String> arguments = new ArrayList<>(List.of("inspect"));
    new TreeMap<>(VARIABLES)
        .forEach((name, value) -> arguments.addAll(List.of("-var", name + "=" + value)));
    arguments.add(".");
    return arguments.toArray(String[]::new);
  }

  private Result packer(Path where, String... arguments) throws Exception {
    Path packer = TOOLS.resolve("go/packer");
    assertThat(packer).as("missing: run tools/install packer").isExecutable();
    List<String> command = new ArrayList<>(List.of(packer.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(where.toFile());
    builder.environment().clear();
    builder
        .environment()
        .putAll(
            Map.of(
                "PATH",
                "/usr/bin:/bin",
                "HOME",
                folder.toString(),
                "TMPDIR",
                folder.toString(),
                "CHECKPOINT_DISABLE",
                "1",
                "PACKER_NO_COLOR",
                "1",
                "PACKER_CONFIG_DIR",
                folder.resolve("packer").toString(),
                "PACKER_PLUGIN_PATH",
                TOOLS.resolve("packer-plugins").toString(),
                "AWS_EC2_METADATA_DISABLED",
                "true"));
    return Result.of(builder, folder.resolve("packer.txt"));
  }

  private Result script(String name, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("sh", PACKER.resolve("scripts").resolve(name).toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder
        .environment()
        .putAll(
            Map.of(
                "PATH", folder.resolve("bin") + ":/usr/bin:/bin",
                "TMPDIR", folder.toString(),
                "CALLS", folder.resolve("calls.txt").toString(),
                "ROOT", machine.toString()));
    return Result.of(builder, folder.resolve("script.txt"));
  }

  /** Puts a stand-in for a command first in the path. */
  private void command(String name, String text) throws IOException {
    executable(
        folder.resolve("bin").resolve(name),
        "#!/bin/sh\necho \"%s $*\" >>\"$CALLS\"\n%s\n".formatted(name, text));
  }

  private void useThePythonOf(String tools) throws IOException {
    Path python = TOOLS.resolve("python-" + tools + "/bin/python");
    assertThat(python).as("missing: run tools/install %s", tools).isExecutable();
    executable(
        machine.resolve("opt/ml-agent/venv/bin/python"),
        "#!/bin/sh\nexec '%s' -B \"$@\"\n".formatted(python));
  }

  private static void executable(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private List<String> calls() throws IOException {
    Path calls = folder.resolve("calls.txt");
    return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
  }

  /** What the machine's disk holds: files with their content and rights. */
  private Map<String, String> tree() throws IOException {
    Map<String, String> tree = new TreeMap<>();
    try (Stream<Path> files = Files.walk(machine)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        tree.put(
            machine.relativize(file).toString(),
            Files.isSymbolicLink(file)
                ? "link to " + Files.readSymbolicLink(file)
                : Files.getPosixFilePermissions(file) + " " + Files.readString(file));
      }
    }
    return tree;
  }

  private static Map<String, String> pins(Path requirements) throws IOException {
    Map<String, String> pins = new TreeMap<>();
    Matcher matcher =
        Pattern.compile("(?m)^([a-z0-9-]+)(?:\\[[a-z-]+])?==([^ \\\\]+)")
            .matcher(Files.readString(requirements));
    while (matcher.find()) {
      pins.put(matcher.group(1), matcher.group(2));
    }
    return pins;
  }

  private static String version(String module, String name) {
    Matcher matcher =
        Pattern.compile("github.com/hashicorp/" + name + " v([0-9.]+)").matcher(module);
    assertThat(matcher.find()).as(name).isTrue();
    return matcher.group(1);
  }

  private static Path copy(Path from, Path to) {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (file.toString().contains("__pycache__")) {
          continue;
        }
        Path target = from.equals(file) ? to : to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
      return to;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
