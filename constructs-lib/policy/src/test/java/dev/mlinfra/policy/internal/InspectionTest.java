package dev.mlinfra.policy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.core.Pattern;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InspectionTest {

  @Test
  void theNameOfATemplateIsItsEnvironment() {
    Model model = Models.parse("gcp-prod.yaml", "Resources: {Topic: {Type: 'AWS::SNS::Topic'}}");

    assertThat(pattern(model, Map.of("gcp-prod", Pattern.REALTIME))).isEqualTo(Pattern.REALTIME);
    assertThat(pattern(model, Map.of("prod", Pattern.REALTIME))).isEqualTo(Pattern.BATCH);
  }

  @Test
  void aStackOfPulumiIsKnownByItsEnvironment() {
    assertThat(pattern(stack("gcp-prod"), Map.of("prod", Pattern.REALTIME)))
        .isEqualTo(Pattern.REALTIME);
    assertThat(pattern(stack("gcp-prod-eu"), Map.of("prod-eu", Pattern.REALTIME)))
        .isEqualTo(Pattern.REALTIME);
    assertThat(pattern(stack("prod"), Map.of("prod", Pattern.REALTIME)))
        .isEqualTo(Pattern.REALTIME);
  }

  @Test
  void theWholeNameOfAStackOfPulumiGoesFirst() {
    Map<String, Pattern> patterns =
        Map.of("gcp-prod", Pattern.HYBRID, "prod", Pattern.REALTIME, "shop", Pattern.REALTIME);

    assertThat(pattern(stack("gcp-prod"), patterns)).isEqualTo(Pattern.HYBRID);
  }

  @Test
  void aStackOfPulumiThatIsNotNamedIsBatch() {
    assertThat(pattern(stack("gcp-dev"), Map.of("prod", Pattern.REALTIME, "shop", Pattern.HYBRID)))
        .isEqualTo(Pattern.BATCH);
  }

  @Test
  void whatAConditionLeavesOutIsNotThere() {
    Model model =
        Models.parse(
            "t.yaml",
            """
            Conditions: {No: !Equals [a, b], Yes: !Equals [a, a], Who: !Equals [!Ref P, a]}
            Parameters: {P: {Type: String}}
            Resources:
              Out: {Type: 'AWS::SNS::Topic', Condition: 'No'}
              In: {Type: 'AWS::SNS::Topic', Condition: 'Yes'}
              Maybe: {Type: 'AWS::SQS::Queue', Condition: Who}
              Sure: {Type: 'AWS::SQS::Queue'}
            """);
    Inspection inspection = new Inspection(model, Map.of());
    ResourceId out = new ResourceId("t", "Out");

    assertThat(names(inspection.resources())).containsExactlyInAnyOrder("In", "Maybe", "Sure");
    assertThat(names(inspection.resources("AWS::SQS::Queue", "AWS::SNS::Topic", "A::B::C")))
        .containsExactly("Maybe", "Sure", "In");
    assertThat(inspection.resource(new ResourceId("t", "In"))).isPresent();
    assertThat(inspection.resource(out)).isEmpty();
    assertThat(inspection.named(new Value.Reference(out, Optional.empty()))).isEmpty();
    assertThat(Inspection.ofEverything(model).resource(out)).isPresent();
    assertThat(Inspection.ofEverything(model).resources()).hasSize(4);
  }

  @Test
  void aValueNamesAResourceOnlyByReferringToIt() {
    Model model =
        Models.parse(
            "t.yaml",
            "Resources: {A: {Type: 'A::B::C', Properties: {Ref: !Ref B, GetAtt: !GetAtt B.Arn,"
                + " Text: B}}, B: {Type: 'A::B::C'}}");
    Inspection inspection = new Inspection(model, Map.of());
    Resource a = inspection.resource(new ResourceId("t", "A")).orElseThrow();
    Resource b = inspection.resource(new ResourceId("t", "B")).orElseThrow();

    assertThat(inspection.named(inspection.property(a, "Ref"))).contains(b);
    assertThat(inspection.named(inspection.property(a, "GetAtt"))).contains(b);
    assertThat(inspection.named(inspection.property(a, "Text"))).isEmpty();
    assertThat(inspection.named(inspection.property(a, "None"))).isEmpty();
  }

  @Test
  void whatIsDearIsWorkedOutOnce() {
    Inspection inspection = new Inspection(stack("dev"), Map.of());
    List<String> made = new ArrayList<>();

    assertThat(inspection.prepared(String.class, it -> once(made))).isEqualTo("1");
    assertThat(inspection.prepared(String.class, it -> once(made))).isEqualTo("1");
    assertThat(made).hasSize(1);
  }

  private static String once(List<String> made) {
    made.add("");
    return String.valueOf(made.size());
  }

  @Test
  void statesAndPreviewsAreOfPulumi() {
    assertThat(new Inspection(stack("dev"), Map.of()).isPulumi()).isTrue();
    assertThat(new Inspection(Models.parse("p.json", "{\"steps\": []}"), Map.of()).isPulumi())
        .isTrue();
    assertThat(new Inspection(Models.parse("t.yaml", "Resources: {}"), Map.of()).isPulumi())
        .isFalse();
  }

  @Test
  void theFirstPartOfAnIdIsItsEnvironment() {
    Model parsed = Models.parse("t.yaml", "Resources: {Topic: {Type: 'AWS::SNS::Topic'}}");
    Resource topic = parsed.resources().get(0);
    Resource moved =
        new Resource(
            new ResourceId("prod/Data", "Topic"),
            topic.type(),
            topic.properties(),
            topic.attributes(),
            topic.constructPath(),
            topic.sourceTrace(),
            topic.position());

    assertThat(new Inspection(parsed, Map.of("prod", Pattern.REALTIME)).pattern(moved))
        .isEqualTo(Pattern.REALTIME);
  }

  private static List<String> names(List<Resource> resources) {
    return resources.stream().map(it -> it.id().name()).toList();
  }

  private static Pattern pattern(Model model, Map<String, Pattern> patterns) {
    return new Inspection(model, patterns).pattern(model.resources().get(0));
  }

  private static Model stack(String name) {
    return Models.parse(
        "state.yaml",
        "{deployment: {resources: [{urn: 'urn:pulumi:"
            + name
            + "::shop::gcp:storage/bucket:Bucket::data', type: 'gcp:storage/bucket:Bucket'}]}}");
  }
}
