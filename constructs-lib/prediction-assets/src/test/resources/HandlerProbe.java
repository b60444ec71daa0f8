import com.amazonaws.services.lambda.runtime.Context;
import dev.mlinfra.handler.LocalPrediction;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Runs in a JVM of its own, with nothing but the unpacked archives on the class path, as Lambda
 * does: predicts on files if it is given some, then calls the handler by the name that Lambda is
 * given.
 *
 * <p>Arguments: handler [model scaler data output].
 */
public class HandlerProbe {
  public static void main(String[] args) throws Exception {
    if (args.length > 1) {
      long rows =
          LocalPrediction.run(
              Path.of(args[1]), Optional.of(Path.of(args[2])), Path.of(args[3]), Path.of(args[4]));
      System.out.println("rows: " + rows);
    }

    String[] handler = args[0].split("::");
    Context context =
        (Context)
            Proxy.newProxyInstance(
                HandlerProbe.class.getClassLoader(),
                new Class<?>[] {Context.class},
                (proxy, method, arguments) ->
                    method.getReturnType() == int.class ? (Object) 900_000 : "request-1");
    Map<String, Object> event =
        Map.of(
            "model_bucket", "b",
            "model_key", "model.onnx",
            "scaler_key", "scaler.json",
            "data_bucket", "b",
            "data_key", "data.csv",
            "output_key", "results/out.csv");
    Class<?> type = Class.forName(handler[0]);
    Object answer =
        type.getMethod(handler[1], Map.class, Context.class)
            .invoke(type.getConstructor().newInstance(), event, context);
    System.out.println("answer: " + answer);
  }
}
