package dev.ritsem.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file of entries of one size that only grows at its end. The entries written so far are mapped;
 * the newest ones are kept in memory and written a few thousand at a time, so that an append to the
 * index costs no system call and an index costs next to no heap. What a crash takes of them is made
 * again from the records.
 *
 * <p>One thread at a time appends; any thread reads the {@link Entries} it last published.
 */
final class IndexFile {
  /** Entries kept in memory before they are written. */
  private static final int UNWRITTEN_MAX = 4096;

  private static final int FIRST_CAPACITY = 16;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Disk disk;
  private final int entryBytes;
  private Path path;
  private volatile @Nullable Entries entries;

  /**
   * @param entries what the file holds, or null to look when somebody asks
   */
  private IndexFile(Disk disk, Path path, int entryBytes, @Nullable Entries entries) {
    this.disk = disk;
    this.path = path;
    this.entryBytes = entryBytes;
    this.entries = entries;
  }

  /** An empty index; a file of that name is emptied. */
  static IndexFile create(Disk disk, Path path, int entryBytes) throws IOException {
    try (DiskFile file = disk.open(path)) {
      file.truncate(0);
    }
    return new IndexFile(disk, path, entryBytes, noEntries(entryBytes));
  }

  static Entries noEntries(int entryBytes) {
    return new Entries(NOTHING, 0, NOTHING, 0, entryBytes);
  }

  /** The index in a file; it is not looked at before somebody asks for entries. */
  static IndexFile of(Disk disk, Path path, int entryBytes) {
    return new IndexFile(disk, path, entryBytes, null);
  }

  /**
   * The entries at one moment: immutable, for any thread.
   *
   * @param written entries that are in the file
   * @param unwritten entries after them
   */
  record Entries(
      ByteBuffer written, int writtenCount, ByteBuffer unwritten, int count, int entryBytes) {
    /** The buffer in which an entry lies; see {@link #at}. */
    ByteBuffer buffer(int index) {
      return index < writtenCount ? written : unwritten;
    }

    /** Where in its buffer an entry lies. */
    int at(int index) {
      return (index < writtenCount ? index : index - writtenCount) * entryBytes;
    }
  }

  synchronized Path path() {
    return path;
  }

  /**
   * The entries now.
   *
   * @throws NoSuchFileException if there is no file
   * @throws CorruptFileException if its size is no multiple of an entry's
   */
  Entries entries() throws IOException {
    Entries known = entries;
    return known != null ? known : load();
  }

  /** Makes room for one entry more, which the caller writes and then {@link #publish}es. */
  ByteBuffer roomForEntry() throws IOException {
    Entries now = entries();
    int unwritten = now.count - now.writtenCount;
    if (unwritten >= UNWRITTEN_MAX) {
      write();
      now = entries();
      unwritten = 0;
    }
    ByteBuffer room = now.unwritten;
    if (room.capacity() < (unwritten + 1) * entryBytes) {
      int capacity = Math.max(FIRST_CAPACITY, Math.min(UNWRITTEN_MAX, unwritten * 2));
      room = ByteBuffer.allocate(capacity * entryBytes).put(room.duplicate().clear()).clear();
      entries = new Entries(now.written, now.writtenCount, room, now.count, entryBytes);
    }
    return room.position(unwritten * entryBytes);
  }

  /** Shows readers the entry that was written into the room. */
  void publish() throws IOException {
    Entries now = entries();
    entries = new Entries(now.written, now.writtenCount, now.unwritten, now.count + 1, entryBytes);
  }

  /** Writes what is only in memory to the file; it is not forced. */
  synchronized void write() throws IOException {
    Entries now = entries;
    if (now == null || now.count == now.writtenCount) {
      return;
    }
    int bytes = (now.count - now.writtenCount) * entryBytes;
    try (DiskFile file = disk.open(path)) {
      file.write(now.unwritten.slice(0, bytes), (long) now.writtenCount * entryBytes);
    }
    // Older readers go on in the buffers they have; the next ones find the entries in the mapping.
    entries = new Entries(disk.map(path), now.count, NOTHING, now.count, entryBytes);
  }

  /** Keeps the first entries only. The file is replaced, since readers may have it mapped. */
  synchronized void truncate(int count) throws IOException {
    Entries now = entries();
    if (count >= now.count) {
      return;
    }
    ByteBuffer kept = ByteBuffer.allocate(count * entryBytes);
    for (int i = 0; i < count; i++) {
      kept.put(now.buffer(i).slice(now.at(i), entryBytes));
    }
    replace(kept.flip());
  }

  /** Puts other entries in place of all. */
  synchronized void replace(ByteBuffer content) throws IOException {
    AtomicFile.replace(disk, path, content.duplicate());
    int count = content.remaining() / entryBytes;
    entries = new Entries(disk.map(path), count, NOTHING, count, entryBytes);
  }

  /** Drops all entries of a file that nobody can have mapped yet, in place. */
  synchronized void clear() throws IOException {
    try (DiskFile file = disk.open(path)) {
      file.truncate(0);
    }
    entries = noEntries(entryBytes);
  }

  /** Forgets what can be read again from the file, once everything is written. */
  synchronized void unload() {
    Entries now = entries;
    if (now != null && now.count == now.writtenCount) {
      entries = null;
    }
  }

  synchronized void rename(Path to) throws IOException {
    try {
      disk.rename(path, to);
    } catch (NoSuchFileException e) {
      // An index may be missing: somebody removed it, and nobody asked for it since.
      path = to;
      return;
    }
    path = to;
  }

  /** Blocks, but holds nothing that the writer waits for. */
  void force() throws IOException {
    AtomicFile.force(disk, path());
  }

  private synchronized Entries load() throws IOException {
    Entries known = entries;
    if (known != null) {
      return known;
    }
    ByteBuffer written = disk.map(path);
    if (written.limit() % entryBytes != 0) {
      throw new CorruptFileException(
          path, "%d bytes are no multiple of %d".formatted(written.limit(), entryBytes));
    }
    int count = written.limit() / entryBytes;
    Entries loaded = new Entries(written, count, NOTHING, count, entryBytes);
    entries = loaded;
    return loaded;
  }
}
