package org.pneumostream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pneumostream.schemas.Stage;
import org.pneumostream.services.ServiceType;
import org.pneumostream.settings.Setting;

/** Consequences of an entry in the list of services. */
class ServiceTypeTest {
  @ParameterizedTest
  @EnumSource
  void everyServiceHasItsCommand(ServiceType service) {
    assertThat(
            Pneumostream.commandLine(new StringWriter(), new StringWriter())
                .getSubcommands()
                .get(service.toString())
                .getCommandSpec()
                .usageMessage()
                .description())
        .containsExactly(service.summary());
  }

  @ParameterizedTest
  @EnumSource
  void everyServiceHasItsSettingsItsPortAndItsAddress(ServiceType service) {
    assertThat(AllSettings.ALL)
        .containsAll(service.settings())
        .contains(service.port())
        .extracting(Setting::key)
        .contains(service + "-port", service + "-url");
  }

  @ParameterizedTest
  @EnumSource
  void everyStageIsAService(Stage stage) {
    assertThat(Stream.of(ServiceType.values()).map(ServiceType::toString))
        .contains(stage.toString());
  }
}
