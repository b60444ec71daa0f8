package dev.mlinfra.policy.internal.iam;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ActionWildcardTest {
  private static final String AT = " Policy PolicyDocument.Statement[0].Action";

  @Test
  void compliantWhenActionsAreWrittenOut() {
    assertThat(check("s3:GetObject")).containsExactly("COMPLIANT" + AT);
  }

  @Test
  void violatedByAWildcardWhichShowsWhatItNames() {
    assertThat(check("sqs:Send*"))
        .containsExactly("VIOLATED" + AT + ": names 1 action: SendMessage");
    assertThat(check("sqs:*Message"))
        .containsExactly(
            "VIOLATED" + AT + ": names 3 actions: DeleteMessage, ReceiveMessage, SendMessage");
    assertThat(check("s3:GetBucket*"))
        .singleElement()
        .asString()
        .matches("VIOLATED.*: names [0-9]+ actions: GetBucketAbac, GetBucketAcl, .* …");
  }

  @Test
  void violatedByAWildcardThatNamesNothing() {
    assertThat(check("sqs:Sent*"))
        .containsExactly(
            "VIOLATED" + AT + ": names no action today, and whatever is called so later");
  }

  @Test
  void undecidedWhenTheActionIsKnownOnlyWhenDeployed() {
    assertThat(check("!Ref Given"))
        .containsExactly("UNDECIDED" + AT + ": the action is known only when deployed");
  }

  @Test
  void notApplicableToAWholeService() {
    assertThat(check("'s3:*'")).isEmpty();
    assertThat(check("'*'")).isEmpty();
  }

  @Test
  void notApplicableToADeny() {
    assertThat(
            Policies.check(new ActionWildcard(), "Effect: Deny", "Action: s3:Get*", "Resource: r"))
        .isEmpty();
  }

  private static List<String> check(String action) {
    return Policies.check(new ActionWildcard(), "Action: " + action, "Resource: '*'");
  }
}
