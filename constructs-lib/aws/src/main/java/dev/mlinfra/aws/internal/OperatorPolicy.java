package dev.mlinfra.aws.internal;

import dev.mlinfra.aws.OperatorRoleProps;
import dev.mlinfra.aws.PredictionLambda;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Who may take on a role for people, and what it may do. */
public final class OperatorPolicy {
  /** The environment that the session was tagged with. */
  private static final String ENVIRONMENT = "${aws:PrincipalTag/environment}";

  private OperatorPolicy() {}

  /** ARNs of principals, with the conditions under which they may take on the role. */
  public static Map<List<String>, Map<String, Map<String, Object>>> trust(OperatorRoleProps props) {
    Map<List<String>, Map<String, Map<String, Object>>> trust = new LinkedHashMap<>();
    List<String> withoutMfa =
        props.getPrincipals().stream()
            .filter(arn -> OperatorRules.isRole(arn) || !props.isMfaRequired())
            .toList();
    List<String> withMfa =
        props.getPrincipals().stream().filter(arn -> !withoutMfa.contains(arn)).toList();
    if (!withoutMfa.isEmpty()) {
      trust.put(withoutMfa, tagged(props));
    }
    if (!withMfa.isEmpty()) {
      Map<String, Map<String, Object>> conditions = tagged(props);
      conditions.put("Bool", Map.of("aws:MultiFactorAuthPresent", "true"));
      trust.put(withMfa, conditions);
    }
    return trust;
  }

  /** What the role may do. */
  public static List<Statement> statements(OperatorRoleProps props, Arns arns) {
    String name = props.getProject() + "-" + ENVIRONMENT + "-";
    String parameters = "parameter/mlinfra/" + props.getProject() + "/" + ENVIRONMENT;
    List<String> readable =
        List.of(
            props.getPrefixes().datasets(),
            props.getPrefixes().models(),
            props.getPrefixes().results());
    List<Statement> statements = new ArrayList<>();
    statements.add(
        new Statement(
            "ListFolders",
            List.of("s3:ListBucket"),
            List.of(arns.s3(name + "*")),
            Map.of(
                "StringEquals", ownAccount(arns),
                "StringLike",
                    Map.of("s3:prefix", readable.stream().map(folder -> folder + "/*").toList()))));
    statements.add(
        new Statement(
            "ReadData",
            List.of("s3:GetObject", "s3:GetObjectVersion"),
            readable.stream().map(folder -> arns.s3(name + "*/" + folder + "/*")).toList(),
            Map.of("StringEquals", ownAccount(arns))));
    statements.add(
        new Statement(
            "WriteDatasets",
            List.of("s3:PutObject"),
            List.of(arns.s3(name + "*/" + props.getPrefixes().datasets() + "/*")),
            Map.of("StringEquals", ownAccount(arns))));
    if (props.isDataKeyUsed()) {
      statements.add(dataKeys(props, arns));
    }
    statements.add(
        Statement.of(
            "Predict",
            List.of("lambda:InvokeFunction"),
            arns.in("lambda", "function:" + name + "*:" + PredictionLambda.ALIAS)));
    statements.add(
        Statement.of(
            "ReadLogs",
            List.of("logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents"),
            arns.in("logs", "log-group:" + name + "*")));
    statements.add(
        Statement.of(
            "ReadStacks",
            List.of(
                "cloudformation:DescribeStackEvents",
                "cloudformation:DescribeStackResources",
                "cloudformation:DescribeStacks"),
            arns.in("cloudformation", "stack/" + name + "*/*")));
    statements.add(
        Statement.of(
            "ReadParameters",
            List.of("ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"),
            // The folder itself is what IAM sees of a request by path.
            Stream.of(parameters, parameters + "/*")
                .flatMap(parameter -> arns.in("ssm", parameter).stream())
                .toList()));
    return statements;
  }

  private static Statement dataKeys(OperatorRoleProps props, Arns arns) {
    Map<String, Object> equal = new TreeMap<>();
    equal.put("aws:ResourceTag/environment", ENVIRONMENT);
    equal.put("aws:ResourceTag/project", props.getProject());
    equal.put(
        "kms:ViaService",
        arns.regions().stream().map(region -> "s3." + region + ".amazonaws.com").toList());
    return new Statement(
        "UseDataKeys",
        List.of("kms:Decrypt", "kms:GenerateDataKey"),
        arns.in("kms", "key/*"),
        Map.of("StringEquals", equal));
  }

  /** Anyone may make a bucket of such a name, so the account must be said too. */
  private static Map<String, Object> ownAccount(Arns arns) {
    return Map.of("aws:ResourceAccount", arns.account());
  }

  private static Map<String, Map<String, Object>> tagged(OperatorRoleProps props) {
    Map<String, Map<String, Object>> conditions = new TreeMap<>();
    conditions.put(
        "StringEquals",
        new TreeMap<>(
            Map.of(
                "aws:RequestTag/project", props.getProject(),
                "aws:RequestTag/environment", props.getEnvironments())));
    // Without it, a session could carry tags that other policies trust.
    conditions.put(
        "ForAllValues:StringEquals", Map.of("aws:TagKeys", List.of("environment", "project")));
    return conditions;
  }
}
