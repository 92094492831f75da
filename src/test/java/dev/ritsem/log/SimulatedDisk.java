package dev.ritsem.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that can lose power. After {@link #crash} a file holds, sector by sector, either
 * what was forced or what was written since, and has some length between the two; of the changes of
 * names (create, rename, delete) since the last forced directory some first part has happened, as
 * on a file system with a journal. It can also be full, and it can refuse to force.
 */
public final class SimulatedDisk implements Disk {
  private static final int SECTOR_BYTES = 512;

  private final Set<Path> directories = new HashSet<>();
  private final TreeMap<Path, Inode> files = new TreeMap<>();
  private final Set<Path> locks = new HashSet<>();

  /** How to undo the changes of names that no forced directory covers, newest last. */
  private final Deque<Runnable> undoNames = new ArrayDeque<>();

  private int generation;
  private long bytesUntilFull = Long.MAX_VALUE;
  private volatile Runnable beforeForce = () -> {};
  private boolean refusesForce;
  private boolean refusesTruncate;
  private int forces;
  private int openFiles;

  private static final class Inode {
    byte[] written = new byte[0];
    int size;
    byte[] forced = new byte[0];

    void resize(int newSize) {
      if (newSize > written.length) {
        written = Arrays.copyOf(written, Math.max(newSize, written.length * 2));
      } else if (newSize < size) {
        Arrays.fill(written, newSize, size, (byte) 0);
      }
      size = newSize;
    }

    byte[] content() {
      return Arrays.copyOf(written, size);
    }
  }

  /** Power goes: open files are gone, and what was not forced may be. */
  public synchronized void crash(Random random) {
    generation++;
    openFiles = 0;
    locks.clear();
    int kept = random.nextInt(undoNames.size() + 1);
    while (undoNames.size() > kept) {
      undoNames.removeLast().run();
    }
    undoNames.clear();
    for (Inode inode : files.values()) {
      crash(inode, random);
    }
    bytesUntilFull = Long.MAX_VALUE;
    refusesForce = false;
    refusesTruncate = false;
  }

  private static void crash(Inode inode, Random random) {
    byte[] written = inode.content();
    byte[] forced = inode.forced;
    if (Arrays.equals(written, forced)) {
      return;
    }
    int shorter = Math.min(written.length, forced.length);
    int longer = Math.max(written.length, forced.length);
    int size =
        switch (random.nextInt(3)) {
          case 0 -> written.length;
          case 1 -> forced.length;
          default -> shorter + random.nextInt(longer - shorter + 1);
        };
    byte[] survived = new byte[size];
    for (int from = 0; from < size; from += SECTOR_BYTES) {
      int to = Math.min(size, from + SECTOR_BYTES);
      byte[] source = random.nextInt(4) > 0 ? written : forced;
      byte[] other = source == written ? forced : written;
      for (int i = from; i < to; i++) {
        // A sector is never lost if both agree on it.
        survived[i] = i < source.length ? source[i] : 0;
        if (i < shorter && written[i] == forced[i]) {
          survived[i] = written[i];
        } else if (i >= source.length && i < other.length && source == written) {
          survived[i] = other[i];
        }
      }
    }
    inode.written = survived;
    inode.size = size;
    inode.forced = survived.clone();
  }

  /** The process dies but the machine does not: everything written stays. */
  public synchronized void killProcess() {
    generation++;
    openFiles = 0;
    locks.clear();
    bytesUntilFull = Long.MAX_VALUE;
    refusesForce = false;
    refusesTruncate = false;
  }

  /** From now on only so many bytes can be written; the write that does not fit is torn. */
  public synchronized void fullAfter(long bytes) {
    bytesUntilFull = bytes;
  }

  /** There is room again. */
  public synchronized void emptied() {
    bytesUntilFull = Long.MAX_VALUE;
  }

  public synchronized void refuseForce(boolean refuse) {
    refusesForce = refuse;
  }

  /** Called before a file is forced, while the disk stays usable for others. */
  public void beforeForce(Runnable action) {
    beforeForce = action;
  }

  public synchronized void refuseTruncate(boolean refuse) {
    refusesTruncate = refuse;
  }

  /** How often a file or directory was forced. */
  public synchronized int forces() {
    return forces;
  }

  /** How many files are open. */
  public synchronized int openFiles() {
    return openFiles;
  }

  /** The bytes of a file as readers see them. */
  public synchronized byte[] content(Path file) throws IOException {
    return inode(file).content();
  }

  /** Puts bytes in a file as if they had always been there. */
  public synchronized void put(Path file, byte[] content) {
    directories.add(file.getParent());
    Inode inode = files.computeIfAbsent(file, path -> new Inode());
    inode.written = content.clone();
    inode.size = content.length;
    inode.forced = content.clone();
  }

  /** Flips a byte, where nobody notices. */
  public synchronized void corrupt(Path file, int position) throws IOException {
    Inode inode = inode(file);
    inode.written[position] ^= 0x55;
    inode.forced = inode.content();
  }

  /** Takes a file away, where nobody notices. */
  public synchronized void lose(Path file) {
    files.remove(file);
  }

  /** Every file, in order. */
  public synchronized List<Path> files() {
    return List.copyOf(files.keySet());
  }

  @Override
  public synchronized DiskFile open(Path file) throws IOException {
    if (!directories.contains(file.getParent())) {
      throw new NoSuchFileException(file.toString());
    }
    Inode inode = files.get(file);
    if (inode == null) {
      inode = new Inode();
      files.put(file, inode);
      undoNames.addLast(() -> files.remove(file));
    }
    openFiles++;
    return new OpenFile(inode, generation);
  }

  @Override
  public synchronized DiskFile openForReading(Path file) throws IOException {
    Inode inode = inode(file);
    openFiles++;
    return new OpenFile(inode, generation);
  }

  @Override
  public synchronized boolean exists(Path path) {
    return files.containsKey(path) || directories.contains(path);
  }

  @Override
  public synchronized ByteBuffer map(Path file) throws IOException {
    return ByteBuffer.wrap(inode(file).content()).asReadOnlyBuffer();
  }

  @Override
  public synchronized List<Entry> list(Path directory) throws IOException {
    if (!directories.contains(directory)) {
      throw new NoSuchFileException(directory.toString());
    }
    List<Entry> entries = new ArrayList<>();
    files.forEach(
        (path, inode) -> {
          if (directory.equals(path.getParent())) {
            entries.add(new Entry(path, inode.size, false));
          }
        });
    for (Path path : new TreeSet<>(directories)) {
      if (directory.equals(path.getParent())) {
        entries.add(new Entry(path, 0, true));
      }
    }
    return entries;
  }

  @Override
  public synchronized long lastModifiedMs(Path file) {
    return 0;
  }

  @Override
  public synchronized void createDirectories(Path directory) {
    // A directory that is lost would only be created again: so none ever is.
    for (Path path = directory; path != null; path = path.getParent()) {
      directories.add(path);
    }
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    if (directories.contains(from)) {
      renameDirectory(from, to);
      return;
    }
    Inode inode = inode(from);
    files.remove(from);
    @Nullable Inode replaced = files.put(to, inode);
    undoNames.addLast(
        () -> {
          files.put(from, inode);
          if (replaced == null) {
            files.remove(to);
          } else {
            files.put(to, replaced);
          }
        });
  }

  private void renameDirectory(Path from, Path to) throws IOException {
    if (directories.contains(to)) {
      throw new DirectoryNotEmptyException(to.toString());
    }
    directories.remove(from);
    directories.add(to);
    Map<Path, Inode> moved = new HashMap<>();
    files.keySet().stream()
        .filter(path -> from.equals(path.getParent()))
        .toList()
        .forEach(path -> moved.put(to.resolve(path.getFileName()), remove(path)));
    files.putAll(moved);
  }

  private Inode remove(Path path) {
    Inode inode = files.remove(path);
    if (inode == null) {
      throw new IllegalStateException(path.toString());
    }
    return inode;
  }

  @Override
  public synchronized void delete(Path path) {
    directories.remove(path);
    Inode inode = files.remove(path);
    if (inode != null) {
      undoNames.addLast(() -> files.put(path, inode));
    }
  }

  @Override
  public synchronized void forceDirectory(Path directory) throws IOException {
    checkForce();
    undoNames.clear();
  }

  @Override
  public synchronized AutoCloseable lock(Path file) throws IOException {
    if (!locks.add(file)) {
      throw new IOException(file + " is locked");
    }
    return () -> {
      synchronized (this) {
        locks.remove(file);
      }
    };
  }

  @Override
  public synchronized long usableBytes(Path path) {
    return bytesUntilFull;
  }

  private Inode inode(Path file) throws IOException {
    Inode inode = files.get(file);
    if (inode == null) {
      throw new NoSuchFileException(file.toString());
    }
    return inode;
  }

  private void checkForce() throws IOException {
    if (refusesForce) {
      throw new IOException("Input/output error");
    }
    forces++;
  }

  private final class OpenFile implements DiskFile {
    private final Inode inode;
    private final int openedIn;
    private boolean closed;

    OpenFile(Inode inode, int openedIn) {
      this.inode = inode;
      this.openedIn = openedIn;
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      synchronized (SimulatedDisk.this) {
        checkOpen();
        int at = Math.toIntExact(position);
        int taken = (int) Math.min(source.remaining(), bytesUntilFull);
        boolean full = taken < source.remaining();
        inode.resize(Math.max(inode.size, at + taken));
        source.get(inode.written, at, taken);
        if (bytesUntilFull != Long.MAX_VALUE) {
          bytesUntilFull -= taken;
        }
        if (full) {
          throw new IOException("No space left on device");
        }
      }
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      synchronized (SimulatedDisk.this) {
        checkOpen();
        int at = Math.toIntExact(position);
        int count = Math.max(0, Math.min(target.remaining(), inode.size - at));
        target.put(inode.written, at, count);
        return count;
      }
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target)
        throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(count));
      read(bytes, position);
      return target.write(bytes.flip());
    }

    @Override
    public void force() throws IOException {
      beforeForce.run();
      synchronized (SimulatedDisk.this) {
        checkOpen();
        checkForce();
        inode.forced = inode.content();
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      synchronized (SimulatedDisk.this) {
        checkOpen();
        if (refusesTruncate) {
          throw new IOException("Input/output error");
        }
        if (size < inode.size) {
          inode.resize(Math.toIntExact(size));
        }
      }
    }

    @Override
    public long size() throws IOException {
      synchronized (SimulatedDisk.this) {
        checkOpen();
        return inode.size;
      }
    }

    @Override
    public void close() {
      synchronized (SimulatedDisk.this) {
        if (!closed && openedIn == generation) {
          openFiles--;
        }
        closed = true;
      }
    }

    private void checkOpen() throws IOException {
      if (closed || openedIn != generation) {
        throw new IOException("the file is closed");
      }
    }
  }
}
