package dev.mlinfra.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How environments share an account. */
class AccountTest {
  @TempDir Path folder;

  @Test
  void environmentsOfOneAccountAreTogether() {
    List<Account> accounts =
        Account.of(
            List.of(
                environment("prod", "123456789012", ""),
                environment("dev", "123456789012", ""),
                environment("lab", "111122223333", "")));

    assertThat(accounts)
        .extracting(Account::number)
        .containsExactly("111122223333", "123456789012");
    assertThat(accounts.get(1).environments())
        .extracting(Environment::name)
        .containsExactly("dev", "prod");
  }

  @Test
  void anEnvironmentWithoutAwsIsInNoAccount() {
    assertThat(Account.of(List.of(load("dev", identity("dev", "p1"))))).isEmpty();
  }

  @Test
  void whatExistsOnceIsNamedAndTaggedAfterTheAccount() {
    Account account = Account.of(List.of(environment("dev", "123456789012", ""))).get(0);

    assertThat(account.stackName("Access")).isEqualTo("p1-account-Access");
    assertThat(account.costTags("access").toMap())
        .containsEntry("environment", "account")
        .containsEntry("project", "p1")
        .containsEntry("workload", "access");
    assertThat(Account.workloadBoundary("p1")).isEqualTo("p1-workload-boundary");
  }

  @Test
  void settingsOfWhatExistsOnceMustAgree() {
    Environment dev = environment("dev", "123456789012", "  shared: { images: [a] }\n");
    Environment prod = environment("prod", "123456789012", "  shared: { images: [b] }\n");

    assertThatThrownBy(() -> Account.of(List.of(dev, prod)))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining(
            "aws.shared: differs between the environments of account 123456789012: dev, prod;"
                + " allowed: the same in all of them, since it exists once; fix: write it in the"
                + " file that all of them extend");
  }

  @Test
  void severalRegionsNeedOneForWhatExistsOnce() {
    Environment dev = environment("dev", "123456789012", "");
    Environment prod =
        load(
            "prod",
            identity("prod", "p1") + "aws:\n  account: \"123456789012\"\n  region: eu-west-1\n");

    assertThatThrownBy(() -> Account.of(List.of(dev, prod)))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("with several regions name aws.shared.region");

    String shared = "  shared: { region: eu-west-1 }\n";
    Environment there =
        load(
            "prod",
            identity("prod", "p1")
                + "aws:\n  account: \"123456789012\"\n  region: eu-west-1\n"
                + shared);
    assertThat(Account.of(List.of(environment("dev", "123456789012", shared), there)))
        .singleElement()
        .satisfies(account -> assertThat(account.shared().region()).isEqualTo("eu-west-1"));
  }

  @Test
  void allDisagreementsAreToldAtOnce() {
    Environment dev =
        load(
            "dev",
            identity("dev", "p1")
                + "organization: { rolePath: /a/ }\n"
                + aws("123456789012")
                + "  github: { repository: octocat/models }\n");
    Environment prod =
        load(
            "prod",
            identity("prod", "p2")
                + aws("123456789012")
                + "  shared: { pulumiState: true }\n"
                + "  github:\n"
                + "    repository: octocat/models\n"
                + "    oidcProviderArn: arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com\n");

    assertThatThrownBy(() -> Account.of(List.of(dev, prod)))
        .isInstanceOf(ValidationException.class)
        .extracting(e -> ((ValidationException) e).problems().stream().map(Problem::path).toList())
        .isEqualTo(List.of("project", "organization", "aws.shared", "aws.github.oidcProviderArn"));
  }

  @Test
  void foldersMustAgreeForOperators() {
    String operators = "  shared: { operators: [\"arn:aws:iam::123456789012:role/scientists\"] }\n";
    String folders = "  data: { prefixes: { datasets: in } }\n";
    Environment dev = environment("dev", "123456789012", operators);
    Environment prod = environment("prod", "123456789012", operators + folders);

    assertThatThrownBy(() -> Account.of(List.of(dev, prod)))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("aws.data.prefixes: differs");
    assertThat(
            Account.of(
                List.of(
                    environment("dev", "123456789012", ""),
                    environment("prod", "123456789012", folders))))
        .hasSize(1);
  }

  @Test
  void accountsNeedNotAgreeWithEachOther() {
    assertThat(
            Account.of(
                List.of(
                    environment("dev", "123456789012", "  shared: { images: [a] }\n"),
                    environment("prod", "111122223333", "  shared: { images: [b] }\n"))))
        .hasSize(2);
  }

  @Test
  void githubIsUpToEachEnvironment() {
    assertThat(
            Account.of(
                List.of(
                    environment(
                        "dev", "123456789012", "  github: { repository: octocat/models }\n"),
                    environment("prod", "123456789012", ""))))
        .hasSize(1);
  }

  private Environment environment(String name, String account, String more) {
    return load(name, identity(name, "p1") + aws(account) + more);
  }

  private static String identity(String name, String project) {
    return Stream.of(
            "schema: mlinfra/v1",
            "environment: " + name,
            "project: " + project,
            "owner: team",
            "costCenter: cc-1")
        .reduce("", (text, line) -> text + line + "\n");
  }

  private static String aws(String account) {
    return "aws:\n  account: \"" + account + "\"\n  region: us-east-1\n";
  }

  private Environment load(String name, String text) {
    try {
      Path file = folder.resolve(name + ".yaml");
      Files.writeString(file, text);
      return new EnvironmentLoader(Map.of()).load(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
