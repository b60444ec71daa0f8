package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import dev.mlinfra.template.Value;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Image repositories of ECR: as many images as the lifecycle keeps, of a size that is assumed. */
final class RepositoryPricer implements Pricer {
  private static final Pattern KEPT =
      Pattern.compile("\"countType\"\\s*:\\s*\"imageCountMoreThan\"");
  private static final Pattern NUMBER = Pattern.compile("\"countNumber\"\\s*:\\s*(\\d{1,6})");

  @Override
  public Set<String> types() {
    return Set.of("AWS::ECR::Repository");
  }

  @Override
  public void price(Bill bill) {
    OptionalInt kept = kept(bill.property("LifecyclePolicy.LifecyclePolicyText"));
    Assumption usual = Assumption.of("ecr.images");
    Amount images =
        kept.isPresent()
            ? Amount.of(kept.getAsInt(), "images that the lifecycle keeps")
            : Amount.of(usual);
    Aws.stored(
        bill, "images", "ecr", "private storage", images.times(Assumption.of("ecr.gbPerImage")));
  }

  /** The rule that keeps the most images says how many there are. */
  private static OptionalInt kept(Value lifecycle) {
    String text = lifecycle.asText().orElse("");
    if (!KEPT.matcher(text).find()) {
      return OptionalInt.empty();
    }
    Matcher numbers = NUMBER.matcher(text);
    int most = 0;
    while (numbers.find()) {
      most = Math.max(most, Integer.parseInt(numbers.group(1)));
    }
    return most > 0 ? OptionalInt.of(most) : OptionalInt.empty();
  }
}
