package dev.mlinfra.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.PermissionWords.Subject;
import dev.mlinfra.template.Models;
import java.util.List;
import org.junit.jupiter.api.Test;

class PermissionWordsTest {
  @Test
  void anIdentityMayWhatItsPoliciesSay() {
    assertThat(
            of(
                """
                Resources:
                  Bucket: {Type: AWS::S3::Bucket}
                  Key: {Type: AWS::KMS::Key}
                  Role:
                    Type: AWS::IAM::Role
                    Properties:
                      ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess']
                      AssumeRolePolicyDocument:
                        Statement:
                          Effect: Allow
                          Action: sts:AssumeRole
                          Principal: {Service: lambda.amazonaws.com}
                          Condition: {StringEquals: {'aws:SourceAccount': '123456789012'}}
                      Policies:
                        - PolicyName: p
                          PolicyDocument:
                            Statement:
                              - Effect: Allow
                                Action: s3:GetObject
                                Resource:
                                  - !Sub '${Bucket.Arn}/models/*'
                                  - !Sub '${Bucket.Arn}/datasets/*'
                              - {Effect: Allow, Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: !GetAtt Key.Arn}
                              - {Effect: Allow, Action: 's3:List*', Resource: '*'}
                              - {Effect: Allow, Action: 'nobody:Knows', Resource: '*'}
                              - {Effect: Deny, Action: 's3:DeleteObject', Resource: '*'}
                              - {Effect: Allow, NotAction: 'iam:PassRole', Resource: '*'}
                """))
        .containsExactly(
            new Subject(
                "t:Role",
                List.of(
                    "may do everything but iam:PassRole with anything (all but iam:PassRole)",
                    "may not write anything (s3:DeleteObject)",
                    "may decrypt with and encrypt with t:Key (kms:Decrypt, kms:GenerateDataKey)",
                    "has the managed policy arn:aws:iam::aws:policy/ReadOnlyAccess",
                    "may list and use anything (nobody:Knows, s3:List*)",
                    "may read datasets/* of t:Bucket, models/* of t:Bucket (s3:GetObject)",
                    "can be taken on by Service lambda.amazonaws.com (sts:AssumeRole), only when"
                        + " StringEquals aws:SourceAccount = 123456789012")));
  }

  @Test
  void aResourceLetsWhatItsPolicySays() {
    assertThat(
            of(
                """
                Resources:
                  Bucket: {Type: AWS::S3::Bucket}
                  Policy:
                    Type: AWS::S3::BucketPolicy
                    Properties:
                      Bucket: !Ref Bucket
                      PolicyDocument:
                        Statement:
                          - {Effect: Deny, Action: 's3:*', Principal: '*', Resource: '*', Condition: {Bool: {'aws:SecureTransport': 'false'}}}
                          - {Effect: Allow, Action: 's3:PutObject', Principal: {Service: logging.s3.amazonaws.com}, Resource: '*'}
                """))
        .containsExactly(
            new Subject(
                "t:Policy",
                List.of(
                    "does not let * change the permissions of, list, read, tag and write it"
                        + " (s3:*), only when Bool aws:SecureTransport = false",
                    "lets Service logging.s3.amazonaws.com write it (s3:PutObject)")));
  }

  private static List<Subject> of(String template) {
    return PermissionWords.of(Models.parse("t.yaml", template));
  }
}
