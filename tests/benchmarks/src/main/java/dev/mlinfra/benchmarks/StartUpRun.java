package dev.mlinfra.benchmarks;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import dev.mlinfra.handler.ObjectRef;
import dev.mlinfra.handler.ObjectStore;
import dev.mlinfra.handler.ObjectWriter;
import dev.mlinfra.handler.PredictionHandler;
import dev.mlinfra.handler.S3ObjectStore;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;

/**
 * The first call of a new process: prints when the client of S3 was built, the first object read,
 * the model loaded and the call answered, in milliseconds since 1970.
 */
public final class StartUpRun {
  private StartUpRun() {}

  /** Notes when the first object was read, and when the next one is asked for. */
  static final class Watch implements ObjectStore {
    private final ObjectStore store;
    private long read;
    private long loaded;

    Watch(ObjectStore store) {
      this.store = store;
    }

    @Override
    public Optional<Info> info(ObjectRef object) {
      if (read > 0 && loaded == 0) {
        loaded = System.currentTimeMillis(); // the model came first, and is loaded at once
      }
      Optional<Info> info = store.info(object);
      return info;
    }

    @Override
    public InputStream open(ObjectRef object, Info info) {
      InputStream in = store.open(object, info);
      if (read == 0) {
        read = System.currentTimeMillis();
      }
      return in;
    }

    @Override
    public ObjectWriter create(ObjectRef target) {
      return store.create(target);
    }
  }

  /** What Lambda tells a function about a call. */
  record Call() implements Context {
    @Override
    public String getAwsRequestId() {
      return "r-1";
    }

    @Override
    public int getRemainingTimeInMillis() {
      return 900_000;
    }

    @Override
    public String getLogGroupName() {
      return "/aws/lambda/benchmark";
    }

    @Override
    public String getLogStreamName() {
      return "benchmark";
    }

    @Override
    public String getFunctionName() {
      return "benchmark";
    }

    @Override
    public String getFunctionVersion() {
      return "1";
    }

    @Override
    public String getInvokedFunctionArn() {
      return "arn:aws:lambda:us-east-1:123456789012:function:benchmark";
    }

    @Override
    public CognitoIdentity getIdentity() {
      throw new UnsupportedOperationException();
    }

    @Override
    public ClientContext getClientContext() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int getMemoryLimitInMB() {
      return 3008;
    }

    @Override
    public LambdaLogger getLogger() {
      throw new UnsupportedOperationException();
    }
  }

  /** Predicts once for what lies in bucket {@code b}. */
  public static void main(String[] arguments) {
    Watch store = new Watch(S3ObjectStore.connect(System.getenv()));
    long built = System.currentTimeMillis();
    Object status =
        new PredictionHandler(System.getenv(), store, System.err)
            .handleRequest(
                Map.of(
                    "model_bucket", "b",
                    "model_key", "model.onnx",
                    "scaler_key", "scaler.json",
                    "data_bucket", "b",
                    "data_key", "data.csv",
                    "output_key", "results/out.csv"),
                new Call())
            .get("statusCode");
    if (!status.equals(200)) {
      throw new IllegalStateException("status " + status + "; the line above names the code");
    }
    System.out.println(built);
    System.out.println(store.read);
    System.out.println(store.loaded);
    System.out.println(System.currentTimeMillis());
  }
}
