package org.pneumostream.scanstore;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Forwards TCP connections to a port of this machine, until told to break them. */
final class FlakyRelay implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);

  FlakyRelay(int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Breaks every connection, including new ones, once this many bytes have passed. */
  void breakAfter(long bytes) {
    left.set(bytes);
  }

  /** Forwards new connections again. */
  void mend() {
    left.set(Long.MAX_VALUE);
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(client);
        sockets.add(upstream);
        daemon(() -> pass(client, upstream));
        daemon(() -> pass(upstream, client));
      }
    } catch (IOException e) {
      breakAll();
    }
  }

  private void pass(Socket from, Socket to) {
    byte[] buffer = new byte[1 << 13];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (left.addAndGet(-read) < 0) {
          breakAll();
          return;
        }
        out.write(buffer, 0, read);
      }
    } catch (IOException e) {
      // Broken from either side, as intended.
    }
  }

  private void breakAll() {
    for (Socket socket : sockets) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new AssertionError("a socket can be closed", e);
      }
    }
    sockets.clear();
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "flaky-relay");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
