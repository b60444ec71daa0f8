package dev.mlinfra.policy.internal.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImdsV2Test {
  private static final String TOKENS = "LaunchTemplateData.MetadataOptions.HttpTokens";
  private static final String ANY = ": any request gets the credentials of its role";
  private static final String FAR =
      ": the token travels further than to a container on the instance";

  @Test
  void compliantWhenATokenIsRequired() {
    assertThat(template("{HttpTokens: required}")).containsExactly("COMPLIANT R " + TOKENS);
    assertThat(template("{HttpTokens: required, HttpPutResponseHopLimit: 2}"))
        .containsExactly(
            "COMPLIANT R " + TOKENS,
            "COMPLIANT R LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit");
    assertThat(
            of(
                "AWS::SageMaker::NotebookInstance",
                "{InstanceMetadataServiceConfiguration: {MinimumInstanceMetadataServiceVersion:"
                    + " '2'}}"))
        .containsExactly(
            "COMPLIANT R"
                + " InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion");
  }

  @Test
  void compliantWithoutMetadata() {
    assertThat(template("{HttpEndpoint: disabled}"))
        .containsExactly("COMPLIANT R LaunchTemplateData.MetadataOptions.HttpEndpoint");
  }

  @Test
  void violatedWhenATokenIsOptionalOrNothingIsSaid() {
    assertThat(template("{HttpTokens: optional}")).containsExactly("VIOLATED R " + TOKENS + ANY);
    assertThat(of("AWS::EC2::LaunchTemplate", "{}")).containsExactly("VIOLATED R " + TOKENS + ANY);
    assertThat(of("AWS::AutoScaling::LaunchConfiguration", "{}"))
        .containsExactly("VIOLATED R MetadataOptions.HttpTokens" + ANY);
    assertThat(of("AWS::EC2::Instance", "{}"))
        .containsExactly("VIOLATED R MetadataOptions.HttpTokens" + ANY);
    assertThat(of("AWS::SageMaker::NotebookInstance", "{}"))
        .containsExactly(
            "VIOLATED R InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion"
                + ANY);
  }

  @Test
  void violatedByATokenThatTravelsFar() {
    assertThat(template("{HttpTokens: required, HttpPutResponseHopLimit: 3}"))
        .containsExactly(
            "COMPLIANT R " + TOKENS,
            "VIOLATED R LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit" + FAR);
  }

  @Test
  void undecidedWhenGivenWhenDeployed() {
    assertThat(template("{HttpTokens: !ImportValue tokens}"))
        .containsExactly("UNDECIDED R " + TOKENS + Undecided.whether(ANY));
  }

  @Test
  void undecidedWhenTheLaunchTemplateOfAnInstanceStandsElsewhere() {
    assertThat(of("AWS::EC2::Instance", "{LaunchTemplate: {LaunchTemplateId: lt-1, Version: '1'}}"))
        .containsExactly(
            "UNDECIDED R LaunchTemplate: the launch template is not here, so nobody knows whether a"
                + " session token is asked for");
  }

  @Test
  void notApplicableToAnInstanceWhoseLaunchTemplateIsLookedAtItself() {
    assertThat(
            Checks.of(
                new ImdsV2(),
                "Resources:",
                "  T: {Type: 'AWS::EC2::LaunchTemplate'}",
                "  R:",
                "    Type: AWS::EC2::Instance",
                "    Properties: {LaunchTemplate: {LaunchTemplateId: !Ref T, Version: '1'}}"))
        .containsExactly("VIOLATED T " + TOKENS + ANY);
  }

  private static List<String> template(String options) {
    return of(
        "AWS::EC2::LaunchTemplate", "{LaunchTemplateData: {MetadataOptions: " + options + "}}");
  }

  private static List<String> of(String type, String properties) {
    return Checks.of(
        new ImdsV2(), "Resources: {R: {Type: '" + type + "', Properties: " + properties + "}}");
  }
}
