package org.pneumostream.scanstore;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * Uploads files: in one request, which S3 accepts or refuses as a whole, or in parts if the file is
 * long. Parts become an object only when all have arrived.
 *
 * @param partBytes part size; S3 requires at least 5 MiB. Longer files are uploaded in parts
 */
record S3Upload(S3Client s3, S3Bucket bucket, long partBytes) {
  /** What a broken connection repeats; S3 accepts up to 5 GiB in one request. */
  static final long PART_BYTES = 64L << 20;

  /** S3's limit on the parts of an object. */
  private static final int MAX_PARTS = 10_000;

  private static final String CONTENT_TYPE = "application/octet-stream";

  /**
   * Uploads a file. A failed upload leaves nothing behind, as far as S3 still answers.
   *
   * @throws SdkException if S3 refuses or does not answer
   */
  void upload(Path file, String key, long length, String sha256) {
    if (length > partBytes) {
      inParts(file, key, length);
      return;
    }
    // S3 compares the hash before it accepts the object.
    String checksum = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(sha256));
    s3.putObject(
        put -> put.bucket(bucket.name()).key(key).checksumSHA256(checksum),
        RequestBody.fromFile(file));
  }

  private void inParts(Path file, String key, long length) {
    String id = s3.createMultipartUpload(c -> c.bucket(bucket.name()).key(key)).uploadId();
    try {
      List<CompletedPart> parts = new ArrayList<>();
      long step = Math.max(partBytes, (length + MAX_PARTS - 1) / MAX_PARTS);
      for (long from = 0; from < length; from += step) {
        parts.add(part(file, key, id, parts.size() + 1, from, Math.min(step, length - from)));
      }
      s3.completeMultipartUpload(
          complete ->
              complete
                  .bucket(bucket.name())
                  .key(key)
                  .uploadId(id)
                  .multipartUpload(all -> all.parts(parts)));
    } catch (RuntimeException e) {
      abort(key, id, e);
      throw e;
    }
  }

  private CompletedPart part(Path file, String key, String id, int number, long from, long length) {
    // Opened again for each attempt.
    ContentStreamProvider bytes = () -> new FileRange(file, from, length);
    String tag =
        s3.uploadPart(
                part -> part.bucket(bucket.name()).key(key).uploadId(id).partNumber(number),
                RequestBody.fromContentProvider(bytes, length, CONTENT_TYPE))
            .eTag();
    return CompletedPart.builder().partNumber(number).eTag(tag).build();
  }

  private void abort(String key, String id, RuntimeException failure) {
    try {
      s3.abortMultipartUpload(abort -> abort.bucket(bucket.name()).key(key).uploadId(id));
    } catch (SdkException e) {
      // abortAbandoned removes its parts later, with those of processes that died.
      failure.addSuppressed(e);
    }
  }

  /**
   * Aborts multipart uploads that were begun before a time and never completed. Some S3
   * implementations do not list them and remove them themselves.
   *
   * @return number of uploads aborted
   */
  int abortAbandoned(Instant before) {
    int aborted = 0;
    for (MultipartUpload upload :
        s3.listMultipartUploadsPaginator(list -> list.bucket(bucket.name()).prefix(bucket.prefix()))
            .uploads()) {
      if (upload.initiated().isBefore(before)) {
        s3.abortMultipartUpload(
            abort -> abort.bucket(bucket.name()).key(upload.key()).uploadId(upload.uploadId()));
        aborted++;
      }
    }
    return aborted;
  }
}
