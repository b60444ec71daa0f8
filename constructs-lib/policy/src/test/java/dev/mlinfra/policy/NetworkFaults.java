package dev.mlinfra.policy;

import static dev.mlinfra.policy.Edits.bool;
import static dev.mlinfra.policy.Edits.json;
import static dev.mlinfra.policy.Edits.text;
import static dev.mlinfra.policy.Edits.with;
import static dev.mlinfra.policy.Edits.without;

import dev.mlinfra.policy.Fault.Mutant;
import dev.mlinfra.template.Output;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Faults of what is reached, of what can be reached, and of what is stored. */
final class NetworkFaults {
  static final List<Fault> ALL =
      Stream.of(reach(), open(), stored(), secrets()).flatMap(List::stream).toList();

  private NetworkFaults() {}

  private static List<Fault> reach() {
    return List.of(
        Fault.of("no route out", "network.workload-reach").without("AWS::EC2::Route"),
        Fault.of("no public address", "network.workload-reach")
            .in("AWS::EC2::Subnet")
            .instead("MapPublicIpOnLaunch", bool(false)),
        Fault.of("no endpoint", "network.workload-reach").without("AWS::EC2::VPCEndpoint"),
        Fault.of("endpoint without its name", "network.workload-reach")
            .in("AWS::EC2::VPCEndpoint")
            .instead("PrivateDnsEnabled", bool(false)),
        Fault.of("nothing let out", "network.workload-reach")
            .in("AWS::EC2::SecurityGroup")
            .instead(
                "SecurityGroupEgress",
                json(
                    "[{'IpProtocol': 'tcp', 'FromPort': 1, 'ToPort': 1, 'CidrIp':"
                        + " '10.9.9.9/32'}]")),
        Fault.of("endpoint policy without image layers", "network.endpoint-policy")
            .in("AWS::EC2::VPCEndpoint")
            .to(
                "PolicyDocument/Statement",
                statements -> without(statements, it -> it.toJson().contains("starport-layer"))),
        Fault.of("endpoint for everybody", "network.endpoint-policy-bound")
            .in(NetworkFaults::gateway)
            .without("PolicyDocument"),
        Fault.of("endpoint for everybody, said so", "network.endpoint-policy-bound")
            .in(NetworkFaults::gateway)
            .plus(
                "PolicyDocument/Statement",
                json("{'Effect': 'Allow', 'Principal': '*', 'Action': '*', 'Resource': '*'}")),
        Fault.of("workload in the default security group", "network.default-security-group")
            .in("AWS::ECS::Service")
            .without("NetworkConfiguration/AwsvpcConfiguration/SecurityGroups"));
  }

  private static List<Fault> open() {
    return List.of(
        open("SSH", "{'IpProtocol': 'tcp', 'FromPort': 22, 'ToPort': 22, 'CidrIp': '0.0.0.0/0'}"),
        open(
            "a notebook",
            "{'IpProtocol': 'tcp', 'FromPort': 8888, 'ToPort': 8888, 'CidrIpv6': '::/0'}"),
        open("every port", "{'IpProtocol': '-1', 'CidrIp': '0.0.0.0/0'}"),
        open(
            "half of the internet",
            "{'IpProtocol': 'tcp', 'FromPort': 22, 'ToPort': 22, 'CidrIp': '0.0.0.0/1'}"),
        Fault.of("bucket locked for its own stack", "network.bucket-lockout")
            .in("AWS::S3::BucketPolicy")
            .plus(
                "PolicyDocument/Statement",
                json(
                    "{'Effect': 'Deny', 'Principal': '*', 'Action': 's3:*', 'Resource': '*',"
                        + " 'Condition': {'StringNotEquals': {'aws:SourceVpce':"
                        + " 'vpce-0123456789abcdef0'}}}")),
        Fault.of("notebook on the internet", "network.notebook-access")
            .in("AWS::SageMaker::NotebookInstance")
            .set("DirectInternetAccess", text("Enabled")),
        Fault.of("notebook with root", "network.notebook-access")
            .in("AWS::SageMaker::NotebookInstance")
            .set("RootAccess", text("Enabled")),
        Fault.of("control plane on the internet", "network.public-control-plane")
            .in("AWS::EKS::Cluster")
            .set("ResourcesVpcConfig/EndpointPublicAccess", bool(true)),
        Fault.of("database on the internet", "network.public-database")
            .in("AWS::RDS::DBInstance")
            .set("PubliclyAccessible", bool(true)));
  }

