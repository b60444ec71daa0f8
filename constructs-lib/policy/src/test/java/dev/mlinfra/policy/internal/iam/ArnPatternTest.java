package dev.mlinfra.policy.internal.iam;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArnPatternTest {

  @ParameterizedTest
  @CsvSource({
    "arn:${Partition}:s3:::${BucketName}, arn:aws:s3:::data, true",
    "arn:${Partition}:s3:::${BucketName}, arn:aws:s3:::*, true",
    "arn:${Partition}:s3:::${BucketName}, *, true",
    "arn:${Partition}:s3:::${BucketName}, arn:*, true",
    "arn:${Partition}:s3:::${BucketName}, arn:aws:s3:::data/*, false",
    "arn:${Partition}:s3:::${BucketName}, arn:aws:s3:::data*, true",
    "arn:${Partition}:s3:::${BucketName}, arn:aws:s3:::, false",
    "arn:${Partition}:s3:::${BucketName}, arn:aws:sqs:::data, false",
    "arn:${Partition}:s3:::${BucketName}/${ObjectName}, arn:aws:s3:::data, false",
    "arn:${Partition}:s3:::${BucketName}/${ObjectName}, arn:aws:s3:::data*, true",
    "arn:${Partition}:s3:::${BucketName}/${ObjectName}, arn:aws:s3:::data/a/b, true",
    "arn:${Partition}:s3:::${BucketName}/${ObjectName}, arn:aws:s3:::data/, false",
    "arn:${Partition}:s3:::${BucketName}/${ObjectName}, arn:aws:s3:::d?ta/?, true",
    "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}, arn:aws:iam::123456789012:role/a/b, true",
    "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}, arn:aws:iam::1:2:role/a, false",
    "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}, arn:aws:iam::*:user/*, false",
    "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}, arn:*:role/*, true",
    "arn:${Partition}:dms:${Region}:${Account}:cert:*, arn:aws:dms:eu-west-1:1:cert:, true",
  })
  void aFormMeetsWhatAStatementNames(String form, String given, boolean meets) {
    ArnPattern of = ArnPattern.ofForm(form);
    ArnPattern named = new ArnPattern.Builder().wild(given).build();

    assertThat(of.meets(named)).isEqualTo(meets);
    assertThat(named.meets(of)).isEqualTo(meets);
  }
}
