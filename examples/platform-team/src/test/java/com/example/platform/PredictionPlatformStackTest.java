package com.example.platform;

import static dev.mlinfra.testkit.CdkAssertions.assertThatTemplate;

import org.junit.jupiter.api.Test;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.StackProps;

class PredictionPlatformStackTest {
  private final PredictionPlatformStack stack =
      new PredictionPlatformStack(
          new App(),
          "PredictionPlatform",
          StackProps.builder()
              .env(Environment.builder().account("123456789012").region("us-east-1").build())
              .build());

  @Test
  void isAsReviewed() {
    assertThatTemplate(stack).matchesSnapshot("prediction-platform");
  }

  @Test
  void givesThePermissionsThatWereReviewed() {
    assertThatTemplate(stack).hasPermissions("permissions");
  }

  @Test
  void bearsTheCostTagsWhereTheBillNeedsThem() {
    assertThatTemplate(stack).hasCostTags();
  }

  @Test
  void keepsItsDataWhenItIsChanged() {
    assertThatTemplate(stack).keepsLogicalIds("data");
  }
}
