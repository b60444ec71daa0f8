package dev.mlinfra.policy.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.template.Models;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkloadReachTest {
  private static final String TASK =
      """
        Task:
          Type: AWS::ECS::TaskDefinition
          Properties:
            RequiresCompatibilities: [FARGATE]
            ContainerDefinitions:
              - Image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/trainer:1
                LogConfiguration: {LogDriver: awslogs}
                Secrets:
                  - Name: KEY
                    ValueFrom: !Ref Key
        Key:
          Type: AWS::SecretsManager::Secret
      """;

  @Test
  void compliantWhenATaskHasAPublicAddressInAPublicSubnet() {
    assertThat(check(TASK, service("Public", "ENABLED")))
        .containsExactly("COMPLIANT Service " + SUBNETS);
  }

  @Test
  void compliantBehindANatGateway() {
    assertThat(check(TASK, service("Private", "DISABLED")))
        .containsExactly("COMPLIANT Service " + SUBNETS);
  }

  @Test
  void compliantWithEveryEndpoint() {
    assertThat(
            check(
                TASK,
                service("Isolated", "DISABLED"),
                Networks.endpoint("ecr.api"),
                Networks.endpoint("ecr.dkr"),
                Networks.endpoint("logs"),
                Networks.endpoint("secretsmanager"),
                Networks.S3))
        .containsExactly("COMPLIANT Service " + SUBNETS);
  }

  @Test
  void violatedWhenNothingLeadsOut() {
    assertThat(check(TASK, service("Isolated", "DISABLED")))
        .containsExactly(
            "VIOLATED Service "
                + SUBNETS
                + ": a Fargate task in Isolated cannot reach ecr.api, ecr.dkr, s3, logs,"
                + " secretsmanager");
  }

  @Test
  void violatedInAPublicSubnetWithoutAnAddress() {
    assertThat(check(TASK, service("Public", "DISABLED")))
        .containsExactly(
            "VIOLATED Service "
                + SUBNETS
                + ": a Fargate task in Public cannot reach ecr.api, ecr.dkr, s3, logs,"
                + " secretsmanager");
  }

  @Test
  void violatedByTheOneEndpointThatIsMissing() {
    assertThat(
            check(
                TASK,
                service("Isolated", "DISABLED"),
                Networks.endpoint("ecr.api"),
                Networks.endpoint("ecr.dkr"),
                Networks.endpoint("logs"),
                Networks.endpoint("secretsmanager")))
        .containsExactly(
            "VIOLATED Service " + SUBNETS + ": a Fargate task in Isolated cannot reach s3");
  }

  @Test
  void violatedByAnImageFromElsewhereThatNoEndpointLeadsTo() {
    assertThat(
            check(
                """
                  Task:
                    Type: AWS::ECS::TaskDefinition
                    Properties:
                      ContainerDefinitions: [{Image: 'python:3.13'}]
                """,
                service("Isolated", "DISABLED")))
        .containsExactly(
            "VIOLATED Service "
                + SUBNETS
                + ": a Fargate task in Isolated cannot reach the registry of the image"
                + " python:3.13");
  }

  @Test
  void violatedForAScheduledTask() {
    assertThat(
            check(
                TASK,
                """
                  Schedule:
                    Type: AWS::Scheduler::Schedule
                    Properties:
                      Target:
                        EcsParameters:
                          TaskDefinitionArn: !Ref Task
                          CapacityProviderStrategy: [{CapacityProvider: FARGATE_SPOT}]
                          NetworkConfiguration:
                            AwsvpcConfiguration: {Subnets: [!Ref Isolated, !Ref Private]}
                  Rule:
                    Type: AWS::Events::Rule
                    Properties:
                      Targets:
                        - EcsParameters:
                            TaskDefinitionArn: !Ref Task
                            LaunchType: FARGATE
                            NetworkConfiguration:
                              AwsVpcConfiguration: {Subnets: [!Ref Isolated]}
                """))
        .containsExactly(
            "VIOLATED Schedule Target.EcsParameters."
                + SUBNETS
                + ": a Fargate task in Isolated cannot reach ecr.api, ecr.dkr, s3, logs,"
                + " secretsmanager",
            "VIOLATED Rule Targets[0].EcsParameters.NetworkConfiguration.AwsVpcConfiguration.Subnets"
                + ": a Fargate task in Isolated cannot reach ecr.api, ecr.dkr, s3, logs,"
                + " secretsmanager");
  }

  @Test
  void violatedForABatchInstance() {
    assertThat(
            check(
                """
                  Environment:
                    Type: AWS::Batch::ComputeEnvironment
                    Properties:
                      ComputeResources:
                        Type: SPOT
                        Subnets: [!Ref Isolated]
                        SecurityGroupIds: [!GetAtt WorkloadGroup.GroupId]
                  Images:
                    Type: AWS::ECR::Repository
                  Job:
                    Type: AWS::Batch::JobDefinition
                    Properties:
                      ContainerProperties: {Image: !Sub '${Images.RepositoryUri}:1'}
                """))
        .containsExactly(
            "VIOLATED Environment ComputeResources.Subnets: a Batch instance in Isolated cannot"
                + " reach ecs-agent, ecs-telemetry, ecs, ecr.api, ecr.dkr, s3, logs");
  }

  @Test
  void violatedForABatchJobOnFargateWithoutAnAddress() {
    assertThat(
            check(
                """
                  Environment:
                    Type: AWS::Batch::ComputeEnvironment
                    Properties:
                      ComputeResources: {Type: FARGATE_SPOT, Subnets: [!Ref Public]}
                  Job:
                    Type: AWS::Batch::JobDefinition
                    Properties:
                      PlatformCapabilities: [FARGATE]
                      ContainerProperties:
                        Image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/trainer:1
                        LogConfiguration: {LogDriver: json-file}
                """))
        .containsExactly(
            "VIOLATED Environment ComputeResources.Subnets: a Batch job on Fargate in Public"
                + " cannot reach ecr.api, ecr.dkr, s3");
  }

  @Test
  void compliantForABatchJobOnFargateThatAsksForAnAddress() {
    assertThat(
            check(
                """
                  Environment:
                    Type: AWS::Batch::ComputeEnvironment
                    Properties:
                      ComputeResources: {Type: FARGATE, Subnets: [!Ref Public]}
                  Job:
                    Type: AWS::Batch::JobDefinition
                    Properties:
                      PlatformCapabilities: [FARGATE]
                      ContainerProperties:
                        Image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/trainer:1
                        NetworkConfiguration: {AssignPublicIp: ENABLED}
                """))
        .containsExactly("COMPLIANT Environment ComputeResources.Subnets");
  }

  @Test
  void violatedForANodeWhoseControlPlaneIsOnTheInternetOnly() {
    assertThat(
            check(
                cluster("{SubnetIds: [!Ref Isolated]}"),
                Networks.endpoint("ec2"),
                Networks.endpoint("ecr.api"),
                Networks.endpoint("ecr.dkr"),
                Networks.S3))
        .containsExactly(
            "VIOLATED Nodes Subnets: a node in Isolated cannot reach the control plane, which has"
                + " no private access");
  }

  @Test
  void compliantForANodeWithAPrivateControlPlaneAndEndpoints() {
    assertThat(
            check(
                cluster("{SubnetIds: [!Ref Isolated], EndpointPrivateAccess: true}"),
                Networks.endpoint("ec2"),
                Networks.endpoint("ecr.api"),
                Networks.endpoint("ecr.dkr"),
                Networks.S3))
        .containsExactly("COMPLIANT Nodes Subnets");
  }

  @Test
  void compliantForANodeWithTheGroupOfItsClusterWhichTheEndpointsLetIn() {
    String silent =
        cluster("{SubnetIds: [!Ref Isolated], EndpointPrivateAccess: true}")
            .replace(
                "SecurityGroupIds: [!GetAtt WorkloadGroup.GroupId]", "InstanceType: g6.xlarge");
    String[] endpoints = {
      Networks.endpoint("ec2"),
      Networks.endpoint("ecr.api"),
      Networks.endpoint("ecr.dkr"),
      Networks.S3
    };
    String letIn =
        Networks.VPC.replace(
            "!GetAtt WorkloadGroup.GroupId", "!GetAtt Cluster.ClusterSecurityGroupId");

    assertThat(Checks.of(new WorkloadReach(), letIn + silent + String.join("", endpoints)))
        .containsExactly("COMPLIANT Nodes Subnets");
    assertThat(check(silent, String.join("", endpoints)))
        .containsExactly(
            "UNDECIDED Nodes Subnets: whether a node reaches ec2, ecr.api, ecr.dkr is known only"
                + " when deployed");
  }

  @Test
  void violatedForAPodOnFargateWhichNeverHasAnAddress() {
    assertThat(
            check(
                """
                  Cluster:
                    Type: AWS::EKS::Cluster
                    Properties: {ResourcesVpcConfig: {EndpointPrivateAccess: true}}
                  Pods:
                    Type: AWS::EKS::FargateProfile
                    Properties: {ClusterName: !Ref Cluster, Subnets: [!Ref Isolated]}
                """))
        .containsExactly(
            "VIOLATED Pods Subnets: a pod on Fargate in Isolated cannot reach ecr.api, ecr.dkr, s3,"
                + " sts");
  }

  @Test
  void violatedForANodeWhosePodsHaveAnIdentityThatNobodyHandsOut() {
    assertThat(
            check(
                cluster("{SubnetIds: [!Ref Isolated], EndpointPrivateAccess: true}"),
                """
                  Identity:
                    Type: AWS::EKS::PodIdentityAssociation
                """,
                Networks.endpoint("ec2"),
                Networks.endpoint("ecr.api"),
                Networks.endpoint("ecr.dkr"),
                Networks.S3))
        .containsExactly("VIOLATED Nodes Subnets: a node in Isolated cannot reach eks-auth");
  }

  @Test
  void violatedForAFunctionInAPublicSubnetBecauseItNeverHasAnAddress() {
    String mapped =
        Networks.VPC.replace(
            "CidrBlock: 10.0.0.0/24", "CidrBlock: 10.0.0.0/24, MapPublicIpOnLaunch: true");

    assertThat(Checks.of(new WorkloadReach(), mapped + function("Public")))
        .containsExactly(
            "VIOLATED Function VpcConfig.SubnetIds: a Lambda function in Public cannot reach s3");
  }

  @Test
  void compliantForAFunctionWithAGatewayEndpoint() {
    assertThat(check(function("Isolated"), Networks.S3))
        .containsExactly("COMPLIANT Function VpcConfig.SubnetIds");
  }

  @Test
  void violatedForAModelWithoutStorage() {
    assertThat(
            check(
                """
                  Model:
                    Type: AWS::SageMaker::Model
                    Properties:
                      EnableNetworkIsolation: true
                      VpcConfig: {Subnets: [!Ref Isolated], SecurityGroupIds: [sg-1]}
                  Notebook:
                    Type: AWS::SageMaker::NotebookInstance
                    Properties: {SubnetId: !Ref Isolated, DirectInternetAccess: Disabled}
                  Domain:
                    Type: AWS::SageMaker::Domain
                    Properties: {SubnetIds: [!Ref Private], AppNetworkAccessType: VpcOnly}
                """))
        .containsExactly(
            "VIOLATED Model VpcConfig.Subnets: a model in Isolated cannot reach s3",
            "VIOLATED Notebook SubnetId: a notebook in Isolated cannot reach s3, sagemaker.api,"
                + " sagemaker.runtime",
            "COMPLIANT Domain SubnetIds");
  }

  @Test
  void violatedForAManagedInstance() {
    assertThat(check(instance("Isolated")))
        .containsExactly(
            "VIOLATED Instance SubnetId: an instance that Systems Manager manages in Isolated"
                + " cannot reach ssm, ssmmessages");
  }

  @Test
  void compliantForAnInstanceThatAsksForAnAddress() {
    assertThat(
            check(
                instance("Public")
                    .replace(
                        "SubnetId: !Ref Public",
                        "NetworkInterfaces: [{SubnetId: !Ref Public, AssociatePublicIpAddress: true}]")))
        .containsExactly("COMPLIANT Instance NetworkInterfaces[0].SubnetId");
  }

  @Test
  void violatedForAContainerInstanceOfAScalingGroup() {
    assertThat(
            check(
                """
                  Template:
                    Type: AWS::EC2::LaunchTemplate
                    Properties:
                      LaunchTemplateData:
                        UserData: !Base64
                          Fn::Sub: 'echo ECS_CLUSTER=${Cluster} >> /etc/ecs/ecs.config'
                  Cluster:
                    Type: AWS::ECS::Cluster
                  Group:
                    Type: AWS::AutoScaling::AutoScalingGroup
                    Properties:
                      VPCZoneIdentifier: [!Ref Isolated]
                      LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: '1'}
                """))
        .containsExactly(
            "VIOLATED Group VPCZoneIdentifier: a container instance in Isolated cannot reach"
                + " ecs-agent, ecs-telemetry, ecs");
  }

  @Test
  void undecidedWhenTheSubnetsAreGiven() {
    assertThat(
            Checks.of(
                new WorkloadReach(),
                "Parameters: {Subnets: {Type: 'List<AWS::EC2::Subnet::Id>'}}",
                "Resources:",
                TASK,
                service("Public", "DISABLED").replace("[!Ref Public]", "!Ref Subnets")))
        .containsExactly(
            "UNDECIDED Service "
                + SUBNETS
                + ": whether a Fargate task reaches ecr.api, ecr.dkr, s3, logs, secretsmanager is"
                + " known only when deployed");
  }

  @Test
  void undecidedWhenOnlyTheImageIsNotKnown() {
    assertThat(check(service("Isolated", "DISABLED")))
        .containsExactly(
            "UNDECIDED Service "
                + SUBNETS
                + ": whether a Fargate task reaches the registry of its image is known only when"
                + " deployed");
  }

  @Test
  void notApplicableToWhatNeedsNothingOrIsInNoVpc() {
    assertThat(
            check(
                """
                  Silent:
                    Type: AWS::Lambda::Function
                    Properties: {VpcConfig: {SubnetIds: [!Ref Isolated]}}
                  Outside:
                    Type: AWS::Lambda::Function
                    Properties: {Runtime: java25}
                  Plain:
                    Type: AWS::EC2::Instance
                    Properties: {SubnetId: !Ref Isolated}
                """))
        .isEmpty();
  }

  @Test
  void notApplicableToATaskOnInstancesOfOnesOwn() {
    assertThat(check(service("Isolated", "DISABLED").replace("FARGATE", "EC2"))).isEmpty();
  }

  @Test
  void theFixNamesEveryWayOut() {
    String networks = "; security groups must let port 443 through";
    String endpoints =
        ", or add endpoints for ecr.api, ecr.dkr, s3, logs, secretsmanager to the VPC";
    assertThat(fixes(TASK, service("Isolated", "DISABLED")))
        .containsExactly(
            "put it into subnets with a route to a NAT gateway" + endpoints + networks);
    assertThat(fixes(TASK, service("Public", "DISABLED")))
        .containsExactly("set AssignPublicIp: ENABLED" + endpoints + networks);
    assertThat(
            fixes(
                TASK,
                service("Isolated", "DISABLED")
                    .replace("[!Ref Isolated]", "[!Ref Isolated, !Ref Public]")))
        .as("one of them is not public")
        .containsExactly(
            "put it into subnets with a route to a NAT gateway" + endpoints + networks);
    assertThat(fixes(function("Public")))
        .as("a function never has an address")
        .containsExactly(
            "put it into subnets with a route to a NAT gateway, or add endpoints for s3 to the VPC"
                + networks);
  }

  @Test
  void theFixForAnImageFromElsewhereIsToCopyIt() {
    assertThat(
            fixes(
                """
                  Task:
                    Type: AWS::ECS::TaskDefinition
                    Properties:
                      ContainerDefinitions: [{Image: 'python:3.13'}, {Image: 'redis:8'}]
                """,
                service("Isolated", "DISABLED")))
        .containsExactly(
            "put it into subnets with a route to a NAT gateway, or copy the image into ECR;"
                + " security groups must let port 443 through");
  }

  @Test
  void violatedForTasksThatAreOnFargateWithoutSayingSoThemselves() {
    String violation =
        "VIOLATED Service "
            + SUBNETS
            + ": a Fargate task in Isolated cannot reach ecr.api, ecr.dkr, s3, logs,"
            + " secretsmanager";
    String silent = service("Isolated", "DISABLED").replace("LaunchType: FARGATE", "Name: a");
    String spot =
        silent.replace("Name: a", "CapacityProviderStrategy: [{CapacityProvider: FARGATE_SPOT}]");

    assertThat(check(TASK, silent)).containsExactly(violation);
    assertThat(check(TASK.replace("[FARGATE]", "[EC2]"), spot)).containsExactly(violation);
  }

  @Test
  void notApplicableToATaskThatIsPerhapsNotOnFargate() {
    String silent = service("Isolated", "DISABLED").replace("LaunchType: FARGATE", "Name: a");
    String own = silent.replace("Name: a", "CapacityProviderStrategy: [{CapacityProvider: gpus}]");

    assertThat(check(TASK.replace("[FARGATE]", "[EC2, FARGATE]"), silent)).isEmpty();
    assertThat(check(silent)).isEmpty();
    assertThat(check(TASK, own)).isEmpty();
  }

  @Test
  void undecidedWhenATaskNamesNoTaskDefinition() {
    assertThat(
            check(
                service("Isolated", "DISABLED")
                    .replace("TaskDefinition: !Ref Task", "TaskDefinition: !Ref Internet")))
        .containsExactly(
            "UNDECIDED Service "
                + SUBNETS
                + ": whether a Fargate task reaches the registry of its image is known only when"
                + " deployed");
  }

  @Test
  void secretsOfBothStoresAreReached() {
    for (String secret :
        List.of(
            "arn:aws:secretsmanager:us-east-1:123456789012:secret:a",
            "arn:aws:ssm:us-east-1:123456789012:parameter/a",
            "!Ref Parameter")) {
      assertThat(
              check(
                  TASK.replace("!Ref Key", secret),
                  service("Isolated", "DISABLED"),
                  "  Parameter: {Type: 'AWS::SSM::Parameter'}\n"))
          .containsExactly(
              "VIOLATED Service "
                  + SUBNETS
                  + ": a Fargate task in Isolated cannot reach ecr.api, ecr.dkr, s3, logs, "
                  + (secret.contains("secretsmanager") ? "secretsmanager" : "ssm"));
    }
  }

  @Test
  void everyKindOfJobIsReadForTheContainersOfItsPlatform() {
    String environment =
        """
          Environment:
            Type: AWS::Batch::ComputeEnvironment
            Properties:
              ComputeResources: {Type: FARGATE, Subnets: [!Ref Isolated]}
          Job:
            Type: AWS::Batch::JobDefinition
            Properties:
              PlatformCapabilities: [%s]
              %s
          Other:
            Type: AWS::Batch::JobDefinition
            Properties:
              PlatformCapabilities: [FARGATE]
              ContainerProperties: {Image: 'a:1', LogConfiguration: {LogDriver: none}}
        """;
    String container =
        "{Image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/a:1, LogConfiguration: {LogDriver:"
            + " none}}";
    String start =
        "VIOLATED Environment ComputeResources.Subnets: a Batch job on Fargate in Isolated cannot"
            + " reach ";
    String image = "the registry of the image a:1";

    for (String properties :
        List.of(
            "ContainerProperties: " + container,
            "EcsProperties: {TaskProperties: [{Containers: [" + container + "]}]}",
            "NodeProperties: {NodeRangeProperties: [{TargetNodes: '0'}, {Container: "
                + container
                + "}]}")) {
      assertThat(check(environment.formatted("FARGATE", properties)))
          .containsExactly(start + "ecr.api, ecr.dkr, s3, " + image);
      assertThat(check(environment.formatted("EC2", properties))).containsExactly(start + image);
    }
    assertThat(check(environment.formatted("FARGATE", "EksProperties: {PodProperties: {}}")))
        .containsExactly(start + image);
  }

  @Test
  void notApplicableToAComputeEnvironmentInACluster() {
    assertThat(
            check(
                """
                  Environment:
                    Type: AWS::Batch::ComputeEnvironment
                    Properties:
                      EksConfiguration: {KubernetesNamespace: batch}
                      ComputeResources: {Type: EC2, Subnets: [!Ref Isolated]}
                  Unmanaged:
                    Type: AWS::Batch::ComputeEnvironment
                    Properties: {Type: UNMANAGED}
                """))
        .isEmpty();
  }

  private static final String SUBNETS = "NetworkConfiguration.AwsvpcConfiguration.Subnets";

  private static List<String> check(String... resources) {
    return Checks.of(new WorkloadReach(), Networks.VPC + String.join("", resources));
  }

  private static List<String> fixes(String... resources) {
    return Checks.fixes(
        new WorkloadReach(), Models.parse("test.yaml", Networks.VPC + String.join("", resources)));
  }

  private static String service(String subnet, String publicAddress) {
    return """
        Service:
          Type: AWS::ECS::Service
          Properties:
            LaunchType: FARGATE
            TaskDefinition: !Ref Task
            NetworkConfiguration:
              AwsvpcConfiguration:
                Subnets: [!Ref %s]
                SecurityGroups: [!GetAtt WorkloadGroup.GroupId]
                AssignPublicIp: %s
      """
        .formatted(subnet, publicAddress)
        .indent(0);
  }

  private static String cluster(String config) {
    return """
        Cluster:
          Type: AWS::EKS::Cluster
          Properties:
            ResourcesVpcConfig: %s
        NodeTemplate:
          Type: AWS::EC2::LaunchTemplate
          Properties:
            LaunchTemplateData: {SecurityGroupIds: [!GetAtt WorkloadGroup.GroupId]}
        Nodes:
          Type: AWS::EKS::Nodegroup
          Properties:
            ClusterName: !Ref Cluster
            Subnets: [!Ref Isolated]
            LaunchTemplate: {Id: !Ref NodeTemplate, Version: '1'}
      """
        .formatted(config)
        .indent(0);
  }

  private static String function(String subnet) {
    return """
        Function:
          Type: AWS::Lambda::Function
          Properties:
            Role: !GetAtt Role.Arn
            VpcConfig:
              SubnetIds: [!Ref %s]
              SecurityGroupIds: [!GetAtt WorkloadGroup.GroupId]
        Role:
          Type: AWS::IAM::Role
          Properties:
            Policies:
              - PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Action: [s3:GetObject, logs:PutLogEvents]
                      Resource: arn:aws:s3:::models/*
      """
        .formatted(subnet)
        .indent(0);
  }

  private static String instance(String subnet) {
    return """
        Instance:
          Type: AWS::EC2::Instance
          Properties:
            SubnetId: !Ref %s
            IamInstanceProfile: !Ref Profile
        Profile:
          Type: AWS::IAM::InstanceProfile
          Properties: {Roles: [!Ref Role]}
        Role:
          Type: AWS::IAM::Role
          Properties:
            ManagedPolicyArns:
              - !Sub arn:${AWS::Partition}:iam::aws:policy/AmazonSSMManagedInstanceCore
      """
        .formatted(subnet)
        .indent(0);
  }
}
