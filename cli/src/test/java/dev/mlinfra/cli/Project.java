package dev.mlinfra.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A project of its own, since the one that is built has a cdk.out or not. */
record Project(Path folder) implements AutoCloseable {
  private static final String ROOT = System.getProperty("mlinfra.root");

  static Project in(Path folder) {
    Project project = new Project(folder);
    project.write("cdk.json", "{}");
    System.setProperty("mlinfra.root", folder.toString());
    return project;
  }

  /** A file of an environment with a budget. */
  Project environment(String name, String more) {
    write(
        "environments/" + name + ".yaml",
        """
        schema: mlinfra/v1
        environment: %s
        project: shop
        owner: team
        costCenter: cc-1
        %s
        """
            .formatted(name, more));
    return this;
  }

  /** {@code cdk.out}, with a bucket and a role of dev and one of prod. */
  Path assembly() {
    write(
        "cdk.out/manifest.json",
        "{\"version\": \"53.0.0\", \"artifacts\": {" + stack("dev") + ", " + stack("prod") + "}}");
    for (String name : new String[] {"dev", "prod"}) {
      write(
          "cdk.out/" + name + ".template.json",
          """
          {"Resources": {
            "Bucket": {"Type": "AWS::S3::Bucket"},
            "Role": {"Type": "AWS::IAM::Role", "Properties": {
              "AssumeRolePolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                "Principal": {"Service": "lambda.amazonaws.com"}}]},
              "Policies": [{"PolicyName": "p", "PolicyDocument": {"Statement": [{"Effect": "Allow",
                "Action": "s3:GetObject",
                "Resource": {"Fn::Join": ["", [{"Fn::GetAtt": ["Bucket", "Arn"]}, "/models/*"]]}}]}}]}}}}
          """);
    }
    return folder.resolve("cdk.out");
  }

  private static String stack(String environment) {
    return """
    "%s": {"type": "aws:cloudformation:stack", "displayName": "%s/Data",
      "environment": "aws://123456789012/us-east-1",
      "properties": {"templateFile": "%s.template.json"},
      "metadata": {"/%s/Data/Bucket": [{"type": "aws:cdk:logicalId", "data": "Bucket"}]}}
    """
        .formatted(environment, environment, environment, environment);
  }

  Path write(String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    System.setProperty("mlinfra.root", ROOT);
  }
}
