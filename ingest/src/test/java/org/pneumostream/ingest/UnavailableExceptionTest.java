package org.pneumostream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.pneumostream.schemas.RegistryAwayException;

class UnavailableExceptionTest {
  @Test
  void namesTheUnavailableSystem() {
    RegistryAwayException registry = new RegistryAwayException("registry: refused", null);

    assertThat(UnavailableException.of(registry)).hasMessage("registry: refused");
    assertThat(UnavailableException.of(new KafkaException("no broker")))
        .hasMessage("Kafka: no broker");
  }
}
