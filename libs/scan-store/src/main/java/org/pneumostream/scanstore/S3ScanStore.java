package org.pneumostream.scanstore;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.pneumostream.schemas.Reference;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A scan store in a bucket of Amazon S3 or a compatible service. Objects are staged on this
 * machine's disk until they are complete, then uploaded.
 */
final class S3ScanStore implements ScanStore {
  private static final int NOT_FOUND = 404;
  private static final String ACCESS_DENIED = "AccessDenied";

  private final S3Client s3;
  private final S3Bucket bucket;
  private final StoreAddress address;
  private final StagingDirectory staging;
  private final S3Upload upload;

  /**
   * @param s3 closed with the store
   * @param partBytes part size; longer files are uploaded in parts
   */
  S3ScanStore(S3Client s3, S3Bucket bucket, StagingDirectory staging, long partBytes) {
    this.s3 = s3;
    this.bucket = bucket;
    this.address = new StoreAddress(bucket.uri().toString());
    this.staging = staging;
    this.upload = new S3Upload(s3, bucket, partBytes);
  }

  @Override
  public ScanUpload begin() throws IOException {
    return staging.begin(this::keep);
  }

  private Reference keep(Path file, String scanId, long length, String sha256) throws IOException {
    String key = bucket.key(StoredObject.name(scanId, sha256));
    ask(
        () -> {
          upload.upload(file, key, length, sha256);
          return key;
        });
    return address.reference(scanId, length, sha256);
  }

  @Override
  public InputStream open(Reference reference) throws IOException {
    String key = bucket.key(address.nameOf(reference));
    try {
      return new CheckedInput(s3.getObject(get -> get.bucket(bucket.name()).key(key)), reference);
    } catch (NoSuchKeyException e) {
      throw new ScanGoneException(reference.getUri(), e);
    } catch (S3Exception e) {
      if (isAccessDenied(e) && isReadable()) {
        throw new ScanDeniedException(reference.getUri(), e);
      }
      throw new ScanStoreAwayException(address.uri(), e);
    } catch (SdkException e) {
      throw new ScanStoreAwayException(address.uri(), e);
    }
  }

  /** Other refusals concern a signature or a clock, and not an object. */
  private static boolean isAccessDenied(S3Exception refusal) {
    return refusal.awsErrorDetails() != null
        && ACCESS_DENIED.equals(refusal.awsErrorDetails().errorCode());
  }

  /** Whether only the one object is unreadable, and not the bucket. */
  private boolean isReadable() {
    try {
      s3.getObjectAsBytes(get -> get.bucket(bucket.name()).key(bucket.key(StoredObject.OWNER)));
      return true;
    } catch (NoSuchKeyException e) {
      return true;
    } catch (SdkException e) {
      return false;
    }
  }

  @Override
  public int remove(String scanId, Collection<Reference> references) throws IOException {
    Set<String> names = address.namesOf(references);
    for (StoredObject object : objects(scanId + ".")) {
      names.add(object.name());
    }
    int removed = 0;
    for (String name : names) {
      removed += writtenAt(name) != null && delete(name) ? 1 : 0;
    }
    return removed;
  }

  @Override
  public List<StoredObject> objects() throws IOException {
    return objects("");
  }

  private List<StoredObject> objects(String start) throws IOException {
    return ask(
        () -> {
          List<StoredObject> objects = new ArrayList<>();
          for (S3Object object :
              s3.listObjectsV2Paginator(
                      list -> list.bucket(bucket.name()).prefix(bucket.key(start)))
                  .contents()) {
            String name = object.key().substring(bucket.prefix().length());
            StoredObject.named(name, object.lastModified()).ifPresent(objects::add);
          }
          return objects;
        });
  }

  @Override
  public boolean remove(StoredObject listed) throws IOException {
    Instant writtenAt = writtenAt(listed.name());
    // Lists may contain fractions of a second, heads do not.
    return writtenAt != null
        && !writtenAt.isAfter(listed.writtenAt().truncatedTo(ChronoUnit.SECONDS))
        && delete(listed.name());
  }

  @Override
  public String owner(String owner) throws IOException {
    String key = bucket.key(StoredObject.OWNER);
    return ask(
        () -> {
          try {
            return s3.getObjectAsBytes(get -> get.bucket(bucket.name()).key(key)).asUtf8String();
          } catch (NoSuchKeyException e) {
            s3.putObject(put -> put.bucket(bucket.name()).key(key), RequestBody.fromString(owner));
            return owner;
          }
        });
  }

  @Override
  public int removeAbandoned(Instant before) throws IOException {
    return staging.removeAbandoned(before) + ask(() -> upload.abortAbandoned(before));
  }

  @Override
  public void requireReadable() throws IOException {
    ask(() -> s3.headBucket(head -> head.bucket(bucket.name())));
  }

  @Override
  public void requireRoom() throws IOException {
    staging.requireRoom();
  }

  @Override
  public void close() {
    s3.close();
  }

  /** Precise to the second; null if there is no such object. */
  private Instant writtenAt(String name) throws IOException {
    return ask(
        () -> {
          try {
            return s3.headObject(head -> head.bucket(bucket.name()).key(bucket.key(name)))
                .lastModified()
                .truncatedTo(ChronoUnit.SECONDS);
          } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND) {
              return null;
            }
            throw e;
          }
        });
  }

  private boolean delete(String name) throws IOException {
    ask(() -> s3.deleteObject(delete -> delete.bucket(bucket.name()).key(bucket.key(name))));
    return true;
  }

  private <T> T ask(Supplier<T> request) throws IOException {
    try {
      return request.get();
    } catch (UncheckedIOException e) {
      // Reads the staged file.
      throw e.getCause();
    } catch (SdkException e) {
      throw new ScanStoreAwayException(address.uri(), e);
    }
  }
}
