package dev.mlinfra.provider.runpod;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * No fault of the API leaves something behind, makes something twice, or stays. Without {@code
 * -Dfaults=all} only the first call of each operation of a life goes wrong.
 */
class FaultCampaignIT {
  private static final boolean ALL = System.getProperty("faults", "first").equals("all");

  @Test
  void everyCallMayGoWrong() {
    FaultCampaign campaign = new FaultCampaign(Lifecycle::new);
    for (FaultCampaign.Life life : FaultCampaign.lives()) {
      campaign.run(life, fault -> ALL || fault.call() == 1);
    }
    int all = campaign.cases().values().stream().mapToInt(Integer::intValue).sum();
    System.out.printf(
        "fault campaign (%s): %d cases %s, %d steps failed and converged, %d wrong%n",
        ALL ? "all calls" : "first calls",
        all,
        campaign.cases(),
        campaign.failedSteps(),
        campaign.failures().size());
    assertThat(campaign.failures()).isEmpty();
    assertThat(campaign.cases())
        .hasSize(6)
        .allSatisfy((resource, cases) -> assertThat(cases).isGreaterThanOrEqualTo(ALL ? 75 : 30));
  }

  /** What the campaign is for: without looking after a lost answer, things are made twice. */
  @Test
  void withoutLookingAfterALostAnswerItFails() {
    for (FaultCampaign.Life life : FaultCampaign.lives()) {
      FaultCampaign campaign = new FaultCampaign(FaultCampaign.Forgetful::new);
      campaign.run(life, fault -> fault.operation().equals("create") && fault.kind().done());
      System.out.printf(
          "fault campaign without adoption, %s: %d of %d cases wrong%n",
          life.resource(), campaign.failures().size(), campaign.cases().get(life.resource()));
      assertThat(campaign.failures())
          .as(life.resource())
          .anyMatch(failure -> failure.contains(life.resource() + ", create, 1, LOST_ANSWER"));
    }
  }
}
