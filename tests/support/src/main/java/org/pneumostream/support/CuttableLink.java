package org.pneumostream.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A network link between a client and a server of this machine, which fails in two ways:
 *
 * <ul>
 *   <li>After {@link #cut} no side is informed, as in a real network: connections stay open, and
 *       data sent meanwhile arrives when the link is restored.
 *   <li>After {@link #breakAfter} both sides see their connections end.
 * </ul>
 */
public final class CuttableLink implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final ServerSocket server;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private boolean cut;
  private long bytesLeft = Long.MAX_VALUE;

  /**
   * @param port where the client connects; 0 for any free port
   * @param target port of the server
   */
  public CuttableLink(int port, int target) throws IOException {
    this.server = new ServerSocket(port, 0, InetAddress.getLoopbackAddress());
    this.target = target;
    run("link", this::accept);
  }

  /** The port where the client connects. */
  public int port() {
    return server.getLocalPort();
  }

  /** Holds back all data, and new connections. */
  public synchronized void cut() {
    cut = true;
  }

  /** Breaks every connection, including new ones, once this many bytes have passed. */
  public synchronized void breakAfter(long bytes) {
    bytesLeft = bytes;
  }

  public synchronized void mend() {
    cut = false;
    bytesLeft = Long.MAX_VALUE;
    notifyAll();
  }

  @Override
  public void close() throws IOException {
    server.close();
    mend();
    close(sockets);
  }

  /**
   * The connections that passing these bytes breaks. Those that open after a mend are not among
   * them.
   */
  private synchronized List<Socket> brokenBy(int bytes) {
    bytesLeft -= bytes;
    return bytesLeft < 0 ? List.copyOf(sockets) : List.of();
  }

  private static void close(Collection<Socket> sockets) throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private synchronized void awaitWhole() throws InterruptedException {
    while (cut) {
      wait();
    }
  }

  private void accept() throws IOException, InterruptedException {
    while (!server.isClosed()) {
      Socket client = server.accept();
      sockets.add(client);
      run("link-connect", () -> connect(client));
    }
  }

  private void connect(Socket client) throws IOException, InterruptedException {
    awaitWhole();
    try {
      Socket there = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(there);
      run("link-out", () -> pump(client, there));
      run("link-in", () -> pump(there, client));
    } catch (IOException e) {
      // Nobody listens there at the moment, which the client should see, too.
      close(client);
    }
  }

  private void pump(Socket from, Socket to) throws IOException, InterruptedException {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        awaitWhole();
        List<Socket> broken = brokenBy(read);
        if (!broken.isEmpty()) {
          close(broken);
          return;
        }
        out.write(buffer, 0, read);
      }
      awaitWhole();
    } finally {
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private void close(Socket socket) throws IOException {
    sockets.remove(socket);
    socket.close();
  }

  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  private static void run(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // The connection has ended, so there is nothing to do.
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }
}
