package org.pneumostream.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A network link between a client and a server of this machine that can be cut. As in a real
 * network, no side is informed: connections stay open, and data sent meanwhile arrives when the
 * link is restored.
 */
final class CuttableLink implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final ServerSocket server;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private boolean cut;

  /**
   * @param port where the client connects
   * @param target port of the server
   */
  CuttableLink(int port, int target) throws IOException {
    this.server = new ServerSocket(port, 0, InetAddress.getLoopbackAddress());
    this.target = target;
    run("link", this::accept);
  }

  synchronized void cut() {
    cut = true;
  }

  synchronized void mend() {
    cut = false;
    notifyAll();
  }

  @Override
  public void close() throws IOException {
    server.close();
    mend();
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
