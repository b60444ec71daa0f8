package dev.mlinfra.benchmarks;

import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.s3.Bucket;

/** The smallest useful CDK app in Java: what any synthesis from Java costs at least. */
public final class OneBucketApp {
  private OneBucketApp() {}

  public static void main(String[] arguments) {
    App app = new App();
    Bucket.Builder.create(new Stack(app, "One"), "Bucket").build();
    app.synth();
  }
}
