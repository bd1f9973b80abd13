package org.pneumostream.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.pneumostream.http.HttpConfig;
import org.pneumostream.settings.Settings;

class RunningServiceTest {
  private static final Settings SETTINGS =
      Settings.of(
          Stream.concat(HttpConfig.ALL.stream(), TracingConfig.ALL.stream()).toList(), Map.of());

  private final List<String> closed = new ArrayList<>();

  @Test
  void aFailedStartClosesOpenedPartsLastToFirst() {
    Doors service =
        new Doors(
            () -> {
              throw new KafkaException("no broker answers");
            });

    assertThatThrownBy(() -> RunningService.start(service, () -> null))
        .isInstanceOf(KafkaException.class)
        .hasMessage("no broker answers");
    assertThat(closed).containsExactly("second", "first");
    assertThat(service.stopped()).isDone();
  }

  @Test
  void anErrorDuringTheStartLeavesNothingOpenEither() {
    Doors service =
        new Doors(
            () -> {
              throw new UnsatisfiedLinkError("engine");
            });

    assertThatThrownBy(() -> RunningService.start(service, () -> null))
        .isInstanceOf(UnsatisfiedLinkError.class);
    assertThat(closed).containsExactly("second", "first");
  }

  @Test
  void aFailedStartCarriesErrorsOfClosing() {
    Doors service =
        new Doors(
            () -> {
              throw new IllegalStateException("stuck");
            },
            () -> {
              throw new KafkaException("no broker answers");
            });

    assertThatThrownBy(() -> RunningService.start(service, () -> null))
        .hasMessage("no broker answers")
        .satisfies(
            e ->
                assertThat(e.getSuppressed())
                    .extracting(Throwable::getMessage)
                    .containsExactly("stuck"));
    assertThat(closed).containsExactly("second", "first");
  }

  @Test
  void anErrorOfClosingDoesNotKeepTheRestOpen() {
    Doors service =
        RunningService.start(
            new Doors(
                () -> {
                  throw new IllegalStateException("stuck");
                },
                () -> {}),
            () -> null);

    service.close();
    service.close();

    assertThat(closed).containsExactly("second", "first");
    assertThat(service.stopped()).isCompletedWithValue(null);
  }

  @Test
  void aWorkerThatFailsEndsTheServiceWithItsReason() {
    Doors service = RunningService.start(new Doors(() -> {}), () -> null);
    service.opened(
        Worker.start(
            "worker",
            () -> {
              throw new IllegalStateException("broken");
            },
            () -> {},
            () -> {}));

    assertThatThrownBy(() -> service.stopped().join()).hasRootCauseMessage("broken");
    service.close();
  }

  /** Opens two parts, and those that a test adds. */
  private final class Doors extends RunningService {
    private final AutoCloseable stuck;
    private final Runnable last;

    Doors(Runnable last) {
      this(() -> {}, last);
    }

    Doors(AutoCloseable stuck, Runnable last) {
      super("doors", SETTINGS);
      this.stuck = stuck;
      this.last = last;
    }

    @Override
    protected void open(KafkaConnection kafka) {
      opened(() -> closed.add("first"));
      opened(stuck);
      opened(() -> closed.add("second"));
      last.run();
    }

    @Override
    public String waitingFor() {
      return "";
    }
  }
}
