package dev.mlinfra.template;

import java.util.Optional;

/** Asks everything of a model that a rule could ask. */
final class ModelUse {
  private ModelUse() {}

  /** Evaluates and writes every value; answers how many resources there are. */
  static int everything(Model model) {
    for (Resource resource : model.resources()) {
      model.references(resource);
      Context context = model.contextOf(resource);
      use(resource.properties(), context);
      use(resource.properties(), context.withoutDefaults());
      resource.attributes().values().forEach(value -> use(value, context));
    }
    for (Output output : model.outputs()) {
      use(output.value(), model.contextOf(output.stack()));
    }
    for (Stack stack : model.stacks()) {
      stack.conditions().keySet().forEach(name -> model.contextOf(stack.id()).condition(name));
    }
    return model.resources().size();
  }

  private static void use(Value value, Context context) {
    Value resolved = value.resolve(context);
    if (resolved.toJson().isEmpty() || value.referencedNames().contains(null)) {
      throw new AssertionError("a value that cannot be written");
    }
    use(value.asMap().values().stream().findFirst(), context);
    use(value.asList().stream().findFirst(), context);
    if (value.at("A[0].B").alternatives().isEmpty()) {
      throw new AssertionError("a value that can be nothing at all");
    }
    ResolvedText text = value.resolvedText(context);
    if (text.text().isPresent() && !text.toString().equals(text.text().get())) {
      throw new AssertionError("a known text that is written in another way: " + text);
    }
  }

  private static void use(Optional<Value> child, Context context) {
    child.ifPresent(value -> use(value, context));
  }
}
