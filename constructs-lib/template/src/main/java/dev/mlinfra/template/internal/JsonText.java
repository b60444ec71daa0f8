package dev.mlinfra.template.internal;

import dev.mlinfra.template.Value;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes a value as JSON in CloudFormation's long form. */
public final class JsonText {
  private static final JsonFactory JSON = JsonFactory.builder().build();

  private final JsonGenerator out;

  private JsonText(JsonGenerator out) {
    this.out = out;
  }

  /** One line of JSON. */
  public static String of(Value value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      new JsonText(out).write(value);
    }
    return text.toString();
  }

  private void write(Value value) {
    if (value instanceof Value.Text text) {
      out.writeString(text.text());
    } else if (value instanceof Value.Num num) {
      out.writeNumber(num.number());
    } else if (value instanceof Value.Bool bool) {
      out.writeBoolean(bool.truth());
    } else if (value instanceof Value.Sequence sequence) {
      list(sequence.items());
    } else if (value instanceof Value.Mapping mapping) {
      map(mapping.entries());
    } else if (value instanceof Value.Secret) {
      out.writeString("[secret]");
    } else if (value instanceof Value.Unknown unknown) {
      write(unknown.raw());
    } else if (value instanceof Value.Intrinsic intrinsic) {
      intrinsic(intrinsic);
    } else {
      out.writeNull();
    }
  }

  private void list(List<Value> items) {
    out.writeStartArray();
    items.forEach(this::write);
    out.writeEndArray();
  }

  private void map(Map<String, Value> entries) {
    out.writeStartObject();
    entries.forEach(
        (key, value) -> {
          out.writeName(key);
          write(value);
        });
    out.writeEndObject();
  }

  private void call(String name, Value argument) {
    out.writeStartObject();
    out.writeName(name);
    write(argument);
    out.writeEndObject();
  }

  private void call(String name, Value first, Value... more) {
    List<Value> arguments = new ArrayList<>(List.of(first));
    arguments.addAll(Arrays.asList(more));
    call(name, new Value.Sequence(arguments));
  }

  private static Value text(String text) {
    return new Value.Text(text);
  }

  private static Value[] with(Optional<Value> last, Value... first) {
    List<Value> all = new ArrayList<>(Arrays.asList(first));
    last.ifPresent(all::add);
    return all.toArray(Value[]::new);
  }

  private void intrinsic(Value.Intrinsic value) {
    if (value instanceof Value.Ref ref) {
      call("Ref", text(ref.name()));
    } else if (value instanceof Value.GetAtt attribute) {
      call("Fn::GetAtt", text(attribute.resource()), text(attribute.attribute()));
    } else if (value instanceof Value.Sub sub) {
      if (sub.variables().isEmpty()) {
        call("Fn::Sub", text(sub.template()));
      } else {
        call("Fn::Sub", text(sub.template()), new Value.Mapping(sub.variables()));
      }
    } else if (value instanceof Value.Join join) {
      call("Fn::Join", text(join.delimiter()), join.parts());
    } else if (value instanceof Value.ImportValue imported) {
      call("Fn::ImportValue", imported.name());
    } else if (value instanceof Value.StackOutput output) {
      stackOutput(output);
    } else if (value instanceof Value.Select select) {
      call("Fn::Select", select.index(), select.from());
    } else if (value instanceof Value.Split split) {
      call("Fn::Split", text(split.delimiter()), split.source());
    } else if (value instanceof Value.FindInMap find) {
      Optional<Value> otherwise =
          find.otherwise().map(other -> new Value.Mapping(Map.of("DefaultValue", other)));
      call("Fn::FindInMap", find.map(), with(otherwise, find.key(), find.secondKey()));
    } else if (value instanceof Value.If branch) {
      call("Fn::If", text(branch.condition()), branch.then(), branch.otherwise());
    } else if (value instanceof Value.Transform transform) {
      out.writeStartObject();
      out.writeName("Fn::Transform");
      out.writeStartObject();
      out.writeName("Name");
      out.writeString(transform.name());
      if (!transform.parameters().isMissing()) {
        out.writeName("Parameters");
        write(transform.parameters());
      }
      out.writeEndObject();
      out.writeEndObject();
    } else if (value instanceof Value.Base64 base64) {
      call("Fn::Base64", base64.text());
    } else if (value instanceof Value.Cidr cidr) {
      call("Fn::Cidr", cidr.block(), with(cidr.bits(), cidr.count()));
    } else if (value instanceof Value.GetAZs zones) {
      call("Fn::GetAZs", zones.region());
    } else {
      test(value);
    }
  }

  private void stackOutput(Value.StackOutput output) {
    out.writeStartObject();
    out.writeName("Fn::GetStackOutput");
    out.writeStartObject();
    out.writeName("StackName");
    write(output.stack());
    out.writeName("OutputName");
    write(output.output());
    output.region().ifPresent(region -> named("Region", region));
    output.roleArn().ifPresent(role -> named("RoleArn", role));
    out.writeEndObject();
    out.writeEndObject();
  }

  private void named(String name, Value value) {
    out.writeName(name);
    write(value);
  }

  private void test(Value.Intrinsic value) {
    if (value instanceof Value.Equals equals) {
      call("Fn::Equals", equals.left(), equals.right());
    } else if (value instanceof Value.And and) {
      call("Fn::And", new Value.Sequence(and.tests()));
    } else if (value instanceof Value.Or or) {
      call("Fn::Or", new Value.Sequence(or.tests()));
    } else if (value instanceof Value.Not not) {
      call("Fn::Not", new Value.Sequence(List.of(not.test())));
    } else if (value instanceof Value.ConditionRef condition) {
      call("Condition", text(condition.name()));
    } else if (value instanceof Value.Reference reference) {
      String resource = reference.resource().toString();
      if (reference.attribute().isPresent()) {
        call("Fn::GetAtt", text(resource), text(reference.attribute().get()));
      } else {
        call("Ref", text(resource));
      }
    }
  }
}
