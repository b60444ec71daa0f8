package dev.mlinfra.policy.internal.iam;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WildcardsTest {

  @ParameterizedTest
  @CsvSource({
    "get*, getobject, true",
    "get*, get, true",
    "*, getobject, true",
    "get?, get, false",
    "get?, gets, true",
    "*object*, getobjectacl, true",
    "*a*b, xaybzb, true",
    "*a*b, xaybz, false",
    "**, x, true",
    "getobject, getobjectacl, false",
    "get.bject, getobject, false",
  })
  void namesWhatIamWouldName(String pattern, String text, boolean named) {
    assertThat(Wildcards.matches(pattern, text)).isEqualTo(named);
  }
}
