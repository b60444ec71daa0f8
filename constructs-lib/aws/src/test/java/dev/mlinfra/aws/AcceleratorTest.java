package dev.mlinfra.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.aws.internal.TrainingMachines;
import dev.mlinfra.core.Problem;
import dev.mlinfra.cost.InstanceType;
import dev.mlinfra.cost.InstanceTypes;
import dev.mlinfra.policy.AcceleratedFamilies;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AcceleratorTest {

  static List<Accelerator> all() {
    return Accelerator.all();
  }

  /** A family that the gate or the prices know of must be decided here. */
  @Test
  void noKnownFamilyIsMissing() {
    List<String> decided = Accelerator.all().stream().map(Accelerator::family).toList();

    assertThat(decided).doesNotHaveDuplicates();
    assertThat(decided).containsExactlyInAnyOrderElementsOf(AcceleratedFamilies.all());
    assertThat(decided)
        .containsAll(
            InstanceTypes.bundled().all().stream()
                .filter(type -> type.provider().equals("aws") && type.isAccelerated())
                .map(type -> type.type().substring(0, type.type().indexOf('.')))
                .toList());
  }

  @ParameterizedTest
  @MethodSource("all")
  void isTakenOrRefusedWithAReasonAndAReplacement(Accelerator accelerator) {
    if (accelerator.kind().isPresent()) {
      assertThat(accelerator.reason()).isEmpty();
      assertThat(accelerator.replacement()).isEmpty();
      assertThat(sizes(accelerator.family())).as("sizes").isNotEmpty();
    } else {
      assertThat(accelerator.reason()).isPresent();
      assertThat(Accelerator.find(accelerator.replacement().orElseThrow()).orElseThrow().kind())
          .isPresent();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "p3.2xlarge, 'its GPU (V100, Volta) is not supported by CUDA 13', 'the nearest is g5, from"
        + " g5.xlarge'",
    "g5g.xlarge, 'its processors are ARM, for which Batch has no GPU image', 'the nearest is g5,"
        + " from g5.xlarge'",
    "inf2.xlarge, 'its chip is made for inference; fleets for training take Trainium', 'the nearest"
        + " is trn1, from trn1.2xlarge'",
    "p6e-gb200.36xlarge, 'its processors are ARM and it is sold as UltraServers in capacity blocks,"
        + " which Batch does not start', 'the nearest is p6-b200, from p6-b200.48xlarge'"
  })
  void namesTheNearest(String type, String reason, String fix) {
    assertThat(TrainingMachines.problems(List.of(type)))
        .extracting(Problem::toString)
        .containsExactly(
            "instanceTypes: given '%s': %s; allowed: families with an image of ECS; fix: %s"
                .formatted(type, reason, fix));
  }

  @ParameterizedTest
  @CsvSource({
    "g5.2xlarge, NVIDIA, 8, 29491, 1",
    "g7e.24xlarge, NVIDIA, 96, 943718, 4",
    "p5.48xlarge, NVIDIA, 192, 1887436, 8",
    "p6-b200.48xlarge, NVIDIA, 192, 1887436, 8",
    "trn1.32xlarge, NEURON, 128, 471859, 16",
    "m6i.large, NONE, 2, 7372, 0"
  })
  void aJobGetsAWholeMachine(String type, AcceleratorKind kind, int vcpus, int mib, int count) {
    TrainingMachines machines = TrainingMachines.of(List.of(type));

    assertThat(machines.kind()).isEqualTo(kind);
    assertThat(machines.vcpus()).isEqualTo(vcpus);
    assertThat(machines.memoryMib()).isEqualTo(mib);
    assertThat(machines.accelerators()).isEqualTo(count);
  }

  @Test
  void kindsAreNotMixed() {
    assertThat(TrainingMachines.problems(List.of("g5.2xlarge", "trn1.2xlarge", "g9.large")))
        .extracting(Problem::toString)
        .containsExactly(
            "instanceTypes: given 'g9.large'; allowed: types whose processors and memory are known,"
                + " such as g5.2xlarge; fix: take a size of the same family from"
                + " docs/reference/accelerators.md",
            "instanceTypes: given with several kinds of accelerator: NEURON, NVIDIA; allowed: one"
                + " kind, since a fleet has one image; fix: make a fleet for each");
    assertThat(TrainingMachines.problems(List.of("m6i.large", "c7g.large")))
        .extracting(Problem::given)
        .containsExactly("given with several kinds of processor: amd64, arm64");
    assertThat(TrainingMachines.problems(List.of()))
        .extracting(Problem::given)
        .containsExactly("given none");
  }

  @ParameterizedTest
  @CsvSource({
    "'g5.2xlarge', 0",
    "'g5.8xlarge', 1",
    "'p5.48xlarge', 32",
    "'p5.48xlarge,p4d.24xlarge', 4",
    "'trn1.32xlarge', 8",
    "'m6i.large', 0"
  })
  void adaptersAreThoseThatEveryTypeHas(String types, int adapters) {
    assertThat(TrainingMachines.of(List.of(types.split(","))).efaInterfaces()).isEqualTo(adapters);
  }

  /** A size that is written wrongly would be one without an adapter. */
  @Test
  void adaptersAreThoseOfKnownSizes() {
    for (Accelerator accelerator : Accelerator.all()) {
      if (accelerator.kind().isPresent()) {
        assertThat(sizes(accelerator.family()))
            .containsAll(
                accelerator.efa().keySet().stream()
                    .map(size -> accelerator.family() + "." + size)
                    .toList());
      }
    }
  }

  private static Set<String> sizes(String family) {
    return InstanceTypes.bundled().all().stream()
        .filter(type -> type.provider().equals("aws"))
        .map(InstanceType::type)
        .filter(type -> type.startsWith(family + "."))
        .collect(java.util.stream.Collectors.toSet());
  }
}
