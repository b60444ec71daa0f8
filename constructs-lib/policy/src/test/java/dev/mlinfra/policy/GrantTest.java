package dev.mlinfra.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrantTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "r | s3:GetObject | a/*   | s3:GetObject | a/*   | true",
        "r | s3:Get*      | *     | s3:GetObject | a/b   | true",
        "r | S3:GET*      | *     | s3:GetObject | a/b   | true",
        "r | s3:GetObject | a/*   | s3:Get*      | a/*   | false",
        "r | s3:GetObject | a/*   | s3:GetObject | *     | false",
        // A question mark is one character, a star can be many.
        "r | s3:GetObject | a/?   | s3:GetObject | a/*   | false",
        "r | s3:GetObject | a/?   | s3:GetObject | a/b   | true",
        "r | s3:GetObject | a/?   | s3:GetObject | a/?   | true",
        "r | s3:GetObject | a/*   | s3:GetObject | a/?   | true",
        "r | deny s3:*    | *     | s3:GetObject | a     | false",
        "r | s3:*         | *     | deny s3:Get* | a     | false",
        "r | deny s3:*    | *     | deny s3:Get* | a     | true",
        // An exception with a wildcard leaves out more.
        "r | all but s3:* | *     | all but s3:Get* | *  | false",
        "r | *            | *     | all but s3:Get* | *  | true",
        "r | s3:GetObject | all but a* | s3:GetObject | all but ab | false",
        "* | s3:GetObject | *     | s3:GetObject | *     | true",
        "AWS * | s3:GetObject | * | s3:GetObject | *     | false",
      })
  void aWiderGrantCoversANarrowerOne(
      String principal,
      String action,
      String resource,
      String narrowAction,
      String narrowResource,
      boolean covers) {
    assertThat(
            new Grant(principal, action, resource, "")
                .covers(new Grant("r", narrowAction, narrowResource, "")))
        .isEqualTo(covers);
  }

  @ParameterizedTest
  @CsvSource({"'', a = b, true", "a = b, a = b, true", "a = b, '', false", "a = b, a = c, false"})
  void aConditionNarrows(String condition, String other, boolean covers) {
    assertThat(new Grant("r", "a", "*", condition).covers(new Grant("r", "a", "*", other)))
        .isEqualTo(covers);
  }
}
