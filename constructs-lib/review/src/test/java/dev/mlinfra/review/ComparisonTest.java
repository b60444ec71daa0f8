package dev.mlinfra.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.mlinfra.review.ResourceChange.Kind;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonTest {
  private static final String HASH = "0f".repeat(32);
  private static final String OTHER_HASH = "1e".repeat(32);

  private static Model template(String resources) {
    return Models.parse("t.yaml", "Resources: " + resources);
  }

  private static List<ResourceChange> changes(String base, String head) {
    return Comparison.of(template(base), template(head)).changes();
  }

  private static ResourceChange only(String base, String head) {
    List<ResourceChange> changes = changes(base, head);
    assertThat(changes).hasSize(1);
    return changes.get(0);
  }

  private static List<String> differences(String base, String head) {
    return only(base, head).differences().stream().map(Difference::toString).toList();
  }

  @Test
  void whatIsNewAndWhatGoes() {
    String queue = "{Queue: {Type: 'AWS::SQS::Queue', Properties: {DelaySeconds: 5}}}";

    assertThat(only("{}", queue).kind()).isEqualTo(Kind.ADDED);
    assertThat(only(queue, "{}").kind()).isEqualTo(Kind.REMOVED);
    assertThat(changes(queue, queue)).isEmpty();
  }

  @Test
  void aPropertyHasBothValues() {
    assertThat(
            differences(
                "{F: {Type: 'AWS::Lambda::Function', Properties: {MemorySize: 128, Timeout: 3}}}",
                "{F: {Type: 'AWS::Lambda::Function', Properties: {MemorySize: 256, Runtime: a}}}"))
        .containsExactly("MemorySize: 128 → 256", "Runtime: nothing → a", "Timeout: 3 → nothing");
  }

  @Test
  void aNumberAndItsTextAreTheSame() {
    assertThat(
            changes(
                "{F: {Type: 'AWS::Lambda::Function', Properties: {Timeout: 3}}}",
                "{F: {Type: 'AWS::Lambda::Function', Properties: {Timeout: '3'}}}"))
        .isEmpty();
  }

  @Test
  void theOrderOfWhatHasNamesSaysNothing() {
    assertThat(
            differences(
                "{Q: {Type: 'AWS::SQS::Queue', Properties: {Tags: [{Key: a, Value: '1'},"
                    + " {Key: b, Value: '2'}, {Key: c, Value: '3'}]}}}",
                "{Q: {Type: 'AWS::SQS::Queue', Properties: {Tags: [{Key: c, Value: '3'},"
                    + " {Key: a, Value: '9'}, {Key: d, Value: '4'}]}}}"))
        .containsExactly("Tags[a]: 1 → 9", "Tags[d]: nothing → 4", "Tags[b]: 2 → nothing");
  }

  @Test
  void ofAListWithoutNamesWhatBothHaveIsLeftOut() {
    assertThat(
            differences(
                "{G: {Type: 'AWS::EC2::SecurityGroup', Properties: {SecurityGroupIngress:"
                    + " [{CidrIp: 10.0.0.0/8, FromPort: 1}, {CidrIp: 10.0.0.0/8, FromPort: 2}]}}}",
                "{G: {Type: 'AWS::EC2::SecurityGroup', Properties: {SecurityGroupIngress:"
                    + " [{CidrIp: 10.0.0.0/8, FromPort: 2}, {CidrIp: 10.0.0.0/8, FromPort: 3}]}}}"))
        .containsExactly("SecurityGroupIngress[1].FromPort: 1 → 3");
  }

  @Test
  void aListOfTextsIsOneValue() {
    assertThat(
            differences(
                "{N: {Type: 'AWS::EC2::Thing', Properties: {Types: [a, b]}}}",
                "{N: {Type: 'AWS::EC2::Thing', Properties: {Types: [a, b, c]}}}"))
        .containsExactly("Types: [a, b] → [a, b, c]");
  }

  @Test
  void aDefaultOfAParameterIsSeenWhereItIsUsed() {
    String template =
        "{Parameters: {Size: {Type: Number, Default: %d}}, Resources: {F: {Type:"
            + " 'AWS::Lambda::Function', Properties: {MemorySize: {Ref: Size}}}}}";
    Comparison comparison =
        Comparison.of(
            Models.parse("t", template.formatted(128)), Models.parse("t", template.formatted(256)));

    assertThat(comparison.changes().get(0).differences())
        .containsExactly(new Difference("MemorySize", "128", "256"));
  }

  @Test
  void aConditionThatLeavesAResourceOutRemovesIt() {
    String template =
        "{Conditions: {Keep: {'Fn::Equals': [a, %s]}}, Resources: {Q: {Type: 'AWS::SQS::Queue',"
            + " Condition: Keep}}}";
    Comparison comparison =
        Comparison.of(
            Models.parse("t", template.formatted("a")), Models.parse("t", template.formatted("b")));

    assertThat(comparison.changes()).extracting(ResourceChange::kind).containsExactly(Kind.REMOVED);
  }

  @Test
  void secretsAreNotShown() {
    assertThat(
            differences(
                "{D: {Type: 'AWS::RDS::DBInstance', Properties: {MasterUserPassword: swordfish,"
                    + " Engine: a}}}",
                "{D: {Type: 'AWS::RDS::DBInstance', Properties: {MasterUserPassword: hunter2,"
                    + " Engine: a}}}"))
        .containsExactly("MasterUserPassword: [secret] → [secret]");
    assertThat(
            differences(
                "{F: {Type: 'AWS::Lambda::Function', Properties: {Environment: {Variables: {}}}}}",
                "{F: {Type: 'AWS::Lambda::Function', Properties: {Environment: {Variables:"
                    + " {DB_PASSWORD: swordfish, NOTE: ghp_"
                    + "a".repeat(36)
                    + "}}}}}"))
        .allMatch(it -> it.endsWith("nothing → [secret]"));
    assertThat(
            differences(
                "{C: {Type: 'A::B::C', Properties: {A: 1}}}",
                "{C: {Type: 'A::B::C', Properties: {A: 1, Containers: {Environment: [{Name:"
                    + " API_KEY, Value: swordfish}]}}}}"))
        .containsExactly("Containers: nothing → {Environment: [{Name: API_KEY, Value: [secret]}]}");
  }

  @Test
  void hashesOfAssetsAreCodeAndNoChange() {
    String template =
        "{F: {Type: 'AWS::Lambda::Function', Properties: {Code: {S3Bucket: b, S3Key: %s.zip}}}}";
    Comparison comparison =
        Comparison.of(template(template.formatted(HASH)), template(template.formatted(OTHER_HASH)));

    assertThat(comparison.changes()).isEmpty();
    assertThat(comparison.code()).extracting(it -> it.id().name()).containsExactly("F");
    assertThat(comparison.assets()).isEqualTo(1);
  }

  @Test
  void aHashThatSomeoneWroteIsASetting() {
    String template =
        "{D: {Type: 'AWS::ECS::TaskDefinition', Properties: {ContainerDefinitions: [{Name: a,"
            + " Image: 'i@sha256:%s'}]}}}";

    assertThat(changes(template.formatted(HASH), template.formatted(OTHER_HASH))).hasSize(1);
  }

  @Test
  void theIdOfAVersionMayMove() {
    String template =
        "{FunctionCurrentVersionE9E3C14B%s: {Type: 'AWS::Lambda::Version', Properties:"
            + " {FunctionName: f}}, Live: {Type: 'AWS::Lambda::Alias', Properties:"
            + " {FunctionVersion: {'Fn::GetAtt': [FunctionCurrentVersionE9E3C14B%s, Version]}}}}";
    String one = "0123456789abcdef0123456789abcdef";
    String other = "fedcba98765432100123456789abcdef";

    assertThat(changes(template.formatted(one, one), template.formatted(other, other))).isEmpty();
  }

  @Test
  void whatTheCdkAddsByItselfIsNoChange() {
    assertThat(
            changes(
                "{}",
                "{CDKMetadata: {Type: 'AWS::CDK::Metadata', Properties: {Analytics: 'v2:x'}}}"))
        .isEmpty();
    assertThat(
            changes(
                "{Q: {Type: 'AWS::SQS::Queue', Metadata: {'aws:cdk:path': a}}}",
                "{Q: {Type: 'AWS::SQS::Queue', Metadata: {'aws:cdk:path': b,"
                    + " 'mlinfra::acknowledge': []}}}"))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"BucketName, REPLACED", "AccelerateConfiguration, UPDATED"})
  void onlySomePropertiesReplace(String property, Kind kind) {
    String template = "{B: {Type: 'AWS::S3::Bucket', Properties: {%s: %s}}}";

    ResourceChange change =
        only(template.formatted(property, "a"), template.formatted(property, "b"));

    assertThat(change.kind()).isEqualTo(kind);
    assertThat(change.replacedBy()).hasSize(kind == Kind.REPLACED ? 1 : 0);
  }

  @Test
  void whatNamesAReplacedResourceIsReplacedAlong() {
    String template =
        "{B: {Type: 'AWS::S3::Bucket', Properties: {BucketName: %s}},"
            + " P: {Type: 'AWS::S3::BucketPolicy', Properties: {Bucket: {Ref: B}}},"
            + " F: {Type: 'AWS::Lambda::Function', Properties: {Code: {S3Bucket: {Ref: B}}}}}";

    List<ResourceChange> changes = changes(template.formatted("a"), template.formatted("b"));

    assertThat(changes)
        .extracting(change -> change.resource().id().name(), ResourceChange::kind)
        .containsExactly(tuple("B", Kind.REPLACED), tuple("P", Kind.REPLACED));
    assertThat(changes.get(1).replacedBy()).containsExactly("Bucket, which names t:B");
  }

  @Test
  void anotherIdWithTheSameContentIsARenaming() {
    String template = "{%s: {Type: 'AWS::S3::Bucket', Properties: {BucketName: a, Tags: []}}}";

    ResourceChange change = only(template.formatted("Old"), template.formatted("New"));

    assertThat(change.kind()).isEqualTo(Kind.RENAMED);
    assertThat(change.base().orElseThrow().id().name()).isEqualTo("Old");
  }

  @Test
  void whatHasLittleInCommonIsNoRenaming() {
    assertThat(
            changes(
                "{Old: {Type: 'AWS::S3::Bucket', Properties: {BucketName: a}}}",
                "{New: {Type: 'AWS::S3::Bucket', Properties: {BucketName: b}}}"))
        .extracting(ResourceChange::kind)
        .containsExactly(Kind.ADDED, Kind.REMOVED);
  }

  @Test
  void tagsAloneMakeNoRenaming() {
    String template =
        "{%s: {Type: 'AWS::SSM::Parameter', Properties: {Name: /%s, Tags: {a: '1', b: '2', c: '3',"
            + " d: '4', e: '5', f: '6', g: '7', h: '8'}}}}";

    assertThat(changes(template.formatted("Old", "old"), template.formatted("New", "new")))
        .hasSize(2);
  }

  @Test
  void anotherTypeOfTheSameNameIsAnotherResource() {
    assertThat(changes("{A: {Type: 'AWS::SQS::Queue'}}", "{A: {Type: 'AWS::SNS::Topic'}}"))
        .extracting(ResourceChange::kind)
        .containsExactly(Kind.ADDED, Kind.REMOVED);
  }

  @Test
  void oneTemplateIsOneStackWhateverItsFileIsCalled() {
    String text =
        "Resources: {A: {Type: 'AWS::SQS::Queue'}, B: {Type: 'A::B::C', Properties: {Q: {Ref:"
            + " A}}}}";

    assertThat(
            Comparison.of(Models.parse("old.yaml", text), Models.parse("new.yaml", text)).changes())
        .isEmpty();
  }
}
