package dev.mlinfra.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class SnapshotsTest {
  private static final String HASH = "0123456789abcdef".repeat(4);
  private static final String OTHER = "fedcba9876543210".repeat(4);

  @TempDir Path folder;

  private static String text(String template) {
    Model model = Models.parse("t", template);
    return Snapshots.text(model, model.stacks().get(0));
  }

  private static String properties(String properties) {
    return text("{\"Resources\":{\"A\":{\"Type\":\"T\",\"Properties\":" + properties + "}}}");
  }

  @Nested
  class WhatMovesWithoutAChange {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"Code\":{\"S3Bucket\":\"b\",\"S3Key\":\"HASH.zip\"}}",
          "{\"Code\":{\"S3Key\":\"HASH\"}}",
          "{\"SourceObjectKeys\":[\"HASH.zip\",\"HASH\"]}",
          "{\"Image\":\"1.dkr.ecr.r.amazonaws.com/cdk-container-assets-1-r:HASH\"}",
          "{\"Image\":{\"Fn::Sub\":\"${AWS::AccountId}.dkr.ecr/cdk-assets:HASH\"}}",
          "{\"TemplateURL\":{\"Fn::Join\":[\"\",[\"https://s3.\",{\"Ref\":\"AWS::URLSuffix\"},\"/b/HASH.json\"]]}}",
          "{\"Version\":{\"Fn::GetAtt\":[\"FunctionCurrentVersionE9E3C14B0123456789abcdef0123456789abcdef\",\"Version\"]}}",
          "{\"Name\":\"s:ExportsOutputFnGetAttFnCurrentVersionE9E3C14B0123456789abcdef0123456789abcdefVersion1A2B3C4D\"}",
          "{\"P\":{\"Ref\":\"referencetoFunctionCurrentVersionE9E3C14B0123456789abcdef0123456789abcdefRef\"}}",
          "{\"S3Bucket\":{\"Ref\":\"AssetParametersHASHS3Bucket1A2B3C4D\"}}",
          "{\"Parameters\":{\"referencetoAssetParametersHASHS3Bucket1A2B3C4DRef\":\"x\"}}"
        })
    void isNotInASnapshot(String properties) {
      String one = properties(properties.replace("HASH", HASH));
      String two =
          properties(
              properties
                  .replace("HASH", OTHER)
                  .replace("0123456789abcdef0123456789abcdef", OTHER.substring(32))
                  .replace("1A2B3C4D", "5E6F7A8B"));

      assertThat(two).isEqualTo(one).doesNotContain(OTHER);
    }

    @Test
    void noMetadataOfTheCdkEither() {
      String bare = text("{\"Resources\":{\"A\":{\"Type\":\"T\"}}}");
      String full =
          text(
              """
              {"Resources":{
                "A":{"Type":"T","Metadata":{"aws:cdk:path":"x","aws:asset:path":"y"}},
                "CDKMetadata":{"Type":"AWS::CDK::Metadata","Condition":"CDKMetadataAvailable"}},
               "Conditions":{"CDKMetadataAvailable":{"Fn::Equals":[{"Ref":"AWS::Region"},"r"]}},
               "Parameters":{"BootstrapVersion":{"Type":"AWS::SSM::Parameter::Value<String>"}},
               "Rules":{"CheckBootstrapVersion":{"Assertions":[]}}}
              """);

      assertThat(full).isEqualTo(bare);
    }

    @Test
    void twoVersionsOfAFunctionStayTwo() {
      String version = "{\"Type\":\"AWS::Lambda::Version\",\"Properties\":{\"N\":%d}}";
      String one =
          text(
              "{\"Resources\":{\"FnE9E3C14B%s\":%s,\"FnE9E3C14B%s\":%s}}"
                  .formatted(
                      HASH.substring(32),
                      version.formatted(1),
                      OTHER.substring(32),
                      version.formatted(2)));
      String swapped =
          text(
              "{\"Resources\":{\"FnE9E3C14B%s\":%s,\"FnE9E3C14B%s\":%s}}"
                  .formatted(
                      OTHER.substring(32),
                      version.formatted(1),
                      HASH.substring(32),
                      version.formatted(2)));

      assertThat(one)
          .contains("FnE9E3C14B<version>\"", "FnE9E3C14B<version>#2\"")
          .isEqualTo(swapped);
    }
  }

  @Nested
  class WhatIsAChange {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"Image\":\"repo/image@sha256:HASH\"}",
          "{\"Environment\":{\"MODEL_SHA256\":\"HASH\"}}",
          "{\"Folder\":\"models/HASH/model.onnx\"}",
          "{\"Description\":\"a VALUE\"}",
          "{\"VALUE\":1}",
          "{\"List\":[\"a\",\"VALUE\"]}"
        })
    void isInTheSnapshot(String properties) {
      assertThat(properties(properties.replace("HASH", HASH).replace("VALUE", "a")))
          .isNotEqualTo(properties(properties.replace("HASH", OTHER).replace("VALUE", "b")));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "\"DeletionPolicy\":\"Retain\"",
          "\"Condition\":\"C\"",
          "\"DependsOn\":[\"B\"]",
          "\"Metadata\":{\"guard\":{\"SuppressedRules\":[\"R\"]}}"
        })
    void soAreAttributes(String attribute) {
      assertThat(text("{\"Resources\":{\"A\":{\"Type\":\"T\"," + attribute + "}}}"))
          .isNotEqualTo(text("{\"Resources\":{\"A\":{\"Type\":\"T\"}}}"))
          .contains(attribute.substring(1, attribute.indexOf('"', 1)));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "\"Parameters\":{\"P\":{\"Type\":\"String\"}}",
          "\"Mappings\":{\"M\":{\"a\":{\"b\":\"c\"}}}",
          "\"Conditions\":{\"C\":{\"Fn::Equals\":[\"a\",\"b\"]}}",
          "\"Outputs\":{\"O\":{\"Value\":\"x\",\"Export\":{\"Name\":\"n\"}}}",
          "\"Transform\":\"AWS::Serverless-2016-10-31\""
        })
    void soAreTheOtherSections(String section) {
      assertThat(text("{\"Resources\":{}," + section + "}"))
          .isNotEqualTo(text("{\"Resources\":{}}"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 64, 100})
  void aLongNumberIsNoHash(int digits) {
    assertThat(properties("{\"S3Key\":\"a" + "12".repeat(digits / 2) + "\"}"))
        .contains("12".repeat(digits / 2));
  }

  @Test
  void whatAProviderAnswersIsNoChangeAndAnInputIs() {
    String state =
        """
        {"version": 3, "deployment": {"resources": [
          {"urn": "urn:pulumi:dev::p::shop:index:Volume::v", "custom": true, "id": "ID",
           "type": "shop:index:Volume", "inputs": {"size": 1, "source": {"path": "x",
             "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", "hash": "HASH"}},
           "outputs": {"address": "ID"}, "created": "2026-01-01T00:00:00ID",
           "provider": "urn:pulumi:dev::p::pulumi:providers:shop::default_1_2_ID::ID",
           "version": "1.2.ID", "modified": "ID"}]}}
        """;
    String one = text(state.replace("ID", "3").replace("HASH", HASH));

    assertThat(text(state.replace("ID", "4").replace("HASH", OTHER))).isEqualTo(one);
    assertThat(text(state.replace("\"size\": 1", "\"size\": 2"))).isNotEqualTo(one);
    assertThat(text(state.replace("default_1", "own"))).isNotEqualTo(one);
  }

  static LongStream seeds() {
    return Seeds.of(50);
  }

  /** Whatever stands in a template, writing its keys in another order is no change. */
  @ParameterizedTest(name = "-Dseeds={0}")
  @MethodSource("seeds")
  void theOrderOfKeysIsNoChange(long seed) {
    Random random = new Random(seed);
    JsonNode template = JsonMapper.shared().createObjectNode().set("Resources", resources(random));
    String once = text(template.toString());

    assertThat(text(shuffled(template, random).toString())).isEqualTo(once);
  }

  /** A snapshot is a fixed point: nothing that it writes is taken for a hash again. */
  @ParameterizedTest(name = "-Dseeds={0}")
  @MethodSource("seeds")
  void aSnapshotOfASnapshotIsTheSame(long seed) {
    String once =
        text(
            JsonMapper.shared()
                .createObjectNode()
                .set("Resources", resources(new Random(seed)))
                .toString());

    assertThat(text(once)).isEqualTo(once);
  }

  private static JsonNode resources(Random random) {
    ObjectNode resources = JsonMapper.shared().createObjectNode();
    for (int i = random.nextInt(5); i >= 0; i--) {
      ObjectNode resource = resources.putObject(name(random) + i);
      resource.put("Type", "AWS::Some::Type" + random.nextInt(3));
      resource.set("Properties", map(random, 4));
    }
    return resources;
  }

  private static ObjectNode map(Random random, int depth) {
    ObjectNode map = JsonMapper.shared().createObjectNode();
    for (int i = random.nextInt(5); i > 0; i--) {
      map.set(name(random), value(random, depth));
    }
    return map;
  }

  private static JsonNode value(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 4 : 7)) {
      case 0 -> JsonMapper.shared().valueToTree(random.nextInt(100));
      case 1 -> JsonMapper.shared().valueToTree(random.nextBoolean());
      case 2 -> JsonMapper.shared().valueToTree(name(random));
      case 3 -> JsonMapper.shared().createObjectNode().put("Ref", name(random));
      case 4 -> {
        var list = JsonMapper.shared().createArrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(value(random, depth - 1));
        }
        yield list;
      }
      default -> map(random, depth - 1);
    };
  }

  private static String name(Random random) {
    List<String> names =
        List.of(
            "a",
            "S3Key",
            "Ünïcode",
            "TITLE",
            "i",
            "I",
            "x/" + HASH + ".zip",
            "sha256:" + HASH,
            HASH,
            "Fn1A2B3C4D" + HASH.substring(32),
            "AssetParameters" + HASH + "S3Bucket1A2B3C4D");
    return names.get(random.nextInt(names.size()));
  }

  private static JsonNode shuffled(JsonNode node, Random random) {
    if (node.isArray()) {
      var list = JsonMapper.shared().createArrayNode();
      node.forEach(item -> list.add(shuffled(item, random)));
      return list;
    }
    if (!node.isObject()) {
      return node;
    }
    List<String> keys = new ArrayList<>(node.propertyNames());
    Collections.shuffle(keys, random);
    ObjectNode object = JsonMapper.shared().createObjectNode();
    keys.forEach(key -> object.set(key, shuffled(node.get(key), random)));
    return object;
  }

  @Test
  void theLocaleIsNoChange() {
    String template =
        JsonMapper.shared()
            .createObjectNode()
            .set("Resources", resources(new Random(7)))
            .toString();
    String before = text(template);
    Locale locale = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr-TR"));
      assertThat(text(template)).isEqualTo(before);
    } finally {
      Locale.setDefault(locale);
    }
  }

  @Nested
  class OnDisk {
    @AfterEach
    void compareAgain() {
      System.clearProperty("snapshots");
    }

    private void update(Runnable comparison) {
      System.setProperty("snapshots", "update");
      comparison.run();
      System.clearProperty("snapshots");
    }

    @Test
    void aNewSnapshotIsAskedFor() {
      assertThatThrownBy(() -> Snapshots.in(folder).matches("a/b.txt", "x"))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("a/b.txt is not there yet")
          .hasMessageContaining("mvn test -Dsnapshots=update");
    }

    @Test
    void anUpdateWritesWhatIsComparedLater() {
      update(() -> Snapshots.in(folder).matches("a/b.txt", "x\n"));

      assertThat(folder.resolve("a/b.txt")).hasContent("x\n");
      assertThatCode(() -> Snapshots.in(folder).matches("a/b.txt", "x\n"))
          .doesNotThrowAnyException();
    }

    @Test
    void aDifferenceShowsItsLines() throws IOException {
      Files.writeString(folder.resolve("b.txt"), "1\n2\n3\n4\n");

      assertThatThrownBy(() -> Snapshots.in(folder).matches("b.txt", "1\ntwo\n3\n4\n"))
          .isInstanceOf(AssertionError.class)
          .hasMessage(
              "b.txt is not as reviewed:\n  from line 2\n  - 2\n  + two\n"
                  + "if that is meant: mvn test -Dsnapshots=update, then review the file's difference");
    }

    @Test
    void aLongDifferenceIsCut() throws IOException {
      Files.writeString(folder.resolve("b.txt"), "x\n".repeat(100));

      assertThatThrownBy(() -> Snapshots.in(folder).matches("b.txt", ""))
          .hasMessageContaining("… and 61 more lines");
    }

    @Test
    void linesMayEndAsGitCheckedThemOut() throws IOException {
      Files.writeString(folder.resolve("b.txt"), "1\r\n2\r\n");

      assertThatCode(() -> Snapshots.in(folder).matches("b.txt", "1\n2\n"))
          .doesNotThrowAnyException();
    }

    @Test
    void aFileWithoutAStackIsNamed() throws IOException {
      Model model =
          Models.parse(
              "state",
              "{\"version\":3,\"deployment\":{\"resources\":["
                  + "{\"urn\":\"urn:pulumi:dev::shop::t::n\",\"type\":\"t\"}]}}");
      update(() -> Snapshots.in(folder).match(model));
      assertThatCode(() -> Snapshots.in(folder).match(model)).doesNotThrowAnyException();
      Files.writeString(folder.resolve("shop/old.json"), "{}");
      Files.writeString(folder.resolve("other.json"), "{}");

      assertThatThrownBy(() -> Snapshots.in(folder).match(model))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("old.json belongs to no stack any more");
      update(() -> Snapshots.in(folder).match(model));
      assertThat(folder.resolve("shop/old.json")).doesNotExist();
      assertThat(folder.resolve("other.json")).exists();
    }
  }
}
