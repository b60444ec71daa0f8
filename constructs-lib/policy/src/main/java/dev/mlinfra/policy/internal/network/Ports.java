package dev.mlinfra.policy.internal.network;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.template.Value;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;

/** The ports of a rule of a security group. */
final class Ports {
  private static final Set<String> TCP = Set.of("tcp", "6");
  private static final Set<String> WITHOUT_PORTS = Set.of("icmp", "1", "icmpv6", "58");

  private Ports() {}

  /** Whether a rule certainly covers a TCP port. */
  static Verdict cover(Value rule, int port) {
    Verdict every = Decide.oneOf(rule.entry("IpProtocol"), "-1");
    Verdict range =
        Verdict.worst(
            List.of(
                Decide.text(rule.entry("IpProtocol"), TCP::contains),
                Decide.number(rule.entry("FromPort"), it -> it.compareTo(number(port)) <= 0),
                Decide.number(rule.entry("ToPort"), it -> it.compareTo(number(port)) >= 0)));
    return Reach.best(every, range);
  }

  /** Whether a rule is only about messages that have no port, such as a ping. */
  static boolean none(Value rule) {
    return rule.entry("IpProtocol").asText().filter(WITHOUT_PORTS::contains).isPresent();
  }

  /** Whether a rule covers every protocol and port. */
  static boolean all(Value rule) {
    return rule.entry("IpProtocol").asText().filter("-1"::equals).isPresent();
  }

  private static BigDecimal number(int port) {
    return BigDecimal.valueOf(port);
  }
}
