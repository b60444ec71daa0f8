package dev.mlinfra.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.review.ResourceChange.Kind;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import dev.mlinfra.template.Resource;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What holds for every pair of models; the number in the name is the seed. */
class PropertiesTest {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final List<String> TYPES =
      List.of(
          "AWS::S3::Bucket",
          "AWS::IAM::Role",
          "AWS::IAM::Policy",
          "AWS::Lambda::Function",
          "AWS::EC2::SecurityGroup",
          "AWS::EC2::SecurityGroupIngress",
          "AWS::DynamoDB::Table",
          "AWS::SQS::QueuePolicy",
          "AWS::Batch::ComputeEnvironment",
          "AWS::CDK::Metadata",
          "Custom::Thing");

  private static final List<String> KEYS =
      List.of(
          "Tags",
          "Key",
          "Value",
          "Name",
          "PolicyDocument",
          "AssumeRolePolicyDocument",
          "Statement",
          "Effect",
          "Action",
          "Resource",
          "Principal",
          "SecurityGroupIngress",
          "CidrIp",
          "BucketName",
          "ComputeResources",
          "InstanceTypes",
          "a.b",
          "c[0]",
          "Fn::If");

  private static final List<String> TEXTS =
      List.of(
          "*",
          "Allow",
          "s3:*",
          "0.0.0.0/0",
          "@acme/owners <img src=x> **bold** [x](http://a)",
          "0f".repeat(32),
          "0f".repeat(32) + ".zip",
          "\u001b[31m",
          "");

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 60);
  }

  private static JsonNode value(Random random, int depth) {
    return switch (random.nextInt(depth > 3 ? 4 : 8)) {
      case 0 -> JSON.stringNode(TEXTS.get(random.nextInt(TEXTS.size())));
      case 1 -> JSON.numberNode(random.nextInt(3));
      case 2 -> JSON.booleanNode(random.nextBoolean());
      case 3 -> JSON.objectNode().put("Ref", "R" + random.nextInt(8));
      case 4, 5 -> {
        var list = JSON.arrayNode();
        IntStream.range(0, random.nextInt(4)).forEach(i -> list.add(value(random, depth + 1)));
        yield list;
      }
      default -> map(random, depth);
    };
  }

  private static ObjectNode map(Random random, int depth) {
    ObjectNode map = JSON.objectNode();
    IntStream.range(0, random.nextInt(5))
        .forEach(
            i -> {
              String key = KEYS.get(random.nextInt(KEYS.size()));
              if (!key.equals("Fn::If")) {
                map.set(key, value(random, depth + 1));
              }
            });
    return map;
  }

  private static Model model(Random random) {
    ObjectNode resources = JSON.objectNode();
    for (int i = 0; i < 8; i++) {
      if (random.nextInt(4) > 0) {
        ObjectNode resource =
            JSON.objectNode().put("Type", TYPES.get(random.nextInt(TYPES.size())));
        resource.set("Properties", map(random, 0));
        resources.set("R" + i, resource);
      }
    }
    ObjectNode root = JSON.objectNode();
    root.set("Resources", resources);
    return Models.parse("t.json", JsonMapper.shared().writeValueAsString(root));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("seeds")
  void aModelDoesNotDifferFromItself(long seed) {
    Review review = Reviewer.standard().compare(model(new Random(seed)), model(new Random(seed)));

    assertThat(review.items()).isEmpty();
    assertThat(review.verdict()).isEqualTo("No change.");
    assertThat(ReviewText.of(review)).hasLineCount(1);
    assertThat(ReviewMarkdown.report(review)).hasLineCount(1);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("seeds")
  void theOtherWayRoundWhatIsNewGoes(long seed) {
    Model one = model(new Random(seed));
    Model other = model(new Random(-seed));

    assertThat(ids(one, other, Kind.ADDED))
        .containsExactlyInAnyOrderElementsOf(ids(other, one, Kind.REMOVED));
    assertThat(ids(one, other, Kind.RENAMED)).hasSameSizeAs(ids(other, one, Kind.RENAMED));
  }

  private static List<String> ids(Model base, Model head, Kind kind) {
    return Comparison.of(base, head).changes().stream()
        .filter(change -> change.kind() == kind)
        .map(ResourceChange::resource)
        .map(Resource::id)
        .map(Object::toString)
        .toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("seeds")
  void whateverStandsThereIsShownAndNothingElse(long seed) {
    Review review = Reviewer.standard().compare(model(new Random(seed)), model(new Random(-seed)));
    String markdown = ReviewMarkdown.report(review);

    assertThat(markdown)
        .doesNotContain("@acme", "<img", "**bold**", "](http", "http://")
        .hasSizeLessThanOrEqualTo(ReviewMarkdown.MOST_CHARACTERS);
    assertThat(markdown + ReviewText.report(review)).doesNotContain("\u001b");
    assertThat(JsonMapper.shared().readTree(ReviewJson.of(review)).path("schema").asString())
        .isEqualTo(ReviewJson.SCHEMA);
  }

  private static Model queues(int count, String name) {
    return Models.parse(
        "t.json",
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    "\"%s%d\": {\"Type\": \"AWS::SQS::Queue\", \"Properties\": {\"QueueName\": \"%s%d\", \"DelaySeconds\": %d}}"
                        .formatted(name, i, name, i, i))
            .collect(Collectors.joining(",", "{\"Resources\": {", "}}")));
  }

  @Test
  void aCommentOfThousandsOfChangesHasRoomAndTheAttachmentHasAll() {
    Review review = Reviewer.standard().compare(queues(2_500, "Old"), queues(2_500, "New"));
    String markdown = ReviewMarkdown.report(review);

    assertThat(markdown)
        .hasSizeBetween(30_000, ReviewMarkdown.MOST_CHARACTERS)
        .contains("which have no room here: see the attachment")
        .contains("### Cost a month")
        .endsWith("\n");
    assertThat(markdown.lines().filter(line -> line.startsWith("|")))
        .allMatch(line -> line.endsWith("|"));
    assertThat(ReviewText.report(review)).contains("t:Old2499", "t:New2499");
    assertThat(ReviewMarkdown.of(review)).hasSizeLessThanOrEqualTo(ReviewMarkdown.MOST_CHARACTERS);
  }

  @Test
  void kindsThatHaveNothingInCommonAreComparedToo() {
    Model template = Example.base();
    Model preview = Models.read(Path.of("src/test/resources/preview.json"));

    assertThat(Reviewer.standard().compare(template, preview).isEmpty()).isFalse();
    assertThat(Reviewer.standard().compare(preview, template).isEmpty()).isFalse();
  }
}
