package org.pneumostream.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class CuttableLinkTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final int SILENCE_MS = 200;

  @Test
  void deliversLateWhatWasSentWhileCut() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 0, LOOPBACK);
        CuttableLink link = new CuttableLink(0, server.getLocalPort());
        Socket client = new Socket(LOOPBACK, link.port());
        Socket there = server.accept()) {
      there.setSoTimeout(SILENCE_MS);
      client.getOutputStream().write(1);
      assertThat(there.getInputStream().read()).isEqualTo(1);

      link.cut();
      client.getOutputStream().write(2);
      assertThatThrownBy(() -> there.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);

      link.mend();
      there.setSoTimeout(0);
      assertThat(there.getInputStream().read()).isEqualTo(2);
      there.getOutputStream().write(3);
      assertThat(client.getInputStream().read()).isEqualTo(3);
    }
  }

  @Test
  void closesTheConnectionIfNobodyListens() throws Exception {
    int unused;
    try (ServerSocket server = new ServerSocket(0, 0, LOOPBACK)) {
      unused = server.getLocalPort();
    }
    try (CuttableLink link = new CuttableLink(0, unused);
        Socket client = new Socket(LOOPBACK, link.port())) {
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      link.mend();
    }
  }

  @Test
  void breaksConnectionsAfterSoManyBytesUntilMended() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 0, LOOPBACK);
        CuttableLink link = new CuttableLink(0, server.getLocalPort())) {
      link.breakAfter(1);
      try (Socket client = new Socket(LOOPBACK, link.port());
          Socket there = server.accept()) {
        client.getOutputStream().write(1);
        assertThat(there.getInputStream().read()).isEqualTo(1);
        client.getOutputStream().write(2);
        assertThat(there.getInputStream().read()).isEqualTo(-1);
      }

      link.mend();
      try (Socket client = new Socket(LOOPBACK, link.port());
          Socket there = server.accept()) {
        client.getOutputStream().write(3);
        assertThat(there.getInputStream().read()).isEqualTo(3);
      }
    }
  }
}
