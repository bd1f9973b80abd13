package org.pneumostream.status;

import java.net.URI;
import java.net.http.HttpClient;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.pneumostream.models.ModelCatalogue;
import org.pneumostream.preprocess.PreprocessService;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.ModelSettings;
import org.pneumostream.schemas.KafkaAnswer;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.Topics;
import org.pneumostream.scorer.ScorerService;
import org.pneumostream.services.ServiceType;
import org.pneumostream.settings.Settings;

/**
 * The state of a running system.
 *
 * @param brokers number of brokers that answer
 * @param services readiness of each service, by name
 * @param backlogs backlogs of the services that read scans and volumes, by name
 * @param champion the champion
 */
public record SystemStatus(
    int brokers,
    Map<String, Readiness> services,
    Map<String, Backlog> backlogs,
    Optional<ModelVersion> champion) {

  /**
   * Reads the state.
   *
   * @throws KafkaException if the brokers refuse
   */
  public static SystemStatus read(KafkaConnection kafka, Settings settings)
      throws InterruptedException {
    StatusConfig config = StatusConfig.from(settings);
    HttpClient client = config.newClient();
    Map<String, Readiness> services = new LinkedHashMap<>();
    for (Map.Entry<String, URI> service : config.services().entrySet()) {
      services.put(service.getKey(), Readiness.of(service.getValue(), client));
    }
    Topics topics = kafka.topics();
    try (Admin admin = kafka.admin();
        KafkaConsumer<String, byte[]> consumer = kafka.consumer(Map.of());
        ModelCatalogue models = new ModelCatalogue(kafka, settings.get(ModelSettings.NAME))) {
      Map<String, Backlog> backlogs = new LinkedHashMap<>();
      backlogs.put(
          ServiceType.PREPROCESS_STREAM.toString(),
          Backlog.of(
              PreprocessService.group(topics),
              List.of(topics.scans(), topics.volumes(), topics.labels()),
              admin,
              consumer));
      backlogs.put(
          ServiceType.SCORER.toString(),
          Backlog.of(
              ScorerService.group(topics, settings.get(ModelSettings.NAME)),
              List.of(topics.volumes()),
              admin,
              consumer));
      return new SystemStatus(
          KafkaAnswer.of(admin.describeCluster().nodes(), "cannot list the brokers").size(),
          services,
          backlogs,
          models.refresh().champion());
    }
  }
}
