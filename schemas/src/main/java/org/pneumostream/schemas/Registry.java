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
 * <p>The client is the one that Apache Flink ships, relocated, since Confluent does not publish to
 * Maven Central. It brings its own relocated Avro, so schemas cross this class as text; no other
 * class knows of the relocation. Thread-safe.
 */
public final class Registry {
  private static final int MAX_SCHEMAS = 1000;
  private static final String COMPATIBILITY = "BACKWARD";
  private static final int NOT_FOUND = 404;

  /** Incompatible, invalid. Anything else, a refused login too, is no word on the schema. */
  private static final Set<Integer> REFUSED = Set.of(409, 422);

  /** Confluent's codes for an unknown subject, version or schema: 40401 to 40403. */
  private static final int UNKNOWN = 404;

  /** A registry that has just been started, or that follows another, may not know all it has. */
  private static final int RETRIES = 20;

  private static final Duration RETRY_AFTER = Duration.ofMillis(250);
  private static final int MAX_UNKNOWN = 10_000;

  private static final Set<Integer> LOGIN_REFUSED = Set.of(401, 403);

  private final SchemaRegistryClient client;
  private final String url;
  private final int retries;
  private final Map<Integer, Schema> byId = new ConcurrentHashMap<>();

  /** Ids that stayed unknown: no record with one of them is waited for again. */
  private final Set<Integer> unknown = ConcurrentHashMap.newKeySet();

  private Registry(SchemaRegistryClient client, String url, int retries) {
    this.client = client;
    this.url = url;
    this.retries = retries;
  }

  /**
   * A registry with Confluent's REST API.
   *
   * @param url address, such as {@code http://127.0.0.1:8081}; several, separated by commas
   * @param clientSettings the registry client's own settings, such as {@code basic.auth.user.info};
   *     Kafka's {@code config.providers} among them read values from files or the environment
   * @throws KafkaException if a setting is no good, such as a trust store that is not there
   */
  public static Registry at(String url, Map<String, ?> clientSettings) {
    return at(url, clientSettings, RETRIES);
  }

  /**
   * A registry with Confluent's REST API.
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
      throw new KafkaException("registry client: " + ClientSetup.failure(e), e);
    }
  }

  /** Confluent's own in-memory registry, for tests of one process. */
  public static Registry inMemory() {
    return new Registry(
        new MockSchemaRegistryClient(List.of(new AvroSchemaProvider())), "in memory", 0);
  }

  /**
   * The id of a schema under a subject; registers it, under BACKWARD compatibility, where it is
   * new.
   *
   * @throws SerializationException if the registry refuses the schema as incompatible with those
   *     before it
   * @throws RegistryAwayException if it does not answer
   */
  public int register(String subject, Schema schema) {
    try {
      // First, since a subject must exist before some registries take its compatibility.
      int id = client.register(subject, new AvroSchema(schema.toString()));
      makeBackwardCompatible(subject);
      // What this process has written, it reads without asking.
      byId.putIfAbsent(id, schema);
      return id;
    } catch (IOException | RestClientException e) {
      throw failure("cannot register " + subject, e);
    }
  }

  /**
   * The schema with an id.
   *
   * @throws SerializationException if the registry does not know the id, some seconds later either
   * @throws RegistryAwayException if it does not answer
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

  /** What others write there may have any id. */
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
      // Another service may have said it at the same moment.
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

  /** What the registry said about the schema, or that it said nothing about it. */
  private KafkaException failure(String what, Exception cause) {
    int status = cause instanceof RestClientException answer ? answer.getStatus() : 0;
    // What stands before a registry may refuse with a page that the client takes for a bad answer.
    String reason =
        LOGIN_REFUSED.contains(status)
            ? "login refused (HTTP status " + status + ")"
            : cause.getMessage();
    // Its address where it cannot be reached; an answer names what it is about.
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
   * Whether the registry has given a schema that is no Avro, such as another application's. The
   * client tells that as it tells a connection that breaks.
   */
  private static boolean isNoAvro(Exception cause) {
    return cause.getClass() == IOException.class
        && String.valueOf(cause.getMessage()).startsWith("Invalid schema ");
  }

  /** Whether the registry says so itself, and not what stands before it or has its address. */
  private static boolean isUnknown(RestClientException answer) {
    return answer.getStatus() == NOT_FOUND && answer.getErrorCode() / 100 == UNKNOWN;
  }
}
