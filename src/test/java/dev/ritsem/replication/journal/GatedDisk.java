package dev.ritsem.replication.journal;

import dev.ritsem.log.Disk;
import dev.ritsem.log.DiskFile;
import dev.ritsem.log.NioDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** The machine's disk with a door in front of every force of a file: counted, held, or failed. */
final class GatedDisk implements Disk {
  private final Disk disk = NioDisk.INSTANCE;
  private final AtomicInteger forces = new AtomicInteger();
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private volatile boolean failing;

  int forces() {
    return forces.get();
  }

  /** From now on a force waits for {@link #letThrough}. */
  void hold() {
    gate = new CountDownLatch(1);
  }

  void letThrough() {
    gate.countDown();
  }

  void failForces() {
    failing = true;
  }

  @Override
  public DiskFile open(Path file) throws IOException {
    return new GatedFile(disk.open(file));
  }

  @Override
  public DiskFile openForReading(Path file) throws IOException {
    return disk.openForReading(file);
  }

  @Override
  public boolean exists(Path path) throws IOException {
    return disk.exists(path);
  }

  @Override
  public ByteBuffer map(Path file) throws IOException {
    return disk.map(file);
  }

  @Override
  public List<Entry> list(Path directory) throws IOException {
    return disk.list(directory);
  }

  @Override
  public long lastModifiedMs(Path file) throws IOException {
    return disk.lastModifiedMs(file);
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    disk.createDirectories(directory);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    disk.rename(from, to);
  }

  @Override
  public void delete(Path path) throws IOException {
    disk.delete(path);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    disk.forceDirectory(directory);
  }

  @Override
  public AutoCloseable lock(Path file) throws IOException {
    return disk.lock(file);
  }

  @Override
  public long usableBytes(Path path) throws IOException {
    return disk.usableBytes(path);
  }

  private final class GatedFile implements DiskFile {
    private final DiskFile file;

    private GatedFile(DiskFile file) {
      this.file = file;
    }

    @Override
    public void force() throws IOException {
      forces.incrementAndGet();
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IOException("interrupted at the gate", e);
      }
      if (failing) {
        throw new IOException("the disk is gone");
      }
      file.force();
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      file.write(source, position);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return file.read(target, position);
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target)
        throws IOException {
      return file.transferTo(position, count, target);
    }

    @Override
    public void truncate(long size) throws IOException {
      file.truncate(size);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
