package dev.mlinfra.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentLoaderTest {
  private static final String IDENTITY =
      """
      schema: mlinfra/v1
      environment: dev
      project: ml-agent
      owner: ml-platform
      costCenter: cc-1234
      """;
  private static final String AWS =
      """
      aws:
        account: "123456789012"
        region: us-east-1
      """;

  @TempDir Path folder;

  @Test
  void fillsWhatTheFileLeavesOutFromTheDefaults() {
    Environment environment = load(IDENTITY + AWS);

    Defaults defaults = Defaults.of(Pattern.BATCH);
    assertThat(environment.name()).isEqualTo("dev");
    assertThat(environment.pattern()).isEqualTo(Pattern.BATCH);
    assertThat(environment.budget()).isEqualTo(defaults.budget());
    assertThat(environment.usage()).isEqualTo(defaults.usage());
    assertThat(environment.organization()).isEqualTo(defaults.organization());
    assertThat(environment.allowDataLoss()).isFalse();
    AwsSettings aws = environment.aws().orElseThrow();
    assertThat(aws.data()).isEqualTo(defaults.data());
    assertThat(aws.prediction()).isEqualTo(defaults.prediction());
    assertThat(aws.network().availabilityZones())
        .containsExactly("us-east-1a", "us-east-1b", "us-east-1c");
  }

  @Test
  void readsEveryKey() {
    Environment environment =
        load(
            IDENTITY
                + """
                pattern: realtime
                allowDataLoss: true
                organization:
                  permissionsBoundaryArn: arn:aws:iam::123456789012:policy/boundary
                  rolePath: /ml/
                  bootstrapQualifier: mlteam
                  extraTags: { data-class: internal }
                  partition: aws
                budget: { monthlyUsd: 12.5, worstCaseMonthlyUsd: 99, warnAt: 0.5, trainingJobUsd: 2, predictionJobUsd: 0.25, maxHourlyUsd: 3, maxConcurrentJobs: 2 }
                usage: { predictionsPerMonth: 7, trainingHoursPerMonth: 1.5, dataGb: 0 }
                outputs: { aws: { Data.BucketName: by-hand }, runpod: { endpointId: e1 } }
                aws:
                  account: "123456789012"
                  region: eu-west-1
                  shared:
                    region: us-east-1
                    images: [training, pipeline]
                    pulumiState: true
                    operators: ["arn:aws:iam::123456789012:role/data-scientists"]
                  github:
                    repository: octocat@583231/models@1
                    deployBranch: main
                    oidcProviderArn: arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com
                    imagePipeline:
                      image: pipeline
                      cluster: tasks
                      taskFamily: prices
                      taskRoleArn: arn:aws:iam::123456789012:role/task
                      executionRoleArn: arn:aws:iam::123456789012:role/execution
                      logGroup: /ecs/prices
                      dataObject: my-bucket/datasets/prices.csv
                  network: { availabilityZones: [eu-west-1b], egress: nat }
                  data:
                    datasetsDays: 1
                    resultsDays: 2
                    checkpointsDays: 3
                    noncurrentDays: 4
                    prefixes: { datasets: in, models: m/o, results: out, checkpoints: c }
                    encryption: kms
                    onDelete: destroy
                  prediction:
                    memoryMb: 1769
                    timeout: PT1M
                    reservedConcurrency: 3
                    runtime: java21
                    retryAttempts: 0
                    maxEventAge: PT2M
                    logRetentionDays: 7
                    tracing: true
                    distributed:
                      maxItems: 50
                      maxConcurrency: 2
                      maxGb: 10
                      rangeMb: 64
                      toleratedFailurePercentage: 2.5
                      toleratedFailureCount: 3
                      retryAttempts: 0
                """);

    assertThat(environment.pattern()).isEqualTo(Pattern.REALTIME);
    assertThat(environment.allowDataLoss()).isTrue();
    assertThat(environment.organization())
        .isEqualTo(
            new Organization(
                Optional.of("arn:aws:iam::123456789012:policy/boundary"),
                "/ml/",
                Optional.of("mlteam"),
                Map.of("data-class", "internal"),
                "aws"));
    assertThat(environment.budget()).isEqualTo(new Budget(12.5, 99, 0.5, 2, 0.25, 3, 2));
    assertThat(environment.usage()).isEqualTo(new Usage(7, 1.5, 0));
    assertThat(environment.outputs())
        .containsEntry(Target.AWS, Map.of("Data.BucketName", "by-hand"))
        .containsEntry(Target.RUNPOD, Map.of("endpointId", "e1"));
    assertThat(environment.aws())
        .hasValue(
            new AwsSettings(
                "123456789012",
                "eu-west-1",
                new SharedSettings(
                    "us-east-1",
                    List.of("training", "pipeline"),
                    true,
                    List.of("arn:aws:iam::123456789012:role/data-scientists")),
                Optional.of(
                    new GitHubSettings(
                        "octocat@583231/models@1",
                        Optional.of("main"),
                        Optional.of(
                            "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"),
                        Optional.of(
                            new GitHubSettings.ImagePipeline(
                                "pipeline",
                                "tasks",
                                "prices",
                                "arn:aws:iam::123456789012:role/task",
                                "arn:aws:iam::123456789012:role/execution",
                                Optional.of("/ecs/prices"),
                                Optional.of("my-bucket/datasets/prices.csv"))))),
                new NetworkSettings(
                    List.of("eu-west-1b"),
                    NetworkSettings.Egress.NAT,
                    "10.20.0.0/16",
                    1,
                    false,
                    Optional.empty(),
                    List.of(),
                    false),
                new DataSettings(
                    1,
                    2,
                    3,
                    4,
                    new Prefixes("in", "m/o", "out", "c"),
                    DataSettings.Encryption.KMS,
                    DataSettings.OnDelete.DESTROY),
                new PredictionSettings(
                    1769,
                    Duration.ofMinutes(1),
                    OptionalInt.of(3),
                    "java21",
                    0,
                    Duration.ofMinutes(2),
                    7,
                    true,
                    Optional.of(
                        new DistributedSettings(
                            OptionalInt.of(50),
                            OptionalInt.of(2),
                            10,
                            64,
                            2.5,
                            OptionalInt.of(3),
                            0))),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                new SecretSettings(List.of(), List.of())));
  }

  @Test
  void readsEveryKeyOfAClusterAndOfItsNodes() {
    Environment environment =
        load(
            IDENTITY
                + AWS
                + """
                  cluster:
                    version: "1.35"
                    publicCidrs: [203.0.113.0/24]
                    admins: [arn:aws:iam::123456789012:role/ops]
                    deletionProtection: false
                    logRetentionDays: 7
                    nodegroups:
                      - { name: big, instanceTypes: [p5.48xlarge], min: 1, max: 2, spot: true, diskGb: 500, multiNode: true }
                      - { name: small, instanceTypes: [g6.xlarge], max: 4 }
                    podRoles:
                      - { namespace: ml-jobs, serviceAccount: churn, access: training }
                """);

    assertThat(environment.aws().orElseThrow().cluster())
        .hasValue(
            new ClusterSettings(
                "1.35",
                List.of("203.0.113.0/24"),
                List.of("arn:aws:iam::123456789012:role/ops"),
                false,
                7,
                List.of(
                    new ClusterSettings.Nodegroup(
                        "big", List.of("p5.48xlarge"), 1, 2, true, 500, true),
                    new ClusterSettings.Nodegroup(
                        "small", List.of("g6.xlarge"), 0, 4, false, 100, false)),
                List.of(
                    new ClusterSettings.PodRole(
                        "ml-jobs", "churn", ClusterSettings.Access.TRAINING))));
  }

  @ParameterizedTest
  @CsvSource({"BATCH, 0, 2", "HYBRID, 1, 2", "REALTIME, 2, 10"})
  void thePatternChoosesTheNodesOfAnEmptyCluster(Pattern pattern, int min, int max) {
    Environment environment =
        load(IDENTITY + "pattern: " + pattern.word() + "\n" + AWS + "  cluster: {}\n");

    ClusterSettings cluster = environment.aws().orElseThrow().cluster().orElseThrow();
    assertThat(cluster.nodegroups())
        .extracting(
            ClusterSettings.Nodegroup::name,
            ClusterSettings.Nodegroup::min,
            ClusterSettings.Nodegroup::max,
            ClusterSettings.Nodegroup::spot)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("training", 0, 5, true),
            org.assertj.core.groups.Tuple.tuple("inference", min, max, false));
    assertThat(environment.aws().orElseThrow().needsNetwork()).isTrue();
  }

  @Test
  void tellsWhatIsWrongWithNodes() {
    assertThat(
            problems(
                IDENTITY
                    + AWS
                    + """
                      cluster:
                        nodegroups:
                          - { name: big, instanceTypes: [p5.48xlarge], min: 3, max: 2 }
                          - { name: big, instanceTypes: [p5.48xlarge], max: 2 }
                    """))
        .extracting(Problem::toString)
        .map(text -> text.substring(text.lastIndexOf("dev.yaml")))
        .containsExactly(
            "dev.yaml:11:57: aws.cluster.nodegroups[0].min: given 3 with max 2; allowed: 0 to 2; fix:"
                + " lower it, or raise max",
            "dev.yaml:12:17: aws.cluster.nodegroups[1].name: given 'big' twice; allowed: a name for each"
                + " node group; fix: rename one");
  }

  @ParameterizedTest
  @EnumSource(Pattern.class)
  void thePatternChoosesTheDefaults(Pattern pattern) {
    Environment environment = load(IDENTITY + "pattern: " + pattern.word() + "\n" + AWS);

    assertThat(environment.budget().monthlyUsd())
        .isEqualTo(
            Map.of(Pattern.BATCH, 800.0, Pattern.REALTIME, 1500.0, Pattern.HYBRID, 1200.0)
                .get(pattern));
    assertThat(environment.aws().orElseThrow().prediction().timeout())
        .isEqualTo(pattern == Pattern.REALTIME ? Duration.ofSeconds(30) : Duration.ofMinutes(15));
  }

  @Test
  void runPodHasDefaults() {
    RunPodSettings runpod =
        load(IDENTITY
                + """
                    runpod:
                      dataCenter: EU-RO-1
                      endpoint: { image: "registry.example.com/worker:1" }
                      training: { image: "registry.example.com/training:1", command: python3 train.py }
                    """)
            .runpod()
            .orElseThrow();

    assertThat(runpod.volumeGb()).isEqualTo(100);
    assertThat(runpod.onDelete()).isEqualTo(DataSettings.OnDelete.RETAIN);
    assertThat(runpod.endpoint())
        .isEqualTo(
            new RunPodSettings.Endpoint(
                "registry.example.com/worker:1",
                List.of("AMPERE_16"),
                0,
                3,
                Duration.ofSeconds(30),
                Duration.ofMinutes(10),
                true,
                Map.of()));
    assertThat(runpod.training())
        .contains(
            new RunPodSettings.Training(
                "registry.example.com/training:1",
                "python3 train.py",
                Optional.empty(),
                List.of(),
                RunPodSettings.Cloud.SECURE,
                Duration.ofHours(2),
                Duration.ofMinutes(15)));
  }

  @Test
  void tellsWhatDoesNotFitOnRunPod() {
    assertThat(
            problems(
                """
                schema: mlinfra/v1
                environment: dev
                project: shop
                owner: o
                costCenter: c
                runpod:
                  dataCenter: EU-RO-1
                  onDelete: destroy
                  endpoint:
                    image: registry.example.com/worker:1
                    workersMin: 4
                    idleTimeout: PT2H
                    timeout: PT1S
                  training:
                    image: registry.example.com/training:1
                    command: python3 train.py
                    maxLifetime: PT1S
                    idleTimeout: PT48H
                """))
        .extracting(Problem::path)
        .containsExactlyInAnyOrder(
            "runpod.endpoint.idleTimeout",
            "runpod.endpoint.timeout",
            "runpod.training.maxLifetime",
            "runpod.training.idleTimeout",
            "runpod.endpoint.workersMin",
            "runpod.onDelete");
  }

  @Test
  void theWorstMonthIsTenTimesTheMonthUnlessTheFileSaysMore() {
    assertThat(load(IDENTITY + "budget: { monthlyUsd: 12 }\n").budget().worstCaseMonthlyUsd())
        .isEqualTo(120);
    assertThat(
            load(IDENTITY + "budget: { monthlyUsd: 12, worstCaseMonthlyUsd: 12 }\n")
                .budget()
                .worstCaseMonthlyUsd())
        .isEqualTo(12);
  }

  @Test
  void anAbsentTargetIsEmpty() {
    assertThat(load(IDENTITY).aws()).isEmpty();
  }

  @Test
  void extendsMergesMapsAndReplacesListsAndValues() {
    write(
        "base.yaml",
        """
        schema: mlinfra/v1
        project: base-project
        owner: ml-platform
        costCenter: cc-1234
        aws:
          account: "123456789012"
          region: us-east-1
          network: { availabilityZones: [us-east-1a, us-east-1b] }
          data: { datasetsDays: 10, resultsDays: 20 }
        """);

    Environment environment =
        load(
            """
            schema: mlinfra/v1
            extends: base.yaml
            environment: dev
            project: dev-project
            aws:
              network: { availabilityZones: [us-east-1f] }
              data: { resultsDays: 5 }
            """);

    AwsSettings aws = environment.aws().orElseThrow();
    assertThat(environment.project()).isEqualTo("dev-project");
    assertThat(aws.account()).isEqualTo("123456789012");
    assertThat(aws.network().availabilityZones()).containsExactly("us-east-1f");
    assertThat(aws.data().datasetsDays()).isEqualTo(10);
    assertThat(aws.data().resultsDays()).isEqualTo(5);
  }

  @Test
  void anErrorInABaseNamesTheBase() {
    write("base.yaml", "schema: mlinfra/v1\nowner: me\nprojekt: x\n");

    assertThat(
            problems(
                "schema: mlinfra/v1\nextends: base.yaml\nenvironment: dev\nproject: p1\ncostCenter: c\n"))
        .singleElement()
        .asString()
        .contains("base.yaml:3:1: projekt: unknown key")
        .contains("did you mean 'project'?");
  }

  @Test
  void saysEverythingAtOnceInTheOrderOfTheFile() {
    List<Problem> problems =
        problems(
            """
            schema: mlinfra/v2
            environment: Dev
            owner: ml-platform
            costCenter: 12
            pattern: bach
            aws:
              account: 123456789012
              regoin: us-east-1
              prediction: { memoryMb: 99999, timeout: 15m }
              data: [ ]
            """);

    assertThat(problems)
        .extracting(Problem::toString)
        .map(text -> text.substring(text.lastIndexOf("dev.yaml")))
        .containsExactly(
            "dev.yaml:1:1: project: is missing; allowed: 2 to 32 lower-case letters, digits and hyphens,"
                + " first a letter; fix: add 'project:'",
            "dev.yaml:1:9: schema: given 'mlinfra/v2'; allowed: mlinfra/v1; fix: did you mean 'mlinfra/v1'?",
            "dev.yaml:2:14: environment: given 'Dev'; allowed: 2 to 16 lower-case letters, digits and"
                + " hyphens, first a letter",
            "dev.yaml:4:13: costCenter: given the number 12; allowed: 1 to 128 letters, digits, spaces and _"
                + " . : / = + @ -; fix: put it in quotes",
            "dev.yaml:5:10: pattern: given 'bach'; allowed: batch, realtime, hybrid; fix: did you mean"
                + " 'batch'?",
            "dev.yaml:7:3: aws.region: is missing; allowed: a region name such as us-east-1; fix: add"
                + " 'region:'",
            "dev.yaml:7:12: aws.account: given the number 123456789012; allowed: 12 digits in quotes, such as"
                + " \"123456789012\"; fix: put it in quotes",
            "dev.yaml:8:3: aws.regoin: unknown key; allowed: account, region, shared, github, network, data, prediction, training, cluster, tasks, secrets; fix:"
                + " did you mean 'region'?",
            "dev.yaml:9:27: aws.prediction.memoryMb: given 99999; allowed: a whole number, at least 128, at"
                + " most 10240",
            "dev.yaml:9:43: aws.prediction.timeout: given '15m'; allowed: an ISO 8601 duration such as PT15M",
            "dev.yaml:10:9: aws.data: given a list; allowed: a map, with datasetsDays, resultsDays,"
                + " checkpointsDays, noncurrentDays, prefixes, encryption, onDelete");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          aws: { account: '123456789012', region: us-east-1, network: { availabilityZones: [eu-west-1a] } } | eu-west-1a is not in us-east-1
          aws: { account: '123456789012', region: cn-north-1 } | set organization.partition: aws-cn
          aws: { account: '123456789012', region: us-east-1, data: { prefixes: { results: datasets/out } } } | 'datasets/out' lies in 'datasets'
          aws: { account: '123456789012', region: us-east-1, data: { prefixes: { models: datasets } } } | 'datasets' lies in 'datasets'
          aws: { account: '123456789012', region: us-east-1, prediction: { timeout: PT16M } } | given 'PT16M'; allowed: PT1S to PT15M
          aws: { account: '123456789012', region: us-east-1, prediction: { timeout: PT } } | given 'PT'; allowed: PT1S to PT15M
          aws: { account: '123456789012', region: us-east-1, prediction: { maxEventAge: PT59S } } | given 'PT59S'; allowed: PT1M to PT6H
          aws: { account: '123456789012', region: us-east-1, prediction: { maxEventAge: PT99999999999999999999H } } | allowed: PT1M to PT6H
          aws: { account: '123456789012', region: us-east-1, data: { onDelete: destroy } } | given 'destroy' without allowDataLoss: true
          organization: { extraTags: { Owner: x } } | is one of the six cost tags
          organization: { permissionsBoundaryArn: 'arn:aws-cn:iam::123456789012:policy/b' } | an ARN that starts with arn:aws:
          budget: { maxConcurrentJobs: 0x5 } | given 0x5, a number that is not decimal
          budget: { maxConcurrentJobs: 0o17 } | given 0o17, a number that is not decimal
          budget: { maxConcurrentJobs: !!int five } | has the tag
          allowDataLoss: !!bool maybe | has the tag
          budget: { monthlyUsd: 100, worstCaseMonthlyUsd: 99.5 } | budget.worstCaseMonthlyUsd: given 99.5, less than monthlyUsd; allowed: at least 100, which budget.monthlyUsd is; fix: raise worstCaseMonthlyUsd, or lower monthlyUsd
          budget: { worstCaseMonthlyUsd: 799 } | at least 800, which budget.monthlyUsd is
          budget: { warnAt: .nan } | budget.warnAt: given
          budget: { warnAt: 0 } | above 0
          aws: { account: '123456789012', region: us-east-1, network: { availabilityZones: [us-east-1a, us-east-1a] } } | each once
          aws: { account: '123456789012', region: us-east-1, network: { availabilityZones: [zone-a] } } | aws.network.availabilityZones[0]: given 'zone-a'; allowed: a zone name such as us-east-1a
          aws: { account: '123456789012', region: us-east-1, prediction: { tracing: "yes" } } | given the text 'yes'; allowed: true or false; fix: write it without quotes or unit
          aws: { account: '123456789012', region: us-east-1, prediction: { memoryMb: } } | given nothing
          usage: ~ | usage: given nothing
          aws: { account: '123456789012', region: us-east-1, shared: { region: cn-north-1 } } | aws.shared.region: given 'cn-north-1' in partition aws
          aws: { account: '123456789012', region: us-east-1, shared: { operators: ['arn:aws:iam::123456789012:root'] } } | aws.shared.operators[0]: given 'arn:aws:iam::123456789012:root'; allowed: the ARN of a role or user
          aws: { account: '123456789012', region: us-east-1, shared: { operators: ['arn:aws:iam::123456789012:role/*'] } } | allowed: the ARN of a role or user
          aws: { account: '123456789012', region: us-east-1, shared: { operators: ['arn:aws-cn:iam::123456789012:role/r'] } } | ARNs that start with arn:aws:
          aws: { account: '123456789012', region: us-east-1, shared: { images: [Training] } } | aws.shared.images[0]: given 'Training'
          aws: { account: '123456789012', region: us-east-1, github: { repository: models } } | aws.github.repository: given 'models'; allowed: owner/name or owner@123456/name@456789
          aws: { account: '123456789012', region: us-east-1, github: { repository: octocat/* } } | given 'octocat/*'; allowed: owner/name
          aws: { account: '123456789012', region: us-east-1, github: { repository: octocat/models, deployBranch: 'release/*' } } | a branch name without wildcards
          aws: { account: '123456789012', region: us-east-1, github: { repository: octocat/models, oidcProviderArn: 'arn:aws:iam::123456789012:oidc-provider/example.com' } } | aws.github.oidcProviderArn: given
          aws: { account: '123456789012', region: us-east-1, github: { repository: octocat/models, imagePipeline: { image: pipeline, cluster: c, taskFamily: f, taskRoleArn: 'arn:aws:iam::123456789012:role/t', executionRoleArn: 'arn:aws-cn:iam::123456789012:role/e' } } } | aws.github.imagePipeline.executionRoleArn: given 'arn:aws-cn:iam::123456789012:role/e'; allowed: ARNs that start with arn:aws:
          aws: { account: '123456789012', region: us-east-1, github: { repository: octocat/models, imagePipeline: { image: pipeline, cluster: c, taskFamily: f, taskRoleArn: 'arn:aws:iam::123456789012:role/t', executionRoleArn: 'arn:aws:iam::123456789012:role/e' } } } | aws.github.imagePipeline.image: given 'pipeline'; allowed: training; fix: add it to aws.shared.images
          outputs: { aws: { bucket-name: x } } | outputs.aws
          outputs: { aws: { BucketName: '' } } | outputs.aws.BucketName: given
          outputs: { heroku: { a: b } } | unknown key; allowed: aws, k8s, gcp, azure, runpod
          """)
  void refuses(String line, String expected) {
    assertThatThrownBy(() -> load(IDENTITY + line + "\n"))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining(expected);
  }

  @Test
  void aCopiedFileThatKeptTheOldNameIsRefused() {
    Path copy = write("prod.yaml", IDENTITY);

    assertThatThrownBy(() -> new EnvironmentLoader(Map.of()).load(copy))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("given 'dev' in a file named prod.yaml")
        .hasMessageContaining("write environment: prod or rename the file");
  }

  @Test
  void theNameOfWhatExistsOncePerAccountIsTaken() {
    Path file = write("account.yaml", IDENTITY.replace("environment: dev", "environment: account"));

    assertThatThrownBy(() -> new EnvironmentLoader(Map.of()).load(file))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("given 'account', the name of what exists once per account");
  }

  @Test
  void aMissingFile() {
    assertThatThrownBy(() -> new EnvironmentLoader(Map.of()).load(folder.resolve("none.yaml")))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("none.yaml:1:1: no such file");
  }

  @Test
  void aFolder() {
    assertThatThrownBy(() -> new EnvironmentLoader(Map.of()).load(folder))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("is not a file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   \n", "\n\n"})
  void anEmptyFile(String text) {
    assertThat(problems(text)).singleElement().asString().contains("is empty");
  }

  @ParameterizedTest
  @ValueSource(strings = {"# only a comment\n", "---\n", "- a\n- b\n", "just text\n"})
  void aFileThatIsNoMap(String text) {
    assertThat(problems(text))
        .singleElement()
        .asString()
        .containsAnyOf("is not a map", "holds no value");
  }

  @Test
  void aBinaryFile() throws IOException {
    Path file = folder.resolve("dev.yaml");
    Files.write(file, new byte[] {0, 1, 2, 3});
    assertThat(problems(file)).singleElement().asString().contains("is a binary file");

    Files.write(file, new byte[] {(byte) 0x80, (byte) 0xfe, 0x41});
    assertThat(problems(file)).singleElement().asString().contains("is not UTF-8 text");
  }

  @Test
  void aCharacterThatYamlForbids() {
    assertThat(problems(IDENTITY + "pattern: \u0007\n"))
        .singleElement()
        .asString()
        .contains("U+0007");
  }

  @Test
  void aTab() {
    assertThat(problems("schema: mlinfra/v1\naws:\n\taccount: x\n"))
        .singleElement()
        .asString()
        .contains("dev.yaml:3:1: a tab; allowed: spaces");
  }

  @Test
  void aDuplicateKey() {
    assertThat(problems(IDENTITY + "owner: other\n"))
        .singleElement()
        .asString()
        .contains("dev.yaml:6:1: owner: the key stands here a second time")
        .contains("the one in line 4");
  }

  @Test
  void badSyntaxNamesTheLine() {
    assertThat(problems("schema: mlinfra/v1\nproject: [a, b\nowner: x\n"))
        .singleElement()
        .asString()
        .contains("dev.yaml:3")
        .contains("is not YAML");
  }

  @ParameterizedTest
  @ValueSource(strings = {"owner: \"\\u\"\n", "owner: \"\\xzz\"\n", "owner: \"\\u"})
  void aMalformedEscape(String line) {
    assertThat(problems("schema: mlinfra/v1\n" + line))
        .singleElement()
        .asString()
        .contains("dev.yaml:2:")
        .contains("is not YAML");
  }

  @Test
  void aSecondDocument() {
    assertThat(problems(IDENTITY + "---\nschema: mlinfra/v1\n"))
        .singleElement()
        .asString()
        .contains("a second document starts here");
  }

  @Test
  void aTagIsRefused() {
    assertThat(problems(IDENTITY + "pattern: !!java.lang.Runtime batch\n"))
        .singleElement()
        .asString()
        .contains("values without tags");
  }

  @Test
  void anAliasBomb() {
    StringBuilder text = new StringBuilder(IDENTITY);
    text.append("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i <= 20; i++) {
      text.append(
          "a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9) + "*a" + (i - 1)));
    }
    assertThat(problems(text.toString()))
        .singleElement()
        .asString()
        .contains("when its aliases are written out");
  }

  @Test
  void aliasesOfFinishedValuesWork() {
    Environment environment =
        load(
            IDENTITY
                .replace("owner: ml-platform", "owner: &team ml-platform")
                .replace("costCenter: cc-1234", "costCenter: *team"));

    assertThat(environment.costCenter()).isEqualTo("ml-platform");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a: *nobody\n", "a: &self [*self]\n"})
  void anAliasWithoutAFinishedAnchor(String line) {
    assertThat(problems(IDENTITY + line))
        .singleElement()
        .asString()
        .contains("has no anchor before it");
  }

  @Test
  void deepNesting() {
    assertThat(problems("a: " + "[".repeat(50_000)))
        .singleElement()
        .asString()
        .contains("is nested too deeply");
  }

  @Test
  void tenMegabytes() {
    assertThat(problems(IDENTITY + "# " + "x".repeat(10_000_000) + "\n"))
        .singleElement()
        .asString()
        .contains("bytes long");
  }

  @Test
  void anExtendsCircle() {
    write("a.yaml", "extends: b.yaml\n");
    write("b.yaml", "extends: dev.yaml\n");

    assertThat(problems("extends: a.yaml\n"))
        .singleElement()
        .asString()
        .contains("goes in a circle: dev.yaml -> a.yaml -> b.yaml -> dev.yaml");
  }

  @Test
  void anExtendsChainWithoutEnd() {
    for (int i = 0; i < 20; i++) {
      write("f" + i + ".yaml", "extends: f" + (i + 1) + ".yaml\n");
    }
    assertThat(problems("extends: f0.yaml\n"))
        .singleElement()
        .asString()
        .contains("more than 8 files");
  }

  @ParameterizedTest
  @CsvSource({"extends: nobody.yaml,there is no file", "'extends: \"\\0\"',is not a file name"})
  void anExtendsThatIsNotThere(String line, String expected) {
    assertThat(problems(line + "\n")).singleElement().asString().contains(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"extends: [a]", "extends: 7", "extends: ''"})
  void anExtendsThatIsNoName(String line) {
    assertThat(problems(IDENTITY + line + "\n"))
        .anySatisfy(problem -> assertThat(problem.path()).isEqualTo("extends"));
  }

  @Test
  void idsMayComeFromTheMachine() {
    Path file = write("dev.yaml", IDENTITY + AWS.replace("\"123456789012\"", "${env:ACCOUNT}"));

    Environment environment = new EnvironmentLoader(Map.of("ACCOUNT", "210987654321")).load(file);

    assertThat(environment.aws().orElseThrow().account()).isEqualTo("210987654321");
  }

  @Test
  void aVariableThatIsNotSet() {
    assertThat(problems(IDENTITY + AWS.replace("\"123456789012\"", "${env:ACCOUNT}")))
        .singleElement()
        .asString()
        .contains("aws.account: the environment variable ACCOUNT is not set")
        .contains("export ACCOUNT=");
  }

  @Test
  void theValueOfAVariableIsNeverShown() {
    Path file = write("dev.yaml", IDENTITY + AWS.replace("\"123456789012\"", "${env:ACCOUNT}"));

    assertThatThrownBy(
            () -> new EnvironmentLoader(Map.of("ACCOUNT", "super-secret-value")).load(file))
        .hasMessageContaining(
            "aws.account: given the value of the environment variable ACCOUNT; allowed: 12 digits")
        .message()
        .doesNotContain("super-secret-value");
  }

  @Test
  void aSecretInABaseIsToldEvenWhenItIsReplaced() {
    write("base.yaml", "owner: AKIAIOSFODNN7EXAMPLE\n");

    assertThat(problems(IDENTITY + "extends: base.yaml\n"))
        .singleElement()
        .asString()
        .contains("base.yaml:1:8: owner: looks like an AWS access key id in clear");
  }

  @Test
  void aBrokenBaseDoesNotHideTheProblemsOfTheFileItself() {
    write("base.yaml", "owner: [\n");

    assertThat(problems("schema: mlinfra/v9\nextends: base.yaml\nenvironment: dev\n"))
        .hasSize(2)
        .anySatisfy(
            problem -> assertThat(problem.toString()).contains("base.yaml").contains("is not YAML"))
        .anySatisfy(problem -> assertThat(problem.toString()).contains("given 'mlinfra/v9'"));
  }

  @Test
  void aVariableWhereAValueBelongs() {
    Path file = write("dev.yaml", IDENTITY.replace("ml-platform", "${env:USER}"));

    assertThatThrownBy(() -> new EnvironmentLoader(Map.of("USER", "me")).load(file))
        .hasMessageContaining(
            "owner: given '${env:USER}'; allowed: ${env:NAME} alone, and only for ids");
  }

  @ParameterizedTest
  @CsvSource({
    "'password: hunter2hunter2',a secret,hunter2",
    "'organization: { extraTags: { apiKey: abcdef123456 } }',a secret,abcdef123456",
    "'owner: AKIAIOSFODNN7EXAMPLE',an AWS access key id,AKIAIOSFODNN7EXAMPLE",
    "'owner: rpa_ABCDEFGHIJKLMNOPQRSTUVWX',a RunPod API key,rpa_ABC",
    "'owner: https://me:secretword@example.com',a password in an address,secretword"
  })
  void secretsInClearAreRefusedAndNotShown(String line, String what, String secret) {
    String text =
        (line.startsWith("owner") ? IDENTITY.replace("owner: ml-platform\n", "") : IDENTITY)
            + line
            + "\n";

    ValidationException e = catchThrowableOfType(ValidationException.class, () -> load(text));

    assertThat(e).hasMessageContaining("looks like " + what + " in clear");
    assertThat(e.getMessage()).doesNotContain(secret);
    assertThat(e.problems()).allSatisfy(problem -> assertThat(problem.at()).isPresent());
  }

  @Test
  void listsTheFilesThatNameAnEnvironment() {
    write("base.yaml", "schema: mlinfra/v1\n");
    Path dev = write("dev.yaml", IDENTITY);
    Path broken = write("broken.yml", "a: [");
    write("notes.txt", "");

    assertThat(new EnvironmentLoader(Map.of()).list(folder)).containsExactly(broken, dev);
  }

  @Test
  void aFolderWithoutEnvironmentsIsAnError() {
    assertThatThrownBy(() -> new EnvironmentLoader(Map.of()).list(folder.resolve("none")))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("no environment file found");
  }

  private Environment load(String text) {
    return new EnvironmentLoader(Map.of()).load(write("dev.yaml", text));
  }

  private List<Problem> problems(String text) {
    return problems(write("dev.yaml", text));
  }

  private static List<Problem> problems(Path file) {
    return catchThrowableOfType(
            ValidationException.class, () -> new EnvironmentLoader(Map.of()).load(file))
        .problems();
  }

  private Path write(String name, String text) {
    try {
      return Files.write(folder.resolve(name), text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
