package org.pneumostream.schemas;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.avro.AvroSchema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.SerializationException;

/**
 * The schema registry, through Confluent's own client.
 *
 * <p>This is the relocated client that Apache Flink ships, since Confluent does not publish to
 * Maven Central. It brings its own relocated Avro, so schemas cross this class as text. No other
 * class knows of the relocation. Thread-safe.
 */
public final class Registry {
  private static final int MAX_SCHEMAS = 1000;
  private static final String COMPATIBILITY = "BACKWARD";
  private static final int NOT_FOUND = 404;

  /**
   * Incompatible or invalid schema. Other statuses, such as a refused login, say nothing about the
   * schema.
   */
  private static final Set<Integer> REFUSED = Set.of(409, 422);

  /** Confluent's codes for an unknown subject, version or schema: 40401 to 40403. */
  private static final int UNKNOWN = 404;

  /** A registry that has just started, or a follower, may not know all schemas yet. */
  private static final int RETRIES = 20;

  private static final Duration RETRY_AFTER = Duration.ofMillis(250);
  private static final int MAX_UNKNOWN = 10_000;

  private static final Set<Integer> LOGIN_REFUSED = Set.of(401, 403);

  private final SchemaRegistryClient client;
  private final String url;
  private final int retries;
  private final Map<Integer, Schema> byId = new ConcurrentHashMap<>();

  /** Ids that stayed unknown: records with one of them are not waited for again. */
  private final Set<Integer> unknown = ConcurrentHashMap.newKeySet();

  private Registry(SchemaRegistryClient client, String url, int retries) {
    this.client = client;
    this.url = url;
    this.retries = retries;
  }

  /**
   * Connects to a registry with Confluent's REST API.
   *
   * @param url address, such as {@code http://127.0.0.1:8081}; several are separated by commas
   * @param clientSettings the registry client's own settings, such as {@code basic.auth.user.info};
   *     Kafka's {@code config.providers} in them read values from files or the environment
   * @throws KafkaException if a setting is invalid, such as a trust store that does not exist
   */
  public static Registry at(String url, Map<String, ?> clientSettings) {
    return at(url, clientSettings, RETRIES);
  }

  /**
   * Connects to a registry with Confluent's REST API.
   *
   * @param retries how often an unknown schema is asked for again before it counts as unknown
   */
  static Registry at(String url, Map<String, ?> clientSettings, int retries) {
    Map<String, Object> resolved =
        new AbstractConfig(new ConfigDef(), clientSettings, false).originals();
    try {
      return new Registry(
          new CachedSchemaRegistryClient(
              List.of(url.split(",")),
              MAX_SCHEMAS,
              List.of(new AvroSchemaProvider()),
              resolved,
              Map.of()),
          url,
          retries);
    } catch (RuntimeException e) {
      throw new KafkaException("registry client: " + ClientFailure.reason(e), e);
    }
  }

  /** Confluent's own in-memory registry, for tests within one process. */
  public static Registry inMemory() {
    return new Registry(
        new MockSchemaRegistryClient(List.of(new AvroSchemaProvider())), "in memory", 0);
  }

  /**
   * Returns the id of a schema under a subject. Registers a new schema under BACKWARD
   * compatibility.
   *
   * @throws SerializationException if the registry refuses the schema as incompatible with earlier
   *     ones
   * @throws RegistryAwayException if the registry does not answer
   */
  public int register(String subject, Schema schema) {
    try {
      // Registration comes first: some registries accept a compatibility only for an existing
      // subject.
      int id = client.register(subject, new AvroSchema(schema.toString()));
      makeBackwardCompatible(subject);
      // This process need not ask for schemas that it has registered.
      byId.putIfAbsent(id, schema);
      return id;
    } catch (IOException | RestClientException e) {
      throw failure("cannot register " + subject, e);
    }
  }

  /**
   * Returns the schema with an id.
   *
   * @throws SerializationException if the registry still does not know the id after some seconds
   * @throws RegistryAwayException if the registry does not answer
   */
  public Schema schema(int id) {
    Schema known = byId.get(id);
    if (known != null) {
      return known;
    }
    try {
      Schema schema = new Schema.Parser().parse(schemaText(id));
      byId.put(id, schema);
      unknown.remove(id);
      return schema;
    } catch (IOException | RestClientException e) {
      throw failure("no schema with id " + id, e);
    }
  }

  private String schemaText(int id) throws IOException, RestClientException {
    int left = unknown.contains(id) ? 0 : retries;
    while (true) {
      try {
        return client.getSchemaById(id).canonicalString();
      } catch (RestClientException e) {
        if (isUnknown(e) && left == 0) {
          remember(id);
        }
        if (!isUnknown(e) || left == 0) {
          throw e;
        }
      }
      left--;
      pause(id);
    }
  }

  /** Bounds the set, since records of other applications may carry any id. */
  private void remember(int id) {
    if (unknown.size() >= MAX_UNKNOWN) {
      unknown.clear();
    }
    unknown.add(id);
  }

  private static void pause(int id) {
    try {
      Thread.sleep(RETRY_AFTER.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RegistryAwayException("registry: interrupted while asking for schema " + id, e);
    }
  }

  private void makeBackwardCompatible(String subject) throws IOException, RestClientException {
    if (isBackwardCompatible(subject)) {
      return;
    }
    try {
      client.updateCompatibility(subject, COMPATIBILITY);
    } catch (RestClientException e) {
      // Another service may have set it at the same moment.
      if (!isBackwardCompatible(subject)) {
        throw e;
      }
    }
  }

  private boolean isBackwardCompatible(String subject) throws IOException, RestClientException {
    try {
      return COMPATIBILITY.equals(client.getCompatibility(subject));
    } catch (RestClientException e) {
      if (e.getStatus() == NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  /** Tells a refusal of the schema from a registry that did not answer. */
  private KafkaException failure(String what, Exception cause) {
    int status = cause instanceof RestClientException answer ? answer.getStatus() : 0;
    // A proxy before the registry may answer with a page that the client reports as a bad answer.
    String reason =
        LOGIN_REFUSED.contains(status)
            ? "login refused (HTTP status " + status + ")"
            : cause.getMessage();
    // The address helps if the registry cannot be reached; an answer names its subject itself.
    boolean isAboutTheSchema =
        REFUSED.contains(status)
            || isNoAvro(cause)
            || (cause instanceof RestClientException answer && isUnknown(answer));
    boolean isReached = isAboutTheSchema || cause instanceof RestClientException;
    String registry = isReached ? "registry" : "registry at " + url;
    String message = registry + ": " + what + ": " + reason;
    return isAboutTheSchema
        ? new SerializationException(message, cause)
        : new RegistryAwayException(message, cause);
  }

  /**
   * Whether the registry returned a schema that is not Avro, such as another application's. The
   * client reports this like a broken connection.
   */
  private static boolean isNoAvro(Exception cause) {
    return cause.getClass() == IOException.class
        && String.valueOf(cause.getMessage()).startsWith("Invalid schema ");
  }

  /** Whether the registry itself says so, and not a proxy or another server at its address. */
  private static boolean isUnknown(RestClientException answer) {
    return answer.getStatus() == NOT_FOUND && answer.getErrorCode() / 100 == UNKNOWN;
  }
}
