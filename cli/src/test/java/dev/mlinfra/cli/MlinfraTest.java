package dev.mlinfra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class MlinfraTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void validatesEveryEnvironmentByDefault() {
    assertThat(run("validate")).isZero();
    assertThat(out.toString())
        .contains("dev.yaml: fine (dev, pattern batch)")
        .contains("prod.yaml: fine (prod, pattern hybrid)")
        .contains("staging.yaml: fine")
        .doesNotContain("base.yaml");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void tellsEveryProblemOfEveryFileAndThenExitsWithTwo() throws IOException {
    Path first = Files.writeString(folder.resolve("first.yaml"), "schema: mlinfra/v2\n");
    Path second = folder.resolve("second.yaml");

    assertThat(run("validate", first.toString(), second.toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains("first.yaml:1:9: schema: given 'mlinfra/v2'; allowed: mlinfra/v1")
        .contains("first.yaml:1:1: owner: is missing")
        .contains("second.yaml:1:1: no such file")
        .doesNotContain("\tat ");
  }

  @Test
  void predictsLikeTheFunctionDoes() throws IOException {
    Path models =
        Path.of(System.getProperty("mlinfra.root"), "lambda-handler/src/test/resources/models");
    Path output = folder.resolve("out.csv");

    assertThat(
            run(
                "predict",
                "--model",
                models.resolve("diabetes-linear.onnx").toString(),
                "--scaler",
                models.resolve("diabetes-scaler.json").toString(),
                "--data",
                models.resolve("diabetes.csv").toString(),
                "--output",
                output.toString()))
        .isZero();
    assertThat(Files.readAllLines(output).get(0)).endsWith(",prediction");
    assertThat(out.toString())
        .startsWith((Files.readAllLines(output).size() - 1) + " rows in ")
        .contains(" rows/s, written to " + output);
  }

  @Test
  void predictRefusesAPickleAndNamesTheConverter() throws IOException {
    Path model = Files.write(folder.resolve("model.pkl"), new byte[] {(byte) 0x80, 4});
    Path data = Files.writeString(folder.resolve("in.csv"), "a\n1\n");
    Path output = folder.resolve("out.csv");

    assertThat(
            run(
                "predict",
                "--model",
                model.toString(),
                "--data",
                data.toString(),
                "--output",
                output.toString()))
        .isEqualTo(2);
    assertThat(err.toString()).contains("PICKLE_REFUSED").contains("convert_pickle.py");
    assertThat(output).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "predict,Missing required options: '--model=PLACE'",
    "nonsense,Unmatched argument at index 0: 'nonsense'",
    "validat,Did you mean: mlinfra validate"
  })
  void wrongUseExitsWithTwo(String argument, String message) {
    assertThat(run(argument)).isEqualTo(2);
    assertThat(err.toString()).contains(message);
  }

  @Test
  void quickstartNamesTheEnvironmentsThereAre() {
    assertThat(run("quickstart", "--env", "dve")).isEqualTo(2);
    assertThat(err.toString())
        .contains("no environment 'dve'; allowed: dev, prod, staging; fix: did you mean 'dev'?");
  }

  @Test
  void printsVersionHelpAndCompletion() {
    assertThat(run("version")).isZero();
    assertThat(run("--help")).isZero();
    assertThat(run("completion")).isZero();
    assertThat(out.toString())
        .contains("mlinfra (from classes)")
        .contains("quickstart")
        .contains("3   environment not usable")
        .contains("complete -F _complete_mlinfra");
  }

  private int run(String... arguments) {
    CommandLine commandLine = Mlinfra.commandLine();
    commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    return commandLine
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
