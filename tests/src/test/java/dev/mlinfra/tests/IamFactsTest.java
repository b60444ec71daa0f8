package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.Permissions;
import dev.mlinfra.policy.internal.iam.IamAction;
import dev.mlinfra.policy.internal.iam.IamAction.Known;
import dev.mlinfra.policy.internal.iam.IamFacts;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The actions of our own templates, in the table that policies are judged by. */
class IamFactsTest {

  @Test
  void bothSourcesKnowEveryActionAndAgree() {
    Set<String> actions = actions(Synthesis.model());

    assertThat(actions).contains("s3:GetObject", "sts:AssumeRole", "logs:PutLogEvents");
    assertThat(doubtful(actions)).isEmpty();
  }

  @Test
  void anActionThatIsInDoubtWouldBeFound() {
    Model model =
        Models.parse(
            "t.yaml",
            """
            Resources:
              Policy:
                Type: AWS::IAM::Policy
                Properties:
                  Roles: [role]
                  PolicyDocument:
                    Statement:
                    - {Effect: Allow, Action: ['s3:GetObject', 's3:GetObjects'], Resource: '*'}
                    - {Effect: Deny, NotAction: ['s3files:CreateFileSystem', 'dms:ImportCertificate'], Resource: '*'}
                    - {Effect: Deny, Action: 's3:Got*', Resource: '*'}
            """);

    assertThat(doubtful(actions(model)))
        .containsExactly(
            "dms:ImportCertificate", "s3:GetObjects", "s3:Got*", "s3files:CreateFileSystem");
  }

  /** Everything that a policy names: of identities, of roles' trust, of resources. */
  private static Set<String> actions(Model model) {
    Permissions permissions = Permissions.of(model);
    Set<String> actions = new TreeSet<>();
    Stream.of(permissions.identity(), permissions.trust(), permissions.resource())
        .flatMap(List::stream)
        .map(grant -> grant.action().replaceFirst("^deny ", "").replaceFirst("^all but ", ""))
        .flatMap(named -> Arrays.stream(named.split(", ", -1)))
        .forEach(actions::add);
    return actions;
  }

  private static List<String> doubtful(Set<String> actions) {
    return actions.stream().filter(IamFactsTest::isDoubtful).toList();
  }

  /** What a wildcard names moves with the table; it has to name something. */
  private static boolean isDoubtful(String action) {
    Optional<IamAction> known = IamFacts.action(action);
    return known.isPresent()
        ? known.get().known() != Known.BOTH
        : IamFacts.expand(action).isEmpty();
  }
}
