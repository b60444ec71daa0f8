package com.example.platform;

import software.amazon.awscdk.App;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.StackProps;

/** A platform team's own CDK app. */
public final class PlatformApp {
  private PlatformApp() {}

  public static void main(String[] arguments) {
    App app = new App();
    new PredictionPlatformStack(
        app,
        "PredictionPlatform",
        StackProps.builder()
            .env(Environment.builder().account("123456789012").region("us-east-1").build())
            .build());
    app.synth();
  }
}
