package org.pneumostream.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.pneumostream.settings.SettingException;

/** Ports of the loopback interface. */
public final class FreePort {
  private FreePort() {}

  /**
   * Returns the port itself, or any free one for 0.
   *
   * @throws SettingException if the port is in use
   */
  public static int check(String setting, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return socket.getLocalPort();
    } catch (BindException e) {
      throw new SettingException(setting + ": port " + port + " is taken by another process");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