  private static List<Fault> stored() {
    String block = "PublicAccessBlockConfiguration";
    return List.of(
        Fault.of("public access not blocked", "data.public-bucket")
            .in("AWS::S3::Bucket")
            .without(block),
        Fault.of("public access half blocked", "data.public-bucket")
            .in("AWS::S3::Bucket")
            .at(
                block,
                value ->
                    Stream.of(
                            "BlockPublicAcls",
                            "BlockPublicPolicy",
                            "IgnorePublicAcls",
                            "RestrictPublicBuckets")
                        .filter(flag -> !value.entry(flag).isMissing())
                        .map(flag -> with(value, flag, bool(false)))
                        .toList()),
        Fault.of("launched volume in clear", "data.encryption")
            .in("AWS::EC2::LaunchTemplate")
            .set("LaunchTemplateData/BlockDeviceMappings/*/Ebs/Encrypted", bool(false)),
        Fault.of("queue in clear", "data.encryption")
            .in("AWS::SQS::Queue")
            .set("SqsManagedSseEnabled", bool(false)),
        Fault.of("topic in clear", "data.encryption")
            .in("AWS::SNS::Topic")
            .without("KmsMasterKeyId"),
        Fault.of("database in clear", "data.encryption")
            .in("AWS::RDS::DBInstance")
            .set("StorageEncrypted", bool(false)),
        Fault.of("file system in clear", "data.encryption")
            .in("AWS::EFS::FileSystem")
            .set("Encrypted", bool(false)));
  }

  private static List<Fault> secrets() {
    Value variable = json("{'Name': 'API_KEY', 'Value': 'not-a-real-key-0123456789abcdef'}");
    return List.of(
        Fault.of("secret in a function's environment", "data.plain-secret")
            .in("AWS::Lambda::Function")
            .to(
                "Environment/Variables",
                variables ->
                    variables instanceof Value.Mapping
                        ? with(variables, "DB_PASSWORD", text("correct-horse-battery-9"))
                        : variables),
        Fault.of("secret in a task's environment", "data.plain-secret")
            .in("AWS::ECS::TaskDefinition")
            .plus("ContainerDefinitions/*/Environment", variable),
        Fault.of("secret in a job's environment", "data.plain-secret")
            .in("AWS::Batch::JobDefinition")
            .plus("ContainerProperties/Environment", variable),
        Fault.of("output of a secret", "data.output-secret")
            .by(
                model ->
                    model.stacks().stream()
                        .filter(stack -> !Edits.isPulumi(model))
                        .map(
                            stack ->
                                new Mutant(
                                    stack.id(),
                                    Edits.with(
                                        model,
                                        new Output(
                                            stack.id(),
                                            "FaultyOutput",
                                            text(
                                                "{{resolve:secretsmanager:ml-agent/key:SecretString:password}}"),
                                            Optional.empty()))))
                        .toList()));
  }

  private static Optional<String> gateway(Resource resource) {
    return Optional.of("")
        .filter(it -> resource.property("VpcEndpointType").equals(text("Gateway")));
  }

  private static Fault open(String what, String rule) {
    return Fault.of("open to the internet: " + what, "network.open-port")
        .in("AWS::EC2::SecurityGroup")
        .plus("SecurityGroupIngress", json(rule));
  }
}
