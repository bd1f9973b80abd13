package org.pneumostream.trainer;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * A real folder that records, in order, forces, moves and deletions in it, and thus what a power
 * loss would leave.
 */
final class RecordedDisk {
  private final List<String> steps = new ArrayList<>();
  private final Provider provider = new Provider();
  private final Volume volume = new Volume();

  /** The same folder, recorded. */
  Path folder(Path real) {
    return noted(real);
  }

  /** Steps since the last call, like {@code force plan.json.part}. */
  List<String> steps() {
    List<String> done = List.copyOf(steps);
    steps.clear();
    return done;
  }

  private Path noted(Path real) {
    if (real == null) {
      return null;
    }
    return (Path)
        Proxy.newProxyInstance(
            Path.class.getClassLoader(), new Class<?>[] {Path.class}, new Handler(real));
  }

  private static Path real(Path path) {
    return Proxy.isProxyClass(path.getClass())
        ? ((Handler) Proxy.getInvocationHandler(path)).real
        : path;
  }

  private final class Handler implements java.lang.reflect.InvocationHandler {
    final Path real;

    Handler(Path real) {
      this.real = real;
    }

    @Override
    public Object invoke(Object self, Method method, Object[] arguments) throws Throwable {
      if (method.getName().equals("getFileSystem")) {
        return volume;
      }
      Object[] reals = arguments == null ? new Object[0] : arguments.clone();
      for (int i = 0; i < reals.length; i++) {
        reals[i] = reals[i] instanceof Path path ? real(path) : reals[i];
      }
      try {
        Object result = method.invoke(real, reals);
        if (result instanceof Iterator<?> names) {
          List<Path> all = new ArrayList<>();
          names.forEachRemaining(name -> all.add(noted((Path) name)));
          return all.iterator();
        }
        return result instanceof Path path ? noted(path) : result;
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }

  private final class Provider extends FileSystemProvider {
    private FileSystemProvider of(Path path) {
      return real(path).getFileSystem().provider();
    }

    @Override
    public FileChannel newFileChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      String forced = "force " + path.getFileName();
      return new ForceRecordingChannel(
          of(path).newFileChannel(real(path), options, attributes), () -> steps.add(forced));
    }

    @Override
    public SeekableByteChannel newByteChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      return of(path).newByteChannel(real(path), options, attributes);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(
        Path folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
      DirectoryStream<Path> files =
          of(folder).newDirectoryStream(real(folder), path -> filter.accept(noted(path)));
      return new DirectoryStream<>() {
        @Override
        public Iterator<Path> iterator() {
          return StreamSupport.stream(files.spliterator(), false)
              .map(RecordedDisk.this::noted)
              .iterator();
        }

        @Override
        public void close() throws IOException {
          files.close();
        }
      };
    }

    @Override
    public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
      of(folder).createDirectory(real(folder), attributes);
      steps.add("create " + folder.getFileName());
    }

    @Override
    public void delete(Path path) throws IOException {
      of(path).delete(real(path));
      steps.add("delete " + path.getFileName());
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
      of(source).move(real(source), real(target), options);
      steps.add("move " + target.getFileName());
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
      of(source).copy(real(source), real(target), options);
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
      return of(path).isSameFile(real(path), real(other));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
      return of(path).isHidden(real(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
      return of(path).getFileStore(real(path));
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
      of(path).checkAccess(real(path), modes);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(
        Path path, Class<V> type, LinkOption... options) {
      return of(path).getFileAttributeView(real(path), type, options);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(
        Path path, Class<A> type, LinkOption... options) throws IOException {
      return of(path).readAttributes(real(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
        throws IOException {
      return of(path).readAttributes(real(path), names, options);
    }

    @Override
    public void setAttribute(Path path, String name, Object value, LinkOption... options)
        throws IOException {
      of(path).setAttribute(real(path), name, value, options);
    }

    @Override
    public String getScheme() {
      return "recorded";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Path getPath(URI uri) {
      throw new UnsupportedOperationException();
    }
  }

  private final class Volume extends FileSystem {
    @Override
    public FileSystemProvider provider() {
      return provider;
    }

    @Override
    public void close() {}

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public boolean isReadOnly() {
      return false;
    }

    @Override
    public String getSeparator() {
      return "/";
    }

    @Override
    public Iterable<Path> getRootDirectories() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Iterable<FileStore> getFileStores() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
      return Set.of("basic");
    }

    @Override
    public Path getPath(String first, String... more) {
      return noted(Path.of(first, more));
    }

    @Override
    public PathMatcher getPathMatcher(String pattern) {
      throw new UnsupportedOperationException();
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
      throw new UnsupportedOperationException();
    }

    @Override
    public WatchService newWatchService() {
      throw new UnsupportedOperationException();
    }
  }
}
