package dev.mlinfra.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class InstanceTypesTest {
  private static final InstanceTypes TYPES = InstanceTypes.bundled();

  @Test
  void aMachineOfEachProviderIsKnown() {
    assertThat(TYPES.find("aws", "g5.12xlarge"))
        .hasValueSatisfying(
            type -> {
              assertThat(type.vcpus()).isEqualTo(48);
              assertThat(type.memoryGib()).isEqualTo(192);
              assertThat(type.gpuModel()).isEqualTo("A10G");
              assertThat(type.gpuCount()).isEqualTo(4);
              assertThat(type.gpuMemoryGib()).isEqualTo(22.35);
              assertThat(type.arch()).isEqualTo("amd64");
              assertThat(type.isAccelerated()).isTrue();
            });
    assertThat(TYPES.find("gcp", "a2-ultragpu-2g"))
        .hasValueSatisfying(type -> assertThat(type.totalGpuMemoryGib()).isEqualTo(160));
    assertThat(TYPES.find("azure", "Standard_NC4as_T4_v3"))
        .hasValueSatisfying(type -> assertThat(type.gpuModel()).isEqualTo("T4"));
    assertThat(TYPES.find("runpod", "NVIDIA A40"))
        .hasValueSatisfying(type -> assertThat(type.gpuMemoryGib()).isEqualTo(48));
    assertThat(TYPES.find("aws", "m7g.large"))
        .hasValueSatisfying(
            type -> {
              assertThat(type.arch()).isEqualTo("arm64");
              assertThat(type.isAccelerated()).isFalse();
            });
    assertThat(TYPES.find("aws", "x9.large")).isEmpty();
  }

  @Test
  void aPartOfAGpuIsAPart() {
    assertThat(TYPES.find("azure", "Standard_NV18ads_A10_v5"))
        .hasValueSatisfying(type -> assertThat(type.gpuCount()).isEqualTo(0.5));
    assertThat(TYPES.find("aws", "g6f.2xlarge"))
        .hasValueSatisfying(type -> assertThat(type.gpuCount()).isEqualTo(0.25));
  }

  @Test
  void sageMakersMachinesAreThoseOfEc2() {
    assertThat(TYPES.find("aws", "ml.g5.xlarge")).isEqualTo(TYPES.find("aws", "g5.xlarge"));
  }

  @Test
  void anHourIsPricedWhereverTheProviderSellsIt() {
    assertThat(hourly("aws", "g5.xlarge", "eu-central-1")).isEqualTo(1.258);
    assertThat(hourly("gcp", "g2-standard-4", "europe-west4")).isEqualTo(0.742916046);
    assertThat(hourly("azure", "Standard_NC4as_T4_v3", "eastus")).isEqualTo(0.526);
    assertThat(hourly("runpod", "NVIDIA A40", "all")).isEqualTo(0.4);
    assertThat(hourly("runpod", "NVIDIA RTX A5000", "all"))
        .as("sold in the community's cloud only")
        .isEqualTo(0.29);
  }

  @Test
  void spotPricesAreThoseOfTheRegionOrSayOtherwise() {
    InstanceType type = TYPES.find("aws", "g5.xlarge").orElseThrow();

    assertThat(type.spot(PriceBook.bundled(), "eu-west-1"))
        .hasValueSatisfying(
            price -> {
              assertThat(price.region()).isEqualTo("eu-west-1");
              assertThat(price.usd()).isEqualTo(new Usd(0.5868, 0.5941));
            });
    assertThat(type.spot(PriceBook.bundled(), "ap-south-1"))
        .hasValueSatisfying(price -> assertThat(price.region()).isEqualTo("us-east-1"));
    assertThat(TYPES.find("aws", "m5.large").orElseThrow().spot(PriceBook.bundled(), "us-east-1"))
        .isEmpty();
  }

  @Test
  void whatIsPricedByTheHourHasFactsExceptTheseFamilies() {
    Set<String> without =
        PriceBook.bundled().prices().stream()
            .filter(price -> Set.of("ec2", "vm", "compute").contains(price.service()))
            .filter(price -> TYPES.find(price.provider(), price.item()).isEmpty())
            .map(price -> price.item().replaceAll("[.\\d].*", ""))
            .collect(Collectors.toSet());

    assertThat(without)
        .containsExactlyInAnyOrder(
            "dl",
            "f",
            "g",
            "p",
            "Standard_NC",
            "Standard_NCC",
            "Standard_ND",
            "Standard_NG",
            "Standard_NP",
            "Standard_NV");
  }

  @Test
  void aMachineIsThereOnce() {
    InstanceType type = TYPES.all().get(0);

    assertThatIllegalArgumentException().isThrownBy(() -> InstanceTypes.of(List.of(type, type)));
  }

  private static double hourly(String provider, String type, String region) {
    return TYPES
        .find(provider, type)
        .flatMap(found -> found.hourly(PriceBook.bundled(), region))
        .orElseThrow()
        .usd()
        .high();
  }
}
