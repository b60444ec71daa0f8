package dev.mlinfra.tests;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.USE_JAVA_UTIL_LOGGING;

import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What may use what, as rules over packages. */
final class Architecture {

  /** The package of each module, and the packages of the modules that it may use. */
  private static final Map<String, List<String>> USES = new LinkedHashMap<>();

  static {
    USES.put("core", List.of());
    USES.put("template", List.of("core"));
    USES.put("policy", List.of("core", "template"));
    USES.put("cost", List.of("core", "template"));
    USES.put("review", List.of("core", "template", "policy", "cost"));
    USES.put("handler", List.of());
    USES.put("prediction", List.of());
    USES.put("aws", List.of("core", "prediction", "template", "policy", "cost"));
    USES.put("infra.aws", List.of("core", "prediction", "aws"));
    USES.put("testkit", List.of("core", "template", "policy"));
    USES.put("local", List.of());
    USES.put("kubernetes", List.of("core"));
    USES.put("provider.runpod", List.of());
    USES.put("sdk.runpod", List.of());
    USES.put("runpod", List.of("core", "cost", "template", "sdk.runpod"));
    USES.put("infra.launcher", List.of());
    USES.put("infra.runpod", List.of("core", "runpod", "sdk.runpod"));
    USES.put("image", List.of());
    USES.put("cli", List.of("core", "handler", "local", "template", "policy", "cost", "review"));
  }

  private static final String CONSTRUCT = "software.constructs.Construct";

  private final String root;

  /**
   * The rules for the packages below one.
   *
   * @param root {@code dev.mlinfra}; another one for classes that must break the rules
   */
  Architecture(String root) {
    this.root = root;
  }

  /** Every rule by its name. */
  Map<String, ArchRule> rules() {
    Map<String, ArchRule> rules = new LinkedHashMap<>();
    rules.put("every package belongs to a module", everyPackageBelongsToAModule());
    USES.forEach((module, used) -> rules.put(module + " uses " + used, uses(module, used)));
    USES.keySet().forEach(module -> rules.put("internal stays inside " + module, internal(module)));
    rules.put("output goes through the command", output());
    rules.put("constructs never see the environment", environment());
    rules.put("constructs extend Construct", constructs());
    rules.put("no aspects", aspects());
    rules.put("rules make no constructs", pureRules());
    return rules;
  }

  private ArchRule everyPackageBelongsToAModule() {
    return classes()
        .should()
        .resideInAnyPackage(USES.keySet().stream().map(this::below).toArray(String[]::new))
        .because("the table of Architecture.java says what each module may use");
  }

  private ArchRule uses(String module, List<String> used) {
    String[] allowed =
        Stream.concat(Stream.of(module), used.stream()).map(this::below).toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage(below(module))
        .should()
        .dependOnClassesThat(resideInAPackage(root + "..").and(not(resideInAnyPackage(allowed))))
        .because("dependencies point one way, so a consumer takes one module without the others")
        .allowEmptyShould(true);
  }

  private ArchRule internal(String module) {
    return classes()
        .that()
        .resideInAPackage(root + "." + module + ".internal..")
        .should()
        .onlyHaveDependentClassesThat()
        .resideInAPackage(below(module))
        .because("what is internal may change in every version")
        .allowEmptyShould(true);
  }

  /**
   * The prediction handler hands Lambda's log over, apps' Main and launcher tell what is wrong, the
   * rehearsal is a step of an image's build, the graph of Pulumi programs keeps gRPC's own log
   * quiet, and the provider's Main tells the engine its port.
   */
  private ArchRule output() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(below("cli"))
        .and()
        .doNotHaveFullyQualifiedName(root + ".infra.aws.Main")
        .and()
        .doNotHaveFullyQualifiedName(root + ".infra.launcher.Launcher")
        .and()
        .doNotHaveFullyQualifiedName(root + ".handler.PredictionHandler")
        .and()
        .doNotHaveFullyQualifiedName(root + ".image.Rehearsal")
        .and()
        .doNotHaveFullyQualifiedName(root + ".testkit.PulumiGraph")
        .and()
        .doNotHaveFullyQualifiedName(root + ".provider.runpod.Main")
        .should(ACCESS_STANDARD_STREAMS)
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .orShould(USE_JAVA_UTIL_LOGGING)
        .because("a library throws and returns; what is printed is its user's choice");
  }

  private ArchRule environment() {
    return noClasses()
        .that()
        .resideInAPackage(below("aws"))
        .should()
        .dependOnClassesThat()
        .haveNameMatching(Pattern.quote(root) + "\\.core\\.Environment(Loader)?")
        .because("constructs are used without environment files too; infra-aws translates");
  }

  private ArchRule constructs() {
    return classes()
        .that()
        .resideInAPackage(below("aws"))
        .and()
        .areAssignableTo(CONSTRUCT)
        .should(
            ArchCondition.from(
                describe(
                    "be direct subclasses of Construct",
                    type ->
                        type.getRawSuperclass()
                            .filter(parent -> parent.getName().equals(CONSTRUCT))
                            .isPresent())))
        .because("jsii takes every method of a subclass that is not private for an override");
  }

  private ArchRule aspects() {
    return noClasses()
        .should()
        .implement("software.amazon.awscdk.IAspect")
        .because("an aspect in Java overflows the stack at about 1,400 nodes");
  }

  private ArchRule pureRules() {
    return noClasses()
        .that()
        .resideInAPackage(root + ".aws.internal..")
        .and()
        .haveSimpleNameEndingWith("Rules")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(CONSTRUCT)
        .because("what is allowed is decided over values and tested without a stack")
        .allowEmptyShould(true);
  }

  private String below(String module) {
    return root + "." + module + "..";
  }
}
