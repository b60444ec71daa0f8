package dev.mlinfra.benchmarks;

import java.util.List;
import java.util.Random;

/** Templates as large as those of real deployments: what one workload needs, again and again. */
final class GeneratedTemplates {
  /** One workload; {@code #} is its number. What is between bars stands there most of the time. */
  private static final List<String> WORKLOAD =
      List.of(
          """
          "Bucket#": {"Type": "AWS::S3::Bucket", "Properties": {
            |"LifecycleConfiguration": {"Rules": [{"Status": "Enabled", "ExpirationInDays": 30}]},|
            |"PublicAccessBlockConfiguration": {"BlockPublicAcls": true, "BlockPublicPolicy": true,
              "IgnorePublicAcls": true, "RestrictPublicBuckets": true},| TAGS}}""",
          """
          "BucketPolicy#": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": "Bucket#"},
            "PolicyDocument": {"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*",
              "Resource": [{"Fn::GetAtt": ["Bucket#", "Arn"]},
                {"Fn::Join": ["", [{"Fn::GetAtt": ["Bucket#", "Arn"]}, "/*"]]}],
              "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}}}""",
          """
          "Logs#": {"Type": "AWS::Logs::LogGroup", "Properties": {|"RetentionInDays": 30,| TAGS}}""",
          """
          "Role#": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"},
             "Action": "sts:AssumeRole", |"Condition": {"StringEquals":
               {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},| "Sid": "Trust"}]}, TAGS}}""",
          """
          "Policy#": {"Type": "AWS::IAM::Policy", "Properties": {"PolicyName": "work",
            "Roles": [{"Ref": "Role#"}], "PolicyDocument": {"Statement": [
              {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"],
               "Resource": {"Fn::Sub": "${Bucket#.Arn}/models/*"}},
              {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
               "Resource": {"Fn::GetAtt": ["Logs#", "Arn"]}},
              {"Effect": "Allow", "Action": ["sqs:SendMessage", "sqs:ReceiveMessage"],
               "Resource": {"Fn::GetAtt": ["Queue#", "Arn"]}},
              {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"}]}}}""",
          """
          "Queue#": {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 360, TAGS}}""",
          """
          "Function#": {"Type": "AWS::Lambda::Function", "Properties": {"Timeout": 60,
            "Role": {"Fn::GetAtt": ["Role#", "Arn"]}, "Handler": "a.B", "Runtime": "java17",
            |"LoggingConfig": {"LogGroup": {"Ref": "Logs#"}},|
            "Environment": {"Variables": {"BUCKET": {"Ref": "Bucket#"}}}, TAGS}}""",
          """
          "Group#": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "one",
            "VpcId": "vpc-1", "SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": 443,
              "ToPort": 443, "CidrIp": "10.0.0.0/8"}], TAGS}}""",
          """
          "Task#": {"Type": "AWS::ECS::TaskDefinition", "Properties": {"NetworkMode": "awsvpc",
            "TaskRoleArn": {"Fn::GetAtt": ["Role#", "Arn"]},
            "ContainerDefinitions": [{"Name": "one", "Image": "registry/one:1",
              "Environment": [{"Name": "QUEUE", "Value": {"Ref": "Queue#"}}],
              "LogConfiguration": {"LogDriver": "awslogs", "Options": {
                "awslogs-group": {"Ref": "Logs#"}, "awslogs-region": "us-east-1"}}}], TAGS}}""",
          """
          "Service#": {"Type": "AWS::ECS::Service", "Properties": {"TaskDefinition": {"Ref": "Task#"},
            "LaunchType": "FARGATE", |"PropagateTags": "SERVICE",| "NetworkConfiguration": {
              "AwsvpcConfiguration": {"Subnets": ["subnet-1"], "AssignPublicIp": "ENABLED",
                "SecurityGroups": [{"Fn::GetAtt": ["Group#", "GroupId"]}]}}, TAGS}}""");

  private static final List<String> TAGS =
      List.of("project", "environment", "owner", "cost-center", "workload", "managed-by");

  /** Of ten things that can be left out, one is. */
  private static final int LEFT_OUT = 10;

  private GeneratedTemplates() {}

  /**
   * A template; the same for the same seed.
   *
   * @param resources how many; a multiple of the size of a workload
   */
  static String json(long seed, int resources) {
    Random random = new Random(seed);
    StringBuilder template = new StringBuilder("{\"Resources\": {\n");
    for (int i = 0; i < resources; i++) {
      String resource = WORKLOAD.get(i % WORKLOAD.size());
      template
          .append(i == 0 ? "" : ",\n")
          .append(
              some(resource, random)
                  .replace("TAGS", tags(random))
                  .replace("#", Integer.toString(i / WORKLOAD.size())));
    }
    return template.append("}}").toString();
  }

  private static String some(String resource, Random random) {
    StringBuilder text = new StringBuilder();
    String[] parts = resource.split("\\|", -1);
    for (int i = 0; i < parts.length; i++) {
      if (i % 2 == 0 || random.nextInt(LEFT_OUT) > 0) {
        text.append(parts[i]);
      }
    }
    return text.toString();
  }

  private static String tags(Random random) {
    StringBuilder tags = new StringBuilder("\"Tags\": [");
    for (String key : TAGS) {
      if (random.nextInt(LEFT_OUT) > 0) {
        tags.append(tags.charAt(tags.length() - 1) == '[' ? "" : ",")
            .append("{\"Key\": \"" + key + "\", \"Value\": \"" + random.nextInt(9) + "\"}");
      }
    }
    return tags.append("]").toString();
  }
}
