package dev.mlinfra.handler;

import static dev.mlinfra.handler.S3ObjectStore.status;

import java.io.ByteArrayInputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * An object of S3 that grows part by part: one part goes out while the next one fills, in two
 * buffers. What fits into one part is put at once.
 */
final class S3ObjectWriter implements ObjectWriter {
  /** S3 takes no more parts, and none but the last below 5 MB. */
  static final int MAX_PARTS = 10_000;

  private static final int ABORT_SECONDS = 2;

  /** Metadata of what we write, to know it again. */
  private static final String MARK = "mlinfra-write";

  private final S3Client s3;
  private final ObjectRef target;
  private final String contentType;
  private final String mark = UUID.randomUUID().toString();
  private final ExecutorService uploads =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "mlinfra-upload");
            thread.setDaemon(true);
            return thread;
          });
  private final List<CompletedPart> parts = new ArrayList<>();
  private byte[] filling;
  private byte[] spare;
  private int filled;
  private volatile String uploadId;
  private Future<CompletedPart> underWay;
  private boolean complete;
  private volatile boolean closed;

  /**
   * Begins an object.
   *
   * @param partBytes size of all parts but the last, at least 5 MB for S3 itself
   */
  S3ObjectWriter(S3Client s3, ObjectRef target, int partBytes) {
    this.s3 = s3;
    this.target = target;
    this.contentType =
        target.key().endsWith(".json") ? "application/json" : "text/csv; charset=utf-8";
    this.filling = new byte[partBytes];
    this.spare = new byte[0];
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    int taken = 0;
    while (taken < length) {
      if (filled == filling.length) {
        sendPart();
      }
      int count = Math.min(length - taken, filling.length - filled);
      System.arraycopy(bytes, from + taken, filling, filled, count);
      filled += count;
      taken += count;
    }
  }

  @Override
  public void complete() {
    if (uploadId == null) {
      appearing(
          () ->
              s3.putObject(
                  r ->
                      r.bucket(target.bucket())
                          .key(target.key())
                          .contentType(contentType)
                          .metadata(Map.of(MARK, mark)),
                  body(filling, filled)));
    } else {
      sendPart();
      awaitPart();
      appearing(
          () ->
              s3.completeMultipartUpload(
                  r ->
                      r.bucket(target.bucket())
                          .key(target.key())
                          .uploadId(uploadId)
                          .multipartUpload(upload -> upload.parts(parts))));
    }
    complete = true;
  }

  @Override
  public void close() {
    closed = true;
    uploads.shutdownNow();
    awaitUploads();
    if (!complete && uploadId != null) {
      abort();
    }
  }

  private void abort() {
    try {
      s3.abortMultipartUpload(r -> r.bucket(target.bucket()).key(target.key()).uploadId(uploadId));
    } catch (SdkException e) {
      // What went wrong before is what the caller must hear of; the bucket's lifecycle rule
      // removes the parts after days.
    }
  }

  /**
   * Makes the call after which the object is there. When the answer is lost, S3 may have done it
   * all the same; services like it then know no such upload when the SDK tries again.
   */
  private void appearing(Supplier<?> call) {
    try {
      var unused = answered(call);
    } catch (SdkException e) {
      boolean unknown = status(e) == 0 || status(e) == 404 || status(e) >= 500;
      if (!unknown || !isThere(e)) {
        throw failed(e);
      }
    }
  }

  private boolean isThere(SdkException unanswered) {
    try {
      return mark.equals(
          s3.headObject(r -> r.bucket(target.bucket()).key(target.key())).metadata().get(MARK));
    } catch (SdkException e) {
      if (status(e) == 404) {
        return false;
      }
      throw new PredictionException(
          PredictionError.OUTPUT_UNKNOWN,
          "S3 did not say whether it made "
              + target
              + " ("
              + S3ObjectStore.reason(unanswered)
              + "), nor whether it is there ("
              + S3ObjectStore.reason(e)
              + "). Look for it, or predict again: that writes the same",
          unanswered);
    }
  }

  /** A part that arrives after the end of its upload would be kept, and paid for. */
  private void awaitUploads() {
    try {
      uploads.awaitTermination(ABORT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends what is filled, once the part before it is through, and takes the other buffer. */
  private void sendPart() {
    if (uploadId == null) {
      uploadId =
          calling(
              () ->
                  s3.createMultipartUpload(
                          r ->
                              r.bucket(target.bucket())
                                  .key(target.key())
                                  .contentType(contentType)
                                  .metadata(Map.of(MARK, mark)))
                      .uploadId());
      if (closed) { // by another thread, meanwhile
        abort();
        throw new CancellationException("closed while an upload began");
      }
      spare = new byte[filling.length];
    } else {
      awaitPart();
    }
    int number = parts.size() + 1;
    if (number > MAX_PARTS) {
      throw new PredictionException(
          PredictionError.OUTPUT_TOO_LARGE,
          "the output exceeds "
              + (long) MAX_PARTS * filling.length
              + " bytes, what one upload to S3 may hold. Split the data");
    }
    byte[] sending = filling;
    int length = filled;
    underWay =
        uploads.submit(
            () ->
                CompletedPart.builder()
                    .partNumber(number)
                    .eTag(
                        s3.uploadPart(
                                r ->
                                    r.bucket(target.bucket())
                                        .key(target.key())
                                        .uploadId(uploadId)
                                        .partNumber(number),
                                body(sending, length))
                            .eTag())
                    .build());
    filling = spare;
    spare = sending;
    filled = 0;
  }

  private void awaitPart() {
    parts.add(
        calling(
            () -> {
              try {
                return underWay.get();
              } catch (ExecutionException e) {
                if (e.getCause() instanceof SdkException failure) {
                  throw failure;
                }
                throw new IllegalStateException(e.getCause());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted while a part was sent");
              }
            }));
  }

  private <T> T calling(Supplier<T> call) {
    try {
      return answered(call);
    } catch (SdkException e) {
      throw failed(e);
    }
  }

  /** When an answer breaks off while the SDK reads it, what it throws may be none of its own. */
  private static <T> T answered(Supplier<T> call) {
    try {
      return call.get();
    } catch (UncheckedIOException e) {
      throw SdkClientException.create(e.getMessage(), e);
    }
  }

  private PredictionException failed(SdkException e) {
    return status(e) == 403
        ? new PredictionException(
            PredictionError.ACCESS_DENIED,
            "S3 does not let this function write " + target + "; allow s3:PutObject there",
            e)
        : new PredictionException(
            PredictionError.OUTPUT_FAILED,
            "S3 did not take " + target + ": " + S3ObjectStore.reason(e),
            e);
  }

  /** A body that can be read again, as retries do. */
  private RequestBody body(byte[] bytes, int length) {
    return RequestBody.fromContentProvider(
        () -> new ByteArrayInputStream(bytes, 0, length), length, contentType);
  }
}
